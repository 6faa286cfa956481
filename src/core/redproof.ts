// The red proof: what a test must do on stubs to be worth anything.
import type { RedTest, TestLine } from './events.ts';
import { gist } from './gist.ts';
import { testsNothingNew } from './kept.ts';
import { placeId, suiteOf } from './made-names.ts';
import type { Violation } from './plan.ts';
import type { Diagnostic, Failure, TestId, TestReport, TestResult } from './report.ts';

export interface RedProof {
  readonly tests: readonly RedTest[];
  /** `where` is a test file's path. */
  readonly problems: readonly Violation[];
}

/**
 * Judges test files from what they did on the throwing and on the wrong-but-well-typed stubs.
 * A test must fail on at least one of them, and not of itself. A file must load on at least one of them and hold at least one test.
 *
 * @param paths the test files
 * @param throwing the report on the throwing stubs
 * @param wrong the report on the wrong stubs
 * @param diagnostics what the type checker holds against the test files
 * @param earlier ids that were there before, in files that are written anew, and pass on the code as it is: they may be about code that the plan leaves alone
 */
export function redProof(
  paths: readonly string[],
  throwing: TestReport,
  wrong: TestReport,
  diagnostics: readonly Diagnostic[],
  stubMarker: string,
  earlier: ReadonlySet<TestId> = new Set(),
): RedProof {
  const tests = mergeTests(throwing, wrong);
  const problems: Violation[] = diagnostics.map((d) => ({
    where: d.path,
    message: `${d.line > 0 ? `line ${d.line}: ` : ''}${d.message}`,
  }));
  for (const path of paths) {
    const mine = tests.filter((t) => t.path === path);
    const reasons = [
      ...unbelievable(path, throwing, wrong),
      ...unloadable(path, throwing, wrong, stubMarker),
      ...mine.filter((t) => !(isVacuous(t) && earlier.has(t.id))).flatMap((t) => refusal(t, throwing, wrong) ?? []),
    ];
    problems.push(...reasons.map((message) => ({ where: path, message })));
    if (mine.length === 0 && !problems.some((p) => p.where === path)) problems.push({ where: path, message: noTest(throwing, wrong) });
  }
  return { tests, problems };
}

/** What is said to the authors of `paths` when all their tests pass on the code as it is (`baseline`), and the kept ones too. */
export function untested(paths: readonly string[], baseline: readonly TestLine[]): readonly Violation[] {
  if (!testsNothingNew(baseline)) return [];
  const message =
    'every test already passes on the code as it is, so the change is not tested: add a test that fails until the task is done, of what the task adds or alters';
  return paths.map((where) => ({ where, message }));
}

/** Why a test is sent back, or null. */
function refusal(t: RedTest, throwing: TestReport, wrong: TestReport): string | null {
  const inert = [t.throwing, t.wrong].find((s) => s === 'skipped' || s === 'todo');
  if (inert) return `the test "${t.id}" is ${inert}: every test must run`;
  if (isVacuous(t))
    return `the test "${t.id}" passes even when no code is written (on stubs that throw and on stubs that return wrong values), so it proves nothing: make it assert a concrete value that only working code gives, or drop it`;
  const fault = ownFault(t.path, failureOf(t.id, throwing), failureOf(t.id, wrong));
  return fault === null ? null : `the test "${t.id}" fails of itself, whatever the code does: ${fault}`;
}

/** True for a test that passed on both kinds of stub (or on the only one that it ran on). */
export function isVacuous(t: RedTest): boolean {
  const seen = [t.throwing, t.wrong].filter((s) => s !== 'missing');
  return seen.length > 0 && seen.every((s) => s === 'passed');
}

function unbelievable(path: string, throwing: TestReport, wrong: TestReport): string[] {
  const said = throwing.tampered ?? wrong.tampered;
  return said?.startsWith(`${path}: `) ? [`the file changes how tests are run or reported: ${said.slice(path.length + 2)}`] : [];
}

function noTest(throwing: TestReport, wrong: TestReport): string {
  const { broken } = throwing.broken ? throwing : wrong;
  return broken ? `the tests gave no usable report before any code exists: ${broken.message}` : 'the file holds no test';
}

function failureOf(id: string, report: TestReport): Failure | null {
  return report.tests.find((t) => t.id === id)?.failure ?? null;
}

/** Errors that no code under test can bring about: a name, a module, a fixture or an assertion that the test uses and that there is not. */
const OWN: readonly RegExp[] = [
  /^ReferenceError: \S+ is not defined/,
  /^NameError: name '[^']*' is not defined/,
  /^UnboundLocalError: /,
  /^(?:ModuleNotFoundError|ImportError): /,
  /^Error(?: \[ERR_MODULE_NOT_FOUND\])?: Cannot find (?:module|package) /,
  /(?:^|\n)E? *fixture '[^']*' not found/,
  /^AttributeError: .* has no attribute 'assert\w*'/,
  /^TypeError: assert\w*(?:\.\w+)+ is not a function/,
  /^TypeError: expect\([^()]*\)(?:\.\w+)+ is not a function/,
  /Invalid Chai property/,
];

/** What a test fails of when it surely is its own fault: the same such error on both kinds of stub, raised by the test itself; else null. */
function ownFault(path: string, throwing: Failure | null, wrong: Failure | null): string | null {
  const message = wrong?.message ?? '';
  const isSame = throwing !== null && gist(throwing.message) === gist(message);
  const isInTest = [throwing, wrong].every((f) => f?.frames[0] === undefined || f.frames[0].path === path);
  return isSame && isInTest && OWN.some((pattern) => pattern.test(message)) ? gist(message) : null;
}

/** Of those the ones that a test on existing code is at fault for: what it imports may be still to be written, as long as it is no package. */
const OWN_ON_CODE: readonly RegExp[] = [
  ...OWN.filter((pattern) => !/Cannot find|ModuleNotFound/.test(pattern.source)),
  /^Error(?: \[ERR_MODULE_NOT_FOUND\])?: Cannot find package /,
];

/** What a test fails of on existing code when it surely is its own fault, raised by the test itself; else null. */
export function ownFaultOf(path: string, failure: Failure): string | null {
  const isInTest = failure.frames[0] === undefined || failure.frames[0].path === path;
  return isInTest && OWN_ON_CODE.some((pattern) => pattern.test(failure.message)) ? gist(failure.message) : null;
}

function mergeTests(throwing: TestReport, wrong: TestReport): RedTest[] {
  const a = new Map(throwing.tests.map((t) => [t.id, t]));
  const b = new Map(wrong.tests.map((t) => [t.id, t]));
  const both = [...a.values()].flatMap((t) => {
    const other = b.get(t.id);
    return other ? [{ id: t.id, path: t.path, throwing: t.status, wrong: other.status }] : [];
  });
  const alone = [...a.values(), ...b.values()].filter((t) => !(a.has(t.id) && b.has(t.id)));
  const loaded = (path: string) => [throwing, wrong].every((r) => r.tests.some((t) => t.path === path));
  const [volatile, fixed] = [alone.filter((t) => loaded(t.path)), alone.filter((t) => !loaded(t.path))];
  return [...both, ...places(volatile, throwing, wrong), ...fixed.map((t) => redTest(t.id, a.get(t.id), b.get(t.id), throwing, wrong))];
}

/** Tests that only one kind of stub has, though the file loaded on both: their names depend on more than their text, so places stand for them. */
function places(alone: readonly TestResult[], throwing: TestReport, wrong: TestReport): RedTest[] {
  return [...Map.groupBy(alone, (t) => suiteOf(t.id))].flatMap(([suite, tests]) => {
    const [a, b] = [throwing, wrong].map((r) => tests.filter((t) => r.tests.includes(t))) as [TestResult[], TestResult[]];
    const count = Math.max(1, Math.min(a.length, b.length));
    return Array.from({ length: count }, (_, i) => redTest(placeId(suite, i + 1), a[i], b[i], throwing, wrong));
  });
}

/** A test inside one that failed did not come to run: it failed with it. */
function redTest(id: string, a: TestResult | undefined, b: TestResult | undefined, throwing: TestReport, wrong: TestReport): RedTest {
  const status = (own: TestResult | undefined, report: TestReport) =>
    own?.status ?? (report.tests.some((t) => t.status === 'failed' && id.startsWith(`${t.id} › `)) ? 'failed' : 'missing');
  return { id, path: (a ?? b)?.path ?? '', throwing: status(a, throwing), wrong: status(b, wrong) };
}

/** A file that fails outside its tests on a stub's error is as red as can be; one that fails by itself is broken. */
function unloadable(path: string, throwing: TestReport, wrong: TestReport, stubMarker: string): string[] {
  const own = [throwing, wrong].map((r) => r.fileFailures.find((f) => f.path === path && !f.failure.message.includes(stubMarker)));
  const [a, b] = own;
  const loaded = [...throwing.tests, ...wrong.tests].some((t) => t.path === path);
  const failure = a ?? b;
  if (!failure || (loaded && !(a && b))) return [];
  return [`the file fails outside its tests, before any code exists: ${gist(failure.failure.message)}`];
}
