// What a process and all its descendants use, as /proc shows it: for machines without a control group.
import { readdirSync } from 'node:fs';
import { read } from './cgroup-files.ts';

export interface TreeUsage {
  /** Anonymous and shared memory that is resident. */
  readonly bytes: number;
  readonly threads: number;
  /** CPU time of those that live. */
  readonly cpuMs: number;
}

/** Unit of times in /proc/PID/stat: USER_HZ is 100 on every architecture that Node runs on (proc(5)). */
const TICK_MS = 10;

/** Adds up the tree below `root`, itself included (/proc/PID/status and stat, proc(5)). */
export function treeUsage(root: number): TreeUsage {
  let [bytes, threads, cpuMs] = [0, 0, 0];
  for (const pid of treePids(root)) {
    const status = read(`/proc/${pid}/status`);
    bytes += (field(status, 'RssAnon') + field(status, 'RssShmem')) * 1024;
    threads += field(status, 'Threads');
    cpuMs += cpuOf(pid);
  }
  return { bytes, threads, cpuMs };
}

/** `root` and its descendants, as they are found. */
export function* treePids(root: number): Generator<number> {
  const pending = [root];
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    for (const thread of threadsOf(pid)) pending.push(...childrenOf(pid, thread));
    yield pid;
  }
}

function childrenOf(pid: number, thread: string): number[] {
  return read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number);
}

/** Fields 14 and 15 (own time), 16 and 17 (of children that were waited for), after the name in brackets. */
function cpuOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS;
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
