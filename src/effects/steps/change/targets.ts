// The tests that show the task: on the base as it is, at least one of them has to fail.
import { CHECK_PATH } from '../../../core/change.ts';
import type { Command, TestLine } from '../../../core/events.ts';
import type { Plan, Violation } from '../../../core/plan.ts';
import type { Ports } from '../../../core/ports.ts';
import { ownFaultOf } from '../../../core/redproof.ts';
import { hasGiven } from '../../../core/reduce-change.ts';
import type { TestReport } from '../../../core/report.ts';
import type { State } from '../../../core/state.ts';
import type { Survey } from '../../../core/survey.ts';
import { judge } from '../../../core/verdict.ts';
import type { StepContext } from '../../../driver.ts';
import { isTestFile, setupFor } from '../../survey/setups.ts';
import { watcherOf } from '../watch.ts';
import { bareGround, groundOf, surveyOf } from './ground.ts';
import { runSuite } from './suite.ts';

/** The run's own test files, without what only came along with them; a command of the user's stands among them. */
export async function targetFiles(ports: Pick<Ports, 'blobs' | 'runners'>, s: State): Promise<readonly string[]> {
  const survey = await surveyOf(ports, s);
  const own = Object.values(s.tests).flatMap((i) => (i.blob === null ? [] : [i.path]));
  const check = s.run?.check ? [CHECK_PATH] : [];
  const isTest = testPredicate(ports, s, survey);
  return [...check, ...own.filter(isTest)];
}

/** Whether a path is a test: for the setup that it belongs to, or where there is none for the runner that the run has chosen. */
export function testPredicate(
  ports: Pick<Ports, 'runners'>,
  s: { readonly plan: Pick<Plan, 'runner'> | null },
  survey: Survey,
): (path: string) => boolean {
  const runner = ports.runners.find((one) => one.id === s.plan?.runner);
  return (path) => (setupFor(survey, path) === null ? runner?.isTestFile(path) === true : isTestFile(survey, path));
}

/** Emits `red.proven`: what the tests do on the base, and what is wrong with them. */
export async function proveTargets(command: Command, ports: Ports, context: StepContext, timeoutMs: number): Promise<void> {
  const s = context.state();
  const { report, lines } = await onBase(command, ports, s, context, timeoutMs);
  if (context.signal.aborted) return;
  const problems = hasGiven(s)
    ? givenProblems(s.run?.check ?? null, report, lines)
    : [...(await lostTests(ports, s, context, lines, timeoutMs)), ...writtenProblems(s, report, lines)];
  context.emit({
    type: 'red.proven',
    id: command.id,
    attempt: command.attempt,
    mended: [],
    problems,
    tests: lines.filter((t) => t.id !== t.path).map(({ id, path, status }) => ({ id, path, throwing: status, wrong: status })),
    report: await ports.blobs.put(JSON.stringify(report)),
    baseline: lines,
  });
}

async function onBase(
  command: Command,
  ports: Ports,
  s: State,
  context: StepContext,
  timeoutMs: number,
): Promise<{ readonly report: TestReport; readonly lines: readonly TestLine[] }> {
  const tests = await targetFiles(ports, s);
  const ground = await groundOf(ports, s, {});
  const watcher = watcherOf(command, context, null);
  const { report } = await runSuite(ports, s, { ground, tests, planted: true, timeoutMs, signal: context.signal, watcher });
  return { report, lines: judge([], report).lines };
}

/** The user's tests, or their command `check`, are taken as they are, but something has to be left to do, and a way to tell when it is done. */
export function givenProblems(check: readonly string[] | null, report: TestReport, lines: readonly TestLine[]): readonly Violation[] {
  const where = 'tests';
  if (report.tampered !== undefined) return [{ where, message: `the given tests cannot be believed: ${report.tampered}` }];
  if (report.broken) return [{ where, message: `the given tests gave no usable report on the code as it is: ${report.broken.message}` }];
  if (lines.length === 0) return [{ where, message: 'there is no test in the given files' }];
  if (lines.every((t) => t.status === 'passed')) {
    const passes =
      check === null ? 'the given tests pass' : lines.length === 1 ? 'the command succeeds' : 'the command and the given tests pass';
    return [{ where, message: `${passes} on the code as it is: there is nothing to do` }];
  }
  const program = check?.[0] ?? '';
  const missing = `The program ${program} was not found in the box.`;
  // A script of the repository's (a path) may be what the task is to write; a program is not.
  const isMissing = report.tests.some((t) => t.path === CHECK_PATH && t.failure?.message.includes(missing));
  if (program === '' || program.includes('/') || !isMissing) return [];
  return [
    { where, message: `the program ${program} of the command was not found in the box, so no change of the code could make it succeed` },
  ];
}

/** What is wrong with tests that their author wrote, from what they do on the base. */
export function writtenProblems(s: State, report: TestReport, lines: readonly TestLine[]): readonly Violation[] {
  if (report.tampered !== undefined)
    return [{ where: 'tests', message: `the tests change how tests are run or reported: ${report.tampered}` }];
  if (report.broken) return [{ where: 'tests', message: `the tests gave no usable report on the code as it is: ${report.broken.message}` }];
  if (lines.length === 0)
    return [{ where: 'tests', message: 'no test ran: the files hold none, or are not where the runner looks for tests' }];
  const failing = lines.filter((t) => t.status === 'failed');
  if (failing.length === 0)
    return [
      {
        where: 'tests',
        message: 'every test passes on the code as it is, so the task is not tested: add one that fails until the task is done',
      },
    ];
  const known = new Set(s.run?.base.files ?? []);
  const inert = lines.filter((t) => (t.status === 'skipped' || t.status === 'todo') && !known.has(t.path));
  return [
    ...inert.map((t) => ({ where: t.path, message: `the test "${t.id}" is ${t.status}: every test must run` })),
    ...failing.flatMap((t) => faultOf(t, report)),
  ];
}

/** A test that fails of itself shows nothing of the task. */
function faultOf(line: TestLine, report: TestReport): readonly Violation[] {
  const failure =
    report.tests.find((t) => t.id === line.id)?.failure ?? report.fileFailures.find((f) => f.path === line.id)?.failure ?? null;
  const fault = failure === null ? null : ownFaultOf(line.path, failure);
  return fault === null ? [] : [{ where: line.path, message: `"${line.id}" fails of itself, whatever the code does: ${fault}` }];
}

/** Tests of existing files that passed as these were, and do not now: what was added must leave them alone, unless their author said why not. */
async function lostTests(
  ports: Ports,
  s: State,
  context: StepContext,
  lines: readonly TestLine[],
  timeoutMs: number,
): Promise<readonly Violation[]> {
  const known = new Set(s.run?.base.files ?? []);
  const amended = new Set(s.change?.amended.map((a) => a.path));
  const extended = (await targetFiles(ports, s)).filter((path) => known.has(path) && !amended.has(path));
  if (extended.length === 0) return [];
  const ground = await bareGround(ports, s);
  const { report } = await runSuite(ports, s, { ground, tests: extended, planted: false, timeoutMs, signal: context.signal });
  const now = new Map(lines.map((t) => [t.id, t.status]));
  return report.tests
    .filter((t) => t.status === 'passed' && now.get(t.id) !== 'passed')
    .map((t) => ({ where: t.path, message: `the test "${t.id}" was there and passed, and does not any more: leave it as it was` }));
}
