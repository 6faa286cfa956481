import { expect, test } from 'vitest';
import { placeId } from '../../src/core/made-names.ts';
import { redProof } from '../../src/core/redproof.ts';
import type { TestReport, TestStatus } from '../../src/core/report.ts';

const MARKER = 'redgreen: not written yet';
const path = 'test/a.test.ts';
const id = `${path} › t`;

function report(status: TestStatus | null, outside?: string): TestReport {
  const failure = { message: 'wrong', frames: [], outside: false };
  const tests = status === null ? [] : [{ id, path, name: 't', status, failure: status === 'failed' ? failure : null, retried: false }];
  const fileFailures = outside === undefined ? [] : [{ path, failure: { message: outside, frames: [], outside: true } }];
  return { tests, fileFailures, finished: true, broken: null };
}

const prove = (throwing: TestReport, wrong: TestReport) => redProof([path], throwing, wrong, [], MARKER).problems.map((p) => p.message);

test('a test that fails on either stub is worth something', () => {
  expect(prove(report('failed'), report('failed'))).toEqual([]);
  expect(prove(report('failed'), report('passed'))).toEqual([]);
  expect(prove(report('passed'), report('failed'))).toEqual([]);
});

test('a test that passes on both proves nothing', () => {
  expect(prove(report('passed'), report('passed'))).toEqual([expect.stringContaining('passes even when no code is written')]);
});

test('one that was there before and passes on the code as it is may be about other code', () => {
  const problems = (earlier: readonly string[]) =>
    redProof([path], report('passed'), report('passed'), [], MARKER, new Set(earlier)).problems;
  expect(problems([id])).toEqual([]);
  expect(problems([`${path} › another`])).toHaveLength(1);
  expect(redProof([path], report('skipped'), report('skipped'), [], MARKER, new Set([id])).problems).toHaveLength(1);
});

test('a skipped test must run, a file without tests is empty', () => {
  expect(prove(report('skipped'), report('failed'))).toEqual([expect.stringContaining('is skipped')]);
  expect(prove(report(null), report(null))).toEqual(['the file holds no test']);
});

test('a file that fails on a stub while it loads is red; one that fails by itself is broken', () => {
  expect(prove(report(null, `Error: ${MARKER}: load`), report('failed'))).toEqual([]);
  expect(prove(report(null, "SyntaxError: Unexpected token ')'"), report(null, "SyntaxError: Unexpected token ')'"))).toEqual([
    "the file fails outside its tests, before any code exists: SyntaxError: Unexpected token ')'",
  ]);
});

test('what the checker holds against a test file goes back with its line', () => {
  const diagnostics = [{ path, line: 3, code: 'TS2554', message: 'Expected 1 arguments, but got 2.' }];
  expect(redProof([path], report('failed'), report('failed'), diagnostics, MARKER).problems).toEqual([
    { where: path, message: 'line 3: Expected 1 arguments, but got 2.' },
  ]);
});

interface Seen {
  readonly throwing?: readonly string[];
  readonly wrong?: readonly string[];
}

/** Reports in which each name stands for a test; `!` before it: it failed. */
function ids({ throwing = [], wrong = [] }: Seen): readonly [TestReport, TestReport] {
  const made = (names: readonly string[]): TestReport => ({
    tests: names.map((name) => {
      const status = name.startsWith('!') ? 'failed' : 'passed';
      const failure = status === 'failed' ? { message: 'wrong', frames: [], outside: false } : null;
      return { id: `${path} › ${name.replace('!', '')}`, path, name, status, failure, retried: false };
    }),
    fileFailures: [],
    finished: true,
    broken: null,
  });
  return [made(throwing), made(wrong)];
}

test('names that differ between the stubs leave a place for each, and prove red together', () => {
  const [throwing, wrong] = ids({ throwing: ['!fixed', '!at 1', '!at 2'], wrong: ['!fixed', 'at 3', 'at 4'] });
  expect(redProof([path], throwing, wrong, [], MARKER)).toEqual({
    tests: [
      { id: `${path} › fixed`, path, throwing: 'failed', wrong: 'failed' },
      { id: placeId(path, 1), path, throwing: 'failed', wrong: 'passed' },
      { id: placeId(path, 2), path, throwing: 'failed', wrong: 'passed' },
    ],
    problems: [],
  });
  const rows = ids({ throwing: ['!fixed'], wrong: ['!fixed', '!row 1', '!row 2'] });
  expect(redProof([path], ...rows, [], MARKER).tests.at(-1)).toEqual({ id: placeId(path, 1), path, throwing: 'missing', wrong: 'failed' });
});

test('a test inside one that failed did not come to run, and is red with it', () => {
  const seen = ids({ throwing: ['!outer'], wrong: ['outer', 'outer › inner'] });
  expect(redProof([path], ...seen, [], MARKER).problems).toEqual([]);
});

const failing = (message: string, frame = path): TestReport => ({
  ...report('failed'),
  tests: report('failed').tests.map((t) => ({ ...t, failure: { message, frames: [{ path: frame, line: 3 }], outside: false } })),
});

test.each([
  'ReferenceError: expectd is not defined',
  "NameError: name 'pytst' is not defined",
  "AttributeError: 'A' object has no attribute 'assertEquals'. Did you mean: 'assertEqual'?",
  'TypeError: assert.equals is not a function',
  'TypeError: expect(...).toBeSame is not a function',
  'Error: Invalid Chai property: toBeSame',
  "ModuleNotFoundError: No module named 'nowhere'",
  "file tests/test_a.py, line 3\n  def test_a(dbb):\nE       fixture 'dbb' not found",
])('a test that fails of itself on both stubs is sent back: %s', (message) => {
  expect(prove(failing(message), failing(message))).toEqual([expect.stringContaining('fails of itself, whatever the code does')]);
  const stub = failing(`Error: ${MARKER}: f`);
  expect(prove(stub, failing(message))).toEqual([]);
  expect(prove(failing(message, 'src/a.ts'), failing(message, 'src/a.ts'))).toEqual([]);
});

test.each([
  "TypeError: Cannot read properties of undefined (reading 'x')",
  'TypeError: app.listen is not a function',
  'SyntaxError: Unexpected token \'w\', "wrong" is not valid JSON',
  'test timed out after 10000ms',
  'AssertionError: 1 !== 2',
])('what stubs may bring about is red for the right reason: %s', (message) => {
  expect(prove(failing(message), failing(message))).toEqual([]);
});

test('a file that makes a report unbelievable, and a run without a report, are said', () => {
  const tampered = { ...report('failed'), tampered: `${path}: a test of ours that must fail (a thrown error) passed` };
  expect(prove(tampered, report('failed'))).toEqual([expect.stringContaining('the file changes how tests are run or reported')]);
  const broken: TestReport = { tests: [], fileFailures: [], finished: false, broken: { kind: 'time', message: 'it took too long' } };
  expect(prove(broken, broken)).toEqual(['the tests gave no usable report before any code exists: it took too long']);
});
