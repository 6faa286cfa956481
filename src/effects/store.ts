// The run's own object store: a bare repository that borrows the objects of the user's, and the trees and commits in it.
import { lstat, mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asError, RedgreenError } from '../core/errors.ts';
import { checkStructure } from '../core/guard.ts';
import type { Files } from '../core/ref.ts';
import { openAnchor, readPlain, writeAnchored } from './anchor.ts';
import { type Git, hardened, type Identity, identityPart } from './git.ts';

/** One entry of a tree. `size` is in bytes; -1 for what is no blob. */
export interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly oid: string;
  readonly size: number;
}

export interface StoreOptions {
  readonly storeDir: string;
  /** Shared git directory of the user's repository, whose objects are read. */
  readonly commonDir: string;
  readonly objectFormat: 'sha1' | 'sha256';
  readonly path?: string;
}

/** Longest list of a shallow clone's ends, in bytes. */
const MAX_SHALLOW = 16_000_000;

/** Modes of regular files; all else (links, gitlinks) is never written or exported. */
export function isRegular(entry: Entry): boolean {
  return entry.mode === '100644' || entry.mode === '100755';
}

/**
 * Opens the store, making it when it is missing. Its `alternates` point at the user's objects, which are only read.
 * Every open writes them anew, so that a repository that was moved works again.
 */
export async function openStore(options: StoreOptions): Promise<Git> {
  const base = options.path === undefined ? {} : { path: options.path };
  if ((await lstat(join(options.storeDir, 'HEAD')).catch(() => null)) === null) {
    await mkdir(dirname(options.storeDir), { recursive: true, mode: 0o700 });
    openAnchor(dirname(options.storeDir), [basename(options.storeDir)], true).close();
    const init = ['init', '--quiet', '--bare', '--template=', `--object-format=${options.objectFormat}`, options.storeDir];
    await hardened({ gitDir: null, cwd: options.storeDir, ...base }).raw(init);
  }
  await borrow(options);
  return hardened({ gitDir: options.storeDir, ...base });
}

/**
 * Names the user's objects as `alternates`, and where a shallow clone's history ends, so that walks in the store end there too.
 * The folder may have come with the repository: nothing is written through links, and a store of links is refused.
 */
async function borrow({ storeDir, commonDir }: StoreOptions): Promise<void> {
  // With such a file git would take another repository's refs and objects for the store's.
  if ((await lstat(join(storeDir, 'commondir')).catch(() => null)) !== null) throw notOurs(storeDir, 'commondir');
  for (const name of ['objects', 'objects/pack', 'refs', 'refs/redgreen', 'refs/scratch'])
    if ((await lstat(join(storeDir, name)).catch(() => null))?.isDirectory() === false) throw notOurs(storeDir, name);
  const info = openAnchor(storeDir, ['objects', 'info'], true);
  const root = openAnchor(storeDir);
  try {
    const objects = join(commonDir, 'objects');
    await writeAnchored(info, 'alternates', `${/^["#]|\n/.test(objects) ? JSON.stringify(objects) : objects}\n`);
    const shallow = await readPlain(join(commonDir, 'shallow'), MAX_SHALLOW);
    if (shallow === null) await rm(`${root.path}/shallow`, { force: true });
    else await writeAnchored(root, 'shallow', shallow);
  } catch (thrown) {
    throw new RedgreenError('git', `The run's store ${storeDir} cannot be prepared: ${asError(thrown).message}.`, { cause: thrown });
  } finally {
    info.close();
    root.close();
  }
}

function notOurs(storeDir: string, name: string): RedgreenError {
  return new RedgreenError('git', `${join(storeDir, name)} shows that this store is not redgreen's own; move ${storeDir} away.`);
}

/** Every entry of a commit, sub-folders included. */
export async function listTree(store: Git, commit: string): Promise<readonly Entry[]> {
  const output = await store.pipe(['ls-tree', '-r', '-l', '-z', '--full-tree', commit], '');
  const entries: Entry[] = [];
  for (const line of output.toString('latin1').split('\0')) {
    const match = /^(\d{6}) [a-z]+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line);
    if (match === null) continue;
    const [, mode = '', oid = '', size = '', path = ''] = match;
    entries.push({ path: pathOf(path), mode, oid, size: size === '-' ? -1 : Number(size) });
  }
  return entries;
}

/** A path from its bytes. One that is no UTF-8 keeps them behind a NUL, so that it is like no other and every gate refuses it. */
export function pathOf(bytes: string): string {
  const path = Buffer.from(bytes, 'latin1').toString('utf8');
  return Buffer.from(path, 'utf8').toString('latin1') === bytes ? path : `\0${bytes}`;
}

/** The bytes of blobs, in the order asked, by one process. */
export async function readBlobs(store: Git, oids: readonly string[]): Promise<readonly Buffer[]> {
  if (oids.length === 0) return [];
  const output = await store.pipe(['cat-file', '--batch'], `${oids.join('\n')}\n`);
  const blobs: Buffer[] = [];
  let at = 0;
  for (const oid of oids) {
    const end = output.indexOf(0x0a, at);
    const match = /^[0-9a-f]+ blob (\d+)$/.exec(output.toString('latin1', at, end));
    if (match === null)
      throw new RedgreenError(
        'git',
        `Object ${oid.slice(0, 12)} is missing from the repository; git fsck shows what else is (a partial clone needs a full fetch).`,
      );
    const size = Number(match[1]);
    blobs.push(output.subarray(end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return blobs;
}

/** A blob as text, or null when it is no UTF-8 text. */
export function asText(bytes: Buffer): string | null {
  if (bytes.includes(0)) return null;
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : null;
}

/** A path as fast-import reads it: quoted as a C string. */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, (char) => `\\${char}`)}"`;
}

export interface NewCommit {
  readonly files: Files;
  /** Modes of files that exist already; others are 100644. */
  readonly modes: ReadonlyMap<string, string>;
  readonly deleted: readonly string[];
  readonly parent: string | null;
  readonly message: string;
  readonly identity: Identity;
  /** Seconds since the epoch. */
  readonly seconds: number;
  /** A ref that fast-import may write to before the real one is moved. */
  readonly scratchRef: string;
}

/** The stream of `git fast-import` for one commit: git-fast-import(1). */
function importStream(commit: NewCommit): Buffer {
  const parts: Buffer[] = [];
  const line = (text: string) => parts.push(Buffer.from(`${text}\n`, 'utf8'));
  const data = (text: string) => {
    const bytes = Buffer.from(text, 'utf8');
    line(`data ${bytes.length}`);
    parts.push(bytes);
    line('');
  };
  const who = `${identityPart(commit.identity.name) || 'redgreen'} <${identityPart(commit.identity.email)}> ${commit.seconds} +0000`;
  line('feature done');
  line(`commit ${commit.scratchRef}`);
  line('mark :1');
  line(`author ${who}`);
  line(`committer ${who}`);
  data(commit.message);
  if (commit.parent !== null) line(`from ${commit.parent}`);
  for (const path of commit.deleted) line(`D ${quoted(path)}`);
  for (const [path, text] of Object.entries(commit.files)) {
    line(`M ${commit.modes.get(path) ?? '100644'} inline ${quoted(path)}`);
    data(text);
  }
  line('get-mark :1');
  line('ls :1 ""');
  line('done');
  return Buffer.concat(parts);
}

/**
 * Writes a commit with its tree and blobs, as one flushed pack. Gives the commit and its tree; only the scratch ref points at it yet.
 */
export async function writeCommit(store: Git, commit: NewCommit): Promise<{ commit: string; tree: string }> {
  for (const path of [...Object.keys(commit.files), ...commit.deleted]) {
    const reason = checkStructure(path);
    if (reason !== null) throw new RedgreenError('git', `A commit may not hold this path: ${reason}.`);
  }
  const output = await store.pipe(
    ['-c', 'fastimport.unpackLimit=0', 'fast-import', '--quiet', '--force', '--date-format=raw'],
    importStream(commit),
  );
  const match = /^([0-9a-f]{40,64})\n040000 tree ([0-9a-f]{40,64})\t/.exec(output.toString('latin1'));
  const [, sha, tree] = match ?? [];
  if (sha === undefined || tree === undefined) throw new RedgreenError('git', 'git fast-import gave no commit.');
  return { commit: sha, tree };
}
