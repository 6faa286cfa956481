// Marks what belongs to a running process of ours, so that a later one can tell what a dead one left behind.
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';

const DAY_MS = 24 * 60 * 60 * 1000;

/** This process, as a part of a name: its id, when it began, and the number of its pid namespace. */
export function ownerTag(): string {
  return `${process.pid}-${startTime(process.pid)}-${pidNamespace()}`;
}

/**
 * True when `name`, an entry at `path`, was made by a process of ours that is gone: `prefix`, its tag, a hyphen and anything.
 * Processes of other pid namespaces (containers that share a folder) cannot be looked at: theirs count as left after a day.
 */
export function isAbandoned(name: string, prefix: string, path: string): boolean {
  const match = name.startsWith(prefix) ? /^(\d+)-(\d+)-(\d+)-/.exec(name.slice(prefix.length)) : null;
  if (match === null) return false;
  if (match[3] !== pidNamespace()) return (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < Date.now() - DAY_MS;
  return startTime(Number(match[1])) !== match[2];
}

/** When a process began, in the kernel's ticks (field 22 of /proc/PID/stat, proc(5)); `0` when there is no such process. */
export function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  } catch {
    return '0';
  }
}

function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}
