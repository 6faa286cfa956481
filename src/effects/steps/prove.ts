// The clean room: the commit itself, exported into fresh boxes, with the locked tests laid over it; and the same tests without the code.
import { randomInt } from 'node:crypto';
import type { Body, Command, Verdict } from '../../core/events.ts';
import { isBuildFile, isSteering } from '../../core/guard.ts';
import { expectedIds, keptTree, testPaths, testTree, unrevertedOf } from '../../core/kept.ts';
import { isOracleFile } from '../../core/oracle.ts';
import type { Ports, Runner } from '../../core/ports.ts';
import { isVacuous } from '../../core/redproof.ts';
import type { Files } from '../../core/ref.ts';
import type { TestId } from '../../core/report.ts';
import type { State } from '../../core/state.ts';
import { statementOf, statementText } from '../../core/statement.ts';
import { failingIds, type Judged, joinVerdicts, judge } from '../../core/verdict.ts';
import type { StepContext } from '../../driver.ts';
import { checkDeps } from '../box-store.ts';
import type { Watcher } from '../runners/live.ts';
import { runnerOf } from './adapters.ts';
import { type Ran, runTests, type TestRun } from './testing.ts';
import { load } from './trees.ts';
import { versionsOf } from './versions.ts';
import { watcherOf } from './watch.ts';

/** Fresh runs of one commit before it may be called green. */
export const PROOF_RUNS = 3;

/** Seeds are below this, so that they are whole numbers in every runner. */
export const MAX_SEED = 2 ** 31 - 1;

/** One fresh run: its seed (0: as written), what came of it. */
export interface Fresh {
  readonly seed: number;
  readonly ran: Ran;
  readonly judged: Judged;
}

/** Emits `proven` for the candidate commit. */
export async function prove(command: Command, ports: Ports, context: StepContext, timeoutMs: number): Promise<void> {
  const s = context.state();
  const { candidate, tests } = s.commits;
  if (!s.plan || !candidate || !tests) return;
  const began = ports.clock.now();
  const [exported, before] = await Promise.all([ports.workspace.export(candidate.commit), ports.workspace.export(tests.commit)]);
  const locked = await load(ports, { ...keptTree(s), ...s.installs.files, ...testTree(s) });
  const runner = runnerOf(ports, s.plan.runner);
  const base = { runner, tests: testPaths(s), deps: s.installs.deps, timeoutMs, signal: context.signal, readOnlyTree: true };
  const broken = brokenLocks(locked, before, exported, runner);
  const [runs, without, deps] =
    broken.length > 0
      ? [[], [], null]
      : await Promise.all([
          freshRuns(ports, { ...base, tree: { ...exported, ...locked } }, expectedIds(s), watcherOf(command, context, expectedIds(s))),
          passing(ports, { ...base, tree: { ...before, ...locked } }, expectedIds(s)),
          s.installs.deps === null ? null : checkDeps(s.installs.deps),
        ]);
  if (context.signal.aborted) return;
  const known = new Set(s.red.tests.filter(isVacuous).map((t) => t.id));
  const unreverted = unrevertedOf(without, known, s.red.baseline);
  const verdict = verdictOf(runs, { broken, unreverted, isAltered: deps?.intact === false });
  const last = runs.find((r) => r.judged.verdict.kind !== 'green') ?? runs.at(-1);
  const report = await ports.blobs.put(JSON.stringify({ ...last?.ran.report, output: last?.ran.output.slice(0, 20_000) ?? '' }));
  const body: Extract<Body, { type: 'proven' }> = {
    type: 'proven',
    id: command.id,
    ...candidate,
    verdict,
    tests: last?.judged.lines ?? [],
    report,
    runs: runs.length,
    seeds: runs.map((r) => r.seed),
    unreverted,
    statement: verdict.kind === 'green' && s.box?.safe ? await record(ports, s, runs, deps?.digest ?? null) : null,
    ms: ports.clock.now() - began,
  };
  context.emit(body);
}

/** Locked files of the commit that are not, byte for byte, what was locked, and files beside them that steer or are tests and came or changed with the code. */
export function brokenLocks(locked: Files, before: Files, exported: Files, runner: Pick<Runner, 'isTestFile'>): readonly string[] {
  const isLate = (path: string) => before[path] !== exported[path] && locked[path] === undefined;
  const steers = (path: string) => runner.isTestFile(path) || isOracleFile(path) || (isSteering(path) && !isBuildFile(path));
  return [
    ...Object.keys(locked).filter((path) => exported[path] !== locked[path]),
    ...Object.keys(exported).filter((path) => isLate(path) && steers(path)),
  ];
}

/** The first run as written, and watched; when it is green, the others shuffled, two at a time. Stops at what is not green. */
export async function freshRuns(
  ports: Pick<Ports, 'box'>,
  run: TestRun,
  expected: readonly TestId[],
  watcher?: Watcher,
): Promise<readonly Fresh[]> {
  const once = async (seed: number): Promise<Fresh> => {
    const how = seed === 0 ? { order: null, ...(watcher ? { watcher } : {}) } : { order: { seed, within: true } };
    const ran = await runTests(ports, { ...run, ...how });
    return { seed, ran, judged: judge(expected, ran.report) };
  };
  const first = await once(0);
  if (first.judged.verdict.kind !== 'green' || run.signal.aborted) return [first];
  const seeds = Array.from({ length: PROOF_RUNS - 1 }, () => randomInt(1, MAX_SEED));
  return [first, ...(await Promise.all(seeds.map(once)))];
}

/** As `joinVerdicts`; but what fails only on inputs that a property made anew is wrong, not unsteady. */
export function joinFresh(runs: readonly Fresh[]): Verdict {
  const verdict = joinVerdicts(runs.map((r) => r.judged));
  if (verdict.kind !== 'flaky') return verdict;
  const red = runs.find(
    (r) => r.judged.verdict.kind === 'red' && failingIds(r.judged.lines).every((id) => isOracleFile(id.split(' › ')[0] ?? '')),
  );
  if (!red) return verdict;
  return {
    kind: 'red',
    reason: `it holds for the inputs seen before and fails on new ones: ${failingIds(red.judged.lines).slice(0, 3).join(', ')}`,
  };
}

/** The expected ids that pass on a tree. */
async function passing(ports: Ports, run: TestRun, expected: readonly TestId[]): Promise<readonly TestId[]> {
  const { report } = await runTests(ports, run);
  return report.tests.filter((t) => t.status === 'passed' && expected.includes(t.id)).map((t) => t.id);
}

interface Doubts {
  readonly broken: readonly string[];
  readonly unreverted: readonly TestId[];
  readonly isAltered: boolean;
}

function verdictOf(runs: readonly Fresh[], { broken, unreverted, isAltered }: Doubts): Verdict {
  if (broken.length > 0)
    return { kind: 'tampered', reason: `files of the commit are not what was locked: ${broken.slice(0, 3).join(', ')}` };
  if (isAltered) return { kind: 'tampered', reason: 'the installed packages are not any more what was installed' };
  const joined = joinFresh(runs);
  if (joined.kind !== 'green' || unreverted.length === 0) return joined;
  const pass = unreverted.length === 1 ? 'test passes' : 'tests pass';
  return { kind: 'red', reason: `${unreverted.length} ${pass} also without the implementation: ${unreverted.slice(0, 3).join(', ')}` };
}

async function record(
  ports: Ports,
  s: State,
  runs: readonly Fresh[],
  installed: string | null,
): Promise<{ readonly blob: string; readonly digest: string }> {
  const statement = statementOf(s, {
    expected: expectedIds(s),
    seeds: runs.map((r) => r.seed),
    versions: await versionsOf(ports, s),
    installed,
  });
  const blob = await ports.blobs.put(statementText(statement));
  return { blob, digest: `sha256:${blob}` };
}
