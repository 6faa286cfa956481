// Which of a repository's test setups runs a test file.
import type { Survey, TestSetup } from '../../core/survey.ts';
import { MIXED, testMatcher } from './habits.ts';
import { above, folderOf, isIn } from './source.ts';

/**
 * The setup that runs `path`: of those that take it for a test (by their globs or the runner's habit) the one that is started nearest to it;
 * else the first setup of the nearest package that has one for its kind of file. A configuration further out goes before one of the same runner
 * whose folder it names: that one is then a project of it, and may not stand alone. Null when there is none.
 */
export function setupFor(survey: Pick<Survey, 'packages'>, path: string): TestSetup | null {
  const setups = survey.packages.flatMap((one) => one.setups).filter((setup) => isIn(setup.dir, path) && speaks(setup, path));
  const nearest = [...setups].sort((a, b) => b.dir.length - a.dir.length);
  const [first, ...others] = nearest.filter((setup) => testMatcher(setup)(path));
  return others.findLast((setup) => setup.runner === first?.runner && names(setup, path)) ?? first ?? nearest[0] ?? null;
}

/** Whether the globs of a setup name a folder that `path` is in, rather than any. */
function names(setup: TestSetup, path: string): boolean {
  const folders = setup.include.map((glob) => /^(?:[^*?{}()[\]!/]+\/)+/.exec(glob)?.[0] ?? '');
  return folders.some((folder) => folder.length > setup.dir.length + 1 && path.startsWith(folder));
}

const ENDINGS: Readonly<Record<TestSetup['language'], RegExp>> = {
  typescript: /\.(?:[cm]?[jt]sx?|vue|svelte)$/,
  javascript: /\.(?:[cm]?[jt]sx?|vue|svelte)$/,
  python: /\.py$/,
  go: /\.go$/,
  rust: /\.rs$/,
};

function speaks(setup: TestSetup, path: string): boolean {
  if (setup.runner === 'junit') return true;
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
