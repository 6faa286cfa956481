// Where a test stands in its file, by its name.
import type { TestId } from './report.ts';

/** A name in a table of cases is put together from parts: a beginning of so many characters at least is looked for. */
const LEAST = 10;

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
    const line: number | null = lineWith(lines, name, from) ?? (i === names.length - 1 ? lineBeginning(lines, name, from) : null);
    if (line !== null) found = line;
  }
  return found;
}

/** The line with the longest beginning of a name, by whole words. */
function lineBeginning(lines: readonly string[], name: string, from: number): number | null {
  for (let end = name.lastIndexOf(' '); end >= LEAST; end = name.lastIndexOf(' ', end - 1)) {
    const line = lineWith(lines, name.slice(0, end), from);
    if (line !== null) return line;
  }
  return null;
}

function lineWith(lines: readonly string[], name: string, from: number): number | null {
  if (name.trim().length < 3) return null;
  const at = lines.findIndex((line, i) => i >= from - 1 && line.includes(name));
  return at === -1 ? null : at + 1;
}
