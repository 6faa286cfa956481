// What the ways of finding installed dependencies have in common.
import { lstatSync, readFileSync } from 'node:fs';
import type { Survey } from '../../core/survey.ts';

export interface InstalledQuery {
  /** Host folder of the user's working tree. */
  readonly root: string;
  /** Text of a file of the commit that the run starts from; null when it is not there. */
  readonly read: (path: string) => Promise<string | null>;
  readonly survey: Pick<Survey, 'manager' | 'lock' | 'packages'>;
  /** Version of the Python in boxes (`3.11`), asked only for a Python project; null when there is none. */
  readonly python: () => Promise<string | null>;
}

/** Folders that may be used (see `InstalledDeps`), and why, to be read after a colon. */
export interface Folders {
  readonly deps: string;
  readonly memberDeps: Readonly<Record<string, string>>;
  readonly because: string;
}

/** Line endings apart, which git may have turned. */
export function isSameText(file: string, committed: string): boolean {
  const plain = (text: string) => text.replaceAll('\r\n', '\n');
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() === true && plain(readFileSync(file, 'utf8')) === plain(committed);
}

export function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
