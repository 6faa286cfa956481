import { expect, test } from 'vitest';
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
