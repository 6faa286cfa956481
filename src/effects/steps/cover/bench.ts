// What a source file's tests are tried with: its mutants, and the tests that come to it.
import { createHash } from 'node:crypto';
import PQueue from 'p-queue';
import { type Baseline, judgeKept } from '../../../core/change.ts';
import type { Gauge } from '../../../core/events.ts';
import type { Mutant, Ports } from '../../../core/ports.ts';
import type { State } from '../../../core/state.ts';
import { testFiles } from '../../survey/setups.ts';
import { loadBaseline } from '../change/baseline.ts';
import { type Ground, groundOf, surveyOf } from '../change/ground.ts';
import { runSuite } from '../change/suite.ts';
import { targetFiles } from '../change/targets.ts';
import { codeLines, type Reached } from './lines.ts';

/** Milliseconds. */
export interface CoverTimes {
  readonly testTimeoutMs: number;
  readonly suiteTimeoutMs: number;
  /** Most time for the mutants of one attempt. */
  readonly mutationMs: number;
}

export interface Bench {
  readonly ports: Ports;
  readonly s: State;
  readonly path: string;
  readonly text: string;
  /** The base with the tests of the run. */
  readonly ground: Ground;
  readonly times: CoverTimes;
  readonly signal: AbortSignal;
}

/** Mutants of one file. */
const MOST_MUTANTS = 40;
/** Test files that are tried where no import is seen to lead to the file. */
const MOST_TESTS = 40;
/** Boxes at a time. */
const AT_A_TIME = 2;
/** A mutant may take so much longer than the code itself. */
const SLOWER = 3;
const GRACE_MS = 2_000;

export async function benchOf(ports: Ports, s: State, path: string, means: Pick<Bench, 'times' | 'signal'>): Promise<Bench> {
  const text = (await ports.workspace.readBase(path)) ?? '';
  return { ports, s, path, text, ground: await groundOf(ports, s, {}), ...means };
}

/** The repository's tests, and those kept so far, from which imports lead to the file; all of them where none is seen to. */
export async function testsNear({ ports, s, path, ground }: Bench): Promise<readonly string[]> {
  const known = await loadBaseline(ports, s);
  const files = known.files.length > 0 ? known.files : testFiles(await surveyOf(ports, s), s.run?.base.files ?? []);
  const frozen = (await targetFiles(ports, s)).filter((one) => s.tests[one]?.status === 'frozen');
  const all = [...new Set([...files, ...frozen])].filter((one) => !known.broken.includes(one));
  const map = await ports.map().catch(() => null);
  const near = new Set(map === null ? [] : await map.dependents([path], { overlay: ground.tree }).catch(() => []));
  const reached = all.filter((one) => near.has(one));
  return reached.length > 0 ? reached : all.slice(0, MOST_TESTS);
}

/** The mutants of the file; the same for the same run. */
export async function mutantsOf({ ports, s, path, text }: Bench): Promise<readonly Mutant[]> {
  const id = /\.py$/.test(path) ? 'python' : /\.[cm]?tsx?$/.test(path) ? 'typescript' : /\.[cm]?jsx?$/.test(path) ? 'javascript' : '';
  const language = ports.languages.find((one) => one.id === id);
  const count = Math.min(MOST_MUTANTS, s.run?.mutants ?? 0);
  if (!language || count === 0) return [];
  const seed = createHash('sha256')
    .update(`${s.run?.prompt ?? ''} ${path}`)
    .digest()
    .readUInt32LE(0);
  return language.mutants({ files: { [path]: text }, paths: [path], seed, count, lines: {} });
}

/** The tree with a mutant in it. */
export function mutated({ ground }: Bench, { path, text }: Mutant): Ground {
  return { ...ground, tree: { ...ground.tree, [path]: text } };
}

export interface Existing {
  readonly tests: readonly string[];
  readonly before: Baseline;
  readonly ms: number;
}

export type Fate = 'killed' | 'survived' | 'open';

/** Tries each mutant, two at a time; those for which the time was over are `open`. */
export async function tryEach(
  mutants: readonly Mutant[],
  over: AbortSignal,
  one: (mutant: Mutant) => Promise<Fate>,
  onTried: (tried: number, killed: number) => void,
): Promise<readonly Fate[]> {
  const queue = new PQueue({ concurrency: AT_A_TIME });
  let [tried, killed] = [0, 0];
  const guarded = async (mutant: Mutant): Promise<Fate> => {
    if (over.aborted) return 'open';
    const fate = await one(mutant).catch((thrown: unknown): Fate => {
      if (!over.aborted) throw thrown;
      return 'open';
    });
    if (over.aborted) return 'open';
    tried++;
    if (fate === 'killed') killed++;
    onTried(tried, killed);
    return fate;
  };
  return Promise.all(mutants.map((mutant) => queue.add(() => guarded(mutant))));
}

/** How long a run on a mutant may take. */
export function limitFor(ms: number): number {
  return ms * SLOWER + GRACE_MS;
}

/** What existing tests make of a mutant. A machine that has become slow must not look like a test that noticed something. */
export async function tryExisting(bench: Bench, { tests, before, ms }: Existing, mutant: Mutant, signal: AbortSignal): Promise<Fate> {
  const { ports, s, ground } = bench;
  const run = async (on: Ground) => {
    const { report } = await runSuite(ports, s, { ground: on, tests, planted: false, timeoutMs: limitFor(ms), signal });
    return report;
  };
  const report = await run(mutated(bench, mutant));
  if (report.broken?.kind === 'time') return (await run(ground)).broken ? 'open' : 'killed';
  return report.broken || judgeKept(before, report, tests, s.change?.unsteady ?? []).failing.length > 0 ? 'killed' : 'survived';
}

/** Lines as a gauge has them. */
export function gaugeLines(text: string, lines: Reached | null): Gauge['lines'] {
  if (lines === null) return null;
  const code = lines.code ?? codeLines(text);
  const reached = new Set(lines.reached);
  return { all: code.length, unreached: code.filter((line) => !reached.has(line)) };
}
