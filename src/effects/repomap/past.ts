// Commits of the past as git tells them, for `historyScores`.
import type { PastCommit } from './history.ts';

/** How many commits before the base are asked for. */
const COMMITS = 500;

/** Arguments of the `git log` whose output `parsePast` reads: nothing of the user's configuration steers it. */
export function pastArguments(base: string): readonly string[] {
  const format = ['--format=%x01%s', '--name-only', '--no-renames', '--no-merges', '--no-show-signature', '--no-ext-diff', '--no-textconv'];
  return ['-c', 'core.quotePath=false', 'log', ...format, `--max-count=${COMMITS}`, base, '--'];
}

/** Reads that log, the newest commit first. */
export function parsePast(log: string): readonly PastCommit[] {
  return log
    .split('\x01')
    .slice(1)
    .map((entry) => {
      const [subject = '', ...paths] = entry.split('\n').filter((line) => line !== '');
      return { subject, paths };
    });
}
