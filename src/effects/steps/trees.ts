// The trees of a run, as texts: what is locked, what is code, and all of it together.
import type { Ports } from '../../core/ports.ts';
import { draftsOf } from '../../core/reduce-round.ts';
import type { Files, Tree } from '../../core/ref.ts';
import type { State } from '../../core/state.ts';

/** Loads every blob of a tree. */
export async function load(ports: Pick<Ports, 'blobs'>, tree: Tree): Promise<Files> {
  const entries = await Promise.all(Object.entries(tree).map(async ([path, ref]) => [path, await ports.blobs.get(ref)] as const));
  return Object.fromEntries(entries);
}

/** Test files as they stand, frozen or drafted. */
export function testTree(s: State): Tree {
  return Object.fromEntries(Object.values(s.tests).flatMap((t) => (t.blob ? [[t.path, t.blob]] : [])));
}

/** Source files as they stand: the drafts before the first check, then what checks and repairs made of them. */
export function sourceTree(s: State): Tree {
  return s.checks.done === 0 ? draftsOf(s) : s.sources;
}

/** The whole tree of the run without the base: manifests, tests, sources. Tests are laid over the rest. */
export function wholeTree(s: State, sources: Tree = sourceTree(s)): Tree {
  return { ...sources, ...s.installs.files, ...testTree(s) };
}

export type BaseReader = (s: State) => Promise<Files>;

/** The files of the base commit as texts; read once for a run. */
export function createBaseReader(ports: Pick<Ports, 'workspace'>): BaseReader {
  let files: Promise<Files> | null = null;
  return (s) => {
    const commit = s.run?.base.commit;
    if (!commit) return Promise.resolve({});
    files ??= ports.workspace.export(commit);
    return files;
  };
}

/** Base and run together, as a box sees them. */
export async function fullFiles(ports: Ports, base: BaseReader, s: State, tree: Tree): Promise<Files> {
  return { ...(await base(s)), ...(await load(ports, tree)) };
}
