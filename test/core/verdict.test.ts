import { expect, test } from 'vitest';
import { placeId } from '../../src/core/made-names.ts';
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
    `a test passed only after a retry: ${ids[1]}`,
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

test('a report that cannot be believed is tampered, whatever its tests did', () => {
  const tampered = 'test/a.test.ts: a test of ours that must fail (a thrown error) passed';
  for (const more of [{}, { broken: { kind: 'unfinished', message: 'cut off' } as const, finished: false }])
    expect(judge(ids, report([one('a'), one('b')], { tampered, ...more })).verdict).toEqual({ kind: 'tampered', reason: tampered });
});

test('a place for a name made at run time is filled by a test of its suite that nobody expected', () => {
  const [first, second] = [placeId('t.test.ts › s', 1), placeId('t.test.ts › s', 2)];
  const inSuite = (name: string, status: TestStatus = 'passed') => one(name, status, { id: `t.test.ts › s › ${name}` });
  const verdict = (...tests: TestResult[]) => judge(['t.test.ts › a', first, second], report([one('a'), ...tests])).verdict.kind;
  expect(verdict(inSuite('at 10:31'), inSuite('at 10:32'))).toBe('green');
  expect(verdict(inSuite('x'), inSuite('y'), inSuite('z'))).toBe('green');
  expect(verdict(inSuite('x'))).toBe('red');
  expect(verdict(inSuite('x'), inSuite('y', 'failed'))).toBe('red');
  expect(verdict(one('x'), one('y'))).toBe('red');
});

test('several runs are green only together', () => {
  const green = judge(ids, report([one('a'), one('b')]));
  const red = judge(ids, report([one('a'), one('b', 'failed')]));
  const tampered = judge(ids, report([one('a')], { tampered: 'a test of ours passed' }));
  expect(joinVerdicts([green, green])).toEqual({ kind: 'green', reason: 'all 2 tests passed, 2 fresh runs' });
  expect(joinVerdicts([green, red])).toEqual({
    kind: 'flaky',
    reason: `1 of 2 runs were green; in another 1 of 2 tests are not passing: ${ids[1]}`,
  });
  expect(joinVerdicts([red])).toEqual(red.verdict);
  expect(joinVerdicts([green, red, tampered])).toEqual({ kind: 'tampered', reason: 'a test of ours passed' });
  expect(joinVerdicts([])).toEqual({ kind: 'void', reason: 'no tests ran' });
});
