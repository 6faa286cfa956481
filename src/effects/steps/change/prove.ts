// The clean room of a change: the commit itself in fresh boxes, the run's own tests and everything that passed before, and the same without the change.
import { randomInt } from 'node:crypto';
import type { Body, Command, Verdict } from '../../../core/events.ts';
import { isBuildFile, isSteering } from '../../../core/guard.ts';
import { expectedIds, testTree, unrevertedOf } from '../../../core/kept.ts';
import type { Ports } from '../../../core/ports.ts';
import { isVacuous } from '../../../core/redproof.ts';
import type { State } from '../../../core/state.ts';
import { statementOf, statementText } from '../../../core/statement.ts';
import { joinVerdicts } from '../../../core/verdict.ts';
import type { StepContext } from '../../../driver.ts';
import { checkDeps } from '../../box-store.ts';
import { isUnchanged } from '../../deps/installed.ts';
import { MAX_SEED, PROOF_RUNS } from '../prove.ts';
import type { Ran } from '../testing.ts';
import { versionsOf } from '../versions.ts';
import { watcherOf } from '../watch.ts';
import { layered, surveyOf } from './ground.ts';
import type { TestPorts } from './suite.ts';
import { testPredicate } from './targets.ts';
import { reachOf, type Times, type Trial, type Tried, tryAll, tryTargets } from './test.ts';

/** Emits `proven` for the candidate commit. */
export async function proveChange(command: Command, ports: Ports, context: StepContext, times: Times): Promise<void> {
  const s = context.state();
  const { candidate, tests } = s.commits;
  if (!candidate || !tests) return;
  const began = ports.clock.now();
  const broken = await brokenLocks(ports, s, tests.commit, candidate.commit);
  const trial = async (commit: string): Promise<Trial> => {
    // The locked tests are laid over the commit, so that canaries go into their copies.
    const ground = { base: await ports.workspace.checkout(commit), ...(await layered(ports, testTree(s))) };
    return { ground, times, signal: context.signal, reach: () => reachOf(ports, s) };
  };
  const watcher = watcherOf(command, context, expectedIds(s));
  const shown = broken.length > 0 ? null : await inCleanRoom(ports, s, await trial(candidate.commit), watcher);
  const unreverted = shown?.verdict.kind === 'green' ? await passingWithout(ports, s, await trial(tests.commit)) : [];
  const deps = await installedNow(s);
  if (context.signal.aborted) return;
  const verdict = verdictOf(shown, broken, unreverted, !deps.intact);
  const statement = verdict.kind === 'green' && s.box?.safe && shown ? await record(ports, s, shown, deps.digest) : null;
  const body: Extract<Body, { type: 'proven' }> = {
    type: 'proven',
    id: command.id,
    ...candidate,
    verdict,
    tests: shown?.first.lines ?? [],
    report: await ports.blobs.put(JSON.stringify({ ...shown?.first.ran.report, output: shown?.first.ran.output.slice(0, 20_000) ?? '' })),
    runs: shown?.seeds.length ?? 0,
    seeds: shown?.seeds ?? [],
    unreverted,
    statement,
    ms: ports.clock.now() - began,
  };
  context.emit(body);
}

/** Whether the packages are what they were; the digest is of those that were installed for this run, not of the user's own. */
async function installedNow({ installs }: State): Promise<{ readonly digest: string | null; readonly intact: boolean }> {
  const { deps, memberDeps, stamp } = installs;
  if (deps === null) return { digest: null, intact: true };
  if (stamp !== null) return { digest: null, intact: await isUnchanged({ deps, memberDeps, stamp }) };
  return (await checkDeps(deps)) ?? { digest: null, intact: true };
}

/** Files that the code's commit may not change: tests, what came with them, and what steers tools. */
async function brokenLocks(ports: Ports, s: State, before: string, after: string): Promise<readonly string[]> {
  const survey = await surveyOf(ports, s);
  const changed = await ports.workspace.changed(before, after);
  const isTest = testPredicate(ports, s, survey);
  return changed.filter((path) => s.tests[path] !== undefined || isTest(path) || (isSteering(path) && !isBuildFile(path)));
}

export interface Shown {
  readonly first: Tried;
  readonly verdict: Verdict;
  readonly seeds: readonly number[];
}

/** All tests once as written; when they are green, the run's own ones in other orders of the files. */
export async function inCleanRoom(ports: TestPorts, s: State, trial: Trial, watcher?: Trial['watcher']): Promise<Shown> {
  const first = await tryAll(ports, s, { ...trial, ...(watcher ? { watcher } : {}) });
  const seeds = [0];
  const judged = [{ verdict: first.verdict, lines: first.lines }];
  while (judged.length < PROOF_RUNS && judged.at(-1)?.verdict.kind === 'green' && !s.change?.untestable && !trial.signal.aborted) {
    const seed = randomInt(1, MAX_SEED);
    seeds.push(seed);
    judged.push((await tryTargets(ports, s, { ...trial, order: { seed, within: false } })).judged);
  }
  const { kind, reason } = joinVerdicts(judged);
  return {
    first,
    seeds,
    verdict:
      kind === 'green'
        ? { kind, reason: `${first.verdict.reason}, ${seeds.length} fresh ${seeds.length === 1 ? 'run' : 'runs'}` }
        : { kind, reason },
  };
}

/** Ids that pass without the change, and did not do so on the base. */
async function passingWithout(ports: Ports, s: State, trial: Trial): Promise<readonly string[]> {
  const { own } = await tryTargets(ports, s, trial);
  const known = new Set(s.red.tests.filter(isVacuous).map((t) => t.id));
  return unrevertedOf(passedOf(own), known, s.red.baseline).filter((id) => expectedIds(s).includes(id));
}

function passedOf({ report }: Ran): readonly string[] {
  return report.tests.filter((t) => t.status === 'passed').map((t) => t.id);
}

function verdictOf(shown: Shown | null, broken: readonly string[], unreverted: readonly string[], isAltered: boolean): Verdict {
  if (shown === null) return { kind: 'tampered', reason: `files of the commit are not what was locked: ${broken.slice(0, 3).join(', ')}` };
  if (isAltered) return { kind: 'tampered', reason: 'the installed packages are not any more what was installed' };
  if (unreverted.length === 0) return shown.verdict;
  const pass = unreverted.length === 1 ? 'test passes' : 'tests pass';
  return { kind: 'red', reason: `${unreverted.length} ${pass} also without the change: ${unreverted.slice(0, 3).join(', ')}` };
}

async function record(ports: Ports, s: State, { first, seeds }: Shown, installed: string | null) {
  const versions = await versionsOf(ports, s);
  const statement = statementOf(s, { expected: expectedIds(s), seeds, versions, installed, alsoPassed: first.alsoPassed });
  const blob = await ports.blobs.put(statementText(statement));
  return { blob, digest: `sha256:${blob}` };
}
