// How the tests of a Python package are run: pytest where it is configured or asked for, else unittest where the tests are written for it.
import type { TestSetup } from '../../core/survey.ts';
import { at, strings } from './formats/data.ts';
import { parseIni, words } from './formats/ini.ts';
import { parseToml } from './formats/toml.ts';
import { isGlob, rooted } from './glob.ts';
import { join, nameOf, type Repo } from './source.ts';

/** A package's folder, its pyproject.toml as data, and its own files. */
export interface PythonPackage {
  readonly dir: string;
  readonly pyproject: unknown;
  readonly files: readonly string[];
}

interface Pytest {
  readonly config: string;
  readonly testpaths: readonly string[];
  readonly names: readonly string[];
}

const MOST_SNIFFED = 20;

/** At most one setup. */
export async function pythonSetups(repo: Repo, pkg: PythonPackage): Promise<readonly TestSetup[]> {
  const configured = await pytestConfig(repo, pkg);
  if (configured !== null) return [pytest(repo, pkg, configured, configured.config)];
  const conftest = pkg.files.find((path) => nameOf(path) === 'conftest.py');
  if (conftest !== undefined) return [pytest(repo, pkg, null, conftest)];
  const asked = await asksForPytest(repo, pkg);
  if (asked !== null) return [pytest(repo, pkg, null, asked)];
  return fromImports(repo, pkg);
}

/** The first file that counts: docs.pytest.org/en/stable/reference/customize.html. */
async function pytestConfig(repo: Repo, { dir, pyproject }: PythonPackage): Promise<Pytest | null> {
  const of = (name: string) => join(dir, name);
  const text = async (name: string) => (repo.has(of(name)) ? await repo.read(of(name)) : null);
  const toml = async (name: string) => {
    const found = await text(name);
    return found === null ? null : fromToml(of(name), at(parseToml(found), 'pytest'));
  };
  const ini = async (name: string, section: string, always: boolean) => {
    const found = await text(name);
    const fields = found === null ? undefined : parseIni(found).get(section);
    if (found === null || (fields === undefined && !always)) return null;
    return { config: of(name), testpaths: words(fields?.get('testpaths')), names: words(fields?.get('python_files')) };
  };
  const inPyproject = at(pyproject, 'tool', 'pytest', 'ini_options') ?? at(pyproject, 'tool', 'pytest');
  return (
    (await toml('pytest.toml')) ??
    (await toml('.pytest.toml')) ??
    (await ini('pytest.ini', 'pytest', true)) ??
    (await ini('.pytest.ini', 'pytest', true)) ??
    (inPyproject === undefined ? null : fromToml(of('pyproject.toml'), inPyproject)) ??
    (await ini('tox.ini', 'pytest', false)) ??
    (await ini('setup.cfg', 'tool:pytest', false))
  );
}

function fromToml(config: string, data: unknown): Pytest {
  const list = (key: string) => strings(at(data, key)).flatMap((value) => words(value));
  return { config, testpaths: list('testpaths'), names: list('python_files') };
}

function pytest(repo: Repo, { dir }: PythonPackage, found: Pytest | null, why: string): TestSetup {
  const names = (found?.names ?? []).map((name) => name.replace(/^.*\//, ''));
  const files = names.length > 0 ? names : ['test_*.py', '*_test.py'];
  const places = (found?.testpaths ?? [])
    .flatMap((path) => rooted(dir, path) ?? [])
    .filter((path) => isGlob(path) || repo.has(path) || repo.hasFolder(path));
  const isSaid = places.length > 0 || names.length > 0;
  const roots = places.length > 0 ? places : [dir];
  const include = roots.flatMap((root) => (root.endsWith('.py') ? [root] : files.map((name) => join(root, `**/${name}`))));
  return {
    runner: 'pytest',
    language: 'python',
    dir,
    config: found?.config ?? null,
    flags: [],
    env: {},
    include: isSaid ? include : [],
    exclude: [],
    why,
  };
}

const PYTEST = /^pytest(?![\w])/i;

/** Where a manifest asks for pytest: its path, or null. */
async function asksForPytest(repo: Repo, { dir, pyproject }: PythonPackage): Promise<string | null> {
  const groups = [
    at(pyproject, 'project', 'dependencies'),
    ...Object.values(Object(at(pyproject, 'project', 'optional-dependencies'))),
    ...Object.values(Object(at(pyproject, 'dependency-groups'))),
    at(pyproject, 'tool', 'uv', 'dev-dependencies'),
  ];
  const poetry = [
    at(pyproject, 'tool', 'poetry', 'dev-dependencies'),
    ...Object.values(Object(at(pyproject, 'tool', 'poetry', 'group'))).map((group) => at(group, 'dependencies')),
  ];
  if (
    groups.some((group) => strings(group).some((name) => PYTEST.test(name))) ||
    poetry.some((group) => Object.hasOwn(Object(group), 'pytest'))
  )
    return join(dir, 'pyproject.toml');
  const others = repo
    .inFolder(dir)
    .filter((path) => /^(?:requirements[\w.-]{0,60}\.(?:txt|in)|tox\.ini|setup\.(?:py|cfg)|noxfile\.py|Pipfile)$/.test(nameOf(path)));
  const nested = repo.inFolder(join(dir, 'requirements')).filter((path) => /\.(?:txt|in)$/.test(path));
  for (const path of [...others, ...nested].slice(0, 12)) if (/\bpytest\b/.test((await repo.read(path)) ?? '')) return path;
  return null;
}

/** By what the test files import. Django's own test command is none of ours. */
async function fromImports(repo: Repo, { dir, files }: PythonPackage): Promise<readonly TestSetup[]> {
  const tests = files.filter((path) => /^(?:test.*|.*_tests?)\.py$/.test(nameOf(path))).slice(0, MOST_SNIFFED);
  const texts = await Promise.all(tests.map(async (path) => ((await repo.read(path)) ?? '').slice(0, 20_000)));
  const says = (module: RegExp) => tests.find((_, i) => module.test(texts[i] ?? ''));
  const byPytest = says(/^(?:import|from)\s+pytest\b/m);
  if (byPytest !== undefined) return [pytest(repo, { dir, pyproject: null, files }, null, `imports of ${byPytest}`)];
  const byDjango = says(/^from\s+django\.test\b/m);
  if (byDjango !== undefined) {
    repo.remark(`${byDjango} is written for Django's test command, for which redgreen has no adapter; --check can run it.`);
    return [];
  }
  const byUnittest = says(/^(?:import|from)\s+unittest\b/m);
  if (byUnittest !== undefined)
    return [
      {
        runner: 'unittest',
        language: 'python',
        dir,
        config: null,
        flags: [],
        env: {},
        include: [],
        exclude: [],
        why: `imports of ${byUnittest}`,
      },
    ];
  const plain = tests.find((_, i) => /^(?:async )?def test_/m.test(texts[i] ?? ''));
  return plain === undefined ? [] : [pytest(repo, { dir, pyproject: null, files }, null, `functions of ${plain}`)];
}
