// A private folder on the host that the boxed user can reach and nobody else.

import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, linkSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Identity } from './identity.ts';
import { isAbandoned, ownerTag } from './owner.ts';
import { reachable } from './reach.ts';

const PREFIX = 'redgreen-box-';

export interface Staging {
  /** Host path of the folder. */
  readonly path: string;
  readonly identity: Identity | null;
  /** A new folder inside with a random name that begins with `name`; writable by the boxed user when `writable`. */
  folder(name: string, options?: { readonly writable?: boolean }): string;
  /** Writes a file that the boxed user can read; folders on the way are made. */
  write(path: string, data: string | Buffer, mode?: number): void;
  /** A path of the same file that the boxed user can reach: itself, a hard link, or a copy. */
  file(source: string): Promise<string>;
  /** Removes a folder of this staging and everything in it, whatever its modes. */
  remove(path: string): void;
  /** Removes everything. */
  close(): void;
}

/**
 * Makes a staging folder under `base` (default: the first of the temp folder, /var/tmp and /tmp that `identity` can reach)
 * and sweeps those that dead processes of ours left there.
 */
export function openStaging(identity: Identity | null, base: string = reachableBase(identity)): Staging {
  sweep(base);
  const path = mkdtempSync(join(base, `${PREFIX}${ownerTag()}-`));
  share(path, identity, 0o710);
  const links = new Map<string, Promise<string>>();
  const make = (folder: string, mode: number) => {
    mkdirSync(folder, { mode: 0o700 });
    share(folder, identity, mode);
    return folder;
  };
  return {
    path,
    identity,
    folder(name, options = {}) {
      const folder = make(join(path, `${name}-${randomBytes(6).toString('hex')}`), 0o750);
      if (options.writable) giveAway(folder, identity);
      return folder;
    },
    write(file, data, mode = 0o644) {
      makeFolders(dirname(file));
      writeFileSync(file, data, { flag: 'wx', mode });
      chmodSync(file, mode);
    },
    file(source) {
      const known = links.get(source);
      if (known !== undefined) return known;
      const staged = stageFile(source, identity, () => make(join(path, `file-${randomBytes(6).toString('hex')}`), 0o750));
      links.set(source, staged);
      return staged;
    },
    remove: removeTree,
    close: () => removeTree(path),
  };
}

/** Makes `path` belong to the boxed user. */
export function giveAway(path: string, identity: Identity | null): void {
  if (identity !== null) chownSync(path, identity.uid, identity.gid);
  chmodSync(path, 0o700);
}

/** Like `mkdir -p`, with mode 755 whatever the umask. */
function makeFolders(path: string): void {
  if (existsSync(path)) return;
  makeFolders(dirname(path));
  mkdirSync(path);
  chmodSync(path, 0o755);
}

/** Removes a tree even where the boxed command took the permissions of its folders away. Never follows a symbolic link. */
export function removeTree(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    unlockFolders(path);
    rmSync(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
  }
}

function unlockFolders(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return;
  chmodSync(path, 0o700);
  for (const name of readdirSync(path)) unlockFolders(join(path, name));
}

async function stageFile(source: string, identity: Identity | null, folder: () => string): Promise<string> {
  const near = reachable(source, identity);
  if (near !== null) return near;
  const real = reachable(source, null);
  if (real === null) throw new Error(`${source} does not exist`);
  const target = join(folder(), basename(real));
  const stat = lstatSync(real);
  if ((stat.mode & 0o005) === 0o005) {
    try {
      linkSync(real, target);
      return target;
    } catch {
      // Another file system: copy.
    }
  }
  await copyFile(real, `${target}.part`);
  chmodSync(`${target}.part`, stat.mode & 0o111 ? 0o755 : 0o644);
  await rename(`${target}.part`, target);
  return target;
}

function share(path: string, identity: Identity | null, mode: number): void {
  if (identity === null) return;
  chownSync(path, 0, identity.gid);
  chmodSync(path, mode);
}

function reachableBase(identity: Identity | null): string {
  for (const base of [tmpdir(), '/var/tmp', '/tmp']) {
    const real = reachable(base, identity);
    if (real !== null) return real;
  }
  throw new Error(
    `no temporary folder can be read by the user id ${identity?.uid} that boxes run under: set TMPDIR to a folder with mode 1777`,
  );
}

/** Removes staging folders of ours whose process is gone. */
function sweep(base: string): void {
  for (const name of readdirSync(base)) {
    const path = join(base, name);
    try {
      if (!isAbandoned(name, PREFIX, path)) continue;
      const stat = lstatSync(path);
      if (stat.isDirectory() && stat.uid === process.getuid?.()) removeTree(path);
    } catch {
      // Someone else's, or already gone.
    }
  }
}
