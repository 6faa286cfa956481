import { afterAll, describe, expect, test } from 'vitest';
import type { Mutant, MutantOptions } from '../../../src/core/ports.ts';
import { createJavascript } from '../../../src/effects/languages/javascript.ts';
import { createTypescript } from '../../../src/effects/languages/typescript.ts';

const typescript = createTypescript();
const javascript = createJavascript();
afterAll(async () => {
  await typescript.close();
  await javascript.close();
});

const PATH = 'src/a.ts';
const mutantsOf = (text: string, rest: Partial<MutantOptions> = {}): Promise<readonly Mutant[]> =>
  typescript.mutants({ files: { [PATH]: text }, paths: [PATH], seed: 1, count: 200, lines: {}, ...rest });
/** What a mutant changed, as `before → after` without what both share. */
function changeOf({ text }: Mutant, original: string): string {
  let start = 0;
  while (text[start] === original[start] && start < text.length) start += 1;
  let end = 0;
  while (end < Math.min(text.length, original.length) - start && text.at(-1 - end) === original.at(-1 - end)) end += 1;
  return `${original.slice(start, original.length - end)} → ${text.slice(start, text.length - end)}`;
}

const FIT = `export interface Row { readonly name: string; readonly count: number }
export class RowError extends Error {}
`;

describe('what each operator changes, and how it is said', () => {
  test.each([
    [
      'boundary',
      'export function fit(size: number): string { if (size < 8) return "small"; return "big"; }',
      'when `size` is exactly 8, it is treated like below it (the check after which the result is the text "small")',
    ],
    [
      'boundary',
      'export function fit(rows: Row[]): number { let n = 0; for (let i = 0; i < rows.length; i += 1) n += i; return n; }',
      'a loop takes one step too many at its end (its limit: the number of elements of `rows`)',
    ],
    [
      'guard',
      'export function fit(row: Row): Row { if (row.count < 0) throw new RowError("a row needs a count"); return row; }',
      'when `count` of `row` is below 0, no `RowError` is thrown',
    ],
    [
      'guard',
      'export function fit(rows: Row[]): string[] { const out: string[] = []; for (const row of rows) { if (row.name === "") continue; out.push(row.name); } return out; }',
      'when `name` of an element of `rows` equals the empty text, the rest is not skipped for this element',
    ],
    [
      'condition',
      'export function fit(row: Row): string { return row.count === 1 ? "row" : "rows"; }',
      'when `count` of `row` equals 1, the value for the opposite case is taken, and the other way round',
    ],
    [
      'logic',
      'export function fit(a: Row, b: Row): number { return a.count - b.count || a.name.length - b.name.length; }',
      'when the difference of `count` of `a` and `count` of `b` is 0, that 0 is kept',
    ],
    [
      'logic',
      'export function fit(row: Row): boolean { return row.name !== "" && row.count > 2; }',
      'when `name` of `row` differs from the empty text but `count` of `row` is at most 2, the latter is overlooked',
    ],
    ['fallback', 'export function fit(limit?: number): number { return limit ?? 10; }', '10 is taken even where `limit` is given'],
    [
      'verdict',
      'export function fit(rows: Row[]): Row[] { return rows.filter((row) => row.count > 0); }',
      'the answer whether `count` of an element of `rows` is above 0 is the opposite',
    ],
    [
      'case',
      'export function fit(kind: string): number { switch (kind) { case "a": return 1; case "b": return 2; default: return 0; } }',
      'when `kind` is the text "a", it is treated like a case that is not known',
    ],
    [
      'catch',
      'export function fit(text: string): unknown { try { return JSON.parse(text); } catch { return null; } }',
      'an error that is to be caught and handled is passed on as it is',
    ],
    [
      'arithmetic',
      'export function fit(row: Row, n: number): number { return row.count * n; }',
      'instead of the product of `count` of `row` and `n`, the quotient of them is taken',
    ],
    [
      'number',
      'export function fit(text: string): string { return text.slice(0, 8); }',
      'where `text` is worked on (`slice`), 9 stands where 8 should',
    ],
    [
      'boolean',
      'export function fit(loud = false): string { return loud ? "A" : "a"; }',
      'in the default of `loud`, true stands where false should',
    ],
    [
      'text',
      'export function fit(names: string[]): string { return names.join(", "); }',
      'where `names` is worked on (`join`), the empty text stands where the text ", " should',
    ],
    [
      'pattern',
      'export function fit(text: string): boolean { return /^[a-z]+$/.test(text); }',
      'where `text` is matched, a pattern that must match from the start also matches further on',
    ],
    [
      'assignment',
      'export function fit(rows: Row[]): number { let sum = 0; for (const row of rows) sum += row.count; return sum; }',
      '`count` of an element of `rows` is taken away instead of added',
    ],
    ['statement', 'export function fit(rows: Row[], row: Row): void { rows.push(row); }', '`row` is not added to `rows`'],
    ['chain', 'export function fit(text: string): string { return text.trim(); }', 'blanks around `text` are kept'],
    [
      'copy',
      'export function fit(rows: Row[]): Row[] { return [...rows].sort((a, b) => a.count - b.count); }',
      '`rows` itself is worked on (and changed for whoever holds it) instead of a copy',
    ],
    [
      'twin',
      'export function fit(a: number, b: number): number { return Math.min(a, b); }',
      'the largest of `a` and others is taken instead of the smallest',
    ],
    [
      'swap',
      'export function pair(a: string, b: string): string { return a + b; } export function fit(x: string, y: string): string { return pair(x, y); }',
      '`x` and `y` are taken for each other where `pair` is called',
    ],
    [
      'index',
      'export function fit(text: string, size: number): string { return text.slice(0, size); }',
      'a part of `text` ends one place too late',
    ],
  ])('%s: %s', async (operator, code, behaviour) => {
    const found = (await mutantsOf(FIT + code)).filter((m) => m.operator === operator);
    expect(found.map((m) => m.behaviour)).toEqual(expect.arrayContaining([expect.stringContaining(behaviour)]));
    for (const m of found) expect(m).toMatchObject({ path: PATH, line: 3, inside: 'fit' });
  });
});

describe('what is never changed', () => {
  test.each([
    [
      'imports and types',
      "import { join } from 'node:path';\nexport type Size = 1 | 2;\nexport interface A { readonly n: 3 }\nexport { join };",
    ],
    ['what runs only as a program', 'export {};\nif (import.meta.main) process.exitCode = 1 + 1;'],
    ['log lines', 'export function a(n: number): void { console.debug("n + 1 is", n + 1, n < 2); }'],
  ])('%s', async (_, code) => {
    expect(await mutantsOf(code)).toEqual([]);
  });

  test.each([
    ['what is said to people', 'export function a(): never { throw new Error("no"); }', 'text'],
    [
      'a limit that is settled by a check for equality',
      'export function a(x: number, y: number): number { if (x === y) return 0; return x < y ? -1 : 1; }',
      'boundary',
    ],
    ['the larger of two', 'export function a(x: number, y: number): number { return x < y ? y : x; }', 'boundary'],
    [
      'the larger so far',
      'export function a(xs: number[]): number { let most = 0; for (const x of xs) if (x > most) most = x; return most; }',
      'boundary',
    ],
    ['blanks that a number does not mind', 'export function a(text: string): number { return Number(text.trim()); }', 'chain'],
    ['times', 'export function a(go: () => void): void { setTimeout(go, 500); }', 'number'],
    [
      'the fallback of an element that the compiler alone thinks may be missing',
      'export function a(xs: number[], i: number): number { return xs[i] ?? 0; }',
      'fallback',
    ],
    ['a copy that is only read', 'export function a(xs: Set<number>): number[] { return [...xs].map((x) => x * 2); }', 'copy'],
  ])('%s', async (_, code, operator) => {
    expect((await mutantsOf(code)).filter((m) => m.operator === operator)).toEqual([]);
  });

  test('what the compiler would refuse', async () => {
    const code = `export type Kind = 'plain' | 'odd';
export function kindOf(n: number | undefined): Kind {
  if (n === undefined) return 'plain';
  const odd: Kind = 'odd';
  return n.valueOf() > 2 ? odd : 'plain';
}`;
    const mutants = await mutantsOf(code);
    expect(mutants.map((m) => m.operator)).toContain('boundary');
    const found = mutants.map((m) => changeOf(m, code));
    expect(found.filter((c) => /plain|odd/.test(c))).toEqual([]);
    // Without its guard `n` may be undefined below.
    expect(found.filter((c) => c.includes('false &&'))).toEqual([]);
  });

  test('faults that were there before do not hide mutants', async () => {
    const found = await mutantsOf('export function a(n: number): string { return n > 1; }');
    expect(found.map((m) => m.operator)).toContain('boundary');
  });
});

const LIBRARY = `const LIMIT = 5;
interface Step { hidden: number }
export class Basket {
  #kept: number[] = [];
  private total = 0;
  put(n: number): void {
    if (n > LIMIT) return;
    this.#kept.push(n);
    this.total += secretHelper(n, this.#kept);
  }
  get size(): number {
    return this.#kept.length;
  }
}
function secretHelper(value: number, seen: readonly number[]): number {
  const step: Step = { hidden: value + 1 };
  const firstOfAll = seen.at(0) ?? 0;
  return step.hidden > firstOfAll ? step.hidden : firstOfAll * 2;
}
export const double = (n: number): number => n * 2;
`;

test('words name what the contract names, and nothing of the code', async () => {
  const found = await mutantsOf(LIBRARY);
  const words = found.map((m) => m.behaviour).join('\n');
  for (const hidden of ['secretHelper', 'firstOfAll', 'step', 'hidden', '#kept', 'total', 'LIMIT', '===', '=>', ';', '{', '&&', '.length'])
    expect(words).not.toContain(hidden);
  expect(found.filter((m) => m.inside === 'secretHelper').every((m) => m.behaviour.startsWith('(a part of `Basket`) '))).toBe(true);
  expect(words).toContain('when `n` is exactly 5, it is treated like above it');
});

test('each lies in a function or method, on its line', async () => {
  const found = await mutantsOf(LIBRARY);
  expect([...new Set(found.map((m) => m.inside))].sort()).toEqual(['Basket.put', 'Basket.size', 'double', 'module', 'secretHelper']);
  for (const m of found) {
    const [before, after] = [LIBRARY.split('\n'), m.text.split('\n')];
    expect(after).toHaveLength(before.length);
    expect(before.flatMap((line, i) => (line === after[i] ? [] : [i + 1]))).toEqual([m.line]);
  }
});

test('the same seed gives the same mutants, another one others, and fewer are the first of more', async () => {
  const some = await mutantsOf(LIBRARY, { count: 6 });
  expect(await mutantsOf(LIBRARY, { count: 6 })).toEqual(some);
  expect(await mutantsOf(LIBRARY, { count: 6, seed: 2 })).not.toEqual(some);
  expect((await mutantsOf(LIBRARY, { count: 9 })).slice(0, 6)).toEqual(some);
  expect(await mutantsOf(LIBRARY, { count: 0 })).toEqual([]);
});

test('they are spread over files and functions by size', async () => {
  const long = `export function long(n: number): number {\n${'  n = n * 3 > 7 ? n + 2 : n - 4;\n'.repeat(20)}  return n;\n}\n`;
  const files = { 'src/long.ts': long, 'src/b.ts': LIBRARY, 'README.md': '# no code' };
  const found = await typescript.mutants({ files, paths: Object.keys(files), seed: 3, count: 20, lines: {} });
  const count = (inside: string) => found.filter((m) => m.inside === inside).length;
  expect(found).toHaveLength(20);
  expect(count('long')).toBeGreaterThan(8);
  expect(count('Basket.put')).toBeGreaterThan(0);
  expect(count('secretHelper')).toBeGreaterThan(0);
  expect(new Set(found.filter((m) => m.inside === 'long').map((m) => m.operator)).size).toBeGreaterThan(2);
});

test('of a file that was there before, only the lines that are named', async () => {
  const found = await mutantsOf(LIBRARY, { lines: { [PATH]: [7, 10] } });
  expect([...new Set(found.map((m) => m.line))].sort()).toEqual([7]);
});

test('JavaScript', async () => {
  const code = `/** @param {string[]} names */
export function list(names) {
  const sorted = [...names].sort();
  if (sorted.length > 3) return sorted.slice(0, 3).join(',') + '…';
  return sorted.join(',');
}
`;
  const found = await javascript.mutants({ files: { 'src/a.js': code }, paths: ['src/a.js'], seed: 1, count: 50, lines: {} });
  const all = found.map((m) => `${m.operator}: ${m.behaviour}`);
  expect(all).toContain('copy: `names` itself is worked on (and changed for whoever holds it) instead of a copy');
  expect(all.some((b) => b.startsWith('boundary: when the number of elements of `names` in order is exactly 3'))).toBe(true);
});
