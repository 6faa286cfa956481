// The verdict of a test run: a pure function of what was expected and what the harness's own report says.
import type { TestLine, Verdict } from './events.ts';
import { gist } from './gist.ts';
import { placeSuite } from './made-names.ts';
import type { TestId, TestReport, TestResult } from './report.ts';

const NONE: ReadonlySet<TestId> = new Set();

export interface Judged {
  readonly verdict: Verdict;
  /** A line for each expected or reported test, and one for each file that failed outside its tests. */
  readonly lines: readonly TestLine[];
}

/**
 * Judges a run. Green means: the report is whole and can be believed, at least one test was expected, every expected id passed exactly once
 * without a retry, nothing else failed or was skipped, and no file failed outside its tests. Exit codes and output are no inputs.
 * More tests than expected may pass: test files are locked, and what the code adds to them decides nothing.
 *
 * @param expected ids of the red proof; those of `made-names.ts` stand for one more test of their suite
 * @param idle ids that were skipped or to be done before the run, and may be so still
 */
export function judge(expected: readonly TestId[], report: TestReport, idle: ReadonlySet<TestId> = NONE): Judged {
  if (report.broken && report.tampered === undefined)
    return { verdict: { kind: 'void', reason: report.broken.message }, lines: missing(expected, []) };
  const counted = report.tests.filter((t) => !(idle.has(t.id) && (t.status === 'skipped' || t.status === 'todo')));
  const wanted = expected.filter((id) => !idle.has(id));
  const lines = [...counted.map(lineOf), ...missing(wanted, counted), ...outside(report)];
  return { verdict: verdictOf(report, lines), lines };
}

function verdictOf(report: TestReport, lines: readonly TestLine[]): Verdict {
  if (report.tampered !== undefined) return { kind: 'tampered', reason: report.tampered };
  if (!report.finished) return { kind: 'void', reason: 'the test run did not finish' };
  const twice = repeated(report.tests);
  if (twice) return { kind: 'tampered', reason: `the report names one test twice: ${twice}` };
  if (lines.length === 0) return { kind: 'void', reason: 'no tests ran' };
  const failing = lines.filter((l) => l.status !== 'passed');
  if (failing.length > 0) {
    const total = lines.length;
    return { kind: 'red', reason: `${failing.length} of ${total} ${total === 1 ? 'test is' : 'tests are'} not passing` };
  }
  const retried = report.tests.find((t) => t.retried);
  if (retried) return { kind: 'flaky', reason: `a test passed only after a retry: ${retried.id}` };
  return { kind: 'green', reason: lines.length === 1 ? 'the one test passed' : `all ${lines.length} tests passed` };
}

/** Joins several fresh runs of one tree: all green is green, some green is flaky, one that was tampered with is enough. */
export function joinVerdicts(runs: readonly Judged[]): Verdict {
  const first = runs[0]?.verdict;
  if (!first) return { kind: 'void', reason: 'no tests ran' };
  const bad = runs.filter((r) => r.verdict.kind !== 'green');
  const worst = bad.find((r) => r.verdict.kind === 'tampered') ?? bad[0];
  if (!worst) return { kind: 'green', reason: runs.length === 1 ? first.reason : `${first.reason}, ${runs.length} fresh runs` };
  if (worst.verdict.kind === 'tampered' || bad.length === runs.length) return worst.verdict;
  return {
    kind: 'flaky',
    reason: `${runs.length - bad.length} of ${runs.length} runs were green; in another ${worst.verdict.reason}${differing(worst)}`,
  };
}

/** The first tests of a run that did not pass. */
function differing(run: Judged): string {
  const ids = failingIds(run.lines);
  return ids.length === 0 ? '' : `: ${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ' …' : ''}`;
}

/** Ids of the lines that did not pass. */
export function failingIds(lines: readonly TestLine[]): readonly TestId[] {
  return lines.filter((l) => l.status !== 'passed').map((l) => l.id);
}

/** A test's result as state keeps it. */
export function lineOf(t: TestResult): TestLine {
  const why = t.failure ? gist(t.failure.message) : t.status === 'passed' ? '' : t.status;
  return { id: t.id, path: t.path, status: t.status, why };
}

/** Expected tests that did not run. A place for a made-up name is filled by any test of its suite that nobody expected. */
function missing(expected: readonly TestId[], tests: readonly TestResult[]): TestLine[] {
  const wanted = new Set(expected);
  const seen = new Set(tests.map((t) => t.id));
  const spare = tests.filter((t) => !wanted.has(t.id)).map((t) => t.id);
  return expected.flatMap((id) => {
    if (seen.has(id)) return [];
    const suite = placeSuite(id);
    const filling = suite === null ? -1 : spare.findIndex((other) => other.startsWith(`${suite} › `));
    if (filling >= 0) return spare.splice(filling, 1) && [];
    return [{ id, path: id.split(' › ')[0] ?? id, status: 'failed' as const, why: 'did not run' }];
  });
}

function outside(report: TestReport): TestLine[] {
  return report.fileFailures.map((f) => ({ id: f.path, path: f.path, status: 'failed', why: gist(f.failure.message) }));
}

function repeated(tests: readonly TestResult[]): TestId | null {
  const seen = new Set<TestId>();
  for (const t of tests) {
    if (seen.has(t.id)) return t.id;
    seen.add(t.id);
  }
  return null;
}
