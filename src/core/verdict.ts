// The verdict of a test run: a pure function of what was expected and what the harness's own report says.
import type { TestLine, Verdict } from './events.ts';
import { gist } from './gist.ts';
import type { TestId, TestReport, TestResult } from './report.ts';

export interface Judged {
  readonly verdict: Verdict;
  /** A line for each expected or reported test, and one for each file that failed outside its tests. */
  readonly lines: readonly TestLine[];
}

/**
 * Judges a run. Green means: the report is whole, at least one test was expected, every expected id passed exactly once
 * without a retry, nothing else failed, and no file failed outside its tests. Exit codes and output are no inputs.
 */
export function judge(expected: readonly TestId[], report: TestReport): Judged {
  if (report.broken) return { verdict: { kind: 'void', reason: report.broken.message }, lines: missing(expected, new Set()) };
  const lines = [...report.tests.map(line), ...missing(expected, new Set(report.tests.map((t) => t.id))), ...outside(report)];
  return { verdict: verdictOf(expected, report, lines), lines };
}

function verdictOf(expected: readonly TestId[], report: TestReport, lines: readonly TestLine[]): Verdict {
  if (!report.finished) return { kind: 'void', reason: 'the test run did not finish' };
  if (expected.length === 0 && report.tests.length === 0 && report.fileFailures.length === 0)
    return { kind: 'void', reason: 'no tests ran' };
  const twice = repeated(report.tests);
  if (twice) return { kind: 'tampered', reason: `the report names one test twice: ${twice}` };
  const failing = lines.filter((l) => l.status !== 'passed');
  if (failing.length > 0) {
    const total = lines.length;
    return { kind: 'red', reason: `${failing.length} of ${total} ${total === 1 ? 'test is' : 'tests are'} not passing` };
  }
  if (lines.length === 0) return { kind: 'void', reason: 'no tests ran' };
  if (report.tests.some((t) => t.retried)) return { kind: 'flaky', reason: 'a test passed only after a retry' };
  return { kind: 'green', reason: lines.length === 1 ? 'the one test passed' : `all ${lines.length} tests passed` };
}

/** Joins the verdicts of several fresh runs of one tree: all green is green, some green is flaky. */
export function joinVerdicts(verdicts: readonly Verdict[]): Verdict {
  const bad = verdicts.find((v) => v.kind !== 'green');
  const first = verdicts[0];
  if (!first) return { kind: 'void', reason: 'no tests ran' };
  if (!bad) return { kind: 'green', reason: verdicts.length === 1 ? first.reason : `${first.reason}, ${verdicts.length} fresh runs` };
  if (bad.kind === 'tampered' || verdicts.every((v) => v.kind !== 'green')) return bad;
  return {
    kind: 'flaky',
    reason: `${verdicts.filter((v) => v.kind === 'green').length} of ${verdicts.length} runs were green; in another ${bad.reason}`,
  };
}

/** Ids of the lines that did not pass. */
export function failingIds(lines: readonly TestLine[]): readonly TestId[] {
  return lines.filter((l) => l.status !== 'passed').map((l) => l.id);
}

function line(t: TestResult): TestLine {
  const why = t.failure ? gist(t.failure.message) : t.status === 'passed' ? '' : t.status;
  return { id: t.id, path: t.path, status: t.status, why };
}

function missing(expected: readonly TestId[], seen: ReadonlySet<TestId>): TestLine[] {
  return expected.filter((id) => !seen.has(id)).map((id) => ({ id, path: id.split(' › ')[0] ?? id, status: 'failed', why: 'did not run' }));
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
