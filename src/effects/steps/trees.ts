// The trees of a run, as texts: what is locked, what is code, and all of it together.
import { testTree } from '../../core/kept.ts';
import type { Ports } from '../../core/ports.ts';
import { draftsOf } from '../../core/reduce-round.ts';
import { type Files, GONE, type Tree } from '../../core/ref.ts';
import type { State } from '../../core/state.ts';

/** Loads every blob of a tree; what is gone is left out. */
export async function load(ports: Pick<Ports, 'blobs'>, tree: Tree): Promise<Files> {
  const there = Object.entries(tree).filter(([, ref]) => ref !== GONE);
  const entries = await Promise.all(there.map(async ([path, ref]) => [path, await ports.blobs.get(ref)] as const));
  return Object.fromEntries(entries);
}

/** Source files as they stand: the drafts before the first check, then what checks and repairs made of them. */
export function sourceTree(s: State): Tree {
  return s.checks.done === 0 && !s.change ? draftsOf(s) : s.sources;
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
