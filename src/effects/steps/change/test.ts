// A round's test run on changed code: the run's own tests first, then everything that passed before.
import { type Baseline, baselineOf, judgeKept } from '../../../core/change.ts';
import type { Command, TestLine, Verdict } from '../../../core/events.ts';
import { expectedIds } from '../../../core/kept.ts';
import type { Ports } from '../../../core/ports.ts';
import type { TestId, TestReport } from '../../../core/report.ts';
import type { State } from '../../../core/state.ts';
import { type Judged, judge } from '../../../core/verdict.ts';
import type { StepContext } from '../../../driver.ts';
import { testFiles } from '../../survey/setups.ts';
import { joinRuns, type Ran } from '../testing.ts';
import { watcherOf } from '../watch.ts';
import { loadBaseline } from './baseline.ts';
import { bareGround, type Ground, groundOf, layered, surveyOf } from './ground.ts';
import { runSuite, type Suite, type TestPorts } from './suite.ts';
import { targetFiles } from './targets.ts';

/** Milliseconds: of the run's own tests, and of the whole suite of the repository. */
export interface Times {
  readonly testTimeoutMs: number;
  readonly suiteTimeoutMs: number;
}

/** Emits `tested` for the next round. */
export async function testChange(command: Command, ports: Ports, context: StepContext, times: Times): Promise<void> {
  const s = context.state();
  const ground = await groundOf(ports, s, s.sources);
  const tried = await tryAll(ports, s, {
    ground,
    times,
    signal: context.signal,
    reach: () => reachOf(ports, s),
    watcher: watcherOf(command, context, expectedIds(s)),
  });
  if (context.signal.aborted) return;
  const { report, output } = tried.ran;
  context.emit({
    type: 'tested',
    id: command.id,
    round: s.round + 1,
    verdict: tried.verdict,
    tests: tried.lines,
    alsoPassed: tried.alsoPassed,
    ...(tried.unsteady.length > 0 ? { unsteady: tried.unsteady } : {}),
    report: await ports.blobs.put(JSON.stringify({ ...shown(report, tried.lines), output: output.slice(0, 20_000) })),
    ms: tried.ran.ms,
  });
}

/** Of a large suite only what state names is kept. */
function shown(report: TestReport, lines: readonly TestLine[]): TestReport {
  const named = new Set(lines.map((l) => l.id));
  return { ...report, tests: report.tests.filter((t) => named.has(t.id)) };
}

export interface Trial {
  readonly ground: Ground;
  readonly times: Times;
  readonly signal: AbortSignal;
  /** Paths that the change can reach, asked where the repository's tests were not all run on the base. */
  readonly reach?: () => Promise<readonly string[]>;
  readonly order?: Suite['order'];
  readonly watcher?: Suite['watcher'];
}

export interface Tried {
  readonly verdict: Verdict;
  /** The run's own tests, and of the repository's those that fail. */
  readonly lines: readonly TestLine[];
  readonly alsoPassed: number;
  readonly unsteady: readonly TestId[];
  readonly ran: Ran;
}

/** Runs the targets and, when they are green, the repository's own tests. */
export async function tryAll(ports: TestPorts, s: State, trial: Trial): Promise<Tried> {
  const { own, judged } = await tryTargets(ports, s, trial);
  if (judged.verdict.kind !== 'green') return { ...judged, alsoPassed: 0, unsteady: [], ran: own };
  const targets = new Set(await targetFiles(ports, s));
  const before = await beforeOf(ports, s, trial, targets);
  // What passed nothing before has nothing to lose, and may take long to fail.
  const passing = new Set(before.tests.filter((t) => t.status === 'passed').map((t) => t.path));
  const files = before.files.filter((path) => passing.has(path) && !targets.has(path));
  if (files.length === 0) return { ...judged, alsoPassed: 0, unsteady: [], ran: own };
  const { ground, times, signal } = trial;
  const suite = { ground, tests: files, planted: false, timeoutMs: times.suiteTimeoutMs, signal };
  const rest = await runSuite(ports, s, suite);
  const ran = joinRuns([own, rest]);
  if (rest.report.broken)
    return { ...judged, verdict: { kind: 'void', reason: rest.report.broken.message }, alsoPassed: 0, unsteady: [], ran };
  const { kept, unsteady } = await withoutUnsteady(ports, s, { before, report: rest.report, suite });
  return { ...joined(judged, kept), alsoPassed: kept.passed, unsteady, ran };
}

/** What the repository's tests did on the base: all of them where they were run, else those that the change can reach, which are run now. */
async function beforeOf(ports: TestPorts, s: State, { reach, times, signal }: Trial, targets: ReadonlySet<string>): Promise<Baseline> {
  const known = await loadBaseline(ports, s);
  if (known.files.length > 0 || !reach) return known;
  const isTest = new Set(testFiles(await surveyOf(ports, s), s.run?.base.files ?? []));
  const reached = (await reach()).filter((path) => isTest.has(path) && !targets.has(path));
  const files = nearestFirst(reached, Object.keys(s.sources)).slice(0, MOST_RELATED);
  if (files.length === 0) return known;
  const ground = await bareGround(ports, s);
  const { report } = await runSuite(ports, s, { ground, tests: files, planted: false, timeoutMs: times.suiteTimeoutMs, signal });
  return report.broken ? known : baselineOf(report, files);
}

/** Where one file is imported by everything, its own tests are told by their names. */
function nearestFirst(tests: readonly string[], changed: readonly string[]): readonly string[] {
  const words = (path: string) => path.toLowerCase().match(/[a-z]{3,}/g) ?? [];
  const wanted = new Set(changed.flatMap((path) => words(path.slice(path.lastIndexOf('/') + 1))));
  const shared = (path: string) => words(path.slice(path.lastIndexOf('/') + 1)).filter((word) => wanted.has(word)).length;
  return [...tests].sort((a, b) => shared(b) - shared(a));
}

/** Test files of the repository that are run beside the run's own where not all are. */
const MOST_RELATED = 60;

/** Files that import what the run changes, and these themselves. */
export async function reachOf(ports: Pick<Ports, 'blobs' | 'map'>, s: State): Promise<readonly string[]> {
  const { tree } = await layered(ports, s.sources);
  const changed = Object.keys(s.sources);
  const map = await ports.map();
  return [...changed, ...(await map.dependents(changed, { overlay: tree }))];
}

/** Runs the run's own tests. Without any (nothing can be tested) the verdict is that of the rest alone. */
export async function tryTargets(ports: TestPorts, s: State, trial: Trial): Promise<{ readonly own: Ran; readonly judged: Judged }> {
  const { ground, times, signal, watcher, order = null } = trial;
  const tests = await targetFiles(ports, s);
  const suite = { ground, tests, planted: true, order, timeoutMs: times.testTimeoutMs, signal, ...(watcher ? { watcher } : {}) };
  const own = await runSuite(ports, s, suite);
  if (tests.length === 0 && s.change?.untestable)
    return { own, judged: { verdict: { kind: 'green', reason: 'no test of its own' }, lines: [] } };
  return { own, judged: judge(expectedIds(s), own.report, idleOf(s)) };
}

/** Ids of existing tests in the run's own files that are skipped or to be done on the base: they may stay so. */
function idleOf(s: State): ReadonlySet<TestId> {
  return new Set(s.red.baseline.filter((t) => t.status === 'skipped' || t.status === 'todo').map((t) => t.id));
}

function joined(own: Judged, kept: { readonly failing: readonly TestLine[]; readonly passed: number }): Judged {
  const { failing, passed } = kept;
  const lines = [...own.lines, ...failing];
  if (failing.length === 0) return { verdict: { kind: 'green', reason: `${own.verdict.reason}, and ${passed} that passed before` }, lines };
  const what = failing.length === 1 ? 'test that passed before fails' : 'tests that passed before fail';
  return { verdict: { kind: 'red', reason: `${failing.length} ${what}` }, lines };
}

interface Doubt {
  readonly before: Baseline;
  readonly report: TestReport;
  readonly suite: Suite;
}

/**
 * What fails now is tried again, alone: a test that then passes twice in a row, or that fails on the base, too, is unsteady and counts no
 * more. It stays named in the event and the record.
 */
async function withoutUnsteady(ports: TestPorts, s: State, { before, report, suite }: Doubt) {
  const loose: TestId[] = [...(s.change?.unsteady ?? [])];
  const failing = () => judgeKept(before, report, suite.tests, loose).failing;
  const doubted = failing();
  if (doubted.length === 0 || doubted.length > MOST_DOUBTED) return { kept: judgeKept(before, report, suite.tests, loose), unsteady: [] };
  const again = async (ground: Ground) => {
    const files = [...new Set(failing().map((t) => t.path))];
    const { report: next } = await runSuite(ports, s, { ...suite, ground, tests: files });
    return next.broken ? null : new Set(judgeKept(before, next, files, []).failing.map((t) => t.id));
  };
  const [first, second] = [await again(suite.ground), await again(suite.ground)];
  loose.push(...doubted.flatMap(({ id }) => (first && second && !first.has(id) && !second.has(id) ? [id] : [])));
  const onBase = failing().length > 0 ? await again(await bareGround(ports, s)) : null;
  loose.push(...failing().flatMap(({ id }) => (onBase?.has(id) ? [id] : [])));
  const kept = judgeKept(before, report, suite.tests, loose);
  return { kept, unsteady: loose.slice(s.change?.unsteady.length ?? 0) };
}

/** When more than this fails, the change is at fault. */
const MOST_DOUBTED = 20;
