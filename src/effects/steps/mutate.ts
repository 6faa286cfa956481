// Tries the tests on mutants of the code: what no test notices shows where tests are missing.
import { createHash } from 'node:crypto';
import PQueue from 'p-queue';
import { asError } from '../../core/errors.ts';
import type { Body, Command, Survivor } from '../../core/events.ts';
import { expectedIds, testPaths } from '../../core/kept.ts';
import { inParts, testsOf } from '../../core/mentions.ts';
import type { Plan } from '../../core/plan.ts';
import type { Mutant, Ports } from '../../core/ports.ts';
import { workedMs } from '../../core/reduce-words.ts';
import type { Files } from '../../core/ref.ts';
import type { State } from '../../core/state.ts';
import { judge } from '../../core/verdict.ts';
import type { StepContext } from '../../driver.ts';
import { languageOf, runnerOf } from './adapters.ts';
import { runTests } from './testing.ts';
import { fullFiles, sourceTree, wholeTree } from './trees.ts';

type Base = Parameters<typeof fullFiles>[1];

/** Times in milliseconds. */
export interface MutateOptions {
  readonly testTimeoutMs: number;
  /** Most time for all mutants of one attempt. */
  readonly mutationMs: number;
}

/** Boxes at a time. */
const AT_A_TIME = 2;
/** A mutant may take so much longer than the code itself. */
const SLOWER = 3;
const GRACE_MS = 2_000;
/** Share of the run's own time that is left which mutants may take: the proof comes after them. */
export const SHARE = 1 / 3;

type Score = Omit<Extract<Body, { type: 'mutated' }>, 'type' | 'id' | 'attempt' | 'ms'>;

/** Emits `mutated`. What goes wrong is a note and a score of nothing: a run does not fail because its tests could not be tried. */
export async function mutate(command: Command, ports: Ports, context: StepContext, base: Base, options: MutateOptions): Promise<void> {
  const s = context.state();
  const began = ports.clock.now();
  const show = (told: Told) => context.show({ type: 'mutants', id: command.id, ...told });
  const trial = createTrial(s, options, began, context.signal);
  const score = await tryMutants(ports, s, base, trial, show).catch((thrown): Score => {
    trial.stop();
    if (!context.signal.aborted)
      context.emit({ type: 'note', text: `The tests could not be tried on changed code: ${asError(thrown).message}` });
    return nothingOf(s);
  });
  if (context.signal.aborted) return;
  context.emit({ type: 'mutated', id: command.id, attempt: command.attempt, ...score, ms: ports.clock.now() - began });
}

/** The score of an attempt that showed nothing: what survived before still does. */
function nothingOf(s: State): Score {
  return { mutants: 0, killed: 0, survivors: s.strength?.survivors ?? [], cut: false };
}

/** How far a trial is. */
interface Told {
  readonly tried: number;
  readonly of: number;
  readonly noticed: number;
}

interface Trial {
  /** Aborts when the time for mutants is over, or the run ends. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  stop(): void;
}

function createTrial(s: State, options: MutateOptions, began: number, run: AbortSignal): Trial {
  const wall = s.run?.limits.wallMs ?? null;
  const rest = wall === null ? 0 : wall - workedMs(s, began);
  // A run that was resumed later has its whole time anew, and is past what it would have been.
  const left = rest > 0 ? rest * SHARE : Number.POSITIVE_INFINITY;
  const stopper = new AbortController();
  const over = AbortSignal.timeout(Math.floor(Math.min(options.mutationMs, left)));
  return { signal: AbortSignal.any([run, over, stopper.signal]), timeoutMs: options.testTimeoutMs, stop: () => stopper.abort() };
}

async function tryMutants(ports: Ports, s: State, base: Base, trial: Trial, show: (told: Told) => void): Promise<Score> {
  const { plan } = s;
  if (!plan) throw new Error('there is no plan');
  const files = await fullFiles(ports, base, s, wholeTree(s));
  const mutants = await mutantsOf(ports, s, plan, files, await base(s));
  const { wanted, lost } = s.strength ? again(mutants, s.strength.survivors) : { wanted: mutants, lost: [] };
  const bench: Bench = { files, run: createRunner(ports, s, plan, trial), ms: new Map(), signal: trial.signal };
  const tests = testPaths(s);
  await inPairs(tests, (test) => timeOf(test, bench, trial.timeoutMs));
  const added = s.strength?.path;
  const told = { tried: 0, of: wanted.length, noticed: 0 };
  const tried = await inPairs(wanted, async (m) => {
    const end = await tryOne(m, added ? [added] : tests, bench);
    show({ ...told, tried: ++told.tried, noticed: end === 'killed' ? ++told.noticed : told.noticed });
    return end;
  });
  const survivors = wanted.filter((_, i) => tried[i] === 'survived').map(withoutText);
  const killed = tried.filter((t) => t === 'killed').length;
  // The second time, what was not tried survives as before.
  const untried = s.strength ? wanted.filter((_, i) => tried[i] === 'open').map(withoutText) : [];
  return { mutants: killed + survivors.length, killed, survivors: [...survivors, ...untried, ...lost], cut: tried.includes('open') };
}

/** Does the same for each of a list, two at a time. */
async function inPairs<T, R>(list: readonly T[], each: (item: T) => Promise<R>): Promise<R[]> {
  const queue = new PQueue({ concurrency: AT_A_TIME });
  return Promise.all(list.map((item) => queue.add(() => each(item))));
}

type Run = (
  tree: Files,
  tests: readonly string[],
  timeoutMs: number,
) => Promise<{ readonly noticed: boolean; readonly late: boolean; readonly ms: number }>;

/** What mutants are tried with. */
interface Bench {
  readonly files: Files;
  readonly run: Run;
  /** How long each test file takes on the code itself. */
  readonly ms: Map<string, number>;
  readonly signal: AbortSignal;
}

function createRunner(ports: Ports, s: State, plan: Plan, trial: Trial): Run {
  const runner = runnerOf(ports, plan.runner);
  return async (tree, tests, timeoutMs) => {
    const { report, ms } = await runTests(ports, { tree, runner, tests, deps: s.installs.deps, timeoutMs, signal: trial.signal });
    const expected = expectedIds(s).filter((id) => tests.some((path) => id.startsWith(`${path} › `)));
    const { kind } = judge(expected, report).verdict;
    return { noticed: kind !== 'green' && kind !== 'flaky', late: report.broken?.kind === 'time', ms };
  };
}

/** Runs a test file on the code itself. */
async function timeOf(test: string, { files, run, ms, signal }: Bench, timeoutMs: number): Promise<void> {
  if (signal.aborted) return;
  const own = await run(files, [test], timeoutMs).catch(unless(signal));
  if (own === null || signal.aborted) return;
  if (own.noticed) throw new Error(`${test} does not pass on the code itself`);
  ms.set(test, own.ms);
}

/** `open`: the time was over before it was known. */
async function tryOne(m: Mutant, tests: readonly string[], bench: Bench): Promise<'killed' | 'survived' | 'open'> {
  const { files, run, ms, signal } = bench;
  const tree = { ...files, [m.path]: m.text };
  for (const part of inParts(testsOf(files, tests, m.path), ms)) {
    if (signal.aborted) return 'open';
    const timeoutMs = part.reduce((sum, test) => sum + (ms.get(test) ?? 0), 0) * SLOWER + GRACE_MS;
    const result = await run(tree, part, timeoutMs).catch(unless(signal));
    if (result === null || signal.aborted) return 'open';
    // A machine that has become slow must not look like a test that noticed something.
    const slow = result.late && (await run(files, part, timeoutMs).catch(unless(signal)))?.late !== false;
    if (slow) return 'open';
    if (result.noticed) return 'killed';
  }
  return 'survived';
}

/** Once the time is over, errors are only its echo. */
function unless(signal: AbortSignal): (thrown: unknown) => null {
  return (thrown) => {
    if (!signal.aborted) throw thrown;
    return null;
  };
}

function mutantsOf(ports: Ports, s: State, plan: Plan, files: Files, before: Files): Promise<readonly Mutant[]> {
  const paths = Object.keys(sourceTree(s)).sort();
  const lines = Object.fromEntries(paths.flatMap((p) => (before[p] === undefined ? [] : [[p, changedLines(before[p], files[p] ?? '')]])));
  // The task's own hash: the same in a replay and after a repair.
  const seed = createHash('sha256')
    .update(s.run?.prompt ?? '')
    .digest()
    .readUInt32LE(0);
  return languageOf(ports, plan.language).mutants({ files, paths, seed, count: s.run?.mutants ?? 0, lines });
}

/** Lines (from 1) of `now` that `before` does not have. */
export function changedLines(before: string, now: string): number[] {
  const old = new Set(before.split('\n').map((line) => line.trim()));
  return now.split('\n').flatMap((line, i) => (old.has(line.trim()) ? [] : [i + 1]));
}

/** The survivors of the first attempt among the mutants of the second; those that a repair has taken the ground from are lost. */
function again(
  mutants: readonly Mutant[],
  survivors: readonly Survivor[],
): { readonly wanted: readonly Mutant[]; readonly lost: readonly Survivor[] } {
  const same = (a: Survivor, b: Survivor) =>
    a.path === b.path && a.inside === b.inside && a.operator === b.operator && a.behaviour === b.behaviour;
  const wanted = mutants.filter((m) => survivors.some((v) => same(m, v)));
  return { wanted, lost: survivors.filter((v) => !wanted.some((m) => same(m, v))) };
}

export function withoutText({ path, line, inside, operator, behaviour }: Mutant): Survivor {
  return { path, line, inside, operator, behaviour };
}
