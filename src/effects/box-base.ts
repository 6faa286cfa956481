// Trees of repositories on their way into a box: a folder on the host, and over it what a run changed.
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Rung } from '../../sandbox/index.ts';
import { reachable } from '../../sandbox/index.ts';
import { asError, RedgreenError } from '../core/errors.ts';
import type { BoxTest } from '../core/ports.ts';
import type { Files } from '../core/ref.ts';
import { isInside, writeFiles } from './box-files.ts';

/** What a box gets to see as its tree. */
export type BoxTree = Pick<BoxTest, 'tree' | 'base' | 'removed'>;

export interface Bases {
  /** Lays `wanted` out in the empty folder `to`. What is written there later never reaches `wanted.base`. Throws `RedgreenError('box.failed')`. */
  lay(to: string, wanted: BoxTree): Promise<void>;
  /**
   * `folder` where a box can mount it: itself, or its files under other names in a folder that the boxed user can reach, and that has the folders
   * `needs` (names); made once.
   */
  near(folder: string, needs?: readonly string[]): Promise<string>;
  /** A real copy of `folder` in the new folder `to`. */
  copy(folder: string, to: string): Promise<void>;
}

/** Entries that are copied before others get their turn. */
const AT_ONCE = 500;

/**
 * For boxes on `rung`. Where a box has a file system of its own, the host's files are only ever mounted read-only, so that other names (hard
 * links) of the same files are enough; else they are copied, by reference where the file system can.
 */
export function createBases(rung: Rung): Bases {
  const made = new Map<string, Promise<string>>();
  const put = rung.mounts ? linkFile : copyFile;

  /** On the file system of the staging folder, so that links to it can be made. */
  function nearby(folder: string, isNear: (folder: string) => boolean): Promise<string> {
    const known =
      made.get(folder) ??
      (isNear(folder) ? Promise.resolve(folder) : mirror(folder, join(rung.staging.folder('near'), basename(folder)), put));
    made.set(folder, known);
    known.catch(() => made.delete(folder));
    return known;
  }

  const isSameDisk = (folder: string) => !rung.mounts || statSync(folder).dev === statSync(rung.staging.path).dev;
  return {
    async lay(to, { tree, base, removed = [] }) {
      if (base === undefined) return writeFiles(rung.staging, to, tree);
      try {
        await mirror(await nearby(base, isSameDisk), to, put);
        for (const path of removed) if (isInside(path) && hasPlainWay(to, path)) rmSync(join(to, path), { recursive: true, force: true });
      } catch (thrown) {
        throw new RedgreenError('box.failed', `The repository's files could not be laid out for the box: ${asError(thrown).message}`, {
          cause: thrown,
        });
      }
      writeOver(rung, to, tree);
    },
    async near(folder, needs = []) {
      const there = await nearby(
        folder,
        (path) => reachable(path, rung.identity) !== null && needs.every((name) => existsSync(join(path, name))),
      );
      for (const name of needs) if (there !== folder) mkdirSync(join(there, name), { recursive: true });
      return there;
    },
    copy: async (folder, to) => void (await mirror(folder, to, copyFile)),
  };
}

/** The run's own files over a repository's: a file keeps its exec bit; what is in the way (a link, a folder, a file where a folder is needed) goes. */
function writeOver(rung: Rung, to: string, tree: Files): void {
  for (const [path, text] of Object.entries(tree)) {
    const mode = isInside(path) ? clearWay(to, path) : 0;
    writeFiles(rung.staging, to, { [path]: text }, mode & 0o111 ? 0o755 : 0o644);
  }
}

/** Gives the mode of the file that was there, or 0. */
function clearWay(to: string, path: string): number {
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const above = join(to, path.slice(0, at));
    if (lstatSync(above, { throwIfNoEntry: false })?.isDirectory() === false) rmSync(above);
  }
  const stat = lstatSync(join(to, path), { throwIfNoEntry: false });
  if (stat !== undefined) rmSync(join(to, path), { recursive: true });
  return stat?.isFile() === true ? stat.mode : 0;
}

/** True when no folder above `path` is a link. */
function hasPlainWay(to: string, path: string): boolean {
  for (let above = dirname(path); above !== '.'; above = dirname(above))
    if (lstatSync(join(to, above), { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  return true;
}

type Put = (from: string, to: string) => void;

/** Makes `to` a twin of `from`: folders anew, files by `put`, links with the same text; nothing else. Gives `to`. */
async function mirror(from: string, to: string, put: Put): Promise<string> {
  const pending = [''];
  let done = 0;
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const into = join(to, at);
    mkdirSync(into, { recursive: true });
    // Whatever the umask.
    chmodSync(into, 0o755);
    for (const entry of readdirSync(join(from, at), { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile()) put(join(from, path), join(to, path));
      else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(join(from, path)), join(to, path));
      if (++done % AT_ONCE === 0) await setImmediate();
    }
  }
  return to;
}

/** A file that not everyone may read could not be read in the box; and one can have too many names, or be on another file system. */
function linkFile(from: string, to: string): void {
  try {
    if ((lstatSync(from).mode & 0o004) === 0) throw new Error('private');
    linkSync(from, to);
  } catch {
    copyFile(from, to);
  }
}

function copyFile(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  chmodSync(to, lstatSync(from).mode & 0o111 ? 0o755 : 0o644);
}
