// The files of a control group.
import { readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file's text; empty when it cannot be read. */
export function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

export function words(path: string): string[] {
  return read(path).split(/\s+/).filter(Boolean);
}

/** False when the kernel refuses. */
export function write(path: string, text: string): boolean {
  try {
    writeFileSync(path, text);
    return true;
  } catch {
    return false;
  }
}

/** SIGKILL to every process that is in the group now: at once where the kernel can (`cgroup.kill`), else one by one. */
export function killMembers(folder: string): void {
  write(join(folder, 'cgroup.kill'), '1');
  for (const pid of words(join(folder, 'cgroup.procs'))) {
    try {
      if (Number(pid) > 1) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}

/** Removes a group: the kernel allows it only when no process is left in it. False when it is still there. */
export function removeGroup(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
