// The definitions of a file that a task is about, with their lines as they are written.
import type { Frame } from '../../core/report.ts';
import type { Query } from './query.ts';
import { definitionsIn, type RecordView } from './record.ts';
import { hashOf, stem, termsOfName } from './words.ts';

/** A definition's line; `value` is above 0 and says how much it belongs to the task (1: like any other). */
export interface Detail {
  readonly line: number;
  readonly text: string;
  readonly value: number;
}

const MAX_LINE = 140;
const BY_KIND = { class: 0.5, function: 0.4, type: 0.3, method: 0.2, value: 0 } as const;

/** The definitions of a file, most fitting first. `text` is the file as it is now; lines that it has not are left out. */
export function detailsOf(view: RecordView, text: string, query: Query, frames: readonly Frame[]): readonly Detail[] {
  const lines = text.split('\n');
  const definitions = definitionsIn(view);
  const failing = new Set(frames.map(({ line }) => definitions.findLast((definition) => definition.line <= line)?.line));
  const most = Math.max(1, ...query.terms.values());
  const found = new Map<number, Detail>();
  for (const { name, line, kind, exported } of definitions) {
    const written = lines[line - 1]?.trim() ?? '';
    if (written === '' || found.has(line)) continue;
    const named = query.names.has(name) ? 4 : 0;
    const value = 1 + BY_KIND[kind] + (exported ? 0.3 : 0) + named + (failing.has(line) ? 5 : 0) + (2 * shared(written, query)) / most;
    found.set(line, { line, text: written.length > MAX_LINE ? `${written.slice(0, MAX_LINE - 1)}…` : written, value });
  }
  return [...found.values()].sort((a, b) => b.value - a.value);
}

/** The weight of the task's terms that a line names. */
function shared(line: string, query: Query): number {
  const terms = new Set(
    (line.match(/[A-Za-z_$\x80-\uffff][\w$\x80-\uffff]*/g) ?? []).flatMap((word) => [...termsOfName(word), stem(word)]).map(hashOf),
  );
  let weight = 0;
  for (const term of terms) weight += query.terms.get(term) ?? 0;
  return weight;
}
