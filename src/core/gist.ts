// A failure in one line: what came and what was expected, whichever runner said it.

/** Most characters of a gist. */
const MOST = 200;
/** Most characters of one side of a difference. */
const SIDE = 80;
/** Characters that two long texts have in common, shown before they differ. */
const CONTEXT = 15;

/**
 * A failure's message (normalised, of any runner) in one line of at most 200 characters, for lists; empty for an empty message.
 * Vitest, unittest and pytest say it in their first line; node:assert, and a file that cannot be loaded, only in what follows.
 */
export function gist(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '' && !/^\s+at \S/.test(line));
  const [head = '', ...rest] = lines.map((line) => line.trim());
  const thrown = head.startsWith('The process of this test file ended') ? rest.find((line) => /^\w*Error\b[^:]*: /.test(line)) : undefined;
  if (thrown !== undefined) return cut(thrown, MOST);
  const more = difference(rest) ?? continuation(head, rest[0]);
  if (more === null) return cut(head, MOST);
  return cut(/Expected values to be .*equal:$/.test(head) ? more : `${head.replace(/:$/, '')}: ${more}`, MOST);
}

/** What node:assert shows line by line under `+ actual - expected`. */
function difference(lines: readonly string[]): string | null {
  if (!lines[0]?.startsWith('+ actual - expected')) return null;
  const side = (mark: string) =>
    lines.filter((line) => line.startsWith(mark) && line !== lines[0]).map((line) => line.slice(1).trim().replace(/,$/, ''));
  const [got, expected] = apart(side('+').join(', '), side('-').join(', '));
  if (got === '' && expected === '') return null;
  if (got === '') return `${expected} is missing`;
  return expected === '' ? `${got} is too much` : `got ${got}, expected ${expected}`;
}

/** Cuts two texts so that the place where they differ is seen. */
function apart(a: string, b: string): readonly [string, string] {
  if (a.length <= SIDE && b.length <= SIDE) return [a, b];
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  const from = same > CONTEXT * 2 && a !== '' && b !== '' ? same - CONTEXT : 0;
  const side = (text: string) => cut(from === 0 ? text : `…${text.slice(from)}`, SIDE);
  return [side(a), side(b)];
}

/** The second line, where the first says nothing without it: it ends in a colon, or is the test's own remark on a comparison. */
function continuation(head: string, next: string | undefined): string | null {
  if (next === undefined) return null;
  return / Input:$|:$/.test(head) || / !==? /.test(next) || next.startsWith('assert ') ? next : null;
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
