import { expect, test } from 'vitest';
import { groupFailures } from '../../src/core/failure-groups.ts';
import { testsText } from '../../src/core/tests-text.ts';

const at = (path: string, line: number) => ({ path, line });
const many = (
  count: number,
  make: (i: number) => { readonly id: string; readonly message: string; readonly frames: readonly { path: string; line: number }[] },
) => Array.from({ length: count }, (_, i) => make(i));

test('hundreds of tests that fail at one place in the code are one group, whatever the values', () => {
  const failures = many(300, (i) => ({
    id: `test/${i % 20}.test.ts › case ${i}`,
    message: `RangeError: Invalid array length: ${i}\n    at grow (src/grow.ts:12:3)`,
    frames: [at('src/grow.ts', 12), at(`test/${i % 20}.test.ts`, i)],
  }));
  expect(groupFailures(failures).map((g) => g.ids.length)).toEqual([300]);
});

test('an error without a place of its own in the code is one group across files', () => {
  const failures = many(120, (i) => ({
    id: `test/${i}.test.ts › works`,
    message: 'TypeError: app.listen is not a function',
    frames: [at(`test/${i}.test.ts`, i + 3)],
  }));
  expect(groupFailures(failures)).toHaveLength(1);
});

test('files that cannot import the same module are one group, whoever imports it', () => {
  const failures = many(40, (i) => ({
    id: `test/${i}.test.js`,
    message: `Error [ERR_MODULE_NOT_FOUND]: Cannot find module 'src/gone.js' imported from test/${i}.test.js`,
    frames: [],
  }));
  const other = { id: 'test/x.test.js', message: "Error: Cannot find module 'src/other.js' imported from test/x.test.js", frames: [] };
  expect(groupFailures([...failures, other]).map((g) => g.ids.length)).toEqual([40, 1]);
});

test('a table of cases is one group from four on; three are shown with their values', () => {
  const row = (i: number) => ({
    id: `test/a.test.ts › rounds ${i}`,
    message: `AssertionError: expected '${'x'.repeat(i)}' to be '${i}'`,
    frames: [at('test/a.test.ts', 9)],
  });
  expect(groupFailures(many(200, row))).toHaveLength(1);
  expect(groupFailures(many(3, row))).toHaveLength(3);
});

test('assertions in many lines of one file that say the same are one group; others stay apart', () => {
  const failures = many(60, (i) => ({
    id: `test/a.test.ts › case ${i}`,
    message: `AssertionError: expected ${i} to be ${i + 1}`,
    frames: [at('test/a.test.ts', i * 5)],
  }));
  const odd = { id: 'test/a.test.ts › odd', message: 'AssertionError: expected [Function] to throw', frames: [at('test/a.test.ts', 999)] };
  expect(groupFailures([odd, ...failures]).map((g) => g.ids.length)).toEqual([60, 1]);
});

test('a helper of the tests is no place in the code', () => {
  const fails = (name: string, message: string, line: number) => ({
    id: `test/a.test.ts › ${name}`,
    message,
    frames: [at('test/helper.ts', 3), at('test/a.test.ts', line)],
  });
  expect(groupFailures([fails('a', 'expected 1 to be 2', 5), fails('b', 'expected 3 to be 4', 8)])).toHaveLength(2);
});

test('a report for a model: counts, causes, places; cut where it is long', () => {
  const failed = (i: number) => ({
    id: `test/a.test.ts › case ${i}`,
    path: 'test/a.test.ts',
    name: `case ${i}`,
    status: 'failed' as const,
    failure: { message: `TypeError: no\n${'y'.repeat(5_000)}`, frames: [at('src/a.ts', 3)], outside: false },
    retried: false,
  });
  const passed = { ...failed(1), id: 'test/a.test.ts › fine', status: 'passed' as const, failure: null };
  const report = { tests: [passed, ...Array.from({ length: 300 }, (_, i) => failed(i))], fileFailures: [], finished: true, broken: null };
  const text = testsText(report);
  expect(text).toMatch(/^1 passed, 300 failed\n\n✗ test\/a\.test\.ts › case 0\n/);
  expect(text).toContain('and 295 more with the same cause');
  expect(text).toContain('at src/a.ts:3');
  expect(text.length).toBeLessThan(1_800);
  expect(testsText(report, ['test/a.test.ts › fine'])).toBe('1 passed, 0 failed');
});
