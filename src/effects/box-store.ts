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
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import type { Identity } from '../../sandbox/index.ts';
import { reachable } from '../../sandbox/index.ts';
import { RedgreenError } from '../core/errors.ts';
import { dirHash } from './deps-digest.ts';

export interface StoredDeps {
  /** Host path of the dependency folder; null when nothing had to be installed. */
  readonly deps: string | null;
  /** Folders of the members of a workspace, by their paths in it (`packages/a/node_modules`). */
  readonly memberDeps: Readonly<Record<string, string>>;
  readonly lock: string | null;
}

export interface Adopted {
  /** The dependency folder; null when nothing had to be installed. Its own name is kept. */
  readonly folder: string | null;
  readonly lock: string | null;
  /** Folders of the members of a workspace (`packages/a`); links to them, and each one's own node_modules beside `folder`, are kept. */
  readonly members?: readonly string[];
}

export interface DepsStore {
  /** Where installs are made, so that a finished one can be moved into place. */
  readonly path: string;
  find(key: string): StoredDeps | null;
  /** Moves what was installed in under the key; a second key may point to it. Links that leave the folder are dropped. */
  adopt(key: string, alias: string, adopted: Adopted): Promise<StoredDeps>;
}

/**
 * Opens the store in `stateDir`/deps, or, when the boxed user cannot reach that (a private home folder, as root),
 * in a folder of root's own under /var/tmp. Throws `RedgreenError('install')` when that folder belongs to someone else.
 */
export function openDepsStore(stateDir: string, identity: Identity | null): DepsStore {
  const path = storeFolder(stateDir, identity);
  const entry = (key: string): StoredDeps | null => {
    const home = join(path, key);
    const meta = readMeta(home);
    if (meta === null) return null;
    if (count(foldersOf(home, meta)) !== meta.entries) {
      rmSync(home, { recursive: true, force: true });
      return null;
    }
    const members = Object.keys(meta.members ?? {}).map((dir) => [`${dir}/node_modules`, join(home, memberFolder(dir))] as const);
    return { deps: meta.name === null ? null : join(home, meta.name), memberDeps: Object.fromEntries(members), lock: meta.lock };
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
    async adopt(key, alias, adopted) {
      const ready = join(path, `.ready-${process.pid}-${key.slice(0, 16)}`);
      rmSync(ready, { recursive: true, force: true });
      mkdirSync(ready);
      chmodSync(ready, 0o755);
      writeFileSync(join(ready, META), JSON.stringify(await moveAll(ready, adopted, identity !== null)));
      moveIn(ready, join(path, key));
      if (alias !== key) writeFileSync(join(path, `${alias}.ref`), key);
      return find(key) ?? { deps: null, memberDeps: {}, lock: adopted.lock };
    },
  };
}

const META = 'meta.json';

/** What is known of an entry. `name`: its folder; null when nothing had to be installed. Digests are those of `dirHash`. */
interface Meta {
  readonly name: string | null;
  readonly lock: string | null;
  readonly entries: number;
  readonly digest?: string;
  /** By the member's folder. */
  readonly members?: Readonly<Record<string, string>>;
}

function readMeta(home: string): Meta | null {
  const meta = join(home, META);
  return existsSync(meta) ? (JSON.parse(readFileSync(meta, 'utf8')) as Meta) : null;
}

function memberFolder(dir: string): string {
  return join('members', dir, 'node_modules');
}

function foldersOf(home: string, { name, members = {} }: Meta): readonly string[] {
  return name === null ? [] : [name, ...Object.keys(members).map(memberFolder)].map((folder) => join(home, folder));
}

async function moveAll(ready: string, { folder, lock, members = [] }: Adopted, toRoot: boolean): Promise<Meta> {
  if (folder === null) return { name: null, lock, entries: 0 };
  const [from, name] = [dirname(folder), basename(folder)];
  if (!isFolder(folder)) throw new RedgreenError('install', `the package manager left no folder ${name}: nothing was installed`);
  const own = members.filter((dir) => isFolder(join(from, dir, 'node_modules')));
  const moves = [
    [folder, join(ready, name)],
    ...own.map((dir) => [join(from, dir, 'node_modules'), join(ready, memberFolder(dir))]),
  ] as const;
  const sealing = { root: realpathSync.native(from), members: new Set(members), toRoot };
  for (const [source = ''] of moves) seal(source, { ...sealing, folder: realpathSync.native(source) });
  for (const [source = '', target = ''] of moves) {
    makeFolders(dirname(target));
    renameSync(source, target);
  }
  const digests = await Promise.all(own.map(async (dir) => [dir, await dirHash(join(ready, memberFolder(dir)))] as const));
  const meta = { name, lock, digest: await dirHash(join(ready, name)), members: Object.fromEntries(digests) };
  return { ...meta, entries: count(foldersOf(ready, { ...meta, entries: 0 })) };
}

/** With mode 755 whatever the umask. */
function makeFolders(path: string): void {
  if (existsSync(path)) return;
  makeFolders(dirname(path));
  mkdirSync(path);
  chmodSync(path, 0o755);
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** What is installed in `deps` now (see `dirHash`), and whether that and what its members have is still what was installed. Null for a folder that no store of ours knows. */
export async function checkDeps(deps: string): Promise<{ readonly digest: string; readonly intact: boolean } | null> {
  const home = dirname(deps);
  const meta = readMeta(home);
  if (meta === null) return null;
  const digest = await dirHash(deps);
  const isSame = await Promise.all(
    Object.entries(meta.members ?? {}).map(async ([dir, was]) => was === (await dirHash(join(home, memberFolder(dir))))),
  );
  return { digest, intact: (meta.digest === undefined || meta.digest === digest) && isSame.every(Boolean) };
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

interface Sealing {
  /** Real paths: of the folder that is sealed, and of the project that it was installed for. */
  readonly folder: string;
  readonly root: string;
  readonly members: ReadonlySet<string>;
  readonly toRoot: boolean;
}

/** Makes every file read-only and, for root, root's own. Only plain files, folders, links that end inside and links to members stay. */
function seal(path: string, sealing: Sealing): void {
  const stat = lstatSync(path);
  if (sealing.toRoot) lchownSync(path, 0, 0);
  if (stat.isSymbolicLink()) {
    if (!endsWell(path, sealing)) rmSync(path);
  } else if (stat.isDirectory()) {
    chmodSync(path, 0o755);
    for (const name of readdirSync(path)) seal(join(path, name), sealing);
  } else if (stat.isFile() && stat.nlink === 1) {
    chmodSync(path, stat.mode & 0o111 ? 0o555 : 0o444);
  } else {
    rmSync(path);
  }
}

/** Asked of the kernel (Node's own realpath reads a link's text as a path), as a chain of links can climb higher. A link to nothing does not stay. */
function endsWell(path: string, { folder, root, members }: Sealing): boolean {
  try {
    const end = realpathSync.native(path);
    const way = relative(folder, end);
    return (!way.startsWith('..') && !isAbsolute(way)) || (!isAbsolute(readlinkSync(path)) && members.has(relative(root, end)));
  } catch {
    return false;
  }
}

/** Entries below folders. Links are not followed: `readdirSync` with `recursive` would. */
function count(folders: readonly string[]): number {
  let sum = 0;
  const pending = [...folders];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop())
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      sum++;
      if (entry.isDirectory()) pending.push(join(folder, entry.name));
    }
  return sum;
}
