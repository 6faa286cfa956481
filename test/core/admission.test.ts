import { expect, test } from 'vitest';
import { lastSuspects, suspectsOf, triedProblems, triedTests } from '../../src/core/admission.ts';
import type { Failure, TestReport, TestResult, TestStatus } from '../../src/core/report.ts';

const failure = (message: string, frames: Failure['frames'] = [{ path: 'src/a.ts', line: 1 }]): Failure => ({
  message,
  frames,
  outside: false,
});
const result = (name: string, status: TestStatus, why: Failure | null = null): TestResult => ({
  id: `t.ts › ${name}`,
  path: 't.ts',
  name,
  status,
  failure: why,
  retried: false,
});
const report = (tests: readonly TestResult[], more: Partial<TestReport> = {}): TestReport => ({
  tests,
  fileFailures: [],
  finished: true,
  broken: null,
  ...more,
});
const stages = (reports: readonly TestReport[], known: readonly string[] = []) =>
  triedTests(reports, ['t.ts'], new Set(known)).map(({ id, stage, why }) => [id, stage, why]);

test('a test is steady when it passes in every run, and only then', () => {
  const wrong = failure('2 != 3');
  const runs = [
    report([
      result('good', 'passed'),
      result('odd', 'passed'),
      result('bug', 'failed', wrong),
      result('idle', 'skipped'),
      result('old', 'failed', wrong),
    ]),
    report([result('good', 'passed'), result('odd', 'failed', wrong), result('bug', 'failed', wrong), result('idle', 'skipped')]),
    report([result('good', 'passed'), result('odd', 'passed'), result('bug', 'failed', wrong), result('idle', 'skipped')]),
  ];
  expect(stages(runs, ['t.ts › old'])).toEqual([
    ['t.ts › good', 'steady', ''],
    ['t.ts › odd', 'built', 'it is unsteady: it passes in 2 of 3 runs of the same code'],
    ['t.ts › bug', 'built', 'it fails on the code as it is: 2 != 3'],
    ['t.ts › idle', 'built', 'it is skipped'],
  ]);
});

test('a run that gave no report passes nothing', () => {
  const broken = { kind: 'time', message: 'too long' } as const;
  expect(stages([report([result('good', 'passed')]), report([result('good', 'passed')], { broken })])).toEqual([
    ['t.ts › good', 'built', 'it is unsteady: it passes in 1 of 2 runs of the same code'],
  ]);
});

test('a file that does not load is one entry; one that fails outside of its tests spoils them', () => {
  const fileFailures = [{ path: 't.ts', failure: { ...failure('no such module'), outside: true } }];
  expect(stages([report([], { fileFailures })])).toEqual([['t.ts', 'written', 'it does not load: no such module']]);
  expect(stages([report([result('good', 'passed')], { fileFailures })])).toEqual([
    ['t.ts › good', 'built', 'its file fails outside of the tests: no such module'],
  ]);
});

test('what fails of itself is told, but is no suspect', () => {
  const own = failure('ReferenceError: nothing is not defined', [{ path: 't.ts', line: 3 }]);
  const tried = triedTests([report([result('bug', 'failed', failure('1 != 2')), result('slip', 'failed', own)])], ['t.ts'], new Set());
  expect(triedProblems(tried).map((p) => p.message)).toEqual([
    '"t.ts › bug" fails on the code as it is: 1 != 2',
    '"t.ts › slip" fails on the code as it is (of itself, whatever the code does): ReferenceError: nothing is not defined',
  ]);
  expect(suspectsOf(tried).map((t) => t.id)).toEqual(['t.ts › bug']);
});

test('a doubt that its author took out is named all the same; one that passes now is not', () => {
  const tried = triedTests([report([result('mended', 'passed')])], ['t.ts'], new Set());
  const doubt = (name: string) => ({ id: `t.ts › ${name}`, path: 't.ts', status: 'failed' as const, why: '1 != 2' });
  expect(lastSuspects(tried, [doubt('mended'), doubt('gone')])).toEqual([
    { ...doubt('gone'), why: expect.stringMatching(/^1 != 2 .*took the test out/) },
  ]);
});
