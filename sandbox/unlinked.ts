// Files without a name: a command can open a file, remove it and go on writing, and no listing of the folder shows it.
import { readdirSync, statSync } from 'node:fs';
import { treePids } from './tree.ts';

/**
 * Bytes on the disks of `folders` in removed files that a process of the tree below `root` holds open. Files that are held in other ways
 * (only mapped, or on their way through a socket) are not seen.
 */
export function unlinkedBytes(root: number, folders: readonly string[]): number {
  const disks = new Set(folders.map((folder) => statSync(folder, { throwIfNoEntry: false })?.dev));
  const seen = new Map<string, number>();
  for (const pid of treePids(root)) {
    for (const fd of descriptors(pid)) {
      const stat = look(`/proc/${pid}/fd/${fd}`);
      if (stat?.isFile() && stat.nlink === 0 && disks.has(stat.dev)) seen.set(`${stat.dev}:${stat.ino}`, stat.blocks * 512);
    }
  }
  return [...seen.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function descriptors(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
}

function look(path: string) {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}
