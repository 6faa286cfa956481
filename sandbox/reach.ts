// Whether another user could open a path.
import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Identity } from './identity.ts';

/**
 * The path with symbolic links resolved when `identity` (null: ourselves) can walk to it and read it, else null.
 * Looks at mode bits only.
 */
export function reachable(path: string, identity: Identity | null): string | null {
  let real: string;
  try {
    real = realpathSync(path);
    if (identity === null) return real;
    const stat = statSync(real);
    if (!allows(stat, identity, stat.isDirectory() ? 5 : 4)) return null;
    for (let folder = dirname(real); ; folder = dirname(folder)) {
      if (!allows(statSync(folder), identity, 1)) return null;
      if (folder === dirname(folder)) return real;
    }
  } catch {
    return null;
  }
}

function allows(stat: { uid: number; gid: number; mode: number }, identity: Identity, bits: number): boolean {
  const shift = stat.uid === identity.uid ? 6 : stat.gid === identity.gid ? 3 : 0;
  return ((stat.mode >> shift) & bits) === bits;
}
