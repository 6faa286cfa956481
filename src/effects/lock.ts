// A lock file that names its holder: process id, when that process began, and the boot it belongs to.
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { RedgreenError } from '../core/errors.ts';

/** Who holds a lock. `start` and `boot` are empty where the system does not tell. */
export interface Holder {
  readonly pid: number;
  /** Start of the process in clock ticks since boot: field 22 of /proc/PID/stat, proc(5). */
  readonly start: string;
  readonly boot: string;
  readonly host: string;
}

export interface Lock {
  /** Gives the lock back; does nothing when it is no longer ours. */
  release(): void;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function processStart(pid: number): string {
  // The name in parentheses may hold anything, so fields are counted from the last one: state is field 3.
  const stat = readText(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function describeSelf(): Holder {
  return { pid: process.pid, start: processStart(process.pid), boot: readText('/proc/sys/kernel/random/boot_id').trim(), host: hostname() };
}

function parseHolder(text: string): Holder | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const { pid, start, boot, host } = value as Record<string, unknown>;
    if (typeof pid !== 'number' || !Number.isInteger(pid) || pid < 1) return null;
    return { pid, start: String(start ?? ''), boot: String(boot ?? ''), host: String(host ?? '') };
  } catch {
    return null;
  }
}

/** Whether the process that wrote the lock still runs. A holder on another machine counts as alive: it cannot be asked. */
function isAlive(holder: Holder): boolean {
  const self = describeSelf();
  if (holder.host !== self.host) return true;
  if (holder.boot !== '' && self.boot !== '' && holder.boot !== self.boot) return false;
  if (holder.start !== '' && self.start !== '') return processStart(holder.pid) === holder.start;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** The living holder of a lock file, or null when nobody holds it. */
export function lockHolder(path: string): Holder | null {
  const holder = parseHolder(readText(path));
  return holder !== null && isAlive(holder) ? holder : null;
}

/** Puts a complete file at `path`, or gives false when there is one: a link is atomic, and nobody ever sees a half-written lock. */
function place(path: string, text: string): boolean {
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  const fd = openSync(own, 'wx', 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
    linkSync(own, path);
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    throw thrown;
  } finally {
    closeSync(fd);
    rmSync(own, { force: true });
  }
}

/** Takes a dead holder's file away. When another process was faster and it is a new lock by now, that is put back. */
function clear(path: string, dead: string): void {
  const aside = `${path}.${randomBytes(6).toString('hex')}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  try {
    if (readText(aside) !== dead) linkSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Takes the lock file `path`, replacing one whose process is gone.
 * Throws `RedgreenError('locked')` while a living process holds it; `what` names the thing that is locked, to begin the sentence.
 */
export function takeLock(path: string, what: string): Lock {
  const text = `${JSON.stringify(describeSelf())}\n`;
  for (let attempt = 0; attempt < 5; attempt++) {
    if (place(path, text)) {
      return {
        release() {
          if (readText(path) === text) rmSync(path, { force: true });
        },
      };
    }
    const there = readText(path);
    const holder = parseHolder(there);
    if (holder !== null && isAlive(holder)) {
      const where = holder.host === hostname() ? '' : ` on ${holder.host}`;
      throw new RedgreenError('locked', `${what} is in use by process ${holder.pid}${where}; wait for it to end, or stop it.`);
    }
    clear(path, there);
  }
  throw new RedgreenError('locked', `${what} is in use: others keep taking its lock ${path}.`, { retryable: true });
}
