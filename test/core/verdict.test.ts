import { expect, test } from 'vitest';
import type { TestReport, TestResult, TestStatus } from '../../src/core/report.ts';
import { failingIds, joinVerdicts, judge } from '../../src/core/verdict.ts';

const one = (name: string, status: TestStatus = 'passed', more: Partial<TestResult> = {}): TestResult => ({
  id: `t.test.ts › ${name}`,
  path: 't.test.ts',
  name,
  status,
  failure: status === 'failed' ? { message: `${name} is wrong\nmore`, frames: [], outside: false } : null,
  retried: false,
  ...more,
});
const report = (tests: readonly TestResult[], more: Partial<TestReport> = {}): TestReport => ({
  tests,
  fileFailures: [],
  finished: true,
  broken: null,
  ...more,
});
const ids = ['t.test.ts › a', 't.test.ts › b'];
const outside = { path: 't.test.ts', failure: { message: 'does not load', frames: [], outside: true } };

const table: [string, readonly string[], TestReport, string, string][] = [
  ['every expected test passed', ids, report([one('a'), one('b')]), 'green', 'all 2 tests passed'],
  ['one failed', ids, report([one('a'), one('b', 'failed')]), 'red', '1 of 2 tests are not passing'],
  ['one was skipped', ids, report([one('a'), one('b', 'skipped')]), 'red', '1 of 2 tests are not passing'],
  ['one is to do', ids, report([one('a'), one('b', 'todo')]), 'red', '1 of 2 tests are not passing'],
  ['one is missing', ids, report([one('a')]), 'red', '1 of 2 tests are not passing'],
  [
    'a file failed outside its tests',
    ids,
    report([one('a'), one('b')], { fileFailures: [outside] }),
    'red',
    '1 of 3 tests are not passing',
  ],
  ['an unexpected test failed', ids, report([one('a'), one('b'), one('c', 'failed')]), 'red', '1 of 3 tests are not passing'],
  ['an unexpected test passed', ids, report([one('a'), one('b'), one('c')]), 'green', 'all 3 tests passed'],
  [
    'a test passed after a retry',
    ids,
    report([one('a'), one('b', 'passed', { retried: true })]),
    'flaky',
    'a test passed only after a retry',
  ],
  ['a test is reported twice', ids, report([one('a'), one('a'), one('b')]), 'tampered', 'the report names one test twice: t.test.ts › a'],
  ['the run did not finish', ids, report([one('a'), one('b')], { finished: false }), 'void', 'the test run did not finish'],
  ['nothing ran', [], report([]), 'void', 'no tests ran'],
  ['there is no report', ids, report([], { broken: { kind: 'no-report', message: 'there is no report' } }), 'void', 'there is no report'],
];

test.each(table)('%s', (_name, expected, given, kind, reason) => {
  expect(judge(expected, given).verdict).toEqual({ kind, reason });
});

test('what did not run is named, whatever else the report says', () => {
  expect(judge(ids, report([one('a')])).lines).toContainEqual({ id: ids[1], path: 't.test.ts', status: 'failed', why: 'did not run' });
  expect(failingIds(judge(ids, report([], { broken: { kind: 'time', message: 'too slow' } })).lines)).toEqual(ids);
});

test('several runs are green only together', () => {
  const green = { kind: 'green', reason: 'all 2 tests passed' } as const;
  const red = { kind: 'red', reason: '1 of 2 tests are not passing' } as const;
  expect(joinVerdicts([green, green])).toEqual({ kind: 'green', reason: 'all 2 tests passed, 2 fresh runs' });
  expect(joinVerdicts([green, red])).toEqual({ kind: 'flaky', reason: '1 of 2 runs were green; in another 1 of 2 tests are not passing' });
  expect(joinVerdicts([red])).toEqual(red);
  expect(joinVerdicts([])).toEqual({ kind: 'void', reason: 'no tests ran' });
});
