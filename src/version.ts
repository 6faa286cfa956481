import { readFileSync } from 'node:fs';

/** redgreen's version, from the package.json one folder above this file (or above the bundle). */
export function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(text) as { version?: unknown }).version ?? 'unknown');
}
