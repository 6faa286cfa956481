// The branch that a run goes on with: its tip, and moving it on to the run's last commit.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { RedgreenError } from '../core/errors.ts';
import { oneLine } from '../core/sanitise.ts';
import { type Git, hardened } from './git.ts';
import { bringObjects, gitOf, ownGit, readBranches, type ShipOptions } from './ship.ts';
import type { Target } from './target.ts';

/** The commit of a local branch. Throws `RedgreenError('usage')` when there is none of exactly this name. */
export async function branchTip(target: Pick<Target, 'commonDir' | 'root'>, branch: string, path?: string): Promise<string> {
  const git = hardened({ gitDir: target.commonDir, ...(path === undefined ? {} : { path }) });
  const tip = await git.raw(['show-ref', '--verify', '--hash', '--', `refs/heads/${branch}`]).catch(() => '');
  if (/^[0-9a-f]{40,64}\n$/.test(tip)) return tip.trim();
  throw new RedgreenError(
    'usage',
    `There is no branch "${oneLine(branch, 100)}" in ${target.root}; git branch --list shows which ones there are.`,
  );
}

export interface AdvanceOptions extends ShipOptions {
  /** The branch that stood at `base` when the run began. */
  readonly onto: string;
  readonly base: string;
  /** Whether redgreen made this repository. Asked only where the answer counts. */
  readonly isOurs: () => Promise<boolean>;
}

type Advanced = { readonly branch: string; readonly checkedOut: boolean } | { readonly why: string };

/**
 * Moves the branch on from `base` to `commit`, which stands on it, by compare-and-swap. Where a working tree has it checked out nothing is
 * moved, but in a repository that redgreen made: there the one clean working tree goes along. `why` says in words what stood in the way.
 */
export async function advance(options: AdvanceOptions): Promise<Advanced> {
  const { onto: branch, base, commit } = options;
  const ref = `refs/heads/${branch}`;
  const user = gitOf(options);
  const { checkedOut } = await readBranches(user);
  const own = ownGit(options);
  const isHere = checkedOut.filter((one) => one === ref).length === 1 && (await headOf(own)) === ref;
  const tip = (await user.raw(['show-ref', '--verify', '--hash', '--', ref]).catch(() => '')).trim();
  // Done before, by a run that was cut off before it could say so; its tree may still have to follow.
  if (tip === commit) return { branch, checkedOut: isHere && (await options.isOurs()) && (await readTree(options, own, false)) };
  if (tip !== base) return { why: `${branch} was ${tip === '' ? 'deleted' : 'moved'} meanwhile` };
  if (checkedOut.includes(ref) && !(isHere && (await options.isOurs()) && (await isClean(options, own))))
    return { why: `${branch} is checked out, and a working tree with work of yours is never touched` };
  await bringObjects(user, options);
  const move = (from: string, to: string) => user.raw(['update-ref', '--no-deref', '-m', 'redgreen: go on', ref, to, from]);
  if (isHere && ((await isInTheWay(options, own)) || !(await readTree(options, own, true))))
    return { why: `${branch} is checked out, and files are in the way` };
  const isMoved = await move(base, commit).then(
    () => true,
    () => false,
  );
  if (!isMoved) return { why: `${branch} was moved meanwhile` };
  if (!isHere || (await readTree(options, own, false))) return { branch, checkedOut: isHere };
  await move(commit, base);
  return { why: `${branch} is checked out, and its files cannot be changed` };
}

async function headOf(git: Git): Promise<string> {
  return (await git.raw(['symbolic-ref', '-q', 'HEAD']).catch(() => '')).trim();
}

/** Git over the working tree, whose place is not taken from the configuration. */
function treeArgs({ target }: AdvanceOptions, args: readonly string[]): readonly string[] {
  return [`--work-tree=${target.root}`, ...args];
}

/**
 * Nothing of the user's is in the working tree or the index: no change, no entry that git was told not to look at, and no filter of the
 * repository's own configuration, which would be a program that we start.
 */
async function isClean(options: AdvanceOptions, git: Git): Promise<boolean> {
  const { target } = options;
  if (target.bare) return false;
  if ((await git.raw(['config', '--name-only', '--get-regexp', '^filter\\.']).catch(() => '')) !== '') return false;
  const [status, marks] = await Promise.all([
    git.raw(treeArgs(options, ['status', '--porcelain', '--untracked-files=no', '--ignore-submodules=none'])),
    git.raw(treeArgs(options, ['ls-files', '-v'])),
  ]);
  return status === '' && !/^(?:[a-z]|S) /m.test(marks);
}

/** Whether something lies where a new file goes. Git keeps what it does not know, but for what it is told to ignore. */
async function isInTheWay({ target, base, commit }: AdvanceOptions, git: Git): Promise<boolean> {
  const added = await git.raw(['diff-tree', '-r', '-z', '--no-renames', '--name-only', '--diff-filter=A', base, commit]);
  for (const path of added.split('\0').filter((name) => name !== '')) {
    const parts = path.split('/');
    for (const [i] of parts.entries()) {
      const found = await lstat(join(target.root, ...parts.slice(0, i + 1))).catch(() => null);
      if (found !== null && (i === parts.length - 1 || !found.isDirectory())) return true;
    }
  }
  return false;
}

/** Takes index and working tree from `base` to `commit`; `isTrial` only asks whether that can be done. It overwrites nothing that git does not know. */
async function readTree(options: AdvanceOptions, git: Git, isTrial: boolean): Promise<boolean> {
  // What was copied or touched since looks changed until git has looked again.
  await git.raw(treeArgs(options, ['update-index', '-q', '--refresh'])).catch(() => '');
  return git.raw(treeArgs(options, ['read-tree', '-m', '-u', ...(isTrial ? ['--dry-run'] : []), options.base, options.commit])).then(
    () => true,
    () => false,
  );
}
