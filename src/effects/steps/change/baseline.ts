// Runs the repository's own tests on the base as it is: what passes there has to pass at the end.
import { type Baseline, baselineOf, NO_BASELINE } from '../../../core/change.ts';
import type { Command } from '../../../core/events.ts';
import type { Ports } from '../../../core/ports.ts';
import type { State } from '../../../core/state.ts';
import type { StepContext } from '../../../driver.ts';
import { JUNIT_PATH } from '../../runners/junit.ts';
import { testFiles } from '../../survey/setups.ts';
import { bareGround, surveyOf } from './ground.ts';
import { runSuite, type Suite, type TestPorts } from './suite.ts';

/** Emits `based`. Of a suite that gives no report on the base only what the change can reach is asked later, and that is said. */
export async function baseline(command: Command, ports: Ports, context: StepContext, { suiteTimeoutMs, scope }: SuiteScope): Promise<void> {
  const s = context.state();
  const began = ports.clock.now();
  const how = { timeoutMs: suiteTimeoutMs, signal: context.signal };
  const { found, remark, unusable = false } = scope === 'related' ? RELATED : await tryOut(ports, s, how);
  if (context.signal.aborted) return;
  context.emit({
    type: 'based',
    id: command.id,
    baseline: await ports.blobs.put(JSON.stringify(found)),
    files: found.files.length,
    passed: found.tests.filter((t) => t.status === 'passed').length,
    failing: found.tests.filter((t) => t.status === 'failed').length + found.broken.length,
    remark,
    ...(unusable ? { unusable } : {}),
    ms: ports.clock.now() - began,
  });
}

export interface SuiteScope {
  /** Most milliseconds of one run of the repository's tests. */
  readonly suiteTimeoutMs: number;
  /** `related`: only the tests that a change can reach are run, when it is known what it changes. */
  readonly scope: 'all' | 'related';
}

interface TriedOut {
  readonly found: Baseline;
  readonly remark: string;
  readonly unusable?: boolean;
}

const RELATED: TriedOut = {
  found: NO_BASELINE,
  remark: 'of the repository’s tests those are run that the change can reach (tests.scope: related)',
};

/** What the repository's tests do on the base as it is; without a usable report nothing, and a remark says why. */
export async function tryOut(ports: TestPorts, s: State, how: Pick<Suite, 'timeoutMs' | 'signal'>): Promise<TriedOut> {
  const known = testFiles(await surveyOf(ports, s), s.run?.base.files ?? []);
  // Tests of a JUnit report that name no file.
  const files = s.plan?.runner === 'junit' ? [...known, JUNIT_PATH] : known;
  if (files.length === 0) return { found: NO_BASELINE, remark: 'the repository has no tests that could be run here' };
  const ground = await bareGround(ports, s);
  const { report } = await runSuite(ports, s, { ground, tests: files, planted: false, ...how });
  const found = baselineOf(report, files);
  if (report.broken === null) return { found, remark: '' };
  if (report.broken.kind === 'no-report' || report.broken.kind === 'denied')
    return { found: NO_BASELINE, remark: `the repository’s tests cannot be run here: ${report.broken.message}`, unusable: true };
  return {
    found: NO_BASELINE,
    remark: `the repository’s own tests cannot be run here, so only those that the change can reach are run at the end: ${report.broken.message}`,
  };
}

/** What the repository's tests did on the base. */
export async function loadBaseline(ports: Pick<Ports, 'blobs'>, s: State): Promise<Baseline> {
  const ref = s.change?.baseline?.ref;
  return ref ? JSON.parse(await ports.blobs.get(ref)) : NO_BASELINE;
}
