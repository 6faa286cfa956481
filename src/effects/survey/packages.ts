// The packages of a repository: the root, the members of its workspaces, and projects that stand beside each other.
import { at, string, strings } from './formats/data.ts';
import { parseJson } from './formats/json.ts';
import { parseToml } from './formats/toml.ts';
import { parseYaml } from './formats/yaml.ts';
import { globMatcher, rooted } from './glob.ts';
import { isForeign, isSample } from './kinds.ts';
import { workspaceGlobs } from './manifests.ts';
import { above, folderOf, join, type Repo } from './source.ts';

/** A folder with one or more manifests. */
export interface Found {
  readonly dir: string;
  readonly name: string;
  /** What each manifest says, already read; null where there is none. */
  readonly node: unknown;
  readonly python: unknown;
  readonly cargo: unknown;
  readonly go: string | null;
}

const MOST_PACKAGES = 300;
const AT_ONCE = 8;
const MANIFESTS = ['package.json', 'pyproject.toml', 'setup.py', 'setup.cfg', 'go.mod', 'Cargo.toml'];
/** Folders above a project that no workspace names. */
const DEEPEST_LOOSE = 3;

/** Root first (also without a manifest), then by folder. */
export async function findPackages(repo: Repo): Promise<readonly Found[]> {
  const member = await memberTest(repo);
  const folders = [...new Set(MANIFESTS.flatMap((name) => repo.named(name)).map(folderOf))].filter(
    (dir) => dir !== '' && !isForeign(`${dir}/`),
  );
  const dirs = folders.filter((dir) => member.isMember(dir) || isLoose(repo, dir, member.isLeftOut)).sort();
  if (dirs.length > MOST_PACKAGES)
    repo.remark(`The repository has ${dirs.length} packages; ${MOST_PACKAGES} were read. --dir can name the one to work in.`);
  const all = ['', ...dirs.slice(0, MOST_PACKAGES)];
  const found: Found[] = [];
  for (let i = 0; i < all.length; i += AT_ONCE) found.push(...(await Promise.all(all.slice(i, i + AT_ONCE).map((dir) => read(repo, dir)))));
  return found;
}

async function read(repo: Repo, dir: string): Promise<Found> {
  const text = async (name: string) => (repo.has(join(dir, name)) ? await repo.read(join(dir, name)) : null);
  const [json, pyproject, cargo, go] = await Promise.all([
    text('package.json'),
    text('pyproject.toml'),
    text('Cargo.toml'),
    text('go.mod'),
  ]);
  const node = json === null ? null : parseJson(json);
  if (json !== null && node === null) repo.remark(`${join(dir, 'package.json')} is no valid JSON and was passed over.`);
  const python =
    pyproject !== null ? parseToml(pyproject) : repo.has(join(dir, 'setup.py')) || repo.has(join(dir, 'setup.cfg')) ? {} : null;
  const rust = cargo === null ? null : parseToml(cargo);
  const names = [at(node, 'name'), at(python, 'project', 'name'), at(python, 'tool', 'poetry', 'name'), at(rust, 'package', 'name')];
  const module = /^\s*module\s+(\S+)/m.exec(go?.slice(0, 2_000) ?? '')?.[1];
  const name = names.map(string).find((one) => one !== null && one !== '') ?? module ?? dir;
  return { dir, name: name.slice(0, 200), node, python, cargo: rust, go };
}

interface Members {
  isMember(dir: string): boolean;
  /** A workspace says that it is none of its members. */
  isLeftOut(dir: string): boolean;
}

/** What the workspaces of the root name: package.json, pnpm-workspace.yaml, lerna.json, go.work, Cargo.toml, uv. */
async function memberTest(repo: Repo): Promise<Members> {
  const text = async (name: string) => (repo.has(name) ? await repo.read(name) : null);
  const [json, pnpm, lerna, work, cargo, pyproject] = await Promise.all(
    ['package.json', 'pnpm-workspace.yaml', 'lerna.json', 'go.work', 'Cargo.toml', 'pyproject.toml'].map(text),
  );
  const rust = at(cargo == null ? null : parseToml(cargo), 'workspace');
  const uv = at(pyproject == null ? null : parseToml(pyproject), 'tool', 'uv', 'workspace');
  const globs = [
    ...workspaceGlobs(json == null ? null : parseJson(json)),
    ...(pnpm == null ? [] : strings(at(await parseYaml(pnpm), 'packages'))),
    ...(lerna == null ? [] : strings(at(parseJson(lerna), 'packages'))),
    ...goWork(work ?? ''),
    ...[rust, uv].flatMap((one) => strings(at(one, 'members'))),
  ];
  const excluded = [
    ...globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)),
    ...[rust, uv].flatMap((one) => strings(at(one, 'exclude'))),
  ];
  const matcher = (list: readonly string[]) =>
    globMatcher(list.slice(0, 300).flatMap((glob) => (/^\.?\/?$/.test(glob) ? [] : (rooted('', glob) ?? []))));
  const [named, isLeftOut] = [matcher(globs.filter((glob) => !glob.startsWith('!'))), matcher(excluded)];
  return { isMember: (dir) => named(dir) && !isLeftOut(dir), isLeftOut };
}

/** `use ./a` and `use ( … )` of go.work: go.dev/ref/mod#workspaces. */
function goWork(text: string): string[] {
  const lines = text
    .slice(0, 100_000)
    .split('\n')
    .map((line) => (line.split('//')[0] ?? '').trim());
  let open = false;
  return lines.flatMap((line) => {
    if (/^use\s*\($/.test(line)) open = true;
    else if (line === ')') open = false;
    else if (open) return line === '' ? [] : [line];
    return /^use\s+[^(\s]\S*$/.test(line) ? [line.replace(/^use\s+/, '')] : [];
  });
}

/** A project that no workspace names and that is no sample: a back end beside a front end, a second module of Go. */
function isLoose(repo: Repo, dir: string, isLeftOut: (dir: string) => boolean): boolean {
  if (isSample(dir) || isLeftOut(dir) || above(dir).length > DEEPEST_LOOSE) return false;
  if (repo.has(join(dir, 'go.mod')) || repo.has(join(dir, 'pyproject.toml')) || repo.has(join(dir, 'Cargo.toml'))) return true;
  return repo.has(join(dir, 'package.json')) && above(dir).some((parent) => repo.has(join(parent, 'package.json'))) === false;
}
