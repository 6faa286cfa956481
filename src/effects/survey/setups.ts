// Which of a repository's test setups runs a test file.
import type { Survey, TestSetup } from '../../core/survey.ts';
import { MIXED, testMatcher } from './habits.ts';
import { above, folderOf, isIn } from './source.ts';

/**
 * The setup that runs `path`: of those that take it for a test (by their globs or the runner's habit) the one that is started nearest to it;
 * else the first setup of the nearest package that has one for its kind of file. Null when there is none.
 */
export function setupFor(survey: Pick<Survey, 'packages'>, path: string): TestSetup | null {
  const setups = survey.packages.flatMap((one) => one.setups).filter((setup) => isIn(setup.dir, path) && speaks(setup, path));
  const nearest = [...setups].sort((a, b) => b.dir.length - a.dir.length);
  return nearest.find((setup) => testMatcher(setup)(path)) ?? nearest[0] ?? null;
}

const ENDINGS: Readonly<Record<TestSetup['language'], RegExp>> = {
  typescript: /\.(?:[cm]?[jt]sx?|vue|svelte)$/,
  javascript: /\.(?:[cm]?[jt]sx?|vue|svelte)$/,
  python: /\.py$/,
  go: /\.go$/,
  rust: /\.rs$/,
};

function speaks(setup: TestSetup, path: string): boolean {
  return ENDINGS[setup.language].test(path);
}

/** Whether `path` is a test and nothing else: a source file with tests in it is run by `testFiles`, but is none. */
export function isTestFile(survey: Pick<Survey, 'packages'>, path: string): boolean {
  const setup = setupFor(survey, path);
  return setup !== null && testMatcher(MIXED.has(setup.runner) ? { ...setup, include: [] } : setup)(path);
}

/** The test files of all setups among `files` (all paths of the tree), in their order. */
export function testFiles(survey: Pick<Survey, 'packages'>, files: readonly string[]): readonly string[] {
  const setups = survey.packages.flatMap((one) => one.setups).map((setup) => ({ setup, fits: testMatcher(setup) }));
  const byFolder = Map.groupBy(setups, ({ setup }) => setup.dir);
  return files.filter((path) => {
    const folder = folderOf(path);
    const near = [folder, ...above(folder)].flatMap((dir) => byFolder.get(dir) ?? []);
    return near.some(({ setup, fits }) => speaks(setup, path) && fits(path));
  });
}
