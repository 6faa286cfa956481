// Reading a repository without running any of it: languages, packages, how tests are run, what the project asks.
import type { CodeLanguage } from '../../core/plan.ts';
import type { PackageInfo, Survey, TestSetup } from '../../core/survey.ts';
import { cargoSetups, goSetups } from './compiled.ts';
import { conventionsOf } from './conventions.ts';
import { isOurs, languageOf } from './kinds.ts';
import { managerOf } from './manager.ts';
import { mostFirst } from './manifests.ts';
import { nodeSetups } from './node.ts';
import { type Found, findPackages } from './packages.ts';
import { pythonSetups } from './python.ts';
import { above, createRepo, folderOf, isIn, type Repo, type SurveySource } from './source.ts';

export type { SurveySource } from './source.ts';

/** A language with fewer of a package's files than this part of the most is not named as one of its own. */
const TRIFLE = 0.1;

/**
 * What is known of a repository from reading it. Takes the paths of one commit and a way to read them; reads manifests, configuration, up to 20 test
 * files where nothing else tells the runner, and what is written for contributors. What cannot be understood is a remark, never an error;
 * only errors of `source` itself come through.
 */
export async function survey(source: SurveySource): Promise<Survey> {
  const repo = createRepo(source);
  const found = await findPackages(repo);
  const owned = ownFiles(repo, found);
  const [packages, conventions] = await Promise.all([
    readPackages(repo, found, owned),
    source.subjects().then((subjects) => conventionsOf(repo, found, subjects)),
  ]);
  const languages = mostFirst(repo.files.flatMap((path) => languageOf(path) ?? [])).map(([language, files]) => ({ language, files }));
  const main = languages.map(({ language }) => language).find(isOurs) ?? null;
  const root = found[0];
  const manager = root === undefined ? { manager: null, lock: null } : managerOf(repo, root, main);
  if (packages.every((one) => one.setups.length === 0))
    repo.remark('No tests were found that redgreen has a runner for; tests can be given with --tests, or a command with --check.');
  return { languages, ...manager, packages, conventions, remarks: [...repo.remarks] };
}

/** Each package's own files of code, without those of packages inside it. */
function ownFiles(repo: Repo, found: readonly Found[]): ReadonlyMap<string, readonly string[]> {
  const owned = new Map<string, string[]>(found.map(({ dir }) => [dir, []]));
  const nearest = new Map<string, string[] | undefined>();
  for (const path of repo.files) {
    if (languageOf(path) === null) continue;
    const folder = folderOf(path);
    if (!nearest.has(folder)) {
      const dir = [folder, ...above(folder)].find((one) => owned.has(one)) ?? '';
      nearest.set(folder, owned.get(dir));
    }
    nearest.get(folder)?.push(path);
  }
  return owned;
}

async function readPackages(
  repo: Repo,
  found: readonly Found[],
  owned: ReadonlyMap<string, readonly string[]>,
): Promise<readonly PackageInfo[]> {
  const packages: PackageInfo[] = [];
  for (const one of found) {
    const files = owned.get(one.dir) ?? [];
    const languages = mostFirst(files.flatMap((path) => languageOf(path) ?? [])).filter(([language]) => isOurs(language));
    const most = languages[0]?.[1] ?? 0;
    const named = languages.filter(([, count]) => count >= most * TRIFLE).map(([language]) => language as CodeLanguage);
    const outer = packages.filter((other) => isIn(other.dir, one.dir)).flatMap((other) => other.setups);
    const setups = await setupsOf(repo, one, files, outer);
    packages.push({ dir: one.dir, name: one.name, languages: named, setups: inOrder(setups, named) });
  }
  return packages;
}

async function setupsOf(repo: Repo, found: Found, files: readonly string[], outer: readonly TestSetup[]): Promise<readonly TestSetup[]> {
  const { dir } = found;
  const python = found.python !== null || (dir === '' && files.some((path) => path.endsWith('.py')));
  // The runner of a root may run the tests of all members.
  const reach = found.node !== null && dir === '' ? repo.files.filter((path) => languageOf(path) !== null) : files;
  return [
    ...(found.node === null ? [] : await nodeSetups(repo, { dir, manifest: found.node, own: files, reach, outer })),
    ...(python ? await pythonSetups(repo, { dir, pyproject: found.python, files }) : []),
    ...(found.go === null ? [] : goSetups(dir, files)),
    ...(found.cargo === null ? [] : await cargoSetups(repo, dir, found.cargo, files)),
  ];
}

/** Setups of the package's main language first, otherwise as they were found. */
function inOrder(setups: readonly TestSetup[], languages: readonly CodeLanguage[]): readonly TestSetup[] {
  const family = (language: CodeLanguage | undefined) => (language === 'typescript' ? 'javascript' : language);
  const order = [...new Set(languages.map(family))];
  const rank = (setup: TestSetup) => {
    const index = order.indexOf(family(setup.language));
    return index === -1 ? order.length : index;
  };
  return [...setups].sort((a, b) => rank(a) - rank(b));
}
