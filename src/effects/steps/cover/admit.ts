// Tries the tests that were written for a source file: what loads, passes in every run and shows what no test did before is kept.
import { randomInt } from 'node:crypto';
import { lastSuspects, suspectsOf, type Tried, triedProblems, triedTests } from '../../../core/admission.ts';
import { currentUnit, MAX_ASKED } from '../../../core/cover.ts';
import { asError } from '../../../core/errors.ts';
import type { Admitted, Body, Command, Gauge, TestLine } from '../../../core/events.ts';
import type { Violation } from '../../../core/plan.ts';
import type { Order, Ports } from '../../../core/ports.ts';
import type { Files } from '../../../core/ref.ts';
import type { TestId, TestReport } from '../../../core/report.ts';
import type { State } from '../../../core/state.ts';
import type { StepContext } from '../../../driver.ts';
import { runSuite } from '../change/suite.ts';
import { targetFiles } from '../change/targets.ts';
import { MAX_SEED, PROOF_RUNS } from '../prove.ts';
import { load } from '../trees.ts';
import { type Bench, benchOf, type CoverTimes, testsNear } from './bench.ts';
import { keepUseful } from './keep.ts';
import { type Known, knownTests } from './known.ts';
import { weigh } from './weigh.ts';

type AdmittedEvent = Extract<Body, { type: 'admitted' }>;
type Result = Omit<AdmittedEvent, 'type' | 'id' | 'path' | 'ms'>;

/** Emits `admitted` for what its author wrote in the last conversation. */
export async function admit(command: Command, ports: Ports, context: StepContext, times: CoverTimes): Promise<void> {
  const s = context.state();
  const began = ports.clock.now();
  const path = command.subject;
  const show = (tried: number, of: number, noticed: number) => context.show({ type: 'mutants', id: command.id, tried, of, noticed });
  const bench = await benchOf(ports, s, path, { times, signal: context.signal });
  const result = await tryWritten(bench, show).catch((thrown: unknown): Result => {
    const message = asError(thrown).message;
    if (!context.signal.aborted) context.emit({ type: 'note', text: `The tests of ${path} could not be tried: ${message}` });
    return { problems: [], tests: [], suspects: [], files: {}, after: null };
  });
  if (context.signal.aborted) return;
  context.emit({ type: 'admitted', id: command.id, path, ...result, ms: ports.clock.now() - began });
}

async function tryWritten(bench: Bench, show: (tried: number, of: number, noticed: number) => void): Promise<Result> {
  const { ports, s } = bench;
  const unit = currentUnit(s);
  const drafted = draftsOf(s);
  const own = (await targetFiles(ports, s)).filter((one) => drafted[one] !== undefined);
  const known = await knownTests(bench, own);
  const reports = await threeRuns(bench, own, known);
  const tried = triedTests(reports, own, known.ids);
  const problems = [...wholeProblems(reports[0], tried), ...lostProblems(reports[0], known), ...triedProblems(tried)];
  if (problems.length > 0 && (unit?.asked ?? 0) < MAX_ASKED)
    return { problems, tests: [], suspects: suspectsOf(tried), files: {}, after: null };
  const suspects = lastSuspects(tried, unit?.doubts ?? []);
  const unfit = reports[0]?.tampered ?? reports[0]?.broken?.message ?? lostProblems(reports[0], known)[0]?.message;
  if (unfit !== undefined) return dropped(tried, suspects, unfit);
  const texts = await load(ports, drafted);
  const weighed = await weigh(bench, { own, texts, tried, known, before: unit?.before ?? null }, show);
  const kept = await keepUseful(bench, { own, texts, known, weighed });
  return { problems: [], suspects, ...kept };
}

function draftsOf(s: State): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.values(s.tests).flatMap((i) => (i.status === 'drafted' && i.blob !== null ? [[i.path, i.blob]] : [])));
}

/** As written, then twice in another order, once of these beside the existing tests. */
async function threeRuns(bench: Bench, own: readonly string[], known: Known): Promise<readonly TestReport[]> {
  const { ports, s, ground, times, signal } = bench;
  const beside = (await testsNear(bench)).filter((path) => !own.includes(path));
  const reports: TestReport[] = [];
  for (let i = 0; i < PROOF_RUNS; i++) {
    // Existing tests may rely on their order; a file that holds none of them may not.
    const order: Order | null = i === 0 ? null : { seed: randomInt(1, MAX_SEED), within: own.every((path) => !known.files.includes(path)) };
    const tests = i === 1 ? [...beside, ...own] : own;
    const { report } = await runSuite(ports, s, { ground, tests, order, planted: true, timeoutMs: times.testTimeoutMs, signal });
    reports.push(report);
    if (i === 0 && (report.broken || report.tampered !== undefined)) break;
  }
  return reports;
}

function wholeProblems(report: TestReport | undefined, tried: readonly Tried[]): readonly Violation[] {
  const where = 'tests';
  if (report?.tampered !== undefined) return [{ where, message: `the tests change how tests are run or reported: ${report.tampered}` }];
  if (report?.broken) return [{ where, message: `the tests gave no usable report: ${report.broken.message}` }];
  if (tried.length === 0) return [{ where, message: 'no new test ran: the files hold none, or are not where the runner looks for tests' }];
  return [];
}

/** Tests that were there and passed, and do not any more. */
function lostProblems(report: TestReport | undefined, known: Known): readonly Violation[] {
  const now = new Map(report?.tests.map((t) => [t.id, t.status]));
  return known.passed
    .filter((id) => now.get(id) !== 'passed')
    .map((id) => ({
      where: id.split(' › ')[0] ?? id,
      message: `the test "${id}" was there and passed, and does not any more: leave it as it was`,
    }));
}

function dropped(tried: readonly Tried[], suspects: readonly TestLine[], reason: string): Result {
  const tests = tried.map(({ id, path, stage, why }): Admitted => ({ id, path, kept: false, stage, why: why === '' ? reason : why }));
  return { problems: [], tests, suspects, files: {}, after: null };
}

/** What was written and how much of it is worth keeping. */
export interface Written {
  readonly own: readonly string[];
  readonly texts: Files;
  readonly known: Known;
}

/** A test with all that is known of it. */
export interface Weighed {
  readonly id: TestId;
  readonly path: string;
  readonly stage: Admitted['stage'];
  readonly why: string;
  /** Survivors of the existing tests that it notices, as places in their list. */
  readonly notices: readonly number[];
}

export interface Weighing {
  readonly tests: readonly Weighed[];
  readonly before: Gauge | null;
}
