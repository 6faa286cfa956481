// Where a test stands in its file, by its name.
import type { TestId } from './report.ts';

/** Names in a table of cases are put together from parts: so much of a name is looked for. */
const HEAD = 24;

/**
 * The line (from 1) of a test, or of the innermost suite around it whose name stands in the file; null when none does.
 * Suites are looked for in their order, each below the one before.
 */
export function lineOfTest(text: string, id: TestId): number | null {
  const lines = text.split('\n');
  const names = id.split(' › ').slice(1);
  let found: number | null = null;
  for (const [i, raw] of names.entries()) {
    const name = raw.replace(/ #\d+$/, '').replace(/\[.*\]$/, '');
    const from: number = found ?? 1;
    const line: number | null = lineWith(lines, name, from) ?? (i === names.length - 1 ? lineWith(lines, name.slice(0, HEAD), from) : null);
    if (line !== null) found = line;
  }
  return found;
}

function lineWith(lines: readonly string[], name: string, from: number): number | null {
  if (name.trim().length < 3) return null;
  const at = lines.findIndex((line, i) => i >= from - 1 && line.includes(name));
  return at === -1 ? null : at + 1;
}
