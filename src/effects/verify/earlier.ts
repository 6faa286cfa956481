// What earlier runs left on a line of commits. Their trailers say where to look; whoever can write the line can write them, too.
import type { Earlier } from '../../core/ports.ts';
import { trailersOf } from '../../core/trailers.ts';
import { type Entry, isRegular } from '../store.ts';
import { changes } from './history.ts';
import type { Commit, Objects } from './objects.ts';

/** The trailers that every commit of a run on a branch has, and that the last one has. */
const RUN = 'Redgreen-Run';
const RUNNER = 'Redgreen-Runner';

/** Reads `line`, the first parents of a commit from itself on. */
export async function findEarlier(objects: Objects, line: readonly Commit[]): Promise<Earlier> {
  const known = new Map<string, Promise<ReadonlyMap<string, Entry>>>();
  const entries = (commit: Commit | undefined): Promise<ReadonlyMap<string, Entry>> => {
    if (commit === undefined) return Promise.resolve(new Map());
    const found = known.get(commit.tree) ?? objects.entries(commit.tree);
    known.set(commit.tree, found);
    return found;
  };
  const says = (commit: Commit | undefined, key: string) => (commit && trailersOf(commit.message).get(key)?.[0]) ?? null;
  const paths = new Set<string>();
  for (const [i, commit] of line.entries()) {
    const [parent] = commit.parents;
    // A line that was cut off does not say what its last commit changed.
    if (says(commit, RUN) === null || (parent !== undefined && line[i + 1]?.id !== parent)) continue;
    for (const path of changes(await entries(line[i + 1]), await entries(commit)).paths) paths.add(path);
  }
  const now = await entries(line[0]);
  const there = [...paths].filter((path) => {
    const entry = now.get(path);
    return entry !== undefined && isRegular(entry);
  });
  const last = line.at(-1);
  return {
    run: line.map((commit) => says(commit, RUN)).find((run) => run !== null) ?? null,
    runner: line.map((commit) => says(commit, RUNNER)).find((runner) => runner !== null) ?? null,
    root: last?.parents.length === 0 ? says(last, RUN) : null,
    paths: there.sort(),
  };
}
