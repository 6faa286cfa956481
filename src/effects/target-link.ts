// Whether a `.git` that leads elsewhere is one that git made. A project from elsewhere could bring one that names another repository of the user.
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { readPlain } from './anchor.ts';

/** Longest path in a file that git keeps. */
const MAX_LINE = 8_192;

export interface Links {
  /** Where the user stands. */
  readonly dir: string;
  readonly gitDir: string;
  readonly commonDir: string;
  readonly bare: boolean;
}

/**
 * Null when the repository is the one that lies around `dir`, a linked working tree that its repository knows, a submodule or a separate git
 * directory; else where the `.git` leads without leave, in words.
 */
export async function foreignLink(links: Links): Promise<string | null> {
  const [dir, gitDir, commonDir] = await Promise.all([realpath(links.dir), realpath(links.gitDir), realpath(links.commonDir)]);
  const linked = gitDir !== commonDir;
  if (linked && dirname(gitDir) !== join(commonDir, 'worktrees')) return `${gitDir} takes its objects and branches from ${commonDir}`;
  if (links.bare) return isInside(dir, gitDir) ? null : `${dir} leads to the bare repository ${gitDir}`;
  const own = await nearestGit(dir, gitDir);
  if (own === null || own === gitDir) return null;
  const known = linked ? await knows(gitDir, own) : basename(gitDir) !== '.git';
  return known ? null : `${own} leads to ${gitDir}, which belongs to another folder`;
}

/** The `.git` of `dir` or of the nearest folder above it; a folder that is no repository is passed over, as git does. */
async function nearestGit(dir: string, gitDir: string): Promise<string | null> {
  for (let folder = dir; ; folder = dirname(folder)) {
    const path = join(folder, '.git');
    const found = await lstat(path).catch(() => null);
    if (found !== null && (path === gitDir || !found.isDirectory())) return path;
    if (folder === dirname(folder)) return null;
  }
}

/** Whether a linked working tree's git directory names this `.git` as its other end: gitrepository-layout(5), worktrees/<id>/gitdir. */
async function knows(gitDir: string, own: string): Promise<boolean> {
  const text = (await readPlain(join(gitDir, 'gitdir'), MAX_LINE).catch(() => null))?.toString('utf8').trim() ?? '';
  return text !== '' && (await realpath(resolve(gitDir, text)).catch(() => null)) === own;
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !way.startsWith('/'));
}
