// Looks at a box's folders in memory from outside: how many entries they have, and whether they are full.
import type { StatsFs } from 'node:fs';
import { closeSync, constants, openSync, statfsSync } from 'node:fs';

export interface Memory {
  readonly target: string;
  readonly bytes: number;
}

export interface TmpfsWatch {
  /** True when a folder has more than `entries` files and folders. */
  isCrowded(entries: number): boolean;
  /** True when a folder has no room left; also after the box is gone. */
  isFull(): boolean;
  close(): void;
}

/** `f_type` of tmpfs (statfs(2)). */
const TMPFS = 0x01021994;

/**
 * Holds the folders of the box whose first process is `init` and which stands. Folders that cannot be reached are left out:
 * the box is gone already, or we may not look into it. An open descriptor keeps a folder, though not its box, until `close`.
 */
export function watchTmpfs(init: number, folders: readonly Memory[]): TmpfsWatch {
  const fds = folders.flatMap((folder) => hold(`/proc/${init}/root${folder.target}`, folder.bytes));
  return {
    isCrowded: (entries) => fds.some((fd) => look(fd, (stat) => stat.files - stat.ffree > entries)),
    isFull: () => fds.some((fd) => look(fd, (stat) => stat.bavail === 0 || stat.ffree === 0)),
    close() {
      for (const fd of fds.splice(0)) closeSync(fd);
    },
  };
}

/** The size tells the box's own folder from the host's of the same name. */
function hold(path: string, bytes: number): number[] {
  let fd: number | null = null;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    if (look(fd, (stat) => stat.type === TMPFS && stat.blocks * stat.bsize === Math.ceil(bytes / stat.bsize) * stat.bsize)) return [fd];
  } catch {
    // See above.
  }
  if (fd !== null) closeSync(fd);
  return [];
}

function look(fd: number, test: (stat: StatsFs) => boolean): boolean {
  return test(statfsSync(`/proc/self/fd/${fd}`));
}
