// What an import means in this repository: paths by rule, nothing is executed and no package is looked into.
import { posix } from 'node:path';

const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte)$/;
const SCRIPT_ENDINGS = ['', '.ts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.mts', '.cts', '.d.ts', '.vue', '.svelte'];
/** Aliases that bundlers and compilers give the sources' folder by habit. */
const ALIAS = /^(?:@|~|#|\$lib)\//;
/** More files than this under one import path tell nothing. */
const MAX_TARGETS = 4;

/** Gives the files (by number) that `specifier`, written in `from`, names; empty when it is a package or unknown. */
export type Resolve = (from: string, specifier: string) => readonly number[];

/**
 * Makes the resolver of a tree.
 *
 * @param packages names of workspace members to their folders
 */
export function createResolver(paths: readonly string[], packages: ReadonlyMap<string, string>): Resolve {
  const byPath = new Map(paths.map((path, i) => [path, i]));
  let byTail: ReadonlyMap<string, number[]> | null = null;
  const withTail = (key: string) => {
    byTail ??= tails(paths);
    return byTail.get(key);
  };
  const script = (base: string): readonly number[] => {
    const found = scriptFile(byPath, base);
    return found === undefined ? [] : [found];
  };
  const tail = (parts: readonly string[], whole = false): readonly number[] => {
    // The whole path first, then without its last part (`a.b.Name`), then without its first (a package's own name).
    for (const tried of whole ? [parts] : [parts, parts.slice(0, -1), parts.slice(1), parts.slice(1, -1)]) {
      const found = tried.length === 0 ? undefined : withTail(tried.slice(-2).join('/'));
      const fitting = found?.filter((i) => endsWithParts(paths[i] ?? '', tried)) ?? [];
      if (fitting.length > 0 && fitting.length <= MAX_TARGETS) return fitting;
    }
    return [];
  };
  return (from, specifier) => {
    if (SCRIPT.test(from)) return scriptTargets(from, specifier, packages, script, tail);
    if (from.endsWith('.py') || from.endsWith('.pyi')) return tail(pythonParts(from, specifier));
    if (from.endsWith('.go')) return folderOf(paths, withTail, specifier);
    if (/\.(?:c|h|cc|cpp|cxx|hh|hpp|rb|php)$/.test(from)) {
      const near = byPath.get(posix.join(posix.dirname(from), specifier)) ?? byPath.get(posix.join(posix.dirname(from), `${specifier}.rb`));
      if (near !== undefined) return [near];
    }
    return tail(
      specifier
        .replace(/(\/.*|^\w+)\.(?:h|hh|hpp|php|rb)$/, '$1')
        .split(/[./\\]|::/)
        .filter((part) => part !== '' && part !== 'crate' && part !== 'self'),
    );
  };
}

function scriptTargets(
  from: string,
  specifier: string,
  packages: ReadonlyMap<string, string>,
  script: (base: string) => readonly number[],
  tail: (parts: readonly string[], whole?: boolean) => readonly number[],
): readonly number[] {
  if (specifier.startsWith('.')) return script(posix.join(posix.dirname(from), specifier));
  if (ALIAS.test(specifier)) return tail(specifier.replace(ALIAS, '').split('/'));
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const dir = packages.get(name);
  // A compiler's own root (`src/util`, `app/models`): only a whole path of several parts is believed.
  if (dir === undefined) return specifier.includes('/') && !specifier.startsWith('@') ? tail(specifier.split('/'), true) : [];
  const rest = specifier.slice(name.length + 1);
  for (const folder of ['', 'src', 'lib', 'source']) {
    const found = script(posix.join(dir, folder, rest));
    if (found.length > 0) return found;
  }
  return [];
}

function scriptFile(byPath: ReadonlyMap<string, number>, base: string): number | undefined {
  const plain = base.replace(/\/$/, '');
  const asWritten = byPath.get(plain);
  if (asWritten !== undefined) return asWritten;
  // `./util.js` is written for what is `util.ts` here.
  const stems = /\.[cm]?jsx?$/.test(plain) ? [plain, plain.replace(/\.[cm]?jsx?$/, '')] : [plain];
  for (const stem of [...stems, `${plain === '.' ? '' : `${plain}/`}index`])
    for (const ending of SCRIPT_ENDINGS) {
      const found = byPath.get(stem + ending);
      if (found !== undefined) return found;
    }
  return undefined;
}

/** Go names the module's address and then a folder; the standard library has no dot in its first part. */
function folderOf(
  paths: readonly string[],
  withTail: (key: string) => readonly number[] | undefined,
  specifier: string,
): readonly number[] {
  const parts = specifier.split('/');
  if (!parts[0]?.includes('.')) return [];
  for (let i = 1; i < parts.length; i += 1) {
    const folder = parts.slice(i);
    const found = withTail(folder.slice(-2).join('/'))?.filter((file) => posix.dirname(paths[file] ?? '').endsWith(folder.join('/'))) ?? [];
    if (found.length > 0) return found.slice(0, 20);
  }
  return [];
}

function pythonParts(from: string, specifier: string): readonly string[] {
  const dots = /^\.*/.exec(specifier)?.[0].length ?? 0;
  const rest = specifier.slice(dots).split('.').filter(Boolean);
  if (dots === 0) return rest;
  const folder = posix.dirname(from).split('/');
  return [...folder.slice(0, folder.length - dots + 1), ...rest];
}

/** A file by the last parts of its path without its ending; a file that stands for its folder by the folder's, too. */
function tails(paths: readonly string[]): ReadonlyMap<string, number[]> {
  const found = new Map<string, number[]>();
  const add = (key: string, i: number) => {
    const list = found.get(key);
    if (list === undefined) found.set(key, [i]);
    else if (list[list.length - 1] !== i && list.length < 200) list.push(i);
  };
  for (const [i, path] of paths.entries()) {
    for (const parts of namesOf(path)) {
      add(parts.slice(-2).join('/'), i);
      if (parts.length > 1) add(parts.slice(-1).join('/'), i);
    }
  }
  return found;
}

function namesOf(path: string): readonly (readonly string[])[] {
  const parts = path.replace(/\.\w+$/, '').split('/');
  // Go imports a folder; index.ts, __init__.py and mod.rs stand for theirs.
  const folder = path.endsWith('.go') || /^(?:index|__init__|mod|lib)$/.test(parts.at(-1) ?? '');
  return folder && parts.length > 1 ? [parts, parts.slice(0, -1)] : [parts];
}

function endsWithParts(path: string, parts: readonly string[]): boolean {
  return namesOf(path).some((own) => own.length >= parts.length && parts.every((part, i) => own[own.length - parts.length + i] === part));
}
