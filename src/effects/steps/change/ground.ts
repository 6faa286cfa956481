// What a run on existing code works on: the base on disk, with the run's own files laid over it.

import { testTree } from '../../../core/kept.ts';
import type { Ports, Workspace } from '../../../core/ports.ts';
import { type Files, GONE, type Tree } from '../../../core/ref.ts';
import type { State } from '../../../core/state.ts';
import type { Survey } from '../../../core/survey.ts';
import { load } from '../trees.ts';

/** A tree as a box gets it. */
export interface Ground {
  /** Host folder of the base; left out where the run began with nothing. */
  readonly base?: string;
  readonly tree: Files;
  readonly removed: readonly string[];
}

/** The base with `sources`, what the installation wrote, and the run's tests. */
export async function groundOf(ports: Ports, s: State, sources: Tree): Promise<Ground> {
  const laid = { ...sources, ...s.installs.files, ...testTree(s) };
  return { ...(await bareGround(ports, s)), ...(await layered(ports, laid)) };
}

/** The base as it is. */
export async function bareGround(ports: { readonly workspace: Pick<Workspace, 'checkout'> }, s: State): Promise<Ground> {
  const commit = s.run?.base.commit;
  return { ...(commit ? { base: await ports.workspace.checkout(commit) } : {}), tree: {}, removed: [] };
}

/** The texts of a tree that is laid over a base, and what it takes away. */
export async function layered(ports: Pick<Ports, 'blobs'>, tree: Tree): Promise<Omit<Ground, 'base'>> {
  const removed = Object.keys(tree).filter((path) => tree[path] === GONE);
  return { tree: await load(ports, tree), removed };
}

const surveys = new Map<string, Promise<Survey>>();

/** What was read of the repository. */
export function surveyOf(ports: Pick<Ports, 'blobs'>, s: State): Promise<Survey> {
  const ref = s.change?.survey;
  if (!ref) throw new Error('the repository was not read');
  const known = surveys.get(ref) ?? ports.blobs.get(ref).then((text): Survey => JSON.parse(text));
  surveys.clear();
  surveys.set(ref, known);
  return known;
}

/** Texts of the tree as it stands: the run's own file, else the base's; null where there is none. */
export function reader(
  ports: Pick<Ports, 'workspace'>,
  ground: Pick<Ground, 'tree' | 'removed'>,
): (path: string) => Promise<string | null> {
  const removed = new Set(ground.removed);
  return async (path) => (removed.has(path) ? null : (ground.tree[path] ?? (await ports.workspace.readBase(path))));
}
