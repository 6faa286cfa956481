// Runs oracle files: the questions go into boxes without what is expected, the answers come out and are judged here. The tested code shares no
// process and no file with the judgement.
import { randomBytes } from 'node:crypto';
import { isOracleFile, isPython, type Oracle } from '../../core/oracle.ts';
import { type Answer, type Answers, type Job, readAnswers } from '../../core/oracle-answers.ts';
import { firstJobs, secondJobs, settledSeed } from '../../core/oracle-jobs.ts';
import { judgeOracle, type Wrong } from '../../core/oracle-judge.ts';
import { readOracle } from '../../core/oracle-read.ts';
import type { Box, BoxResult, Order, Runner, RunnerOptions } from '../../core/ports.ts';
import type { Files } from '../../core/ref.ts';
import { type TestReport, type TestResult, testId } from '../../core/report.ts';
import { normaliseFailure } from '../runners/normalise.ts';
import { oracleAssets } from './assets.ts';

export interface OracleRun {
  readonly tree: Files;
  /** The oracle file. */
  readonly path: string;
  /** Every test file: none of them goes into the box. */
  readonly tests: readonly string[];
  readonly deps: string | null;
  readonly readOnlyTree: boolean;
  /** Its seed makes the inputs and the order; null: those that belong to the file, the same in every run. */
  readonly order: Order | null;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface OracleRan {
  readonly report: TestReport;
  /** The last box's result: why it ended is for the caller to judge. */
  readonly result: BoxResult | null;
}

/** Milliseconds that one process of the tested code may take. */
const JOB_MS = 10_000;
/** Share of the time that is left to the driver for its own end. */
const SHARE = 0.8;

/** Asks everything of one oracle file. A file that cannot be read, or a driver that did not end, is in the report; nothing is thrown for it. */
export async function runOracle(box: Box, run: OracleRun): Promise<OracleRan> {
  const text = run.tree[run.path] ?? '';
  const reading = readOracle(text);
  if ('problems' in reading) return { report: unreadable(run.path, reading.problems), result: null };
  const { oracle } = reading;
  const seed = run.order?.seed ?? settledSeed(text);
  const first = await ask(box, run, firstJobs(oracle, seed));
  const jobs = secondJobs(oracle, seed, first.answers.byJob);
  const second = jobs.length > 0 && first.answers.finished && !run.signal?.aborted ? await ask(box, run, jobs) : null;
  const last = second ?? first;
  const report = reportOf(run.path, oracle, seed, first, second);
  return { report, result: { ...last.result, ms: first.result.ms + (second?.result.ms ?? 0) } };
}

interface Asked {
  readonly answers: Answers;
  readonly result: BoxResult;
  readonly treeDir: string;
}

async function ask(box: Box, run: OracleRun, jobs: readonly Job[]): Promise<Asked> {
  const nonce = randomBytes(16).toString('hex');
  const questions = JSON.stringify({ jobs, nonce, jobMs: JOB_MS, totalMs: Math.floor(run.timeoutMs * SHARE) });
  const { result, report, treeDir } = await box.test({
    tree: withoutTests(run),
    runner: driver(questions, jobs.some(needsPython)),
    tests: [],
    only: null,
    deps: run.deps,
    readOnlyTree: run.readOnlyTree,
    order: null,
    nonce,
    timeoutMs: run.timeoutMs,
    ...(run.signal ? { signal: run.signal } : {}),
  });
  return { answers: readAnswers(report, nonce), result, treeDir };
}

/** Test files hold expected values, so the code under test must not find them. */
function withoutTests({ tree, tests }: OracleRun): Files {
  const hidden = new Set(tests);
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !hidden.has(path) && !isOracleFile(path)));
}

/** Python is the first program, so that the box finds it, and hands its own path on. */
const THROUGH_PYTHON = ['python3', '-I', '-c', "import os, sys; os.execvp('node', ['node', *sys.argv[1:], sys.executable])"];

function driver(questions: string, python: boolean): Pick<Runner, 'harness' | 'command'> {
  return {
    harness: oracleAssets(),
    command: ({ treeDir, harnessDir, reportPath, depsDir }: RunnerOptions) => ({
      argv: [...(python ? THROUGH_PYTHON : ['node']), `${harnessDir}/drive.mjs`, treeDir, reportPath, depsDir ?? '-'],
      env: {},
      stdin: questions,
    }),
  };
}

function needsPython(job: Job): boolean {
  const programs =
    job.kind === 'calls' ? [job.module] : job.kind === 'server' ? job.argv.slice(0, 1) : job.steps.map((s) => s.argv[0] ?? '');
  return programs.some(isPython);
}

function reportOf(path: string, oracle: Oracle, seed: number, first: Asked, second: Asked | null): TestReport {
  const none: ReadonlyMap<string, Answer> = new Map();
  const seen = new Map<string, number>();
  const tests = judgeOracle(oracle, seed, first.answers.byJob, second?.answers.byJob ?? none).map(({ name, wrong }): TestResult => {
    const failure = wrong && failureOf(wrong, first.treeDir);
    return { id: testId(path, [name], seen), path, name, status: wrong ? 'failed' : 'passed', failure, retried: false };
  });
  const asked = second ? [first, second] : [first];
  const problem = asked.find((a) => a.answers.problem !== null)?.answers.problem ?? null;
  const finished = asked.every((a) => a.answers.finished);
  const broken =
    problem !== null
      ? ({ kind: 'bad-report', message: problem } as const)
      : finished
        ? null
        : ({ kind: 'unfinished', message: 'the oracle’s driver did not come to its end' } as const);
  return { tests, fileFailures: [], finished, broken };
}

function failureOf({ message, stack, detail }: Wrong, treeDir: string) {
  return normaliseFailure({ name: '', message, stack, detail }, treeDir, false);
}

function unreadable(path: string, problems: readonly string[]): TestReport {
  const failure = normaliseFailure({ name: '', message: problems.join('\n'), stack: '', detail: '' }, '', true);
  return { tests: [], fileFailures: [{ path, failure }], finished: true, broken: null };
}
