// Which files a repair should see first.
import type { Plan } from './plan.ts';
import type { Diagnostic, TestReport } from './report.ts';

/**
 * Source files that are likely wrong, the likeliest first: those in the frames of failures, those with diagnostics, those that the
 * failing test files use, and what these use in turn.
 *
 * @param sources paths of the source files
 * @param all true to name every source file (suspects first)
 */
export function suspects(
  plan: Plan,
  report: TestReport,
  diagnostics: readonly Diagnostic[],
  sources: readonly string[],
  all: boolean,
): readonly string[] {
  const known = new Set(sources);
  const order: string[] = [];
  const add = (path: string) => {
    if (known.has(path) && !order.includes(path)) order.push(path);
  };
  const failures = [...report.tests.flatMap((t) => (t.failure ? [{ path: t.path, failure: t.failure }] : [])), ...report.fileFailures];
  for (const f of failures) for (const frame of f.failure.frames) add(frame.path);
  for (const d of diagnostics) add(d.path);
  const failing = new Set(failures.map((f) => f.path));
  for (const t of plan.tests) if (failing.has(t.path)) t.uses.forEach(add);
  for (const path of [...order]) plan.files.find((f) => f.path === path)?.uses.forEach(add);
  if (all || order.length === 0) sources.forEach(add);
  return order;
}
