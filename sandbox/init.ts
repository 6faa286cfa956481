// The first process of a box. With it everything in the box dies, and it is gone only when everything else is (pid_namespaces(7)).
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { read } from './cgroup-files.ts';
import { startTime } from './owner.ts';

export interface Init {
  readonly pid: number;
  /** Tells it from a later process with the same number. */
  readonly began: string;
}

/** The process that the launcher `pid` started; null when there is none (any more). */
export function initOf(pid: number): Init | null {
  const list = `/proc/${pid}/task/${pid}/children`;
  const child = existsSync(list) ? Number(read(list).split(' ')[0]) : childByScan(pid);
  return child > 0 ? { pid: child, began: startTime(child) } : null;
}

/** For kernels without CONFIG_PROC_CHILDREN. */
function childByScan(parent: number): number {
  const isChild = (name: string) => Number(/^PPid:\t(\d+)/m.exec(read(`/proc/${name}/status`))?.[1]) === parent;
  return Number(readdirSync('/proc').find((name) => /^\d+$/.test(name) && isChild(name)) ?? 0);
}

/**
 * Waits until launcher and init sleep. Both ask to die with their parent as the last thing before they wait for the end of what they
 * started; one that is killed earlier would leave a box that nobody ends. False when one of them is gone.
 */
export async function areSettled(launcher: number, init: Init): Promise<boolean> {
  for (;;) {
    const states = [launcher, init.pid].map(stateOf);
    if (states.every((state) => state === 'S')) return true;
    if (states.some((state) => state === '' || state === 'Z' || state === 'X')) return false;
    await wait(1);
  }
}

/**
 * SIGKILL to a launcher and to what it started. The launcher alone would not do, see `areSettled`. Stopped first, it starts nothing
 * that is not seen here. Returns what it had started.
 */
export function killLauncher(pid: number): Init | null {
  signal(pid, 'SIGSTOP');
  for (let looks = 0; looks < STOP_LOOKS && !/^[TZX]?$/.test(stateOf(pid)); looks++);
  const init = initOf(pid);
  if (init !== null) signal(init.pid, 'SIGKILL');
  signal(pid, 'SIGKILL');
  return init;
}

/** A stopped process is seen as such after one or two looks of some 10 µs. */
const STOP_LOOKS = 500;

/** True when `init`, and so all of its box, is dead within `ms`. A zombie is: its parent has only not asked for it yet. */
export async function isDead(init: Init, ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  for (let pause = 1; startTime(init.pid) === init.began && stateOf(init.pid) !== 'Z'; pause = Math.min(2 * pause, 50)) {
    if (performance.now() > end) return false;
    await wait(pause);
  }
  return true;
}

/** One letter (proc(5)); empty when there is no such process. */
function stateOf(pid: number): string {
  return /^State:\t(.)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? '';
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}
