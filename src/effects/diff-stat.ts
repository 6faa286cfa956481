// How much a commit changes.
import { hardened } from './git.ts';

export interface DiffStat {
  /** The commit that it is compared with. */
  readonly from: string;
  readonly files: number;
  /** Lines; those of binary files are not counted. */
  readonly added: number;
  readonly removed: number;
}

/** Compares the commits `from` and `to` in the repository at `gitDir`. Null where git cannot. */
export async function diffStat(gitDir: string, from: string, to: string): Promise<DiffStat | null> {
  try {
    const git = hardened({ gitDir });
    const text = await git.raw(['diff', '--numstat', '--no-ext-diff', '--no-textconv', '--no-renames', '-z', from, to]);
    const rows = text
      .split('\0')
      .filter(Boolean)
      .map((row) => row.split('\t'));
    const sum = (at: number) => rows.reduce((count, row) => count + (Number(row[at]) || 0), 0);
    return { from, files: rows.length, added: sum(0), removed: sum(1) };
  } catch {
    return null;
  }
}
