// Trees of files on their way into a box, and the report on its way out.
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Staging } from '../../sandbox/index.ts';
import { RedgreenError } from '../core/errors.ts';
import type { Files } from '../core/ref.ts';

const MAX_REPORT_BYTES = 8 * 1024 * 1024;

/** Writes `files` below `folder`, where they must not be yet. Throws `RedgreenError('box.failed')` for a path that would leave it. */
export function writeFiles(staging: Staging, folder: string, files: Files, mode?: number): void {
  for (const [path, text] of Object.entries(files)) {
    if (!isInside(path))
      throw new RedgreenError(
        'box.failed',
        `a file with the path ${JSON.stringify(path)} cannot go into a box: it would lie outside the tree`,
      );
    try {
      staging.write(join(folder, path), text, mode);
    } catch (error) {
      throw new RedgreenError('box.failed', `${path} could not be written for the box: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** True for a relative path with forward slashes whose every part is a plain name. */
export function isInside(path: string): boolean {
  return !path.includes('\0') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/**
 * Text of the file at `path` when it is a regular file with one name, not empty and at most 8 MiB, else null.
 * Symbolic links are not followed and a FIFO does not block.
 */
export function readReport(path: string): string | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.nlink !== 1 || stat.size === 0 || stat.size > MAX_REPORT_BYTES) return null;
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}
