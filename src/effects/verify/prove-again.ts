// The red proof, the fresh runs and the tests without the code, made anew from two commits where there is no plan.
import PQueue from 'p-queue';
import type { TestLine } from '../../core/events.ts';
import { keptIds, testsNothingNew } from '../../core/kept.ts';
import { type Box, type Language, type Runner, STUB_MARKER, type StubKind } from '../../core/ports.ts';
import { isVacuous, redProof } from '../../core/redproof.ts';
import type { Files } from '../../core/ref.ts';
import type { TestId, TestReport } from '../../core/report.ts';
import { failingIds, judge } from '../../core/verdict.ts';
import { wrongData } from '../../core/wrong-data.ts';
import { type Fresh, freshRuns, joinFresh } from '../steps/prove.ts';
import { runTests } from '../steps/testing.ts';
import { cannot } from './cannot.ts';
import { dependencies, type Project } from './project.ts';

export interface Again {
  /** The files of the tests' commit, and of the code's. */
  readonly before: Files;
  readonly after: Files;
  /** Paths that the code's commit changes. */
  readonly code: readonly string[];
  readonly tests: readonly string[];
  /** Test files of earlier runs that stay as they are. */
  readonly kept: readonly string[];
  /** Something that was there is changed: tests may pass without the code, if not all of them do. */
  readonly isChange: boolean;
  readonly project: Project;
}

export interface Means {
  readonly box: () => Promise<Box>;
  readonly languages: readonly Language[];
  readonly provided: (runner: Runner) => Promise<boolean>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onStep: (text: string) => void;
}

export interface Tested {
  readonly findings: readonly string[];
  readonly remarks: readonly string[];
  readonly expected: readonly TestId[];
  /** Tests that pass on both kinds of stub. */
  readonly vacuous: readonly TestId[];
  readonly passed: readonly TestId[];
  readonly seeds: readonly number[];
}

/** Runs the tests on stubs made from the code, without the code, and three times on it. Throws `RedgreenError` when they cannot be run here. */
export async function proveAgain(means: Means, again: Again): Promise<Tested> {
  const { runner, language: id } = again.project;
  const language = means.languages.find((one) => one.id === id);
  if (!language) throw cannot(`There is no adapter for the language ${id}.`);
  means.onStep('installs what the lock file names');
  const deps = await dependencies(again.before, id, runner, means);
  const run = { runner, tests: again.tests, deps, timeoutMs: means.timeoutMs, signal: means.signal, readOnlyTree: true };
  const all = [...again.tests, ...again.kept];
  const report = async (tree: Files, tests = again.tests) => (await runTests(means, { ...run, tests, tree })).report;

  means.onStep('runs the tests on stubs and without the code');
  const queue = new PQueue({ concurrency: 2 });
  const [throwing, wrong, without] = await Promise.all([
    queue.add(async () => report(await stubTree(language, again, 'throwing'))),
    queue.add(async () => report(await stubTree(language, again, 'wrong'))),
    queue.add(() => report(again.before, all)),
  ]);
  const red = redProof(again.tests, throwing, wrong, [], STUB_MARKER);
  const unseen = again.tests.filter((path) => !red.tests.some((t) => t.path === path));
  const own =
    unseen.length === 0 ? [] : (await runTests(means, { ...run, tests: unseen, tree: again.after })).report.tests.map((t) => t.id);
  const baseline = judge([], without).lines;
  const expected = [...red.tests.map((t) => t.id), ...own, ...keptIds(again.kept, baseline)];
  const vacuous = red.tests.filter(isVacuous).map((t) => t.id);

  means.onStep('runs the tests on the code, three times');
  const fresh = await freshRuns(means, { ...run, tests: all, tree: again.after }, expected);
  if (means.signal.aborted) throw cannot('It was stopped.');
  const proving = (path: string) => unseen.includes(path) || red.tests.some((t) => t.path === path && !isVacuous(t));
  return {
    findings: [
      ...again.tests.filter((path) => !proving(path)).map((path) => `no test of ${path} fails on stubs, so it proves nothing`),
      ...verdictFindings(fresh),
      ...(again.isChange ? unchangedFindings(baseline) : idleFindings(without, expected, vacuous)),
    ],
    remarks: [
      ...unseen.map((path) => `${path} does not load on stubs of the code: that it fails without the code has to be enough`),
      ...(vacuous.length === 0 ? [] : [`${vacuous.length} of ${expected.length} tests pass on stubs too and prove nothing`]),
    ],
    expected,
    vacuous,
    passed: fresh.flatMap((f) => f.judged.lines.filter((l) => l.status === 'passed').map((l) => l.id)),
    seeds: fresh.map((f) => f.seed),
  };
}

/** The tests' commit, stubs for the code, and data: none of it where stubs throw, wrong data where they answer wrongly. */
async function stubTree(language: Language, { before, after, code }: Again, kind: StubKind): Promise<Files> {
  const stubs = await language.stubsOf(after, code, kind);
  const data = kind === 'throwing' ? [] : code.filter((path) => stubs[path] === undefined && after[path] !== undefined);
  return { ...before, ...Object.fromEntries(data.map((path) => [path, wrongData(path, after[path] ?? '')])), ...stubs };
}

function verdictFindings(fresh: readonly Fresh[]): readonly string[] {
  const verdict = joinFresh(fresh);
  if (verdict.kind === 'green') return [];
  const bad = fresh.find((f) => f.judged.verdict.kind !== 'green');
  const failing = bad ? failingIds(bad.judged.lines).slice(0, 5) : [];
  return [`the tests are ${verdict.kind}: ${verdict.reason}${failing.length > 0 ? ` (${failing.join('; ')})` : ''}`];
}

function idleFindings(without: TestReport, expected: readonly TestId[], vacuous: readonly TestId[]): readonly string[] {
  const idle = without.tests.filter((t) => t.status === 'passed' && expected.includes(t.id) && !vacuous.includes(t.id)).map((t) => t.id);
  if (idle.length === 0) return [];
  return [`${idle.length} of the tests ${idle.length === 1 ? 'passes' : 'pass'} also without the code: ${idle.slice(0, 3).join('; ')}`];
}

function unchangedFindings(baseline: readonly TestLine[]): readonly string[] {
  return testsNothingNew(baseline) ? ['every test passes also without the code: what it changes is not tested'] : [];
}
