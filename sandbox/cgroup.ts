// One control group for one run: its limits, what it used, and the proof that nothing of it is left.
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { killMembers, read, removeGroup, write } from './cgroup-files.ts';
import type { CgroupHome, Controller } from './cgroup-find.ts';
import { GROUP_PREFIX } from './cgroup-find.ts';
import type { Identity } from './identity.ts';
import { ownerTag } from './owner.ts';
import type { Limits, Usage } from './policy.ts';
import { BoxError } from './policy.ts';

export interface Group {
  /**
   * Words to put before a program and its arguments, so that it enters the group by itself before it is executed; empty when it
   * must be added. (Version 1 only. A process that moves itself takes no lock; another one waits some 15 ms for the kernel.)
   */
  readonly entry: readonly string[];
  /** Puts a process (and what it starts from now on) into the group. Throws `BoxError` when a living one cannot be. */
  add(pid: number): void;
  /** The limit at which the kernel refused or killed something, by its own counters. */
  exceeded(): 'memory' | 'pids' | null;
  /** Throws `BoxError` when a command that `began` was not held by the group. */
  usage(began: boolean): Usage;
  /** Stops new processes and kills those that are there. */
  kill(): void;
  /** Kills what is left and removes the group, which proves it empty. Throws `BoxError` when it is not after some seconds. */
  close(): Promise<void>;
}

/** How long killed processes may take to be gone, in milliseconds. */
const DEATH_MS = 5_000;

/** The launcher's own processes, which the limit of processes is not about. */
const LAUNCHER_PROCESSES = 3;

const CPU_PERIOD_US = 100_000;

/**
 * Makes a group with the limits of memory (with swap), processes and processors for a program that will run as `identity`.
 * Throws `BoxError` when a limit cannot be set.
 */
export function makeGroup(home: CgroupHome, limits: Limits, identity: Identity | null): Group {
  const name = `${GROUP_PREFIX}${ownerTag()}-${randomBytes(6).toString('hex')}`;
  const folders = [...new Set(Object.values(home.folders))].map((folder) => join(folder, name));
  const file = (controller: Controller, part: string) => join(home.folders[controller] ?? '/nowhere', name, part);
  try {
    for (const folder of folders) mkdirSync(folder);
    for (const [path, value, needed] of settings(home.version, limits, file)) {
      if (needed || existsSync(path)) writeFileSync(path, value);
    }
    if (home.version === 1 && identity !== null) for (const folder of folders) chownSync(join(folder, 'tasks'), identity.uid, identity.gid);
  } catch (error) {
    folders.forEach(removeGroup);
    throw new BoxError(`a control group could not be made: ${(error as Error).message}`);
  }
  // Older kernels keep no peaks (version 2: before 5.19 and 6.1): what was seen while it ran stands in.
  let seen = { bytes: 0, processes: 0 };
  const now = (controller: Controller, part: string) => Number(read(file(controller, part)));
  const kill = () => {
    write(file('pids', 'pids.max'), '0');
    folders.forEach(killMembers);
  };
  return {
    entry: home.version === 1 ? selfEntry(folders) : [],
    add(pid) {
      try {
        for (const folder of folders) writeFileSync(join(folder, 'cgroup.procs'), String(pid));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH')
          throw new BoxError(`a process could not be put into a control group: ${(error as Error).message}`);
      }
    },
    exceeded() {
      seen = {
        bytes: Math.max(seen.bytes, now('memory', NAMES[home.version].now)),
        processes: Math.max(seen.processes, now('pids', 'pids.current')),
      };
      return exceeded(home.version, file);
    },
    usage(began) {
      const peakBytes = Math.max(seen.bytes, now('memory', NAMES[home.version].peak));
      if (read(file('memory', NAMES[home.version].now)) === '' || (began && home.version === 1 && peakBytes === 0))
        throw new BoxError('a run was not held by its control group');
      return {
        cpuMs: cpuMs(file),
        peakBytes,
        peakProcesses: Math.max(seen.processes, now('pids', 'pids.peak')),
        exact: true,
      };
    },
    kill,
    async close() {
      const began = performance.now();
      for (let pause = 1; !folders.map(removeGroup).every(Boolean); pause = Math.min(2 * pause, 50)) {
        if (performance.now() - began > DEATH_MS)
          throw new BoxError(`boxed processes could not be proven dead: the control group ${folders[0]} is not empty`);
        kill();
        await wait(pause);
      }
    },
  };
}

export type FileOf = (controller: Controller, part: string) => string;

function selfEntry(folders: readonly string[]): readonly string[] {
  const moves = folders.map((_, i) => `echo 0 >"$${i + 1}"`).join(' && ');
  return ['/bin/sh', '-c', `${moves} && shift ${folders.length} && exec "$@"`, 'sh', ...folders.map((folder) => join(folder, 'tasks'))];
}

/** Path, value, and whether a kernel without that file is refused. Swap counts as memory; version 1 has it only when it is switched on. */
function settings(version: 1 | 2, limits: Limits, file: FileOf): readonly (readonly [string, string, boolean])[] {
  const memory = String(limits.memoryBytes);
  const pids = [file('pids', 'pids.max'), String(limits.processes + LAUNCHER_PROCESSES), true] as const;
  const quota = String(Math.round(limits.processors * CPU_PERIOD_US));
  const throttled = limits.processors < availableParallelism();
  if (version === 2) {
    return [
      [file('memory', 'memory.max'), memory, true],
      [file('memory', 'memory.swap.max'), '0', false],
      [file('memory', 'memory.oom.group'), '1', false],
      pids,
      ...(throttled ? [[file('cpu', 'cpu.max'), `${quota} ${CPU_PERIOD_US}`, false] as const] : []),
    ];
  }
  return [
    [file('memory', 'memory.limit_in_bytes'), memory, true],
    [file('memory', 'memory.memsw.limit_in_bytes'), memory, false],
    pids,
    ...(throttled ? [[file('cpu', 'cpu.cfs_quota_us'), quota, false] as const] : []),
  ];
}

/** The limit at which the kernel refused or killed something. */
export function exceeded(version: 1 | 2, file: FileOf): 'memory' | 'pids' | null {
  if (entry(file('memory', NAMES[version].events), 'oom_kill') > 0) return 'memory';
  return entry(file('pids', 'pids.events'), 'max') > 0 ? 'pids' : null;
}

export const NAMES = {
  1: { now: 'memory.usage_in_bytes', peak: 'memory.max_usage_in_bytes', events: 'memory.oom_control' },
  2: { now: 'memory.current', peak: 'memory.peak', events: 'memory.events' },
} as const;

/** `cpu.stat` of version 2 counts microseconds, with or without a controller; `cpuacct.usage` of version 1 nanoseconds. */
export function cpuMs(file: FileOf): number {
  const micro = entry(file('core', 'cpu.stat'), 'usage_usec');
  return micro > 0 ? micro / 1e3 : Number(read(file('cpuacct', 'cpuacct.usage'))) / 1e6;
}

/** The number after `key` in a file of lines `key number`. */
function entry(path: string, key: string): number {
  return Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(read(path))?.[1] ?? 0);
}
