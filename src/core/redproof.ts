// The red proof: what a test must do on stubs to be worth anything.
import type { RedTest } from './events.ts';
import { gist } from './gist.ts';
import type { Violation } from './plan.ts';
import type { Diagnostic, TestReport } from './report.ts';

export interface RedProof {
  readonly tests: readonly RedTest[];
  /** `where` is a test file's path. */
  readonly problems: readonly Violation[];
}

/**
 * Judges test files from what they did on the throwing and on the wrong-but-well-typed stubs.
 * A test must fail on at least one of them. A file must load on at least one of them and hold at least one test.
 *
 * @param paths the test files
 * @param throwing the report on the throwing stubs
 * @param wrong the report on the wrong stubs
 * @param diagnostics what the type checker holds against the test files
 */
export function redProof(
  paths: readonly string[],
  throwing: TestReport,
  wrong: TestReport,
  diagnostics: readonly Diagnostic[],
  stubMarker: string,
): RedProof {
  const tests = mergeTests(throwing, wrong);
  const problems: Violation[] = diagnostics.map((d) => ({
    where: d.path,
    message: `${d.line > 0 ? `line ${d.line}: ` : ''}${d.message}`,
  }));
  for (const path of paths) {
    problems.push(...unloadable(path, throwing, wrong, stubMarker));
    const mine = tests.filter((t) => t.path === path);
    if (mine.length === 0 && !problems.some((p) => p.where === path)) problems.push({ where: path, message: 'the file holds no test' });
    for (const t of mine) {
      const inert = [t.throwing, t.wrong].find((s) => s === 'skipped' || s === 'todo');
      if (inert) problems.push({ where: path, message: `the test "${t.id}" is ${inert}: every test must run` });
      else if (isVacuous(t)) {
        problems.push({
          where: path,
          message: `the test "${t.id}" passes even when no code is written (on stubs that throw and on stubs that return wrong values), so it proves nothing: make it assert a concrete value that only working code gives, or drop it`,
        });
      }
    }
  }
  return { tests, problems };
}

/** True for a test that passed on both kinds of stub (or on the only one that it ran on). */
export function isVacuous(t: RedTest): boolean {
  const seen = [t.throwing, t.wrong].filter((s) => s !== 'missing');
  return seen.length > 0 && seen.every((s) => s === 'passed');
}

function mergeTests(throwing: TestReport, wrong: TestReport): RedTest[] {
  const byId = new Map<string, RedTest>();
  for (const t of throwing.tests) byId.set(t.id, { id: t.id, path: t.path, throwing: t.status, wrong: 'missing' });
  for (const t of wrong.tests) {
    const known = byId.get(t.id);
    byId.set(t.id, known ? { ...known, wrong: t.status } : { id: t.id, path: t.path, throwing: 'missing', wrong: t.status });
  }
  return [...byId.values()];
}

/** A file that fails outside its tests on a stub's error is as red as can be; one that fails by itself is broken. */
function unloadable(path: string, throwing: TestReport, wrong: TestReport, stubMarker: string): Violation[] {
  const own = [throwing, wrong].map((r) => r.fileFailures.find((f) => f.path === path && !f.failure.message.includes(stubMarker)));
  const [a, b] = own;
  const loaded = [...throwing.tests, ...wrong.tests].some((t) => t.path === path);
  const failure = a ?? b;
  if (!failure || (loaded && !(a && b))) return [];
  return [{ where: path, message: `the file fails outside its tests, before any code exists: ${gist(failure.failure.message)}` }];
}
