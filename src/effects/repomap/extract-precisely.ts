// A text's record by its language's parser, where there is one.
import { NO_TAGS } from './extract.ts';
import { importsOf, quickOutline } from './quick.ts';
import { encodeRecord } from './record.ts';
import { scan } from './scan.ts';
import { isGenerated, languageOf } from './sources.ts';
import { createTreeOutline } from './tree.ts';

const outline = createTreeOutline();

/** As `extract`, with definitions from tree-sitter; by patterns where it has no grammar. */
export async function extractPrecisely(path: string, oid: string, text: string | null): Promise<Uint32Array> {
  const language = text === null ? null : languageOf(path, text.length);
  if (text === null || language === null || isGenerated(text)) return encodeRecord(oid, NO_TAGS);
  const { code, names, words } = scan(text, language);
  const definitions = await outline(text, language);
  const found = definitions === null ? quickOutline(text, code, language) : { definitions, imports: importsOf(text, language) };
  return encodeRecord(oid, { ...found, names, words });
}
