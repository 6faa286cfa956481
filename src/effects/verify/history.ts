// Which commits of a branch a proof is about: the code's commit, the tests' before it, and what they change. Read from objects alone.
import { RedgreenError } from '../../core/errors.ts';
import { checkStructure } from '../../core/guard.ts';
import type { Files } from '../../core/ref.ts';
import { oneLine } from '../../core/sanitise.ts';
import type { Git } from '../git.ts';
import { asText, type Entry, isRegular, listTree, readBlobs } from '../store.ts';

/** Commits that are looked at from the tip. */
const DEPTH = 200;
/** Largest file and sum of files that are read, in bytes. */
const MAX_FILE = 5_000_000;
const MAX_TREE = 300_000_000;

export interface Commit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  /** Redgreen's own trailers: a hint where to look, never believed. */
  readonly trailers: Readonly<Record<string, string>>;
}

export interface History {
  readonly tip: Commit;
  /** The commit that says it is proven. */
  readonly code: Commit;
  readonly tests: Commit;
  /** Null when the tests' commit is the first. */
  readonly base: string | null;
  /** Commits between the tip and `code`. */
  readonly after: number;
}

/** A branch that cannot be checked: `message` says why and what to do. */
export function cannot(message: string): RedgreenError {
  return new RedgreenError('usage', message);
}

/** Finds the commits. Throws `RedgreenError('usage')` when there is nothing to check. */
export async function findHistory(git: Git, rev: string): Promise<History> {
  const id = await git.raw(['rev-parse', '--verify', '--quiet', '--end-of-options', `${rev}^{commit}`]).then(
    (text) => text.trim(),
    () => null,
  );
  if (id === null) throw cannot(`There is no branch or commit "${oneLine(rev, 100)}" here; git branch -a shows what there is.`);
  const commits = await log(git, id);
  const at = commits.findIndex((c) => c.trailers['Redgreen-Outcome'] !== undefined);
  const [tip, code, tests] = [commits[0], commits[at], commits[at + 1]];
  if (!tip || !code)
    throw cannot(
      `No commit of redgreen's (one with the trailer Redgreen-Outcome) is among the last ${commits.length} of "${oneLine(rev, 100)}".`,
    );
  const shallow = (await git.raw(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
  if (!tests)
    throw cannot(
      shallow
        ? 'The history ends before the tests’ commit (a shallow clone): git fetch --unshallow.'
        : 'The commit has no parent: the tests’ commit that should come before it is not there.',
    );
  return { tip, code, tests, base: tests.parents[0] ?? null, after: at };
}

async function log(git: Git, id: string): Promise<readonly Commit[]> {
  const text = await git.raw([
    'log',
    '--first-parent',
    `--max-count=${DEPTH}`,
    '--format=%H%n%T%n%P%n%(trailers:only,unfold)%x00',
    '--end-of-options',
    id,
  ]);
  return text
    .split('\0')
    .map((part) => part.replace(/^\n/, ''))
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [commit = '', tree = '', parents = '', ...lines] = part.split('\n');
      const trailers = lines.flatMap((line) => {
        const match = /^(Redgreen-[A-Za-z]+): (.{1,200})$/.exec(line);
        return match ? [[match[1] ?? '', oneLine(match[2] ?? '', 200)] as const] : [];
      });
      return { id: commit, tree, parents: parents.split(' ').filter(Boolean), trailers: Object.fromEntries(trailers) };
    });
}

/** Paths that differ between two commits (from null: all), and those of them that are no plain files on either side. */
export async function changes(
  git: Git,
  from: string | null,
  to: string,
): Promise<{ readonly paths: readonly string[]; readonly odd: readonly string[] }> {
  const before = new Map((from === null ? [] : await listTree(git, from)).map((e) => [e.path, e]));
  const after = new Map((await listTree(git, to)).map((e) => [e.path, e]));
  const differs = (a: Entry | undefined, b: Entry | undefined) => a?.oid !== b?.oid || a?.mode !== b?.mode;
  const paths = [...new Set([...before.keys(), ...after.keys()])].filter((path) => differs(before.get(path), after.get(path)));
  const odd = paths.filter((path) => {
    const entry = after.get(path);
    return entry !== undefined && (!isRegular(entry) || checkStructure(path) !== null);
  });
  return { paths, odd };
}

/** The text files of a commit; links, nested repositories, binary and very large files are left out. */
export async function filesOf(git: Git, commit: string): Promise<Files> {
  const entries = (await listTree(git, commit)).filter((e) => isRegular(e) && checkStructure(e.path) === null && e.size <= MAX_FILE);
  if (entries.reduce((sum, e) => sum + e.size, 0) > MAX_TREE)
    throw cannot(`The tree is larger than ${MAX_TREE / 1e6} MB, more than a box takes.`);
  const blobs = await readBlobs(
    git,
    entries.map((e) => e.oid),
  );
  return Object.fromEntries(
    entries.flatMap((e, i) => {
      const text = asText(blobs[i] ?? Buffer.alloc(0));
      return text === null ? [] : [[e.path, text] as const];
    }),
  );
}
