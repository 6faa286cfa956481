import { randomBytes } from 'node:crypto';
import { closeSync, lstatSync, openSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RedgreenError } from '../core/errors.ts';

/** Bytes at a file's beginning in which the mark of a report stands. */
const HEAD = 1024;

/**
 * Writes a page to `path`, whole or not at all, readable by its owner only. Only a report of ours (one that has `mark` at its beginning) is overwritten.
 * Throws `RedgreenError('usage')` when something else is there or it cannot be written.
 */
export function writeReport(path: string, page: string, mark: string): void {
  if (!isFree(path, mark))
    throw new RedgreenError('usage', `${path} is there already and is no report of redgreen; name another file with --out.`);
  const beside = join(dirname(path), `.redgreen-report-${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(beside, page, { mode: 0o600, flag: 'wx' });
    renameSync(beside, path);
  } catch (thrown) {
    rmSync(beside, { force: true });
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new RedgreenError('usage', `The report cannot be written to ${path} (${why}); name another file with --out.`, { cause: thrown });
  }
}

function isFree(path: string, mark: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return true;
  if (!found.isFile()) return false;
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD);
    return head.toString('utf8', 0, readSync(file, head)).includes(mark);
  } finally {
    closeSync(file);
  }
}
