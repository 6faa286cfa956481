// Finds and ends processes where there is neither a process namespace nor /proc.
import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Limits, Usage } from './policy.ts';
import { BoxError } from './policy.ts';
import type { Look } from './watch.ts';
import { NOTHING } from './watch.ts';

const exec = promisify(execFile);

/** How long marked processes may take to be gone, in milliseconds. */
const DEATH_MS = 5_000;

/** Kills every process of ours whose environment has `marker`, until there is none. Throws `BoxError` when some stay. */
export async function endMarked(marker: string): Promise<void> {
  const began = performance.now();
  for (let found = await marked(marker); found.length > 0; found = await marked(marker)) {
    if (performance.now() - began > DEATH_MS) throw new BoxError(`boxed processes could not be ended: ${found.join(', ')}`);
    for (const pid of found) kill(pid);
    await wait(20);
  }
}

async function marked(marker: string): Promise<number[]> {
  // `e` (Linux) and `-E` (macOS) add the environment to the command.
  const lines = await ps(process.platform === 'darwin' ? ['-axEww', '-o', 'pid=,stat=,command='] : ['axeww', '-o', 'pid=,stat=,command=']);
  return lines.filter((line) => line.includes(marker) && !/^\d+\s+Z/.test(line)).map((line) => Number.parseInt(line, 10));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** Adds up the process group of `leader` and all its descendants, as often as `ps` answers. */
export function lookAtTree(leader: number, limits: Limits): Look {
  let now = { bytes: 0, processes: 0 };
  let usage: Usage = NOTHING;
  let asking = false;
  const look = async () => {
    const rows = (await ps(['-axo', 'pid=,ppid=,pgid=,rss='])).map((line) => line.split(/\s+/).map(Number));
    const members = new Set<number>([leader]);
    for (let size = -1; size !== members.size; ) {
      size = members.size;
      for (const [pid = 0, parent = 0, group = 0] of rows) if (group === leader || members.has(parent)) members.add(pid);
    }
    const own = rows.filter(([pid = 0]) => members.has(pid));
    now = { bytes: own.reduce((sum, [, , , rss = 0]) => sum + rss * 1024, 0), processes: own.length };
    usage = { ...usage, peakBytes: Math.max(usage.peakBytes, now.bytes), peakProcesses: Math.max(usage.peakProcesses, now.processes) };
  };
  return {
    exceeded() {
      if (!asking) {
        asking = true;
        void look()
          .catch(() => undefined)
          .finally(() => {
            asking = false;
          });
      }
      if (now.bytes > limits.memoryBytes) return 'memory';
      return now.processes > limits.processes ? 'pids' : null;
    },
    usage: () => usage,
  };
}

async function ps(args: readonly string[]): Promise<string[]> {
  const { stdout } = await exec('/bin/ps', args, { env: { PATH: '/usr/bin:/bin' }, maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').map((line) => line.trim());
}
