// Runs tests in the box over a tree and reads the harness's own report.
import { randomBytes } from 'node:crypto';
import { checkCanaries } from '../../core/canaries.ts';
import { isOracleFile } from '../../core/oracle.ts';
import type { BoxResult, BoxTest, Order, Planted, Ports, Runner } from '../../core/ports.ts';
import type { Files } from '../../core/ref.ts';
import type { TestId, TestReport } from '../../core/report.ts';
import { runOracle } from '../oracle/run.ts';
import { createWatch, type Watcher } from '../runners/live.ts';
import { selectFiles } from '../runners/select.ts';

export interface TestRun extends Pick<BoxTest, 'base' | 'removed' | 'project' | 'memberDeps'> {
  readonly tree: Files;
  readonly runner: Runner;
  readonly tests: readonly string[];
  readonly only?: readonly TestId[];
  readonly deps: string | null;
  readonly readOnlyTree?: boolean;
  /** Null or left out: as written. */
  readonly order?: Order | null;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** False: no canaries are put into the copies of the test files. */
  readonly planted?: boolean;
  /** Sees each test's result as it comes; what it is told decides nothing. */
  readonly watcher?: Watcher;
}

const KILLED: Partial<Record<string, string>> = {
  time: 'the test run took too long and was ended',
  memory: 'the test run used too much memory and was ended',
  pids: 'the test run started too many processes and was ended',
  output: 'the test run printed too much and was ended',
  disk: 'the test run wrote too much and was ended',
  denied: 'the sandbox refused something that the test run needs',
};

export interface Ran {
  readonly report: TestReport;
  readonly ms: number;
  readonly output: string;
}

/** Runs the tests once: oracle files from outside of the tested process, all others by the runner, side by side. */
export async function runTests(ports: Pick<Ports, 'box'>, run: TestRun): Promise<Ran> {
  const chosen = selectFiles(run.tests, run.only ?? null);
  const oracles = chosen.filter(isOracleFile);
  if (oracles.length === 0) return runFiles(ports, run);
  const tests = run.tests.filter((path) => !isOracleFile(path));
  const files = chosen.length > oracles.length ? [runFiles(ports, { ...run, tests })] : [];
  return joinRuns(await Promise.all([...files, ...oracles.map((path) => askOracle(ports, run, path))]));
}

async function askOracle(ports: Pick<Ports, 'box'>, run: TestRun, path: string): Promise<Ran> {
  const { readOnlyTree = false, order = null } = run;
  const { report, result } = await runOracle(await ports.box(), { ...run, path, readOnlyTree, order });
  if (run.watcher) createWatch(run.watcher, [path], {}).settle(report);
  return { report: result ? cutOff(report, result) : report, ms: result?.ms ?? 0, output: '' };
}

/** Several runs of one tree as one: whole when all are, and with everything that any of them says. */
export function joinRuns(runs: readonly Ran[]): Ran {
  const reports = runs.map((one) => one.report);
  const tampered = reports.find((one) => one.tampered !== undefined)?.tampered;
  const report = {
    tests: reports.flatMap((one) => one.tests),
    fileFailures: reports.flatMap((one) => one.fileFailures),
    finished: reports.every((one) => one.finished),
    broken: reports.find((one) => one.broken)?.broken ?? null,
    ...(tampered === undefined ? {} : { tampered }),
  };
  return {
    report,
    ms: Math.max(...runs.map((one) => one.ms)),
    output: runs
      .map((one) => one.output)
      .join('\n')
      .trim(),
  };
}

/**
 * Runs test files once with the plan's runner, each with canaries in it. What the box ended by force is `broken` in the report, whatever the report file says.
 * Files that the runner plants nothing in are handed to it as they are.
 */
async function runFiles(ports: Pick<Ports, 'box'>, run: TestRun): Promise<Ran> {
  const box = await ports.box();
  const nonce = randomBytes(32).toString('hex');
  const planted = run.planted === false ? {} : plant(run, nonce);
  const watch = run.watcher ? createWatch(run.watcher, run.tests, planted) : null;
  const tested = await box.test({
    tree: { ...run.tree, ...Object.fromEntries(Object.entries(planted).map(([path, { text }]) => [path, text])) },
    runner: run.runner,
    tests: run.tests,
    only: run.only ?? null,
    deps: run.deps,
    readOnlyTree: run.readOnlyTree ?? false,
    order: run.order ?? null,
    ...laidOver(run),
    nonce,
    timeoutMs: run.timeoutMs,
    signal: run.signal,
    ...(watch ? { onLine: watch.line } : {}),
  });
  const report = cutOff(run.runner.parse(tested.report, tested.treeDir, nonce), tested.result);
  watch?.settle(report);
  const output = `${tested.result.stdout}\n${tested.result.stderr}`.trim();
  return { report: checkCanaries(report, planted), ms: tested.result.ms, output };
}

function laidOver({ base, removed, project, memberDeps }: TestRun): Pick<BoxTest, 'base' | 'removed' | 'project' | 'memberDeps'> {
  return {
    ...(base === undefined ? {} : { base }),
    ...(removed === undefined ? {} : { removed }),
    ...(project === undefined ? {} : { project }),
    ...(memberDeps === undefined ? {} : { memberDeps }),
  };
}

/** Canaries for the test files that will run, by path. */
function plant(run: TestRun, nonce: string): Readonly<Record<string, Planted>> {
  const planted: Record<string, Planted> = {};
  for (const path of selectFiles(run.tests, run.only ?? null)) {
    const text = run.tree[path];
    const one = text === undefined ? null : run.runner.plant(path, text, nonce);
    if (one !== null) planted[path] = one;
  }
  return planted;
}

function cutOff(report: TestReport, result: BoxResult): TestReport {
  const killed = KILLED[result.reason];
  if (!killed) return report;
  const kind = result.reason === 'memory' || result.reason === 'output' || result.reason === 'denied' ? result.reason : 'time';
  return { ...report, finished: false, broken: { kind, message: killed } };
}
