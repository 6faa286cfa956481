// Watches what the kernel does not limit for us: memory and processes of a tree, bytes and entries of a folder.
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Limits } from './policy.ts';

export type Exceeded = 'memory' | 'pids' | 'disk';

const PERIOD_MS = 200;

/** Calls `stop` once, with what was exceeded, while the tree below `pid` runs. Returns a function that ends the watch. */
export function watch(pid: number, folders: readonly string[], limits: Limits, stop: (exceeded: Exceeded) => void): () => void {
  let ticks = 0;
  let crowded = 0;
  const timer = setInterval(() => {
    ticks++;
    const tree = usage(pid);
    crowded = tree.threads >= limits.processes ? crowded + 1 : 0;
    if (tree.bytes > limits.memoryBytes) return stop('memory');
    if (crowded >= 2) return stop('pids');
    if (ticks % 5 === 0 && folders.some((folder) => isOver(folder, limits))) stop('disk');
  }, PERIOD_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** True when the files below `folder` are more, or larger, than `limits` allow. Stops counting as soon as it is sure. */
export function isOver(folder: string, limits: Limits): boolean {
  let bytes = 0;
  let entries = 0;
  const pending = [folder];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const entry of list(next)) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) pending.push(path);
      else bytes += (lstatSync(path, { throwIfNoEntry: false })?.blocks ?? 0) * 512;
      if (++entries > limits.folderEntries || bytes > limits.folderBytes) return true;
    }
  }
  return false;
}

function list(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Anonymous and shared memory in bytes, and threads, of a process and all its descendants (/proc, proc(5)). */
function usage(root: number): { bytes: number; threads: number } {
  let bytes = 0;
  let threads = 0;
  const pending = [root];
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    const status = read(`/proc/${pid}/status`);
    bytes += (field(status, 'RssAnon') + field(status, 'RssShmem')) * 1024;
    threads += field(status, 'Threads');
    for (const thread of threadsOf(pid)) {
      for (const child of read(`/proc/${pid}/task/${thread}/children`).trim().split(' ')) if (child !== '') pending.push(Number(child));
    }
  }
  return { bytes, threads };
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function field(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
