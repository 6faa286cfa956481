// A run that changes code which exists: what it knows of the repository, and what its tests must still show.
import type { TestLine } from './events.ts';
import { gist } from './gist.ts';
import type { Ref } from './ref.ts';
import type { TestId, TestReport, TestStatus } from './report.ts';
import type { State } from './state.ts';
import type { TestSetup } from './survey.ts';
import { lineOf } from './verdict.ts';

export interface Change {
  readonly survey: Ref;
  readonly setups: readonly TestSetup[];
  /** What the repository's tests do on the base; null before they were run. */
  readonly baseline: { readonly ref: Ref; readonly passed: number } | null;
  /** Ids that turned out to fail on the base every now and then. */
  readonly unsteady: readonly TestId[];
  /** Conversations in which tests were asked for. */
  readonly asked: number;
  /** Existing tests that their author changed, and why. */
  readonly amended: readonly { readonly path: string; readonly why: string }[];
  /** Why no test can show the task; null where one can. */
  readonly untestable: string | null;
}

/** What the tests of a repository do on the base as it is. */
export interface Baseline {
  /** Every test that was reported. */
  readonly tests: readonly { readonly id: TestId; readonly path: string; readonly status: TestStatus }[];
  /** Test files that were run. */
  readonly files: readonly string[];
  /** Of them, those that failed outside every test. */
  readonly broken: readonly string[];
}

/** Stands for a test file where a command of the user's is the test. */
export const CHECK_PATH = 'check';

export const NO_BASELINE: Baseline = { tests: [], files: [], broken: [] };

/** What a run showed of the repository's own tests. */
export interface Kept {
  /** What passed before and does not now, and what is new and fails. */
  readonly failing: readonly TestLine[];
  readonly passed: number;
}

/**
 * Compares a run of the repository's own tests with what they did before. What failed, was skipped or did not load before may do so
 * still; what passed must pass; what is new must not fail.
 *
 * @param files the test files of this run
 * @param unsteady ids that count no more
 */
export function judgeKept(before: Baseline, report: TestReport, files: readonly string[], unsteady: readonly TestId[]): Kept {
  const loose = new Set(unsteady);
  const ran = new Set(files);
  const known = new Map(before.tests.map((t) => [t.id, t.status]));
  const now = new Map(report.tests.map((t) => [t.id, t]));
  const wanted = before.tests.filter((t) => t.status === 'passed' && ran.has(t.path) && !loose.has(t.id));
  const lost = wanted.flatMap(({ id, path }): readonly TestLine[] => {
    const result = now.get(id);
    if (result?.status === 'passed') return [];
    return [result ? lineOf(result) : { id, path, status: 'failed', why: 'did not run' }];
  });
  const fresh = report.tests.filter((t) => t.status === 'failed' && !known.has(t.id) && !loose.has(t.id)).map(lineOf);
  const wasBroken = new Set(before.broken);
  const outside = report.fileFailures
    .filter((f) => !wasBroken.has(f.path) && !loose.has(f.path))
    .map((f): TestLine => ({ id: f.path, path: f.path, status: 'failed', why: gist(f.failure.message) }));
  return { failing: [...lost, ...fresh, ...outside], passed: wanted.length - lost.length };
}

/** What a report says of the tests of a repository. */
export function baselineOf(report: TestReport, files: readonly string[]): Baseline {
  return {
    tests: report.tests.map(({ id, path, status }) => ({ id, path, status })),
    files,
    broken: report.fileFailures.map((f) => f.path),
  };
}

/** True where a run works on code that exists: it changes it, or writes tests for it. */
export function changesCode(s: State): boolean {
  return s.run?.mode === 'change' || s.run?.mode === 'cover';
}
