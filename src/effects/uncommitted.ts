// What the user has not committed: a run starts from a commit, so it does not see that.
import { hardened } from './git.ts';
import type { Target } from './target.ts';

/**
 * How many files are changed or new in the working tree, folders of new files counted once, reports of ours not at all. 0 where that cannot be told without starting a
 * program of the repository's own configuration (a filter), and in a bare repository.
 */
export async function uncommitted(target: Pick<Target, 'bare' | 'gitDir' | 'root'>, path?: string): Promise<number> {
  if (target.bare) return 0;
  const git = hardened({ gitDir: target.gitDir, cwd: target.root, ...(path === undefined ? {} : { path }) });
  if ((await git.raw(['config', '--name-only', '--get-regexp', '^filter\\.']).catch(() => '')) !== '') return 0;
  const status = await git.raw([`--work-tree=${target.root}`, '--no-optional-locks', 'status', '--porcelain']).catch(() => '');
  return status.split('\n').filter((row) => row !== '' && !/redgreen-report-[\w-]+\.html$/.test(row)).length;
}
