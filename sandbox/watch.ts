// Watches a run: the control group's counters where there is one, else /proc; and the folders that it can write to.
import { lstatSync, readdirSync } from 'node:fs';
import type { Group } from './cgroup.ts';
import type { Limits, Usage } from './policy.ts';
import type { TmpfsWatch } from './tmpfs.ts';
import { treeUsage } from './tree.ts';
import { unlinkedBytes } from './unlinked.ts';

export type Exceeded = 'memory' | 'pids' | 'disk';

/** What can be seen of a run. */
export interface Look {
  exceeded(): Exceeded | null;
  /** What was seen at most. */
  usage(): Usage;
}

export interface Watched {
  /** The first process of the run. */
  readonly pid: number;
  readonly group: Group | null;
  /** Instead of both: of a container. */
  readonly outside: Look | null;
  /** Host folders that the command can write to. */
  readonly folders: readonly string[];
  readonly limits: Limits;
  /** The box's folders in memory, once it stands. */
  readonly memory: () => TmpfsWatch | null;
}

export interface Watch {
  /** Ends the watch; without a group, returns what was seen at most. */
  end(): Usage;
}

const PERIOD_MS = 200;

/** Calls `stop` with what was exceeded, five times a second until `end`. */
export function watch(watched: Watched, stop: (exceeded: Exceeded) => void): Watch {
  const look = watched.outside ?? (watched.group === null ? pollTree(watched) : { exceeded: watched.group.exceeded, usage: () => NOTHING });
  let ticks = 0;
  const timer = setInterval(() => {
    ticks++;
    const exceeded = look.exceeded() ?? (watched.memory()?.isCrowded(watched.limits.folderEntries) ? 'disk' : null);
    if (exceeded !== null) return stop(exceeded);
    if (ticks % 5 === 0 && isDiskOver(watched)) stop('disk');
  }, PERIOD_MS);
  timer.unref();
  return {
    end() {
      clearInterval(timer);
      return look.usage();
    },
  };
}

function isDiskOver({ pid, outside, folders, limits }: Watched): boolean {
  if (folders.some((folder) => isOver(folder, limits))) return true;
  return folders.length > 0 && outside === null && unlinkedBytes(pid, folders) > limits.folderBytes;
}

export const NOTHING: Usage = { cpuMs: 0, peakBytes: 0, peakProcesses: 0, exact: false };

function pollTree({ pid, limits }: Watched): Look {
  let peak = NOTHING;
  let crowded = 0;
  return {
    exceeded() {
      const now = treeUsage(pid);
      peak = {
        cpuMs: Math.max(peak.cpuMs, now.cpuMs),
        peakBytes: Math.max(peak.peakBytes, now.bytes),
        peakProcesses: Math.max(peak.peakProcesses, now.threads),
        exact: false,
      };
      crowded = now.threads >= limits.processes ? crowded + 1 : 0;
      if (now.bytes > limits.memoryBytes) return 'memory';
      return crowded >= 2 ? 'pids' : null;
    },
    usage: () => peak,
  };
}

/**
 * True when the files below `folder` are more, or larger, than `limits` allow. Stops counting as soon as it is sure.
 * What cannot be looked at (a folder without permissions, a path that is too long) counts as too much.
 */
export function isOver(folder: string, limits: Limits): boolean {
  let bytes = 0;
  let entries = 0;
  // Names are bytes: one that is no text could not be looked up again.
  const pending = [Buffer.from(folder)];
  try {
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const entry of list(next)) {
        const path = Buffer.concat([next, SLASH, entry.name]);
        if (entry.isDirectory()) pending.push(path);
        else bytes += (lstatSync(path, { throwIfNoEntry: false })?.blocks ?? 0) * 512;
        if (++entries > limits.folderEntries || bytes > limits.folderBytes) return true;
      }
    }
    return false;
  } catch {
    return true;
  }
}

const SLASH = Buffer.from('/');

/** Nothing for what is gone meanwhile and for a file, whose size the launcher limits. */
function list(folder: Buffer) {
  try {
    return readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
