// What a folder looked like, so that a change in it can be told later without reading a file; and the links in it that lead away.
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';

/** Entries that are looked at before others get their turn. */
const AT_ONCE = 1_000;

export interface StampOptions {
  /** A folder around it: links that lead out of that are looked for, too. */
  readonly within?: string | null;
  /** True for a path from the folder that is passed over, with all below it. */
  readonly isPassing?: (path: string) => boolean;
}

export interface Stamped {
  /** A digest (hex) of everything below the folder. */
  readonly stamp: string;
  /** The first link that leads out of `within` or is written as a full path; null when there is none. From the folder. */
  readonly leaving: string | null;
}

/**
 * Looks at everything below `folder` without following links: path, inode, size, time and mode. Not at the time of the last change of the inode,
 * as another name (a hard link) changes that. Some 10 µs an entry. Throws the
 * errors of the file system.
 */
export async function stampOf(folder: string, { within = null, isPassing = () => false }: StampOptions = {}): Promise<Stamped> {
  const hash = createHash('sha256');
  const around = within === null ? null : realpathSync.native(within);
  let leaving: string | null = null;
  let looked = 0;
  const pending = [''];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const entries = readdirSync(join(folder, at), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (isPassing(path)) continue;
      if (entry.isDirectory()) pending.push(path);
      else hash.update(lineOf(path, lstatSync(`${folder}/${path}`)));
      if (around !== null && leaving === null && entry.isSymbolicLink() && !staysWithin(join(folder, path), around)) leaving = path;
      if (++looked % AT_ONCE === 0) await setImmediate();
    }
  }
  return { stamp: hash.digest('hex'), leaving };
}

function lineOf(path: string, stat: Stats): string {
  return `${path}\0${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.mode}\n`;
}

/** A link to nothing stays where its text leads. */
function staysWithin(link: string, around: string): boolean {
  const text = readlinkSync(link);
  if (isAbsolute(text)) return false;
  let end: string;
  try {
    end = realpathSync.native(link);
  } catch {
    end = join(realpathSync.native(dirname(link)), text);
  }
  const way = relative(around, end);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
