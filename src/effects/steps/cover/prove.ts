// The clean room of tests for code that exists: the commit itself in fresh boxes, with everything that passed before, three times.
import { randomInt } from 'node:crypto';
import { judgeKept } from '../../../core/change.ts';
import type { Body, Command, Verdict } from '../../../core/events.ts';
import { expectedIds, testTree } from '../../../core/kept.ts';
import type { Ports } from '../../../core/ports.ts';
import type { State } from '../../../core/state.ts';
import { type Judged, joinVerdicts, judge } from '../../../core/verdict.ts';
import type { StepContext } from '../../../driver.ts';
import { checkDeps } from '../../box-store.ts';
import { isUnchanged } from '../../deps/installed.ts';
import { loadBaseline } from '../change/baseline.ts';
import { type Ground, layered } from '../change/ground.ts';
import { runSuite } from '../change/suite.ts';
import { targetFiles } from '../change/targets.ts';
import { MAX_SEED, PROOF_RUNS } from '../prove.ts';
import { joinRuns, type Ran } from '../testing.ts';
import type { CoverTimes } from './bench.ts';

interface Fresh {
  readonly seed: number;
  readonly ran: Ran;
  readonly judged: Judged;
}

/** Emits `proven` for the candidate commit. */
export async function proveCover(command: Command, ports: Ports, context: StepContext, times: CoverTimes): Promise<void> {
  const s = context.state();
  const { candidate } = s.commits;
  if (!candidate) return;
  const began = ports.clock.now();
  const broken = await strangers(ports, s, candidate.commit);
  // The tests are laid over their commit, so that canaries go into their copies.
  const ground = { base: await ports.workspace.checkout(candidate.commit), ...(await layered(ports, testTree(s))) };
  const runs = broken.length > 0 ? [] : await freshRuns(ports, s, ground, { times, signal: context.signal });
  const intact = await areIntact(s);
  if (context.signal.aborted) return;
  const last = runs.find((r) => r.judged.verdict.kind !== 'green') ?? runs.at(-1);
  const body: Extract<Body, { type: 'proven' }> = {
    type: 'proven',
    id: command.id,
    ...candidate,
    verdict: verdictOf(runs, broken, intact),
    tests: last?.judged.lines ?? [],
    report: await ports.blobs.put(JSON.stringify({ ...last?.ran.report, output: last?.ran.output.slice(0, 20_000) ?? '' })),
    runs: runs.length,
    seeds: runs.map((r) => r.seed),
    unreverted: [],
    // A statement says that tests fail without the code; these never had to.
    statement: null,
    ms: ports.clock.now() - began,
  };
  context.emit(body);
}

/** Files of the commit that are none of the kept tests. */
async function strangers(ports: Ports, s: State, commit: string): Promise<readonly string[]> {
  const base = s.run?.base.commit;
  const own = { ...testTree(s), ...s.installs.files };
  return base ? (await ports.workspace.changed(base, commit)).filter((path) => own[path] === undefined) : [];
}

async function areIntact({ installs }: State): Promise<boolean> {
  const { deps, memberDeps, stamp } = installs;
  if (deps === null) return true;
  return stamp === null ? (await checkDeps(deps))?.intact !== false : isUnchanged({ deps, memberDeps, stamp });
}

async function freshRuns(
  ports: Ports,
  s: State,
  ground: Ground,
  how: { readonly times: CoverTimes; readonly signal: AbortSignal },
): Promise<readonly Fresh[]> {
  const runs: Fresh[] = [];
  for (let i = 0; i < PROOF_RUNS && !how.signal.aborted; i++) {
    const seed = i === 0 ? 0 : randomInt(1, MAX_SEED);
    runs.push({ seed, ...(await freshRun(ports, s, ground, { ...how, seed })) });
    if (runs.at(-1)?.judged.verdict.kind !== 'green') break;
  }
  return runs;
}

/** The kept tests, and everything that passed before. */
async function freshRun(
  ports: Ports,
  s: State,
  ground: Ground,
  { times, signal, seed }: { readonly times: CoverTimes; readonly signal: AbortSignal; readonly seed: number },
): Promise<Omit<Fresh, 'seed'>> {
  const order = seed === 0 ? null : { seed, within: false };
  const before = await loadBaseline(ports, s);
  const tests = await targetFiles(ports, s);
  const own = await runSuite(ports, s, { ground, tests, order, planted: true, timeoutMs: times.testTimeoutMs, signal });
  const others = before.files.filter((path) => !tests.includes(path));
  const rest =
    others.length === 0
      ? null
      : await runSuite(ports, s, { ground, tests: others, order, planted: false, timeoutMs: times.suiteTimeoutMs, signal });
  const ran = rest === null ? own : joinRuns([own, rest]);
  const expected = new Set(expectedIds(s));
  // Of a file that was there before, only what is new is judged here; the rest is compared with what it did.
  const fresh = { ...own.report, tests: own.report.tests.filter((t) => expected.has(t.id)) };
  const judged = judge([...expected], fresh);
  if (judged.verdict.kind !== 'green') return { ran, judged };
  if (ran.report.broken) return { ran, judged: { ...judged, verdict: { kind: 'void', reason: ran.report.broken.message } } };
  const known = { ...ran.report, tests: ran.report.tests.filter((t) => !expected.has(t.id)) };
  const kept = judgeKept(before, known, [...others, ...tests], s.change?.unsteady ?? []);
  const lines = [...judged.lines, ...kept.failing];
  if (kept.failing.length === 0)
    return {
      ran,
      judged: { lines, verdict: { kind: 'green', reason: `${judged.verdict.reason}, and ${kept.passed} that passed before` } },
    };
  return { ran, judged: { lines, verdict: { kind: 'red', reason: `${kept.failing.length} of the tests that passed before fail` } } };
}

function verdictOf(runs: readonly Fresh[], broken: readonly string[], intact: boolean): Verdict {
  if (broken.length > 0)
    return { kind: 'tampered', reason: `files of the commit are not among the kept tests: ${broken.slice(0, 3).join(', ')}` };
  if (!intact) return { kind: 'tampered', reason: 'the installed packages are not any more what was installed' };
  return joinVerdicts(runs.map((r) => r.judged));
}
