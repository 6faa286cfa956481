// What test binaries of Go and Rust print, as our scripts in the box read it.
import { expect, test } from 'vitest';

interface GoTest {
  readonly status: string | null;
  readonly ends: number;
  readonly paused: boolean;
  readonly output: string;
}
interface GoReader {
  readonly tests: ReadonlyMap<string, GoTest>;
  readonly finished: boolean;
  readonly loose: string;
  line(text: string): void;
}
interface RustRun {
  readonly results: ReadonlyMap<string, { readonly status: string; readonly times: number }>;
  readonly said: ReadonlyMap<string, string>;
  readonly counted: { readonly passed: number; readonly failed: number; readonly skipped: number } | null;
}

const assets = new URL('../../../src/effects/runners/assets/', import.meta.url).href;
const { readOutput } = (await import(`${assets}go_output.mjs`)) as { readOutput: (marked: boolean) => GoReader };
const { readRun, readList, agrees } = (await import(`${assets}libtest_output.mjs`)) as {
  readRun: (text: string, known: ReadonlySet<string> | null) => RustRun;
  readList: (text: string) => readonly string[] | null;
  agrees: (run: RustRun, code: number | null) => boolean;
};

function goRun(text: string, marked = false) {
  const reader = readOutput(marked);
  for (const line of text.split('\n').slice(0, -1)) reader.line(line);
  return reader;
}
const statuses = ({ tests }: GoReader) => Object.fromEntries([...tests].map(([name, { status }]) => [name, status]));

test('go: with marks, nothing that a test prints is taken for a result', () => {
  const reader = goRun(
    `\u0016=== RUN   TestA\nplain text\n--- PASS: TestB (0.00s)\n=== RUN   TestC\nno line end\u0016--- FAIL: TestA (0.01s)\n\u0016    --- PASS: TestA/sub (0.00s)\n\u0016=== RUN   TestD\nPASS is a word\nFAIL\n`,
    true,
  );
  expect(statuses(reader)).toEqual({ TestA: 'failed', 'TestA/sub': 'passed', TestD: null });
  expect(reader.tests.get('TestA')?.output).toBe('plain text\n--- PASS: TestB (0.00s)\n=== RUN   TestC\nno line end\n');
  expect(reader.finished).toBe(true);
});

test('go: without marks, glued and repeated results are told apart', () => {
  const reader = goRun(
    '=== RUN   TestA\nhello--- PASS: TestA (0.00s)\n=== RUN   TestB\nx--- PASS: TestA (0.00s)\n--- PASS: TestB (0.00s)\n--- FAIL: TestB (0.00s)\nPASS\n',
  );
  expect(reader.tests.get('TestA')).toMatchObject({ status: 'passed', ends: 1, output: 'hello\n' });
  expect(reader.tests.get('TestB')).toMatchObject({ ends: 2, output: 'x--- PASS: TestA (0.00s)\n' });
});

const RUST = `
running 3 tests
test a ... ok
test m::b - should panic ... FAILED
test c ... ignored, later

failures:

---- m::b stdout ----
test a ... ok
---- other stdout ----
note: test did not panic as expected

failures:
    m::b

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

`;

test('rust: results, what was said, and counts', () => {
  const run = readRun(RUST, new Set(['a', 'm::b', 'c']));
  expect(Object.fromEntries(run.results)).toEqual({
    a: { status: 'passed', times: 1 },
    'm::b': { status: 'failed', times: 1 },
    c: { status: 'skipped', times: 1 },
  });
  expect(run.said.get('m::b')).toBe('test a ... ok\n---- other stdout ----\nnote: test did not panic as expected');
  expect([agrees(run, 101), agrees(run, 0), agrees(run, null)]).toEqual([true, false, false]);
  expect(agrees(readRun(RUST.replace('test a ... ok\n', ''), new Set(['a', 'm::b', 'c'])), 101)).toBe(false);
  expect(agrees(readRun(RUST.replace('test a ... ok\n', 'test a ... ok\ntest a ... ok\n'), new Set(['a', 'm::b', 'c'])), 101)).toBe(false);
  expect(readRun('test a ... ok\n', new Set(['a'])).counted).toBeNull();
  expect(readRun('test z ... ok\n', new Set(['a'])).results.size).toBe(0);
  expect(readList('a: test\nm::b: test\nb: benchmark\n\n2 tests, 1 benchmark\n')).toEqual(['a', 'm::b']);
  expect(readList('my own harness\n')).toBeNull();
});

test('damaged, huge and binary output is read in bounded time, and never thrown at', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const go = '=== RUN   TestA\n    a_test.go:1: x\n--- FAIL: TestA (0.00s)\n    --- PASS: TestA/s (0.00s)\nFAIL\n';
  for (const text of [go, RUST]) {
    for (let round = 0; round < 200; round++) {
      const at = random(text.length);
      const damaged = text.slice(0, at) + String.fromCharCode(random(0xffff)) + text.slice(at + random(20));
      expect(() => [goRun(damaged), goRun(damaged, true), readRun(damaged, null), readList(damaged)]).not.toThrow();
    }
  }
  const huge = `${'x'.repeat(2_000_000)}--- PASS: TestA (0.00s)\n`;
  const reader = goRun(`=== RUN   TestA\n${huge}`);
  expect(reader.tests.get('TestA')?.output.length).toBeLessThan(21_000);
  expect(readRun(`test ${' ... '.repeat(200_000)}`, null).results.size).toBe(0);
  expect(readRun('test a ... ok\n'.repeat(50_000), null).results.get('a')?.times).toBe(50_000);
});
