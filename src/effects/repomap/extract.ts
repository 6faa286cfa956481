// A text's record; null for what the map leaves out.
import { quickOutline } from './quick.ts';
import { encodeRecord } from './record.ts';
import { scan } from './scan.ts';
import { isGenerated, languageOf } from './sources.ts';
import type { Tags } from './tags.ts';

export const NO_TAGS: Tags = { definitions: [], names: new Map(), words: new Map(), imports: [] };

/** Packs a file's tags; a generated file (and a binary one, `null`) has none. Never throws. */
export function extract(path: string, oid: string, text: string | null): Uint32Array {
  const language = text === null ? null : languageOf(path, text.length);
  if (text === null || language === null || isGenerated(text)) return encodeRecord(oid, NO_TAGS);
  const { code, names, words } = scan(text, language);
  return encodeRecord(oid, { ...quickOutline(text, code, language), names, words });
}
