// How far tests that were written for code that exists came: what a few runs on the code as it is say of each.
import type { Admitted, TestLine } from './event-parts.ts';
import { gist } from './gist.ts';
import type { Violation } from './plan.ts';
import { ownFaultOf } from './redproof.ts';
import type { Failure, TestId, TestReport } from './report.ts';

/** A written test, or a file of which no test ran. */
export interface Tried {
  readonly id: TestId;
  readonly path: string;
  readonly stage: Exclude<Admitted['stage'], 'useful'>;
  /** Why it came no further; empty for one that is steady. */
  readonly why: string;
  /** How it fails in every run; null for one that does not. */
  readonly failure: Failure | null;
}

/**
 * Judges the written tests of `files` by runs on the same code.
 *
 * @param reports one for each run, the first in the order as written
 * @param known ids that were there before
 */
export function triedTests(reports: readonly TestReport[], files: readonly string[], known: ReadonlySet<TestId>): readonly Tried[] {
  const own = new Set(files);
  const ids = new Map(
    reports.flatMap((r) => r.tests.filter((t) => own.has(t.path) && !known.has(t.id)).map((t) => [t.id, t.path] as const)),
  );
  const outside = new Map(reports.flatMap((r) => r.fileFailures.filter((f) => own.has(f.path)).map((f) => [f.path, f.failure] as const)));
  const paths = new Set(ids.values());
  const unloaded = [...outside].filter(([path]) => !paths.has(path));
  return [
    ...unloaded.map(
      ([path, failure]): Tried => ({ id: path, path, stage: 'written', why: `it does not load: ${gist(failure.message)}`, failure }),
    ),
    ...[...ids].map(([id, path]) => triedTest(reports, id, path, outside.get(path) ?? null)),
  ];
}

function triedTest(reports: readonly TestReport[], id: TestId, path: string, outside: Failure | null): Tried {
  const results = reports.map((r) => (r.broken ? undefined : r.tests.find((t) => t.id === id)));
  const passed = results.filter((t) => t?.status === 'passed').length;
  const idle = results.find((t) => t?.status === 'skipped' || t?.status === 'todo');
  const built = (why: string, failure: Failure | null = null): Tried => ({ id, path, stage: 'built', why, failure });
  if (idle) return built(`it is ${idle.status}`);
  const failure = results[0]?.failure ?? null;
  if (passed === 0) return built(`it fails on the code as it is: ${gist(failure?.message ?? 'it did not run')}`, failure);
  if (passed < reports.length) return built(`it is unsteady: it passes in ${passed} of ${reports.length} runs of the same code`);
  if (results.some((t) => t?.retried)) return built('it is unsteady: it passes only when it is tried again');
  if (outside) return built(`its file fails outside of the tests: ${gist(outside.message)}`);
  return { id, path, stage: 'steady', why: '', failure: null };
}

/** What the author is to mend: files that do not load, tests that fail. */
export function triedProblems(tried: readonly Tried[]): readonly Violation[] {
  return tried.flatMap(({ id, path, stage, failure, why }): readonly Violation[] => {
    if (failure === null) return [];
    if (stage === 'written') return [{ where: path, message: `the file does not load: ${failure.message}` }];
    const fault = ownFaultOf(path, failure);
    const blame = fault === null ? '' : ' (of itself, whatever the code does)';
    return [{ where: path, message: `"${id}" fails on the code as it is${blame}: ${failure.message === '' ? why : failure.message}` }];
  });
}

/** Tests that fail in every run, and not of themselves: the code may be wrong. */
export function suspectsOf(tried: readonly Tried[]): readonly TestLine[] {
  return tried.flatMap(({ id, path, stage, failure }): readonly TestLine[] => {
    if (failure === null || stage === 'written' || ownFaultOf(path, failure) !== null) return [];
    return [{ id, path, status: 'failed', why: gist(failure.message) }];
  });
}

/**
 * The suspects once the author was asked: what still fails, and what failed before and is not there any more: a test that found something must
 * not be dropped in silence.
 */
export function lastSuspects(tried: readonly Tried[], doubts: readonly TestLine[]): readonly TestLine[] {
  const now = suspectsOf(tried);
  const there = new Set(tried.map((t) => t.id));
  const gone = doubts
    .filter((d) => !there.has(d.id))
    .map((d) => ({ ...d, why: `${d.why} (its author took the test out, or gave it another name)` }));
  return [...now, ...gone];
}
