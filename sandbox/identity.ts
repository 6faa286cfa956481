// Who the boxed command runs as.
import { readFileSync } from 'node:fs';

/** A user and group that the command's real ids are set to before anything else. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** Ids that no distribution hands out (systemd.io/UIDS-GIDS, "unused"). */
const FIRST = 60_578;
const LAST = 61_183;

/** An id that belongs to no account and exists in this user namespace, or null when we are not root or there is none to drop to. */
export function chooseIdentity(): Identity | null {
  if (process.getuid?.() !== 0) return null;
  const taken = new Set([...ids('/etc/passwd'), ...ids('/etc/group')]);
  const uids = mapped('/proc/self/uid_map');
  const gids = mapped('/proc/self/gid_map');
  const usable = (id: number) => !taken.has(id) && inside(uids, id) && inside(gids, id);
  for (let id = FIRST; id <= LAST; id++) if (usable(id)) return { uid: id, gid: id };
  for (const [start, count] of uids.toReversed()) {
    const end = Math.min(start + count - 1, 0x7ffffffe);
    for (let id = end; id > Math.max(start, 1000, end - 2000); id--) if (id !== 65_534 && usable(id)) return { uid: id, gid: id };
  }
  return null;
}

function ids(file: string): number[] {
  return read(file)
    .split('\n')
    .map((line) => Number(line.split(':')[2]))
    .filter(Number.isInteger);
}

type Range = readonly [start: number, count: number];

function mapped(file: string): Range[] {
  const ranges = read(file)
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter((numbers) => numbers.length === 3)
    .map(([start = 0, , count = 0]): Range => [start, count]);
  return ranges.length > 0 ? ranges : [[0, 0xffffffff]];
}

function inside(ranges: readonly Range[], id: number): boolean {
  return ranges.some(([start, count]) => id >= start && id < start + count);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
