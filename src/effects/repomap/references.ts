// Where a name is defined and used, by syntax alone.
import type { Reference } from '../../core/semantic.ts';
import { definedIn, definitionsIn, eachName, type RecordView } from './record.ts';
import { scan } from './scan.ts';
import { isTestPath, languageOf } from './sources.ts';
import type { Table } from './table.ts';
import { hashOf } from './words.ts';

/** Files with the name that are looked into. */
const MAX_FILES = 300;
const MAX_LINE = 200;

/** The last part of `Class.method` or `a::b`, which is what stands at a use. */
export function plainName(name: string): string {
  return (
    name
      .trim()
      .split(/[.#]|::/)
      .at(-1)
      ?.replace(/[^\p{L}\p{N}_$]/gu, '') ?? ''
  );
}

/** Files in which `name` stands in code: those that define it first, tests last. */
export function filesNaming({ paths, views }: Table, name: string): readonly number[] {
  const hash = hashOf(name);
  const order = (i: number) => (definedIn(views[i] as RecordView).includes(hash) ? 0 : isTestPath(paths[i] ?? '') ? 2 : 1);
  const found: number[] = [];
  for (const [i, view] of views.entries()) {
    let here = definedIn(view).includes(hash);
    if (!here) eachName(view, (other) => (here ||= other === hash));
    if (here) found.push(i);
  }
  return found.sort((a, b) => order(a) - order(b) || a - b).slice(0, MAX_FILES);
}

/** The lines of `text` whose code (no comment, no string) has the name. */
export function referencesIn(path: string, text: string, view: RecordView, name: string): readonly Reference[] {
  const language = languageOf(path, Math.max(1, text.length));
  if (language === null) return [];
  const hash = hashOf(name);
  const defining = new Set(definitionsIn(view).flatMap((definition) => (definition.name === hash ? [definition.line] : [])));
  const word = new RegExp(`(?<![\\p{L}\\p{N}_$])${name.replaceAll('$', '\\$')}(?![\\p{L}\\p{N}_$])`, 'u');
  const lines = text.split('\n');
  return scan(text, language)
    .code.split('\n')
    .flatMap((code, i) =>
      word.test(code) ? [{ path, line: i + 1, text: (lines[i] ?? '').trim().slice(0, MAX_LINE), isDefinition: defining.has(i + 1) }] : [],
    );
}
