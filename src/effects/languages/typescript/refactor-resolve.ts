// Which file of a tree an import names, whatever its style: with an ending, without, with the ending of what it compiles to, by an alias or a package's name.
import { posix } from 'node:path';
import type { Files } from '../../../core/ref.ts';
import { ts } from './compiler.ts';
import { isRelative } from './paths.ts';

const ENDINGS = ['.ts', '.tsx', '.d.ts', '.mts', '.cts', '.d.mts', '.d.cts', '.js', '.jsx', '.mjs', '.cjs'];
/** What a file that is imported with the ending on the left may be written in. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.d.ts'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts', '.d.mts'],
  '.cjs': ['.cts', '.d.cts'],
};

/** How a specifier was resolved: the file, and for an alias of a tsconfig the pattern and its target. */
export interface Resolved {
  readonly path: string;
  readonly alias: { readonly pattern: string; readonly target: string } | null;
}

/** Resolves a specifier of the file `from`; null for a package or a file that the tree does not have. */
export type Resolve = (from: string, specifier: string) => Resolved | null;

interface Config {
  readonly paths: readonly { readonly pattern: string; readonly target: string }[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** The compiler options of the tsconfig.json or jsconfig.json nearest to `path`, with what it extends inside the tree. */
export function optionsNear(files: Files, path: string): Readonly<Record<string, unknown>> {
  return configNear(files, path)?.options ?? {};
}

/** Makes the resolver of a tree. */
export function resolver(files: Files): Resolve {
  const configs = new Map<string, Config | null>();
  const config = (folder: string, path: string): Config | null => {
    const known = configs.get(folder);
    if (known !== undefined) return known;
    const made = configNear(files, path);
    configs.set(folder, made);
    return made;
  };
  const packages = packagesOf(files);
  return (from, specifier) => {
    const plain = (path: string | null): Resolved | null => (path === null ? null : { path, alias: null });
    const bare = specifier.replace(/\?.*$/, '');
    if (isRelative(bare)) return plain(fileAt(files, posix.join(posix.dirname(from), bare)));
    for (const alias of config(posix.dirname(from), from)?.paths ?? []) {
      const rest = matchOf(alias.pattern, bare);
      const path = rest === null ? null : fileAt(files, alias.target.replace('*', rest));
      if (path !== null) return { path, alias };
    }
    return plain(inPackages(files, packages, bare));
  };
}

/** What `*` stands for when `specifier` fits the pattern; null when it does not. */
export function matchOf(pattern: string, specifier: string): string | null {
  const [head = '', tail] = pattern.split('*');
  if (tail === undefined) return specifier === pattern ? '' : null;
  const fits = specifier.length >= head.length + tail.length && specifier.startsWith(head) && specifier.endsWith(tail);
  return fits ? specifier.slice(head.length, specifier.length - tail.length) : null;
}

/** The file of the tree that a path without, or with another, ending names. */
export function fileAt(files: Files, path: string): string | null {
  const wanted = posix.normalize(path).replace(/\/$/, '');
  if (wanted.startsWith('..')) return null;
  if (Object.hasOwn(files, wanted)) return wanted;
  const ending = posix.extname(wanted);
  const stem = wanted.slice(0, wanted.length - ending.length);
  const tries = [
    ...(SOURCES[ending] ?? []).map((each) => stem + each),
    ...ENDINGS.map((each) => wanted + each),
    ...ENDINGS.map((each) => posix.join(wanted, `index${each}`)),
  ];
  return tries.find((each) => Object.hasOwn(files, each)) ?? null;
}

function configNear(files: Files, path: string): Config | null {
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    for (const name of ['tsconfig.json', 'jsconfig.json']) {
      const at = folder === '.' ? name : `${folder}/${name}`;
      if (files[at] !== undefined) return readConfig(files, at, 0);
    }
    if (folder === '.' || folder === '/') return null;
  }
}

function readConfig(files: Files, at: string, depth: number): Config {
  const raw = (ts.parseConfigFileTextToJson(at, files[at] ?? '').config ?? {}) as Record<string, unknown>;
  const folder = posix.dirname(at);
  const bases = [raw['extends'] ?? []].flat().filter((each): each is string => typeof each === 'string' && isRelative(each));
  const inherited = depth > 5 ? [] : bases.flatMap((each) => [posix.join(folder, each), posix.join(folder, `${each}.json`)]);
  const parents = inherited.filter((each) => files[each] !== undefined).map((each) => readConfig(files, each, depth + 1));
  const own = (raw['compilerOptions'] ?? {}) as Record<string, unknown>;
  const base = posix.join(folder, typeof own['baseUrl'] === 'string' ? own['baseUrl'] : '.');
  const entries = Object.entries((own['paths'] ?? {}) as Record<string, unknown>);
  const paths = entries.flatMap(([pattern, targets]) =>
    [targets].flat().flatMap((target) => (typeof target === 'string' ? [{ pattern, target: posix.join(base, target) }] : [])),
  );
  const rooted = typeof own['baseUrl'] === 'string' ? [{ pattern: '*', target: posix.join(base, '*') }] : [];
  return {
    paths: paths.length > 0 ? [...paths, ...rooted] : [...rooted, ...parents.flatMap((each) => each.paths)],
    options: Object.assign({}, ...parents.map((each) => each.options), own) as Record<string, unknown>,
  };
}

interface Package {
  readonly folder: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** The packages of the tree (a monorepo's) by name. */
function packagesOf(files: Files): ReadonlyMap<string, Package> {
  const found = new Map<string, Package>();
  for (const [path, text] of Object.entries(files)) {
    if (!/(^|\/)package\.json$/.test(path)) continue;
    try {
      const manifest = JSON.parse(text) as Record<string, unknown>;
      if (typeof manifest['name'] === 'string') found.set(manifest['name'], { folder: posix.dirname(path), manifest });
    } catch {
      // A manifest that cannot be read names no package.
    }
  }
  return found;
}

/** The source of a package of the tree: what its manifest names, or the file in `src` that a built one comes from. */
function inPackages(files: Files, packages: ReadonlyMap<string, Package>, specifier: string): string | null {
  for (const [name, { folder, manifest }] of packages) {
    if (specifier !== name && !specifier.startsWith(`${name}/`)) continue;
    const sub = specifier === name ? '.' : `.${specifier.slice(name.length)}`;
    const named = [...strings((manifest['exports'] as Record<string, unknown> | undefined)?.[sub])];
    if (sub === '.') for (const key of ['source', 'types', 'module', 'main']) named.push(...strings(manifest[key]));
    const sources = named.map((each) => each.replace(/^(\.\/)?(dist|lib|build|out|es|esm|cjs)\//, 'src/'));
    const guesses = sub === '.' ? ['src/index', 'index'] : [sub, `src/${sub}`];
    for (const each of [...named, ...sources, ...guesses]) {
      const path = fileAt(files, posix.join(folder, each));
      if (path !== null) return path;
    }
  }
  return null;
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}
