import { expect, test } from 'vitest';
import { CHECK_PATH } from '../../../../src/core/change.ts';
import type { TestReport } from '../../../../src/core/report.ts';
import { judge } from '../../../../src/core/verdict.ts';
import { givenProblems } from '../../../../src/effects/steps/change/targets.ts';

function about(path: string, message: string | null): TestReport {
  const failure = message === null ? null : { message, frames: [] };
  return {
    runner: 'check',
    finished: true,
    broken: null,
    tests: [{ id: `${path} › x`, path, status: failure === null ? 'passed' : 'failed', failure, ms: 1 }],
    fileFailures: [],
  } as unknown as TestReport;
}
const problems = (check: readonly string[] | null, path: string, message: string | null) => {
  const report = about(path, message);
  return givenProblems(check, report, judge([], report).lines).map((p) => p.message);
};
const gone = (program: string) => `The command failed: exit code 127. The program ${program} was not found in the box.`;

test('what passes already leaves nothing to do, and is called what it is', () => {
  expect(problems(null, 'test/a.test.ts', null)).toEqual(['the given tests pass on the code as it is: there is nothing to do']);
  expect(problems(['make'], CHECK_PATH, null)).toEqual(['the command succeeds on the code as it is: there is nothing to do']);
  expect(problems(['make'], CHECK_PATH, 'The command failed: exit code 2.')).toEqual([]);
});

test('a program that is not there ends the run before a model is asked; a script may be what the task is to write', () => {
  expect(problems(['mak', 'lint'], CHECK_PATH, gone('mak'))).toEqual([
    expect.stringMatching(/^the program mak .* was not found in the box/),
  ]);
  expect(problems(['./lint.sh'], CHECK_PATH, gone('./lint.sh'))).toEqual([]);
  expect(problems(['sh', 'ci.sh'], CHECK_PATH, 'exit code 127. A program that sh starts was not found in the box.')).toEqual([]);
  expect(problems(null, 'test/a.test.ts', gone('mak'))).toEqual([]);
});
