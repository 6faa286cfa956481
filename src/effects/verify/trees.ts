// The files of the verified commits in folders on the host, each one's bytes held against its name.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkStructure } from '../../core/guard.ts';
import { checkOut } from '../checkout.ts';
import { asText, type Entry, isRegular } from '../store.ts';
import { cannot } from './cannot.ts';
import type { Commit, Objects } from './objects.ts';

/** Largest file that is read as text, in bytes. */
const MAX_TEXT = 1_000_000;

export interface Trees {
  /** Every entry of a commit by its path. */
  entries(commit: Commit): Promise<ReadonlyMap<string, Entry>>;
  /** Host folder with the files of one of the commits, by its id. */
  checkout(id: string): Promise<string>;
  /** A file's text; null when it is not there, is no plain file, is binary or larger than 1 MB. */
  read(commit: Commit, path: string): Promise<string | null>;
  /** What was left out of the folders, in sentences. */
  readonly notes: ReadonlySet<string>;
}

export interface TreesOptions {
  readonly objects: Objects;
  readonly commits: readonly Commit[];
  /** Where the folders are made. */
  readonly dir: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Lays commits out as a run does, from objects that hash to their names. */
export function createTrees({ objects, commits, dir, now }: TreesOptions): Trees {
  const entries = new Map<string, Promise<ReadonlyMap<string, Entry>>>();
  const folders = new Map<string, Promise<string>>();
  const notes = new Set<string>();
  const once = <T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> => {
    const known = made.get(key) ?? make();
    made.set(key, known);
    return known;
  };
  const entriesOf = (commit: Commit) => once(entries, commit.tree, async () => objects.sized(await objects.entries(commit.tree)));
  const layOut = async (id: string) => {
    const commit = commits.find((one) => one.id === id);
    if (commit === undefined) throw cannot(`The commit ${id.slice(0, 12)} is none of this branch.`);
    const all = [...(await entriesOf(commit)).values()];
    return checkOut({ store: objects.git, dir, commit: id, entries: all, like: null, now: now(), onNote: (text) => notes.add(text) });
  };
  const checkout = (id: string) => once(folders, id, () => layOut(id));
  return {
    entries: entriesOf,
    checkout,
    async read(commit, path) {
      const entry = (await entriesOf(commit)).get(path);
      if (entry === undefined || !isRegular(entry) || entry.size > MAX_TEXT || checkStructure(path) !== null) return null;
      const bytes = await readFile(join(await checkout(commit.id), path)).catch(() => null);
      return bytes === null ? null : asText(bytes);
    },
    notes,
  };
}
