// Scripts of ours that run inside, as files: the same in a checkout and beside the bundle.
import { readFileSync } from 'node:fs';

/** Text of `sandbox/assets/<name>`. */
export function asset(name: string): string {
  for (const base of ['./assets/', '../sandbox/assets/', '../../sandbox/assets/']) {
    try {
      return readFileSync(new URL(base + name, import.meta.url), 'utf8');
    } catch {
      // The next place.
    }
  }
  throw new Error(`${name} of the sandbox is missing: redgreen is not installed completely`);
}
