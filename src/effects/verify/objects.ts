// Objects of a repository that nobody vouches for. Each one's bytes must hash to its name, so that a commit's name stands for all that is in it.
//
// Formats: git-cat-file(1), and "Git Objects" in the Git book. Only `cat-file` is used: others, such as `log`, obey settings of
// the repository that start programs (log.showSignature with gpg.program).
import { createHash } from 'node:crypto';
import { checkStructure } from '../../core/guard.ts';
import type { Files } from '../../core/ref.ts';
import type { Git } from '../git.ts';
import { asText, type Entry, isRegular, pathOf } from '../store.ts';
import { cannot } from './cannot.ts';

/** Largest file and sum of files that are read, in bytes. */
const MAX_FILE = 5_000_000;
const MAX_TREE = 300_000_000;
/** Largest commit or tree object, in bytes; most entries of a tree and most levels. */
const MAX_OBJECT = 20_000_000;
const MAX_ENTRIES = 100_000;
const MAX_LEVELS = 60;

export interface Commit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
}

export interface Objects {
  commits(ids: readonly string[]): Promise<readonly Commit[]>;
  /** Every entry of a tree by its path. `size` is -1 where it is not known. */
  entries(tree: string): Promise<ReadonlyMap<string, Entry>>;
  /** Plain text files among `entries`; links, nested repositories, binary and very large files are left out, as in every box. */
  texts(entries: Iterable<Entry>): Promise<Files>;
  /** The same entries with their sizes. */
  sized(entries: ReadonlyMap<string, Entry>): Promise<ReadonlyMap<string, Entry>>;
  /** Git for readers of blobs, whose `cat-file --batch` gives nothing that is not what its name says. */
  readonly git: Git;
}

interface Raw {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Reads the objects of the repository behind `git`. Throws `RedgreenError('usage')` for what is missing, too large or not what its name says. */
export function openObjects(git: Git, format: 'sha1' | 'sha256'): Objects {
  const read = async (ids: readonly string[], type: string, limit: number): Promise<readonly Buffer[]> => {
    const sizes = await sizesOf(git, ids);
    const large = ids.find((id) => (sizes.get(id) ?? 0) > limit);
    if (large !== undefined) throw cannot(`The ${type} ${large.slice(0, 12)} is larger than anything that redgreen makes.`);
    const objects = await readAll(git, ids);
    for (const [i, id] of ids.entries()) if (objects[i]?.type !== type || nameOf(objects[i], format) !== id) throw wrongObject(id);
    return objects.map((object) => object.bytes);
  };

  const entries = async (tree: string): Promise<ReadonlyMap<string, Entry>> => {
    const found = new Map<string, Entry>();
    let level: readonly { readonly path: string; readonly oid: string }[] = [{ path: '', oid: tree }];
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > MAX_LEVELS) throw cannot(`The tree ${tree.slice(0, 12)} is deeper than ${MAX_LEVELS} levels.`);
      const names = [...new Set(level.map((folder) => folder.oid))];
      const bytes = await read(names, 'tree', MAX_OBJECT);
      const parsed = new Map(names.map((oid, i) => [oid, parseTree(bytes[i] ?? Buffer.alloc(0), format, oid)]));
      const below: { path: string; oid: string }[] = [];
      for (const folder of level) {
        for (const { name, mode, oid } of parsed.get(folder.oid) ?? []) {
          const path = folder.path === '' ? name : `${folder.path}/${name}`;
          if (mode === '40000') below.push({ path, oid });
          else found.set(path, { path, mode, oid, size: -1 });
        }
        if (found.size + below.length > MAX_ENTRIES) throw cannot(`The tree ${tree.slice(0, 12)} has more than ${MAX_ENTRIES} files.`);
      }
      level = below;
    }
    return found;
  };

  const texts = async (all: Iterable<Entry>): Promise<Files> => {
    const plain = [...all].filter((entry) => isRegular(entry) && checkStructure(entry.path) === null);
    const sizes = await sizesOf(git, [...new Set(plain.map((entry) => entry.oid))]);
    const chosen = plain.filter((entry) => (sizes.get(entry.oid) ?? 0) <= MAX_FILE);
    if (chosen.reduce((sum, entry) => sum + (sizes.get(entry.oid) ?? 0), 0) > MAX_TREE)
      throw cannot(`The tree is larger than ${MAX_TREE / 1e6} MB, more than a box takes.`);
    const names = [...new Set(chosen.map((entry) => entry.oid))];
    const bytes = await read(names, 'blob', MAX_FILE);
    const text = new Map(names.map((oid, i) => [oid, asText(bytes[i] ?? Buffer.alloc(0))]));
    return Object.fromEntries(
      chosen.flatMap((entry) => {
        const own = text.get(entry.oid) ?? null;
        return own === null ? [] : [[entry.path, own] as const];
      }),
    );
  };

  const sized = async (all: ReadonlyMap<string, Entry>): Promise<ReadonlyMap<string, Entry>> => {
    const blobs = [...all.values()].filter((entry) => entry.mode !== GITLINK);
    const sizes = await sizesOf(git, [...new Set(blobs.map((entry) => entry.oid))]);
    return new Map([...all].map(([path, entry]) => [path, { ...entry, size: sizes.get(entry.oid) ?? -1 }]));
  };

  return {
    entries,
    texts,
    sized,
    git: held(git, format),
    commits: async (ids) => (await read(ids, 'commit', MAX_OBJECT)).map((bytes, i) => parseCommit(ids[i] ?? '', bytes.toString('utf8'))),
  };
}

const GITLINK = '160000';

function held(git: Git, format: 'sha1' | 'sha256'): Git {
  return {
    ...git,
    async pipe(args, input) {
      const output = await git.pipe(args, input);
      const ids = args.join(' ') === 'cat-file --batch' ? String(input).split('\n').filter(Boolean) : [];
      for (const [i, object] of parseBatch(output, ids).entries()) if (nameOf(object, format) !== ids[i]) throw wrongObject(ids[i] ?? '');
      return output;
    },
  };
}

function nameOf(object: Raw, format: 'sha1' | 'sha256'): string {
  return createHash(format).update(`${object.type} ${object.bytes.length}\0`).update(object.bytes).digest('hex');
}

function wrongObject(id: string): Error {
  return cannot(`The object ${id.slice(0, 12)} of this repository is not what its name says; git fsck shows what else is wrong.`);
}

function missing(id: string): Error {
  return cannot(
    `The object ${id.slice(0, 12)} is not in this repository (a shallow or partial clone?); git fetch --unshallow, or a full clone, brings it.`,
  );
}

async function sizesOf(git: Git, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const text = (await git.pipe(['cat-file', '--batch-check'], `${ids.join('\n')}\n`)).toString('latin1');
  const lines = text.split('\n');
  return new Map(
    ids.map((id, i) => {
      const size = /^[0-9a-f]+ [a-z]+ (\d+)$/.exec(lines[i] ?? '')?.[1];
      if (size === undefined) throw missing(id);
      return [id, Number(size)] as const;
    }),
  );
}

async function readAll(git: Git, ids: readonly string[]): Promise<readonly Raw[]> {
  if (ids.length === 0) return [];
  return parseBatch(await git.pipe(['cat-file', '--batch'], `${ids.join('\n')}\n`), ids);
}

function parseBatch(output: Buffer, ids: readonly string[]): readonly Raw[] {
  let at = 0;
  return ids.map((id) => {
    const end = output.indexOf(0x0a, at);
    const [, type = '', size = ''] = /^[0-9a-f]+ ([a-z]+) (\d+)$/.exec(output.toString('latin1', at, end)) ?? [];
    if (type === '') throw missing(id);
    const bytes = output.subarray(end + 1, end + 1 + Number(size));
    at = end + 1 + bytes.length + 1;
    return { type, bytes };
  });
}

/** `mode SP name NUL hash`, repeated. Names that no tree of git's own making holds are refused. */
function parseTree(bytes: Buffer, format: 'sha1' | 'sha256', tree: string): readonly { name: string; mode: string; oid: string }[] {
  const width = format === 'sha1' ? 20 : 32;
  const entries: { name: string; mode: string; oid: string }[] = [];
  const seen = new Set<string>();
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at);
    const [, mode = '', raw = ''] = /^(\d{5,6}) ([^/]+)$/s.exec(end === -1 ? '' : bytes.toString('latin1', at, end)) ?? [];
    if (raw === '' || seen.has(raw) || end + 1 + width > bytes.length) throw wrongObject(tree);
    seen.add(raw);
    entries.push({ name: pathOf(raw), mode, oid: bytes.toString('hex', end + 1, end + 1 + width) });
    at = end + 1 + width;
  }
  return entries;
}

function parseCommit(id: string, text: string): Commit {
  const end = text.indexOf('\n\n');
  const head = (end === -1 ? text : text.slice(0, end)).split('\n');
  const values = (key: string) => head.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const [tree] = values('tree');
  if (tree === undefined) throw wrongObject(id);
  return { id, tree, parents: values('parent'), message: end === -1 ? '' : text.slice(end + 2) };
}
