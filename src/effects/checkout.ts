// The files of a commit in a folder on the host: made from git's objects alone, once for a commit, and never written to again.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, normalize, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { RedgreenError } from '../core/errors.ts';
import { checkStructure } from '../core/guard.ts';
import { stampOf } from './deps/stamp.ts';
import type { Git } from './git.ts';
import { type Entry, isRegular, readBlobs } from './store.ts';

/** Most files of a tree, and most bytes. */
const MAX_ENTRIES = 40_000;
const MAX_BYTES = 1_000_000_000;
/** Bytes that are read at a time. A larger file is left out. */
const CHUNK = 64_000_000;
const MAX_FILE = 400_000_000;
/** Trees that are kept, and how long one is kept in any case, in milliseconds: another run may use it. */
const KEPT = 5;
const IN_USE_MS = 3_600_000;

/** Files that are written before others get their turn. */
const AT_ONCE = 200;

const LINK = '120000';

export interface CheckoutOptions {
  readonly store: Git;
  /** Folder of all such trees; made when it is missing. */
  readonly dir: string;
  readonly commit: string;
  /** All entries of the commit. */
  readonly entries: readonly Entry[];
  /** Another such folder with its entries, or null: what is the same in it is taken from there. */
  readonly like: { readonly root: string; readonly entries: ReadonlyMap<string, Entry> } | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Told what is left out, in sentences. */
  readonly onNote: (text: string) => void;
}

/**
 * The folder with the commit's files: bytes and exec bits as they are, and symbolic links that stay inside. No attribute, filter or hook of the
 * repository has a part in it. A tree that is torn or was changed is made anew; of those unused the oldest go. Throws `RedgreenError('git')`.
 */
export async function checkOut(options: CheckoutOptions): Promise<string> {
  const { dir, commit, now } = options;
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    if (!lstatSync(dir).isDirectory()) throw new Error('it is no folder');
    const home = join(dir, commit);
    if (!(await isWhole(home))) await make(options, home);
    utimesSync(home, now / 1000, now / 1000);
    prune(dir, now);
    return join(home, 'files');
  } catch (thrown) {
    if (thrown instanceof RedgreenError) throw thrown;
    throw new RedgreenError('git', `The files of the commit cannot be laid out in ${dir}: ${(thrown as Error).message}`, { cause: thrown });
  }
}

/** The stamp knows inodes, so a tree that came with the repository, or was copied, is not taken for one of ours. */
async function isWhole(home: string): Promise<boolean> {
  const stamp = join(home, 'stamp');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === (await stampOf(join(home, 'files')).catch(() => null))?.stamp;
}

async function make(options: CheckoutOptions, home: string): Promise<void> {
  const part = `${home}.${randomBytes(6).toString('hex')}`;
  const root = join(part, 'files');
  try {
    mkdirSync(part, { mode: 0o700 });
    mkdirSync(root);
    await fill(options, root);
    writeFileSync(join(part, 'stamp'), (await stampOf(root)).stamp);
    if (await isWhole(home)) return;
    rmSync(home, { recursive: true, force: true });
    renameSync(part, home);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

async function fill({ store, entries, like, onNote }: CheckoutOptions, root: string): Promise<void> {
  const { files: all, links } = chosen(entries, onNote);
  const near = like !== null && (await isWhole(dirname(like.root))) ? like : null;
  const files: Entry[] = [];
  for (const [i, entry] of all.entries()) {
    const twin = near?.entries.get(entry.path);
    const isSame = twin?.oid === entry.oid && twin.mode === entry.mode && linkTwin(near?.root ?? '', root, entry.path);
    if (!isSame) files.push(entry);
    if (i % AT_ONCE === 0) await setImmediate();
  }
  for (let at = 0; at < files.length; ) {
    const some: Entry[] = [];
    for (let bytes = 0; at < files.length && (some.length === 0 || bytes + (files[at]?.size ?? 0) <= CHUNK); at++) {
      const entry = files[at] as Entry;
      some.push(entry);
      bytes += entry.size;
    }
    const blobs = await readBlobs(
      store,
      some.map((entry) => entry.oid),
    );
    for (const [i, entry] of some.entries()) {
      if (!write(root, entry, blobs[i] as Buffer)) onNote(UNUSUAL);
      if (i % AT_ONCE === 0) await setImmediate();
    }
  }
  const texts = await readBlobs(
    store,
    links.map((entry) => entry.oid),
  );
  // After all files, so that none is written through a link.
  const made = links.filter((entry, i) => link(root, entry.path, texts[i]?.toString('utf8') ?? ''));
  const away = made.map((entry) => entry.path).filter((path) => !staysInside(root, path));
  for (const path of away) rmSync(join(root, path));
  if (made.length < links.length || away.length > 0) onNote('Symbolic links that lead out of the repository are left out of the box.');
}

const UNUSUAL = 'Files with unusual names are left out of the box.';

function chosen(entries: readonly Entry[], onNote: (text: string) => void): { files: readonly Entry[]; links: readonly Entry[] } {
  const named = entries.filter((entry) => checkStructure(entry.path) === null);
  if (named.length < entries.length) onNote(UNUSUAL);
  if (named.some((entry) => entry.mode === '160000')) onNote('Submodules are left out of the box.');
  const files = named.filter((entry) => isRegular(entry) && entry.size <= MAX_FILE);
  if (named.some((entry) => entry.size > MAX_FILE)) onNote(`Files larger than ${MAX_FILE / 1e6} MB are left out of the box.`);
  const links = named.filter((entry) => entry.mode === LINK && entry.size < 4096);
  const bytes = files.reduce((sum, entry) => sum + entry.size, 0);
  if (files.length + links.length > MAX_ENTRIES)
    throw new RedgreenError(
      'git',
      `The repository has ${files.length + links.length} files; at most ${MAX_ENTRIES} can be tested in a box.`,
    );
  if (bytes > MAX_BYTES)
    throw new RedgreenError(
      'git',
      `The repository's files are ${Math.round(bytes / 1e6)} MB; at most ${MAX_BYTES / 1e6} MB fit into a box.`,
    );
  return { files, links };
}

/** These folders are never written to, so one file can be in both. */
function linkTwin(from: string, root: string, path: string): boolean {
  try {
    mkdirSync(dirname(join(root, path)), { recursive: true, mode: 0o755 });
    linkSync(join(from, path), join(root, path));
    return true;
  } catch {
    return false;
  }
}

/** False where the name is taken: two names can be one on this file system. */
function write(root: string, entry: Entry, bytes: Buffer): boolean {
  const path = join(root, entry.path);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    const fd = openSync(path, 'wx');
    try {
      writeFileSync(fd, bytes);
      fchmodSync(fd, entry.mode === '100755' ? 0o755 : 0o644);
    } finally {
      closeSync(fd);
    }
    return true;
  } catch (thrown) {
    if (isTaken(thrown)) return false;
    throw thrown;
  }
}

function link(root: string, path: string, text: string): boolean {
  try {
    mkdirSync(dirname(join(root, path)), { recursive: true, mode: 0o755 });
    symlinkSync(text, join(root, path));
    return true;
  } catch (thrown) {
    if (isTaken(thrown) || text === '' || text.includes('\0')) return false;
    throw thrown;
  }
}

function isTaken(thrown: unknown): boolean {
  return ['EEXIST', 'ENOTDIR', 'ENAMETOOLONG', 'EILSEQ'].includes((thrown as NodeJS.ErrnoException).code ?? '');
}

/** One that leads to nothing (something that is built later) may climb only at its start: what is climbed then are plain folders. */
function staysInside(root: string, path: string): boolean {
  try {
    return isBelow(relative(realpathSync.native(root), realpathSync.native(join(root, path))));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') return false;
    const text = readlinkSync(join(root, path));
    const rest = text.replace(/^(?:\.{1,2}\/+)*/, '');
    return !text.startsWith('/') && !rest.split('/').includes('..') && isBelow(normalize(join(dirname(path), text)));
  }
}

function isBelow(way: string): boolean {
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}

function prune(dir: string, now: number): void {
  const trees = readdirSync(dir).flatMap((name) => {
    const stat = statSync(join(dir, name), { throwIfNoEntry: false });
    return stat === undefined ? [] : [{ name, usedAt: stat.mtimeMs }];
  });
  const old = trees.sort((a, b) => b.usedAt - a.usedAt).slice(KEPT);
  for (const { name, usedAt } of old) if (now - usedAt > IN_USE_MS) rmSync(join(dir, name), { recursive: true, force: true });
}
