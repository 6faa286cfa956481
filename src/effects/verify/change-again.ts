// The proof of a change made anew: the repository's tests before it, its own tests without it, and all of them with it. By the functions of a run.
import type { Baseline } from '../../core/change.ts';
import { type Body, EVENT_VERSION, type Event, type TestLine } from '../../core/events.ts';
import { expectedIds, testTree } from '../../core/kept.ts';
import type { Box, Runner } from '../../core/ports.ts';
import { initialState, reduce } from '../../core/reduce.ts';
import type { Files, Ref } from '../../core/ref.ts';
import type { TestId } from '../../core/report.ts';
import type { State } from '../../core/state.ts';
import type { Survey } from '../../core/survey.ts';
import { failingIds, judge } from '../../core/verdict.ts';
import { refOf } from '../blobs.ts';
import { tryOut } from '../steps/change/baseline.ts';
import { type Ground, layered } from '../steps/change/ground.ts';
import type { Provide } from '../steps/change/install.ts';
import { inCleanRoom } from '../steps/change/prove.ts';
import { runSuite, type TestPorts } from '../steps/change/suite.ts';
import { targetFiles } from '../steps/change/targets.ts';
import type { Times, Tried } from '../steps/change/test.ts';
import { testFiles } from '../survey/setups.ts';
import { cannot } from './cannot.ts';
import type { Trees } from './trees.ts';

/** What was read of the commits. */
export interface Again {
  readonly base: { readonly id: string; readonly files: readonly string[] } | null;
  /** Ids of the tests' commit and of the code's. */
  readonly tests: string;
  readonly code: string;
  readonly survey: Survey;
  readonly runner: string | null;
  /** Texts of the change's own test files. */
  readonly targets: Files;
  /** Reads a file of the tests' commit. */
  readonly read: (path: string) => Promise<string | null>;
}

export interface ChangeMeans extends Times {
  readonly box: () => Promise<Box>;
  readonly runners: readonly Runner[];
  readonly trees: Trees;
  /** Installs what the commit that is read asks for; never takes what the user has installed. */
  readonly provide: (read: (path: string) => Promise<string | null>) => Provide;
  /** The user's command, where that is the test. */
  readonly check: readonly string[] | null;
  readonly signal: AbortSignal;
  readonly onStep: (text: string) => void;
}

export interface Shown {
  readonly findings: readonly string[];
  readonly remarks: readonly string[];
  readonly expected: readonly TestId[];
  /** Everything that passed on the code, and what was expected. */
  readonly passed: ReadonlySet<TestId>;
  /** Tests of files that the tests' commit changed: they passed on the base and do not on the code. */
  readonly lost: Baseline['tests'];
  readonly seeds: readonly number[];
  readonly suite: { readonly passed: number; readonly unsteady: readonly TestId[] };
}

/** Runs everything. Throws `RedgreenError` when it cannot be run here. */
export async function proveChangeAgain(means: ChangeMeans, again: Again): Promise<Shown> {
  const { ports, keep } = portsOf(means);
  const { onStep, signal } = means;
  onStep('installs what the lock file names');
  const found = await means.provide(again.read)({ survey: again.survey, extra: [], signal });
  if (found.problems.length > 0) throw cannot(`Its packages cannot be installed: ${found.problems.join('; ')}`);
  const { deps, memberDeps, stamp } = found;
  const installed = { type: 'installed', id: 'install', attempt: 1, files: {}, deps, memberDeps, stamp, problems: [] } as const;
  const begun = [
    created(again, await keep(again.targets), means.check),
    surveyed(again, await ports.blobs.put(JSON.stringify(again.survey))),
    installed,
  ];

  onStep('runs the repository’s tests as they were');
  const before = await tryOut(ports, stateOf(begun), { timeoutMs: means.suiteTimeoutMs, signal });
  if (before.unusable) throw cannot(`${before.remark}.`);
  const based = basedOn(before.found, await ports.blobs.put(JSON.stringify(before.found)));

  onStep('runs its own tests without the change');
  const red = await withoutChange(ports, stateOf([...begun, based]), means, again.tests);
  if (red.findings.length > 0) return nothing(red.findings);

  onStep('runs all tests on the code, its own three times');
  const s = stateOf([...begun, based, red.proven]);
  const { first, seeds, verdict } = await inCleanRoom(ports, s, { ground: await groundOn(ports, s, again.code), times: means, signal });
  if (signal.aborted) throw cannot('It was stopped.');
  const weak = [...new Set(s.change?.setups.map((one) => one.runner))].flatMap(
    (id) => means.runners.find((one) => one.id === id)?.weak ?? [],
  );
  return {
    findings: verdict.kind === 'green' ? [] : [`the tests are ${verdict.kind}: ${verdict.reason}${named(first)}`],
    remarks: [
      ...found.notes,
      ...(before.remark === '' ? [] : [testFiles(again.survey, again.base?.files ?? []).length === 0 ? before.remark : UNASKED]),
      ...weak,
      ...(means.check === null ? [] : ['a command’s exit code was its test: nothing says which tests ran']),
      ...(first.unsteady.length === 0 ? [] : [`unsteady without the change, too, and not counted: ${some(first.unsteady)}`]),
      ...aloneRemarks(s.red.baseline),
    ],
    expected: expectedIds(s),
    passed: new Set([...expectedIds(s), ...passing(first)]),
    lost: lostOf(before.found, Object.keys(again.targets), new Set(passing(first))),
    seeds,
    suite: { passed: first.alsoPassed, unsteady: first.unsteady },
  };
}

const UNASKED = 'the repository’s own tests gave no usable report here before the change, so none of them was asked';

function portsOf({ box, runners, trees }: ChangeMeans) {
  const texts = new Map<Ref, string>();
  const put = async (text: string) => {
    texts.set(refOf(text), text);
    return refOf(text);
  };
  const get = async (ref: Ref) => texts.get(ref) ?? Promise.reject(new Error('no such text'));
  const ports: TestPorts = { blobs: { put, get }, box, runners, workspace: { checkout: (commit) => trees.checkout(commit) } };
  const keep = async (files: Files) =>
    Object.fromEntries(await Promise.all(Object.entries(files).map(async ([path, text]) => [path, await put(text)] as const)));
  return { ports, keep };
}

/** The state of a run with the same tests, given by its user. */
function stateOf(events: readonly Body[]): State {
  return events.map((body, i) => ({ ...body, v: EVENT_VERSION, seq: i + 1, at: 0 }) as Event).reduce(reduce, initialState);
}

function created({ base }: Again, given: Readonly<Record<string, Ref>>, check: readonly string[] | null): Body {
  return {
    type: 'run.created',
    run: '',
    redgreen: '',
    node: '',
    prompt: '',
    title: '',
    dir: '',
    createdRepository: false,
    models: { plan: [], tests: [], draft: [], repair: [] },
    limits: { money: null, tokens: null, requests: null, rounds: 0, wallMs: null },
    concurrency: 1,
    approve: false,
    mutants: 0,
    language: null,
    runner: null,
    base: { commit: base?.id ?? null, files: base?.files ?? [] },
    onto: null,
    kept: {},
    mode: 'change',
    given,
    check,
    source: 'live',
  };
}

function surveyed({ survey, runner }: Again, ref: Ref): Body {
  const setups = survey.packages.flatMap((one) => one.setups);
  const language = setups[0]?.language ?? 'javascript';
  return { type: 'surveyed', id: 'survey', survey: ref, line: '', language, runner: runner ?? '', setups };
}

function basedOn(found: Baseline, baseline: Ref): Body {
  const passed = found.tests.filter((t) => t.status === 'passed').length;
  return { type: 'based', id: 'baseline', baseline, files: found.files.length, passed, failing: 0, remark: '', ms: 0 };
}

/** A commit with the locked tests laid over it. */
async function groundOn(ports: TestPorts, s: State, commit: string): Promise<Ground> {
  return { base: await ports.workspace.checkout(commit), ...(await layered(ports, testTree(s))) };
}

type Proven = Extract<Body, { type: 'red.proven' }>;

/** What the change's own tests do on the tests' commit: one of them has to fail there. */
async function withoutChange(
  ports: TestPorts,
  s: State,
  { testTimeoutMs: timeoutMs, signal }: ChangeMeans,
  commit: string,
): Promise<{ readonly proven: Proven; readonly findings: readonly string[] }> {
  const tests = await targetFiles(ports, s);
  const { report } = await runSuite(ports, s, { ground: await groundOn(ports, s, commit), tests, planted: true, timeoutMs, signal });
  const { lines } = judge([], report);
  const proven: Proven = {
    type: 'red.proven',
    id: 'red',
    attempt: 1,
    mended: [],
    problems: [],
    tests: lines.filter((t) => t.id !== t.path).map(({ id, path, status }) => ({ id, path, throwing: status, wrong: status })),
    report: '',
    baseline: lines,
  };
  if (report.tampered !== undefined) return { proven, findings: [`its tests change how tests are run or reported: ${report.tampered}`] };
  if (report.broken) throw cannot(`Its tests give no usable report here without the change: ${report.broken.message}`);
  if (lines.length === 0) return { proven, findings: ['its tests hold no test'] };
  const isRed = lines.some((t) => t.status === 'failed');
  return { proven, findings: isRed ? [] : ['every test passes also without the change: what it changes is not tested'] };
}

function aloneRemarks(lines: readonly TestLine[]): readonly string[] {
  const passed = lines.filter((t) => t.status === 'passed').length;
  return passed === 0
    ? []
    : [`${passed} of the ${lines.length} tests in its test files ${passed === 1 ? 'passes' : 'pass'} without it, too`];
}

function nothing(findings: readonly string[]): Shown {
  return { findings, remarks: [], expected: [], passed: new Set(), lost: [], seeds: [], suite: { passed: 0, unsteady: [] } };
}

function passing({ ran }: Tried): readonly TestId[] {
  return ran.report.tests.filter((t) => t.status === 'passed').map((t) => t.id);
}

function lostOf(before: Baseline, files: readonly string[], passed: ReadonlySet<TestId>): Baseline['tests'] {
  return before.tests.filter((t) => t.status === 'passed' && files.includes(t.path) && !passed.has(t.id));
}

function named({ lines }: Tried): string {
  const failing = failingIds(lines);
  return failing.length === 0 ? '' : ` (${some(failing)})`;
}

function some(ids: readonly TestId[]): string {
  return `${ids.slice(0, 5).join('; ')}${ids.length > 5 ? ' …' : ''}`;
}
