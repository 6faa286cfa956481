// Runs tests in the box over a tree and reads the harness's own report.
import { randomBytes } from 'node:crypto';
import type { Order, Ports, Runner } from '../../core/ports.ts';
import type { Files } from '../../core/ref.ts';
import type { TestId, TestReport } from '../../core/report.ts';

export interface TestRun {
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
}

const KILLED: Partial<Record<string, string>> = {
  time: 'the test run took too long and was ended',
  memory: 'the test run used too much memory and was ended',
  pids: 'the test run started too many processes and was ended',
  output: 'the test run printed too much and was ended',
  disk: 'the test run wrote too much and was ended',
  denied: 'the sandbox refused something that the test run needs',
};

/** Runs the tests once. What the box ended by force is `broken` in the report, whatever the report file says. */
export async function runTests(
  ports: Pick<Ports, 'box'>,
  run: TestRun,
): Promise<{ report: TestReport; ms: number; output: string }> {
  const box = await ports.box();
  const nonce = randomBytes(32).toString('hex');
  const {
    result,
    report: text,
    treeDir,
  } = await box.test({
    tree: run.tree,
    runner: run.runner,
    tests: run.tests,
    only: run.only ?? null,
    deps: run.deps,
    readOnlyTree: run.readOnlyTree ?? false,
    order: run.order ?? null,
    nonce,
    timeoutMs: run.timeoutMs,
    signal: run.signal,
  });
  const report = run.runner.parse(text, treeDir, nonce);
  const killed = KILLED[result.reason];
  const output = `${result.stdout}\n${result.stderr}`.trim();
  if (!killed) return { report, ms: result.ms, output };
  const kind = result.reason === 'memory' || result.reason === 'output' || result.reason === 'denied' ? result.reason : 'time';
  return { report: { ...report, finished: false, broken: { kind, message: killed } }, ms: result.ms, output };
}
