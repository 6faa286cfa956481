import { expect, test } from 'vitest';
import { errorExit, exitCode } from '../../src/core/outcome.ts';
import type { TestReport } from '../../src/core/report.ts';
import { branchSlug, slugOf, subjectFrom } from '../../src/core/slug.ts';
import { suspects } from '../../src/core/suspects.ts';
import { plan } from './world.ts';

test.each([
  ['CSV query tool', 'csv-query-tool'],
  ['  --Ärger & Öl!  ', 'arger-ol'],
  ['../../etc', 'etc'],
  ['日本語', 'run'],
  ['a'.repeat(80), 'a'.repeat(50)],
])('the slug of %j is %j', (text, slug) => {
  expect(slugOf(text)).toBe(slug);
});

test('a branch has its own name', () => {
  expect(['redgreen/word-count', 'redgreen-word-count', 'feature/A b', 'redgreen/x-2'].map(branchSlug)).toEqual([
    'word-count',
    'word-count',
    'feature-a-b',
    'x-2',
  ]);
});

test.each([
  ['Accept TSV. And more.', 'Accept TSV'],
  ['  Accept `a.tsv` files\nand more', 'Accept `a.tsv` files and more'],
  ['Accept\u001b[2J it', 'Accept␛ it'],
  ['', ''],
  [`Accept ${'tabs and '.repeat(20)}`, 'Accept tabs and tabs and tabs and tabs and tabs and tabs and tabs and …'],
])('%j begins a commit as %j', (text, subject) => expect(subjectFrom(text)).toBe(subject));

test('every outcome and error has its exit code', () => {
  const outcomes = (['green', 'red', 'unproven', 'blocked', 'budget', 'interrupted', 'failed'] as const).map((o) => exitCode(o));
  expect(outcomes).toEqual([0, 3, 3, 7, 4, 130, 1]);
  expect([exitCode('failed', 'model.auth'), exitCode('failed', 'box.none'), exitCode('failed', 'install')]).toEqual([6, 5, 1]);
  expect((['usage', 'config', 'target', 'tape.differs', 'locked', 'internal'] as const).map(errorExit)).toEqual([2, 2, 2, 2, 2, 1]);
});

test('suspects are the files that failures point at, then what their tests use, then the rest when all are wanted', () => {
  const failure = {
    message: 'no',
    frames: [
      { path: 'src/b.ts', line: 3 },
      { path: 'test/a.test.ts', line: 9 },
    ],
    outside: false,
  };
  const failing = { id: 'x', path: 'test/a.test.ts', name: 'x', status: 'failed' as const, failure, retried: false };
  const report: TestReport = { tests: [failing], fileFailures: [], finished: true, broken: null };
  const sources = ['src/a.ts', 'src/b.ts', 'src/c.ts'];
  expect(suspects(plan, report, [], sources, false)).toEqual(['src/b.ts', 'src/a.ts']);
  expect(suspects(plan, report, [], sources, true)).toEqual(['src/b.ts', 'src/a.ts', 'src/c.ts']);
  const types = [{ path: 'src/c.ts', line: 1, code: 'TS2322', message: 'no' }];
  expect(suspects(plan, { ...report, tests: [] }, types, sources, false)).toEqual(['src/c.ts']);
});
