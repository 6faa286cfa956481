// Putting a commit on a new branch of the user's repository, and nothing else.
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RedgreenError } from '../core/errors.ts';
import { foldPath } from '../core/guard.ts';
import { type Git, hardened, type Identity, identityPart } from './git.ts';
import type { Target } from './target.ts';

const SLUG = /^[a-z0-9][a-z0-9-]{0,50}$/;
const MAX_NUMBER = 200;
/** Left behind by file managers; a folder with nothing else is empty. */
const LITTER = new Set(['.git', '.DS_Store', 'Thumbs.db', 'desktop.ini']);

export interface ShipOptions {
  readonly target: Pick<Target, 'root' | 'gitDir' | 'commonDir' | 'bare'>;
  readonly store: Git;
  /** The commit that the run started from; its objects are in the user's repository. */
  readonly base: string | null;
  readonly commit: string;
  readonly slug: string;
  /** Redgreen made the repository for this run: its branch is checked out. */
  readonly created: boolean;
  readonly identity: Identity;
  readonly path?: string;
}

/** A .gitmodules can only be the user's own, as no new one passes the gate; what git finds wrong with it must not cost the branch: git-fsck(1). */
const INHERITED = ['Blob', 'Large', 'Missing', 'Name', 'Parse', 'Path', 'Symlink', 'Update', 'Url']
  .map((what) => `gitmodules${what}=ignore`)
  .join(',');

/** Brings every object that `base` does not have into the user's object store, checked and complete. */
export async function bringObjects(user: Git, options: ShipOptions): Promise<void> {
  if (options.commit === options.base) return;
  const wanted = [options.commit, ...(options.base === null ? [] : [`^${options.base}`])].join('\n');
  const pack = await options.store.pipe(
    ['pack-objects', '--revs', '--stdout', '--delta-base-offset', '--quiet', '--threads=1'],
    `${wanted}\n`,
  );
  // `--strict` also refuses a pack with links to objects that are not there.
  await user.pipe(['index-pack', '--stdin', `--strict=${INHERITED}`, '--threads=1'], pack);
}

interface Branches {
  /** Folded names of the branches that begin with `redgreen`, and the commits they are at. */
  readonly taken: ReadonlyMap<string, string>;
  /** Every ref that a working tree has checked out, one for each tree. */
  readonly checkedOut: readonly string[];
  /** A branch of the plain name `redgreen` leaves no room for `redgreen/…`. */
  readonly blocked: boolean;
}

export async function readBranches(user: Git): Promise<Branches> {
  const [refs, trees] = await Promise.all([
    user.raw(['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads/']),
    user.raw(['worktree', 'list', '--porcelain']),
  ]);
  const taken = new Map<string, string>();
  for (const line of refs.split('\n')) {
    const ref = foldPath(line.slice(line.indexOf(' ') + 1));
    if (ref.startsWith('refs/heads/redgreen')) taken.set(ref, line.slice(0, line.indexOf(' ')));
  }
  const checkedOut = trees
    .split('\n')
    .filter((line) => line.startsWith('branch '))
    .map((line) => line.slice('branch '.length));
  return { taken, checkedOut, blocked: taken.has('refs/heads/redgreen') };
}

/** True when a branch can be made under this name: nothing there, nothing below it, and no working tree waits for it. */
function isFree(ref: string, branches: Branches): boolean {
  const fold = foldPath(ref);
  if (branches.taken.has(fold) || branches.checkedOut.some((other) => foldPath(other) === fold)) return false;
  return ![...branches.taken.keys()].some((other) => other.startsWith(`${fold}/`));
}

function* names(slug: string, branches: Branches): Generator<string> {
  const prefix = branches.blocked ? 'redgreen-' : 'redgreen/';
  for (let n = 1; n <= MAX_NUMBER; n++) yield `${prefix}${slug}${n === 1 ? '' : `-${n}`}`;
}

/** Makes the branch by compare-and-swap against "does not exist"; false when someone was faster. */
async function makeBranch(user: Git, branch: string, options: ShipOptions): Promise<boolean> {
  const nothing = '0'.repeat(options.commit.length);
  try {
    await user.raw(['update-ref', '--no-deref', '-m', 'redgreen: ship', `refs/heads/${branch}`, options.commit, nothing]);
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && /already exists|reference|exists; cannot create|expected/.test(thrown.message)) return false;
    throw thrown;
  }
}

/**
 * Puts `commit` on the new branch `redgreen/<slug>` of the user's repository, or on `-2`, `-3` … when that exists or is checked out anywhere.
 * A branch of that name that is at `commit` already is taken as done, so that doing it twice changes nothing.
 * Working tree, index, configuration, HEAD and stash stay as they are, except in a repository that redgreen made, which is checked out while it is empty.
 * Throws `RedgreenError('git')`.
 */
export async function ship(options: ShipOptions): Promise<{ readonly branch: string; readonly checkedOut: boolean }> {
  if (!SLUG.test(options.slug))
    throw new RedgreenError('git', 'The name for the branch is not allowed: small letters, digits and dashes only, at most 51.');
  const user = gitOf(options);
  const branches = await readBranches(user);
  let brought = false;
  for (const branch of names(options.slug, branches)) {
    const ref = `refs/heads/${branch}`;
    if (branches.taken.get(foldPath(ref)) === options.commit) return { branch, checkedOut: await isCheckedOut(options, branch) };
    if (!isFree(ref, branches)) continue;
    if (!brought) await bringObjects(user, options);
    brought = true;
    if (await makeBranch(user, branch, options)) return { branch, checkedOut: options.created && (await checkOut(options, branch)) };
  }
  throw new RedgreenError(
    'git',
    `There are ${MAX_NUMBER} branches called redgreen/${options.slug} already; delete some and resume the run.`,
  );
}

/** Git over the repository, by the name of who commits. */
export function gitOf(options: ShipOptions): Git {
  const env = { GIT_COMMITTER_NAME: identityPart(options.identity.name), GIT_COMMITTER_EMAIL: identityPart(options.identity.email) };
  return hardened({ gitDir: options.target.commonDir, env, ...(options.path === undefined ? {} : { path: options.path }) });
}

/** Git over the working tree that the run works on. */
export function ownGit(options: ShipOptions): Git {
  return hardened({
    gitDir: options.target.gitDir,
    cwd: options.target.root,
    ...(options.path === undefined ? {} : { path: options.path }),
  });
}

async function isCheckedOut(options: ShipOptions, branch: string): Promise<boolean> {
  if (!options.created) return false;
  const head = await ownGit(options)
    .raw(['symbolic-ref', '-q', 'HEAD'])
    .catch(() => '');
  return head.trim() === `refs/heads/${branch}`;
}

/** Still as redgreen made it: nothing but `.git`, no index, no commit. */
async function isUntouched(options: ShipOptions, git: Git): Promise<boolean> {
  if (options.target.bare) return false;
  const files = await readdir(options.target.root).catch(() => ['?']);
  if (files.some((name) => !LITTER.has(name))) return false;
  if ((await lstat(join(options.target.gitDir, 'index')).catch(() => null)) !== null) return false;
  return git.raw(['rev-parse', '--verify', '--end-of-options', 'HEAD']).then(
    () => false,
    () => true,
  );
}

/** Fills the empty working tree of a repository that redgreen made. False when it is not empty any more. */
async function checkOut(options: ShipOptions, branch: string): Promise<boolean> {
  const git = ownGit(options);
  if (!(await isUntouched(options, git))) return false;
  await git.raw([`--work-tree=${options.target.root}`, 'read-tree', '-m', '-u', options.commit]);
  await git.raw(['symbolic-ref', '-m', 'redgreen: check out', 'HEAD', `refs/heads/${branch}`]);
  return true;
}
