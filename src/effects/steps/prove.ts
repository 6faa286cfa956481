// The clean room: the commit itself, exported into fresh boxes, with the locked tests laid over it; then the same tests without the code.
import { randomInt } from 'node:crypto';
import type { Body, Command, Verdict } from '../../core/events.ts';
import { isOracleFile } from '../../core/oracle.ts';
import type { Ports } from '../../core/ports.ts';
import { isVacuous } from '../../core/redproof.ts';
import type { Files } from '../../core/ref.ts';
import type { TestId } from '../../core/report.ts';
import type { State } from '../../core/state.ts';
import { statementOf, statementText } from '../../core/statement.ts';
import { failingIds, type Judged, joinVerdicts, judge } from '../../core/verdict.ts';
import type { StepContext } from '../../driver.ts';
import { runnerOf } from './adapters.ts';
import { expectedIds } from './test.ts';
import { type Ran, runTests, type TestRun } from './testing.ts';
import { load, testTree } from './trees.ts';

/** Fresh runs of one commit before it may be called green. */
export const PROOF_RUNS = 3;

/** Seeds are below this, so that they are whole numbers in every runner. */
const MAX_SEED = 2 ** 31 - 1;

/** One fresh run: its seed (0: as written), what came of it. */
export interface Fresh {
  readonly seed: number;
  readonly ran: Ran;
  readonly judged: Judged;
}

/** Emits `proven` for the candidate commit. */
export async function prove(command: Command, ports: Ports, context: StepContext, timeoutMs: number): Promise<void> {
  const s = context.state();
  const { candidate } = s.commits;
  if (!s.plan || !candidate) return;
  const began = ports.clock.now();
  const exported = await ports.workspace.export(candidate.commit);
  const locked = await load(ports, { ...s.installs.files, ...testTree(s) });
  const changed = changedPaths(locked, exported);
  const base = {
    runner: runnerOf(ports, s.plan.runner),
    tests: Object.keys(s.tests),
    deps: s.installs.deps,
    timeoutMs,
    signal: context.signal,
  };
  const run = { ...base, tree: { ...exported, ...locked }, readOnlyTree: true };
  const runs = await freshRuns(ports, run, expectedIds(s));
  const joined = joinFresh(runs);
  const passing = joined.kind === 'green' ? await passingWithout(ports, s, base) : [];
  if (context.signal.aborted) return;
  const verdict = finalVerdict(joined, changed, passing, s);
  const last = runs.find((r) => r.judged.verdict.kind !== 'green') ?? runs.at(-1);
  if (!last) return;
  const report = await ports.blobs.put(JSON.stringify({ ...last.ran.report, output: last.ran.output.slice(0, 20_000) }));
  const statement = verdict.kind === 'green' && s.box?.safe ? await record(ports, s, candidate.tree, runs) : null;
  const body: Extract<Body, { type: 'proven' }> = {
    type: 'proven',
    id: command.id,
    ...candidate,
    verdict,
    tests: last.judged.lines,
    report,
    runs: runs.length,
    seeds: runs.map((r) => r.seed),
    unreverted: passing,
    statement,
    ms: ports.clock.now() - began,
  };
  context.emit(body);
}

/** Locked files that are not, byte for byte, what was locked. */
export function changedPaths(locked: Files, exported: Files): readonly string[] {
  return Object.keys(locked).filter((path) => exported[path] !== locked[path]);
}

/** The first run as written; when it is green, the others shuffled, two at a time. Stops at what is not green. */
export async function freshRuns(ports: Pick<Ports, 'box'>, run: TestRun, expected: readonly TestId[]): Promise<readonly Fresh[]> {
  const once = async (seed: number): Promise<Fresh> => {
    const ran = await runTests(ports, { ...run, order: seed === 0 ? null : { seed, within: true } });
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

/** Ids that pass on the tests' own commit, where the implementation is not. */
async function passingWithout(ports: Ports, s: State, base: Omit<TestRun, 'tree'>): Promise<readonly TestId[]> {
  if (!s.commits.tests) return [];
  const tree = { ...(await ports.workspace.export(s.commits.tests.commit)), ...(await load(ports, testTree(s))) };
  const { report } = await runTests(ports, { ...base, tree, readOnlyTree: true });
  const expected = new Set(expectedIds(s));
  return report.tests.filter((t) => t.status === 'passed' && expected.has(t.id)).map((t) => t.id);
}

function finalVerdict(joined: Verdict, changed: readonly string[], passing: readonly TestId[], s: State): Verdict {
  if (changed.length > 0) return { kind: 'tampered', reason: `locked files are not what was locked: ${changed.slice(0, 3).join(', ')}` };
  const known = new Set(s.red.tests.filter(isVacuous).map((t) => t.id));
  const idle = passing.filter((id) => !known.has(id));
  if (idle.length === 0) return joined;
  return {
    kind: 'red',
    reason: `${idle.length} ${idle.length === 1 ? 'test passes' : 'tests pass'} also without the implementation: ${idle.slice(0, 3).join(', ')}`,
  };
}

async function record(
  ports: Ports,
  s: State,
  tree: string,
  runs: readonly Fresh[],
): Promise<{ readonly blob: string; readonly digest: string }> {
  const statement = statementOf(s, { tree, passed: expectedIds(s), seeds: runs.map((r) => r.seed), versions: await versions(ports, s) });
  const text = statementText(statement);
  const blob = await ports.blobs.put(text);
  return { blob, digest: `sha256:${blob}` };
}

async function versions(ports: Ports, s: State): Promise<Readonly<Record<string, string>>> {
  const node = s.run?.node ?? '';
  if (s.plan?.language !== 'python') return { node };
  const box = await ports.box();
  const said = await box.run({ argv: ['python3', '-I', '-V'], tree: {}, timeoutMs: 20_000 });
  return { node, python: /^Python ([\d.]+)/.exec(said.stdout.trim())?.[1] ?? '' };
}
