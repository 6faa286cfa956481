// Whether a sandbox held on this machine since it was started. Only the order of the probe and the first request depends on it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface KnownBox {
  held(): boolean;
  /** Never throws: a state folder that cannot be written costs a little time at the next start. */
  remember(): void;
}

/** @param stateDir the user's state folder */
export function knownBox(stateDir: string): KnownBox {
  const file = join(stateDir, 'box-held');
  const now = bootId();
  const before = now === null ? null : readText(file);
  return {
    held: () => now !== null && before === now,
    remember: () => {
      if (now === null || before === now) return;
      try {
        mkdirSync(stateDir, { recursive: true, mode: 0o700 });
        writeFileSync(file, now, { mode: 0o600 });
      } catch {
        // See above.
      }
    },
  };
}

/** The kernel's id of this start of the machine and the user that runs us; null where there is none (not Linux). */
function bootId(): string | null {
  const id = readText('/proc/sys/kernel/random/boot_id');
  return id === null ? null : `${id.trim()} ${process.getuid?.() ?? ''}`;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
