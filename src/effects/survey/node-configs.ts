// Where the JavaScript runners are configured, and which files that configuration takes for tests: literals only, nothing is run.
import { at, type Data, record, string, strings } from './formats/data.ts';
import { parseJson } from './formats/json.ts';
import { literalOf, UNKNOWN } from './formats/literals.ts';
import { parseYaml } from './formats/yaml.ts';
import { isGlob, rooted } from './glob.ts';
import { HABITS } from './habits.ts';
import { above, folderOf, join, type Repo } from './source.ts';

/** What a configuration says of the test files; globs from the repository's root. */
export interface Configured {
  /** Path from the root, or null when there is none. */
  readonly config: string | null;
  /** Empty: not said, or not as literals. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** What a command line adds: see `Arguments`. */
export interface Given {
  readonly config: string | null;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly extensions: readonly string[];
  readonly recursive: boolean;
  readonly plain: readonly string[];
}

const CODE = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'];

/** The configuration of `tool` for a package in `dir`, joined with what the command line says. */
export async function configured(repo: Repo, tool: string, dir: string, given: Given): Promise<Configured> {
  if (tool === 'vitest') return vitest(repo, dir, given);
  if (tool === 'jest') return jest(repo, dir, given);
  if (tool === 'mocha') return mocha(repo, dir, given);
  if (tool === 'borp') return borp(repo, dir, given);
  return { config: null, ...globs(repo, dir, [...given.plain, ...given.include], given.exclude, '**/*.?([cm])[jt]s') };
}

/** The first of the files that is there. */
export function firstFile(repo: Repo, dir: string, names: readonly string[]): string | null {
  return names.map((name) => join(dir, name)).find((path) => repo.has(path)) ?? null;
}

/** A file that a command line names, when it is in the tree. */
function named(repo: Repo, dir: string, path: string | null): string | null {
  const found = path === null ? null : rooted(dir, path);
  return found !== null && repo.has(found) ? found : null;
}

/** Globs, files and folders as globs from the root; a folder stands for `inside` it. What leaves the tree is dropped. */
function globs(repo: Repo, dir: string, include: readonly string[], exclude: readonly string[], inside: string) {
  const from = (items: readonly string[], tail: string) =>
    items.slice(0, 100).flatMap((item) => {
      const glob = rooted(dir, item);
      if (glob === null) return [];
      return isGlob(glob) || repo.has(glob) ? [glob] : item.endsWith('/') || repo.hasFolder(glob) ? [join(glob, tail)] : [glob];
    });
  return { include: [...new Set(from(include, inside))], exclude: [...new Set(from(exclude, '**'))] };
}

/** The strings of a list that is all literals; none otherwise. */
function literal(value: unknown): string[] {
  return Array.isArray(value) && value.includes(UNKNOWN) ? [] : strings(value);
}

/** https://vitest.dev/config/: `vitest.config.*` goes before `vite.config.*`. */
async function vitest(repo: Repo, dir: string, given: Given): Promise<Configured> {
  const files = ['vitest', 'vite'].flatMap((name) => CODE.map((ext) => `${name}.config.${ext}`));
  const config = named(repo, dir, given.config) ?? firstFile(repo, dir, files);
  const test = record(literalOf((config === null ? null : await repo.read(config)) ?? '', 'test'));
  const filters = [...given.plain, ...given.include].filter(
    (item) => named(repo, dir, item) !== null || repo.hasFolder(rooted(dir, item) ?? '\0'),
  );
  const include = filters.length > 0 ? filters : (projects(at(test, 'projects')) ?? literal(at(test, 'include')));
  return { config, ...globs(repo, dir, include, [...strings(at(test, 'exclude')), ...given.exclude], HABITS['vitest']?.[0] ?? '**') };
}

/**
 * What the projects of a vitest configuration take for tests: folders, configuration files in folders, and objects with their own `include`.
 * Empty where that is not said by literals; null when there are no projects.
 */
function projects(list: unknown): readonly string[] | null {
  if (!Array.isArray(list)) return null;
  const found = list.slice(0, 100).map((project) => {
    if (typeof project !== 'string') return literal(at(project, 'test', 'include'));
    const folder = /\.[cm]?[jt]s$/.test(project) ? folderOf(project) : project.replace(/\/$/, '');
    return /^\.?$/.test(folder) || folder.startsWith('!') ? [] : (HABITS['vitest'] ?? []).map((habit) => `${folder}/${habit}`);
  });
  return found.some((globs) => globs.length === 0) ? [] : found.flat();
}

/** Whether a vite configuration speaks of tests. */
export async function speaksOfTests(repo: Repo, config: string): Promise<boolean> {
  return typeof literalOf((await repo.read(config)) ?? '', 'test') === 'object';
}

const JEST_KEYS = ['testMatch', 'testRegex', 'testPathIgnorePatterns', 'roots', 'rootDir'];

/** https://jestjs.io/docs/configuration: a file `jest.config.*`, or the key `jest` of package.json. */
async function jest(repo: Repo, dir: string, given: Given): Promise<Configured> {
  const manifest = join(dir, 'package.json');
  const config =
    named(repo, dir, given.config) ??
    firstFile(
      repo,
      dir,
      [...CODE, 'json'].map((ext) => `jest.config.${ext}`),
    ) ??
    ((await manifestKey(repo, dir, 'jest')) === undefined ? null : manifest);
  const said = config === null ? {} : await jestData(repo, config);
  const base = rooted(config === null ? dir : folderOf(config), string(at(said, 'rootDir')) ?? '.') ?? dir;
  const root = base === '**' ? '' : base;
  const spelled = (items: readonly string[]) => items.map((item) => item.replace(/^<rootDir>\/?/, './'));
  const inRoots = (HABITS['jest'] ?? []).flatMap((habit) => spelled(literal(at(said, 'roots'))).map((folder) => `${folder}/${habit}`));
  const match = spelled(literal(at(said, 'testMatch')));
  if (match.length === 0 && at(said, 'testRegex') !== undefined)
    repo.remark(`${config ?? manifest} names its tests by testRegex, which redgreen does not evaluate; files are found by jest’s habit.`);
  const fromLine = [...given.plain, ...given.include].filter((item) => isGlob(item) || repo.hasFolder(rooted(dir, item) ?? '\0'));
  const include = fromLine.length > 0 ? fromLine : match.length > 0 ? match : inRoots;
  const inside = `**/{__tests__/**/*,*.{test,spec}}.?([cm])[jt]s?(x)`;
  return {
    config,
    ...globs(
      repo,
      root,
      include.filter((glob) => !glob.startsWith('!')),
      ignored(strings(at(said, 'testPathIgnorePatterns'))),
      inside,
    ),
  };
}

async function jestData(repo: Repo, config: string): Promise<Data> {
  const text = (await repo.read(config)) ?? '';
  if (config.endsWith('package.json')) return record(at(parseJson(text), 'jest'));
  if (config.endsWith('.json')) return record(parseJson(text));
  return Object.fromEntries(JEST_KEYS.map((key) => [key, literalOf(text, key)]));
}

/** Of the patterns to be ignored, which are regular expressions, those that are plain folders. */
function ignored(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => {
    const plain = pattern
      .replace(/^<rootDir>\/?/, './')
      .replaceAll('\\/', '/')
      .replace(/\/$/, '');
    if (!/^[\w./-]+$/.test(plain) || plain === '.' || plain.includes('..')) return [];
    return plain.startsWith('./') ? [`${plain}/**`] : [`**/${plain.replace(/^\//, '')}/**`];
  });
}

const MOCHARC = ['js', 'cjs', 'mjs', 'yaml', 'yml', 'jsonc', 'json'].map((ext) => `.mocharc.${ext}`);

/** https://mochajs.org/#configuring-mocha-nodejs: `.mocharc.*`, or the key `mocha` of package.json; without a spec `./test`. The file may be in a folder above. */
async function mocha(repo: Repo, dir: string, given: Given): Promise<Configured> {
  const own = await manifestKey(repo, dir, 'mocha');
  const config =
    named(repo, dir, given.config) ??
    [dir, ...above(dir)].map((folder) => firstFile(repo, folder, MOCHARC)).find((path) => path !== null) ??
    (own === undefined ? null : join(dir, 'package.json'));
  const said = config === null ? {} : config.endsWith('package.json') ? record(own) : await mochaData(repo, config);
  const extensions = [...given.extensions, ...strings(at(said, 'extension')), ...strings(at(said, 'extensions'))].map((ext) =>
    ext.replace(/^\./, ''),
  );
  const recursive = given.recursive || at(said, 'recursive') === true;
  const plain = [...given.plain, ...given.include];
  const spec = [...plain, ...literal(at(said, 'spec'))];
  const inside = `${recursive ? '**/' : ''}*.{${(extensions.length > 0 ? extensions : ['js', 'cjs', 'mjs']).join(',')}}`;
  const exclude = [...given.exclude, ...strings(at(said, 'ignore')), ...strings(at(said, 'exclude'))];
  return { config, ...globs(repo, dir, spec.length > 0 ? spec : ['./test/'], exclude, inside) };
}

async function mochaData(repo: Repo, config: string): Promise<Data> {
  const text = (await repo.read(config)) ?? '';
  if (/\.[cm]?js$/.test(config))
    return Object.fromEntries(['spec', 'extension', 'recursive', 'ignore'].map((key) => [key, literalOf(text, key)]));
  return record(config.includes('.json') ? parseJson(text) : await parseYaml(text));
}

/** https://github.com/mcollina/borp: patterns from `-p`, else from `.borp.yaml`. */
async function borp(repo: Repo, dir: string, given: Given): Promise<Configured> {
  const file = firstFile(repo, dir, ['.borp.yaml', '.borp.yml']);
  const said = file === null ? null : await parseYaml((await repo.read(file)) ?? '');
  const line = [...given.plain, ...given.include];
  const include = line.length > 0 ? line : strings(at(said, 'files'));
  const found = globs(repo, dir, include.length > 0 ? include : ['**/*.test.?([cm])[jt]s'], given.exclude, '**/*.?([cm])[jt]s');
  return { config: null, ...found };
}

async function manifestKey(repo: Repo, dir: string, key: string): Promise<unknown> {
  return at(parseJson((await repo.read(join(dir, 'package.json'))) ?? ''), key);
}
