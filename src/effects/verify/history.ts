// Which commits of a branch a proof is about: the code's commit, the tests' before it, and what they change.
import type { RedgreenError } from '../../core/errors.ts';
import { checkStructure } from '../../core/guard.ts';
import { oneLine } from '../../core/sanitise.ts';
import { trailersOf } from '../../core/trailers.ts';
import type { Git } from '../git.ts';
import { type Entry, isRegular } from '../store.ts';
import { cannot } from './cannot.ts';
import { type Commit, type Objects, openObjects } from './objects.ts';

export { cannot } from './cannot.ts';

/** Commits that are looked at from the tip. */
const DEPTH = 200;

export interface History {
  readonly objects: Objects;
  readonly tip: Commit;
  /** The commit that says it is proven; where none says so, the tip. */
  readonly code: Commit;
  readonly tests: Commit;
  /** Null when the tests' commit is the first. */
  readonly base: Commit | null;
  /** Commits from the tip before `code` is reached. */
  readonly after: number;
  /** Redgreen's trailers of `code`: a hint where to look, never believed. */
  readonly trailers: ReadonlyMap<string, readonly string[]>;
}

/** The only value of a trailer; null when there is none, or several. */
export function trailer(history: History, key: string): string | null {
  const values = history.trailers.get(key) ?? [];
  return values.length === 1 ? (values[0] ?? null) : null;
}

/** Finds the commits. Throws `RedgreenError('usage')` when there is nothing to check. */
export async function findHistory(git: Git, rev: string): Promise<History> {
  const id = await resolve(git, rev);
  const objects = await objectsOf(git);
  const line = await firstParents(git, objects, id);
  const [tip] = line;
  if (!tip) throw cannot(`"${oneLine(rev, 100)}" has no commit.`);
  const { code, after } = (await proven(objects, line)) ?? { code: tip, after: 0 };
  const trailers = trailersOf(code.message);
  const [parent] = code.parents;
  if (parent === undefined) {
    const first = 'there is no commit before it that could hold the tests';
    throw trailers.has(OUTCOME) ? cannot(`The proven commit ${code.id.slice(0, 12)} is the first: ${first}.`) : unclaimed(rev, first);
  }
  const [tests] = await objects.commits([parent]);
  if (!tests) throw cannot('The tests’ commit cannot be read.');
  const [base = null] = await objects.commits(tests.parents.slice(0, 1));
  return { objects, tip, code, tests, base, after, trailers };
}

/** The trailer that a run's last commit has. */
const OUTCOME = 'Redgreen-Outcome';

/** What is said of a branch that no run of redgreen's made. */
export function unclaimed(rev: string, why: string): RedgreenError {
  return cannot(
    `No commit of redgreen's (one with the trailer ${OUTCOME}) is on "${oneLine(rev, 100)}", and its last one is no code that came after its tests: ${why}.`,
  );
}

/** The commit that a name stands for: a branch of this repository, one that was fetched, a tag, or a commit's id. */
async function resolve(git: Git, rev: string): Promise<string> {
  const names =
    /^[\w./+@#-]{1,250}$/.test(rev) && rev !== 'HEAD'
      ? [`refs/heads/${rev}`, `refs/remotes/${rev}`, rev, `refs/remotes/origin/${rev}`]
      : [rev];
  for (const name of names) {
    const id = await git.raw(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]).catch(() => '');
    if (/^[0-9a-f]{40,64}$/.test(id.trim())) return id.trim();
  }
  throw cannot(`There is no branch or commit "${oneLine(rev, 100)}" here; git branch -a shows what there is.`);
}

/** The objects of a repository, by whatever its names are made of. */
export async function objectsOf(git: Git): Promise<Objects> {
  const format = (await git.raw(['rev-parse', '--show-object-format'])).trim();
  return openObjects(git, format === 'sha256' ? 'sha256' : 'sha1');
}

/** The commit and its first parents, at most `DEPTH` in all. What git lists is only believed where the commits say the same. */
export async function firstParents(git: Git, objects: Objects, id: string): Promise<readonly Commit[]> {
  const listed = (await git.raw(['rev-list', '--first-parent', `--max-count=${DEPTH}`, '--end-of-options', id]))
    .split('\n')
    .filter(Boolean);
  const commits = await objects.commits(listed);
  const end = commits.findIndex((commit, i) => commit.parents[0] !== commits[i + 1]?.id);
  if (commits[0]?.id !== id) return objects.commits([id]);
  return end === -1 ? commits : commits.slice(0, end + 1);
}

/** The nearest commit that says how a run ended, also as the other parent of a merge. */
async function proven(objects: Objects, line: readonly Commit[]): Promise<{ readonly code: Commit; readonly after: number } | null> {
  const says = (commit: Commit) => trailersOf(commit.message).has(OUTCOME);
  for (const [after, commit] of line.entries()) {
    if (says(commit)) return { code: commit, after };
    const merged = (await objects.commits(commit.parents.slice(1, 9))).find(says);
    if (merged) return { code: merged, after: after + 1 };
  }
  return null;
}

export interface Changes {
  readonly paths: readonly string[];
  /** Those of `paths` that are gone afterwards. */
  readonly removed: readonly string[];
  /** Those of `paths` that are afterwards no plain files, or have an unsafe name. */
  readonly odd: readonly string[];
}

/** What differs between the entries of two trees. */
export function changes(before: ReadonlyMap<string, Entry>, after: ReadonlyMap<string, Entry>): Changes {
  const differs = (a: Entry | undefined, b: Entry | undefined) => a?.oid !== b?.oid || a?.mode !== b?.mode;
  const paths = [...new Set([...before.keys(), ...after.keys()])].filter((path) => differs(before.get(path), after.get(path)));
  const odd = paths.filter((path) => {
    const entry = after.get(path);
    return entry !== undefined && (!isRegular(entry) || checkStructure(path) !== null);
  });
  return { paths, removed: paths.filter((path) => !after.has(path)), odd };
}
