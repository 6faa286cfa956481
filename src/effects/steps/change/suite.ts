// Runs test files of a repository, each by the configuration of the package that it belongs to.
import { CHECK_PATH } from '../../../core/change.ts';
import type { Order, Ports, Workspace } from '../../../core/ports.ts';
import type { TestId } from '../../../core/report.ts';
import type { State } from '../../../core/state.ts';
import type { TestSetup } from '../../../core/survey.ts';
import type { Watcher } from '../../runners/live.ts';
import { setupFor } from '../../survey/setups.ts';
import { runnerOf } from '../adapters.ts';
import { joinRuns, type Ran, runTests } from '../testing.ts';
import { type Ground, surveyOf } from './ground.ts';

/** What running the tests of a repository takes. */
export interface TestPorts extends Pick<Ports, 'blobs' | 'box' | 'runners'> {
  readonly workspace: Pick<Workspace, 'checkout'>;
}

export interface Suite {
  readonly ground: Ground;
  readonly tests: readonly string[];
  readonly only?: readonly TestId[];
  readonly order?: Order | null;
  /** Canaries go into copies of the test files. */
  readonly planted: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly watcher?: Watcher;
}

interface Group {
  readonly setup: TestSetup | null;
  readonly tests: readonly string[];
}

/** Runs the suite, package by package, and joins what came of it. */
export async function runSuite(ports: TestPorts, s: State, suite: Suite): Promise<Ran> {
  const { ground, ...rest } = suite;
  const runs: Ran[] = [];
  for (const { setup, tests } of await groupsOf(ports, s, suite.tests)) {
    if (suite.signal.aborted) break;
    const id = tests[0] === CHECK_PATH ? 'check' : (setup?.runner ?? s.plan?.runner ?? '');
    const runner = runnerOf(ports, id);
    const where = { ...ground, ...(setup ? { project: setup } : {}) };
    const deps = { deps: s.installs.deps, memberDeps: s.installs.memberDeps };
    const ran = await runTests(ports, { ...rest, ...where, ...deps, runner, tests });
    runs.push(runner.runsAll ? among(ran, new Set(tests)) : ran);
  }
  const [only] = runs;
  if (only === undefined) return NOTHING;
  return runs.length === 1 ? only : joinRuns(runs);
}

/** Of a run of all tests those of the files that were asked for. */
function among({ report, ...ran }: Ran, files: ReadonlySet<string>): Ran {
  const isAsked = ({ path }: { readonly path: string }) => files.has(path);
  return { ...ran, report: { ...report, tests: report.tests.filter(isAsked), fileFailures: report.fileFailures.filter(isAsked) } };
}

const NOTHING: Ran = { report: { tests: [], fileFailures: [], finished: true, broken: null }, ms: 0, output: '' };

async function groupsOf(ports: TestPorts, s: State, tests: readonly string[]): Promise<readonly Group[]> {
  const survey = await surveyOf(ports, s);
  const checks = tests.includes(CHECK_PATH) ? [{ setup: null, tests: [CHECK_PATH] }] : [];
  const groups = Map.groupBy(
    tests.filter((path) => path !== CHECK_PATH),
    (path) => setupFor(survey, path),
  );
  return [...checks, ...[...groups].map(([setup, paths]) => ({ setup, tests: paths }))];
}
