// Which files each runner takes for tests when nobody tells it, as its own documentation says.
import type { RunnerId } from '../../core/plan.ts';
import { globMatcher } from './glob.ts';

const SCRIPT = '?([cm])[jt]s?(x)';

/** Globs from the folder where the runner is started. */
export const HABITS: Readonly<Record<RunnerId, readonly string[]>> = {
  vitest: [`**/*.{test,spec}.${SCRIPT}`],
  jest: [`**/__tests__/**/*.${SCRIPT}`, `**/{*.,}{test,spec}.${SCRIPT}`],
  mocha: ['test/*.{js,cjs,mjs}'],
  'node:test': ['**/*{.,-,_}test.?([cm])[jt]s', '**/test-*.?([cm])[jt]s', '**/test.?([cm])[jt]s', '**/test/**/*.?([cm])[jt]s'],
  pytest: ['**/test_*.py', '**/*_test.py'],
  unittest: ['**/test*.py'],
  go: ['**/*_test.go'],
  cargo: ['**/tests/**/*.rs', '**/{test,tests,test_*,*_test,*_tests}.rs'],
  // Of any language: the command knows what its tests are, this only says what is locked.
  junit: ['**/{test,tests,spec,specs,__tests__}/**', '**/*{.,-,_}{test,spec}.*', '**/test_*.*', '**/*{Test,Tests,Spec}.*'],
};

/** What every runner passes over. */
const NEVER = globMatcher(['**/node_modules/**', '**/.git/**', '**/*.d.{ts,mts,cts}']);

/** Runners whose tests may stand in the same file as the code: such a file is run, but is no test to be locked. */
export const MIXED: ReadonlySet<RunnerId> = new Set(['cargo']);

/** The runner's habit as globs from the repository's root. */
export function habitOf({ runner, dir }: { readonly runner: RunnerId; readonly dir: string }): readonly string[] {
  return (HABITS[runner] ?? []).map((glob) => (dir === '' ? glob : `${dir}/${glob}`));
}

/** Test files among what lies in `dir`, by globs from the root (or the habit, when there are none). */
export function testMatcher(setup: {
  readonly runner: RunnerId;
  readonly dir: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}): (path: string) => boolean {
  const fits = globMatcher(setup.include.length > 0 ? setup.include : habitOf(setup));
  const leftOut = globMatcher(setup.exclude);
  return (path) => fits(path) && !leftOut(path) && !NEVER(path);
}
