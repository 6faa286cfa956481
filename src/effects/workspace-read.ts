// The reading half of the port `Workspace`: what is in commits, from git's objects alone.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RedgreenError } from '../core/errors.ts';
import { checkStructure } from '../core/guard.ts';
import type { Workspace } from '../core/ports.ts';
import { checkOut } from './checkout.ts';
import type { Git } from './git.ts';
import { asText, type Entry, isRegular, readBlobs } from './store.ts';

/** Largest file that `readBase` gives, in bytes. */
const MAX_READ = 1_000_000;
/** Largest file and sum of files that are written or exported, in bytes. */
export const MAX_FILE = 5_000_000;
export const MAX_TREE = 300_000_000;

/** Throws `RedgreenError('git')` for anything but the full name of a commit. */
export function requireCommit(commit: string): void {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) throw new RedgreenError('git', 'A commit is named by 40 or 64 hex digits.');
}

export interface ReaderOptions {
  readonly store: () => Promise<Git>;
  /** The entries of a commit by path; none for null. */
  readonly entries: (commit: string | null) => Promise<ReadonlyMap<string, Entry>>;
  readonly base: string | null;
  /** Where `checkout` makes its folders. */
  readonly treesDir: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onNote: (text: string) => void;
}

export type Reader = Pick<Workspace, 'base' | 'list' | 'readMany' | 'subjects' | 'ask' | 'changed' | 'readBase' | 'export' | 'checkout'>;

/** Reads the commits of one run. Throws `RedgreenError('git')`. */
export function createReader({ store, entries, base, treesDir, now, onNote }: ReaderOptions): Reader {
  const checkouts = new Map<string, Promise<string>>();
  /** The last tree that was made here: the next is mostly the same. */
  let latest: { readonly root: string; readonly entries: ReadonlyMap<string, Entry> } | null = null;

  /** What of a commit can be exported. Links and repositories in the tree are let go only where the user's own commit has them. */
  async function exportable(commit: string): Promise<readonly Entry[]> {
    const inherited = await entries(base);
    const chosen: Entry[] = [];
    for (const entry of (await entries(commit)).values()) {
      if (isRegular(entry) && checkStructure(entry.path) === null) {
        chosen.push(entry);
        continue;
      }
      const same = inherited.get(entry.path);
      if (same?.oid !== entry.oid || same.mode !== entry.mode)
        throw new RedgreenError(
          'git',
          'The commit holds a link, a nested repository or an unsafe path that the base does not have; it is refused.',
        );
      onNote('Symbolic links, submodules and unusual file names of the repository are left out of the box.');
    }
    return chosen;
  }

  /** Bytes of files of the base: from its folder where one was made, for which no git has to be started. */
  async function contents(wanted: readonly Entry[]): Promise<readonly Buffer[]> {
    const root = await checkouts.get(base ?? '')?.catch(() => null);
    const onDisk = root ? await Promise.all(wanted.map(({ path }) => readFile(join(root, path)).catch(() => null))) : [];
    if (onDisk.length > 0 && onDisk.every((bytes, i) => bytes?.length === wanted[i]?.size)) return onDisk as Buffer[];
    return readBlobs(
      await store(),
      wanted.map((entry) => entry.oid),
    );
  }

  async function layOut(commit: string): Promise<string> {
    const found = await entries(commit);
    const like = latest;
    const wanted = { store: await store(), dir: treesDir, commit, entries: [...found.values()], like, now: now(), onNote };
    const root = await checkOut(wanted);
    latest = { root, entries: found };
    return root;
  }

  return {
    async base() {
      const all = [...(await entries(base)).values()];
      return {
        commit: base,
        files: all.filter((entry) => isRegular(entry) && checkStructure(entry.path) === null).map((entry) => entry.path),
      };
    },

    async list() {
      const all = [...(await entries(base)).values()].filter((entry) => isRegular(entry) && checkStructure(entry.path) === null);
      return all.map(({ path, oid, size }) => ({ path, oid, size }));
    },

    async readMany(names) {
      const known = await entries(base);
      const wanted = names.map((name) => known.get(name));
      const fits = wanted.filter((e) => e !== undefined && isRegular(e) && e.size <= MAX_READ) as Entry[];
      const blobs = await contents(fits);
      const texts = new Map(fits.map((entry, i) => [entry.path, asText(blobs[i] ?? Buffer.alloc(0))]));
      return names.map((name) => texts.get(name) ?? null);
    },

    async subjects(count) {
      if (base === null) return [];
      const text = await (await store()).raw(['log', '--no-show-signature', '--format=%s', `--max-count=${count}`, base, '--']);
      return text.split('\n').filter((line) => line !== '');
    },

    async ask(args) {
      return (await store()).raw([...args]);
    },

    async changed(from, to) {
      const [a, b] = await Promise.all([entries(from), entries(to)]);
      const isOther = (path: string) => a.get(path)?.oid !== b.get(path)?.oid || a.get(path)?.mode !== b.get(path)?.mode;
      return [...new Set([...a.keys(), ...b.keys()])].filter(isOther);
    },

    async readBase(name) {
      const entry = (await entries(base)).get(name);
      if (entry === undefined || !isRegular(entry) || entry.size > MAX_READ) return null;
      const [bytes] = await contents([entry]);
      return bytes === undefined ? null : asText(bytes);
    },

    async export(commit) {
      requireCommit(commit);
      const all = await exportable(commit);
      const chosen = all.filter((entry) => entry.size <= MAX_FILE);
      if (chosen.length < all.length) onNote(`Files larger than ${MAX_FILE / 1e6} MB are left out of the box.`);
      if (chosen.reduce((sum, entry) => sum + entry.size, 0) > MAX_TREE)
        throw new RedgreenError('git', `The tree is larger than ${MAX_TREE / 1e6} MB, more than a box takes.`);
      const blobs = await readBlobs(
        await store(),
        chosen.map((entry) => entry.oid),
      );
      const files: [string, string][] = [];
      for (const [i, entry] of chosen.entries()) {
        const text = asText(blobs[i] ?? Buffer.alloc(0));
        if (text === null) onNote('Binary files of the repository are left out of the box.');
        else files.push([entry.path, text]);
      }
      return Object.fromEntries(files);
    },

    async checkout(commit) {
      requireCommit(commit);
      const known = checkouts.get(commit);
      if (known !== undefined && existsSync(await known)) return known;
      const making = layOut(commit);
      checkouts.set(commit, making);
      making.catch(() => checkouts.delete(commit));
      return making;
    },
  };
}
