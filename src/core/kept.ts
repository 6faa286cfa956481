// The tests that a run takes over from the branch that it goes on with, and what all of its tests have to show.
import type { TestLine } from './events.ts';
import { placeId } from './made-names.ts';
import { isCodeFile } from './plan-rules.ts';
import type { Tree } from './ref.ts';
import type { TestId } from './report.ts';
import type { State } from './state.ts';

/** The test files from before that stay as they are: all but those that the plan has written anew. */
export function keptTree(s: State): Tree {
  return Object.fromEntries(Object.entries(s.run?.kept ?? {}).filter(([path]) => s.tests[path] === undefined));
}

/** The run's own test files as they stand, frozen or drafted. */
export function testTree(s: State): Tree {
  return Object.fromEntries(Object.values(s.tests).flatMap((item) => (item.blob ? [[item.path, item.blob]] : [])));
}

/** Every test file of the run: its own, and those from before. */
export function testPaths(s: State): readonly string[] {
  return [...Object.keys(s.tests), ...Object.keys(keptTree(s))];
}

/** The ids that every test run has to show: those of the red proof, and those that the kept files had on the base. */
export function expectedIds(s: State): readonly TestId[] {
  return [...s.red.tests.map((t) => t.id), ...keptIds(Object.keys(keptTree(s)), s.red.baseline)];
}

/** Ids of kept files on the base, whether they passed there or are still to be done. One that did not load there has a place for a test. */
export function keptIds(paths: readonly string[], baseline: readonly TestLine[]): readonly TestId[] {
  return paths.flatMap((path) => {
    const ids = baseline.filter((t) => t.path === path && t.id !== path).map((t) => t.id);
    return ids.length > 0 ? ids : [placeId(path, 1)];
  });
}

/**
 * True where a run changes code that was there, or goes on with earlier tests: only then may a test pass before the code is written. What is
 * merely put beside a repository's code is as strict as a new repository.
 */
export function isChange(s: State): boolean {
  const { plan, run } = s;
  if (!plan || !run?.base.commit) return false;
  return Object.keys(run.kept).length > 0 || plan.files.some((f) => isCodeFile(f.path, plan.language) && run.base.files.includes(f.path));
}

/** True when every test passes on the code as it is: nothing that is to change is tested. */
export function testsNothingNew(baseline: readonly TestLine[]): boolean {
  return baseline.length > 0 && baseline.every((t) => t.status === 'passed');
}

/** The expected ids of `passing`, a run on the tests' commit without the code, that should not be: neither known to prove nothing nor passing on the base. */
export function unrevertedOf(passing: readonly TestId[], known: ReadonlySet<TestId>, baseline: readonly TestLine[]): readonly TestId[] {
  const before = new Set(baseline.filter((t) => t.status === 'passed').map((t) => t.id));
  return passing.filter((id) => !known.has(id) && !before.has(id));
}
