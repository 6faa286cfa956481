// Installed dependencies on the host: folders named by what they were installed from, never changed afterwards.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { Identity } from '../../sandbox/index.ts';
import { reachable } from '../../sandbox/index.ts';
import { RedgreenError } from '../core/errors.ts';
import { dirHash } from './deps-digest.ts';

export interface StoredDeps {
  /** Host path of the dependency folder; null when nothing had to be installed. */
  readonly deps: string | null;
  readonly lock: string | null;
}

export interface DepsStore {
  /** Where installs are made, so that a finished one can be moved into place. */
  readonly path: string;
  find(key: string): StoredDeps | null;
  /** Moves `folder` (may be null) in as `name` under the key; a second key may point to it. Links that leave the folder are refused. */
  adopt(key: string, alias: string, folder: string | null, name: string, lock: string | null): Promise<StoredDeps>;
}

/**
 * Opens the store in `stateDir`/deps, or, when the boxed user cannot reach that (a private home folder, as root),
 * in a folder of root's own under /var/tmp. Throws `RedgreenError('install')` when that folder belongs to someone else.
 */
export function openDepsStore(stateDir: string, identity: Identity | null): DepsStore {
  const path = storeFolder(stateDir, identity);
  const entry = (key: string): StoredDeps | null => {
    const meta = join(path, key, 'meta.json');
    if (!existsSync(meta)) return null;
    const { name, lock, entries } = JSON.parse(readFileSync(meta, 'utf8')) as { name: string | null; lock: string | null; entries: number };
    const deps = name === null ? null : join(path, key, name);
    if (deps !== null && count(deps) !== entries) {
      rmSync(join(path, key), { recursive: true, force: true });
      return null;
    }
    return { deps, lock };
  };
  const find = (key: string) => {
    const direct = entry(key);
    if (direct !== null) return direct;
    const alias = join(path, `${key}.ref`);
    return existsSync(alias) ? entry(readFileSync(alias, 'utf8').trim()) : null;
  };
  return {
    path,
    find,
    async adopt(key, alias, folder, name, lock) {
      const ready = join(path, `.ready-${process.pid}-${key.slice(0, 16)}`);
      rmSync(ready, { recursive: true, force: true });
      mkdirSync(ready);
      chmodSync(ready, 0o755);
      if (folder !== null) {
        if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory())
          throw new RedgreenError('install', `the package manager left no folder ${name}: nothing was installed`);
        seal(folder, realpathSync.native(folder), identity !== null);
        renameSync(folder, join(ready, name));
      }
      const inside = join(ready, name);
      const meta =
        folder === null ? { name: null, lock, entries: 0 } : { name, lock, entries: count(inside), digest: await dirHash(inside) };
      writeFileSync(join(ready, 'meta.json'), JSON.stringify(meta));
      moveIn(ready, join(path, key));
      if (alias !== key) writeFileSync(join(path, `${alias}.ref`), key);
      return find(key) ?? { deps: null, lock };
    },
  };
}

/** What is installed in `deps` now (see `dirHash`), and whether it is still what was installed. Null for a folder that no store of ours knows. */
export async function checkDeps(deps: string): Promise<{ readonly digest: string; readonly intact: boolean } | null> {
  const meta = join(dirname(deps), 'meta.json');
  if (!existsSync(meta)) return null;
  const { digest } = JSON.parse(readFileSync(meta, 'utf8')) as { digest?: string };
  const now = await dirHash(deps);
  return { digest: now, intact: digest === undefined || digest === now };
}

/** sha256 of a JSON value, in hex. */
export function keyOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function storeFolder(stateDir: string, identity: Identity | null): string {
  const own = join(stateDir, 'deps');
  mkdirSync(own, { recursive: true });
  chmodSync(own, 0o755);
  if (reachable(own, identity) !== null) return own;
  const shared = '/var/tmp/redgreen-deps-root';
  try {
    mkdirSync(shared, { mode: 0o755 });
    chmodSync(shared, 0o755);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const stat = lstatSync(shared);
  if (!stat.isDirectory() || stat.uid !== 0 || (stat.mode & 0o022) !== 0) {
    throw new RedgreenError('install', `${shared} is not root's own folder, so packages cannot be kept there: remove it`);
  }
  return shared;
}

/** Another run may have been faster with the same key: then its folder stays. */
function moveIn(ready: string, final: string): void {
  try {
    renameSync(ready, final);
  } catch {
    rmSync(ready, { recursive: true, force: true });
  }
}

/** Makes every file read-only and, for root, root's own. Only plain files, folders and links that end inside (`root` is a real path) stay. */
function seal(path: string, root: string, toRoot: boolean): void {
  const stat = lstatSync(path);
  if (toRoot) lchownSync(path, 0, 0);
  if (stat.isSymbolicLink()) {
    if (!endsInside(path, root)) rmSync(path);
  } else if (stat.isDirectory()) {
    chmodSync(path, 0o755);
    for (const name of readdirSync(path)) seal(join(path, name), root, toRoot);
  } else if (stat.isFile() && stat.nlink === 1) {
    chmodSync(path, stat.mode & 0o111 ? 0o555 : 0o444);
  } else {
    rmSync(path);
  }
}

/** Asked of the kernel (Node's own realpath reads a link's text as a path), as a chain of links can climb higher. A link to nothing does not stay. */
function endsInside(path: string, root: string): boolean {
  try {
    const way = relative(root, realpathSync.native(path));
    return !way.startsWith('..') && !isAbsolute(way);
  } catch {
    return false;
  }
}

/** Entries below a folder. Only with their types are links not followed. */
function count(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).length;
}
