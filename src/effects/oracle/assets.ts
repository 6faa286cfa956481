// The scripts that run inside the box, as texts: beside this file, or beside the bundle.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RedgreenError } from '../../core/errors.ts';
import type { Files } from '../../core/ref.ts';

const NAMES = ['drive.mjs', 'start.mjs', 'serve.mjs', 'call.mjs', 'call.py'];

/** Reads the scripts, by name. Throws `RedgreenError('runner')` when one is missing. */
export function oracleAssets(): Files {
  const dirs = ['./assets/oracle/', './assets/'].map((path) => new URL(path, import.meta.url));
  const dir = dirs.find((url) => existsSync(new URL('drive.mjs', url)));
  if (!dir) throw new RedgreenError('runner', `A part of redgreen is missing: ${fileURLToPath(dirs[0] ?? '')}. Install redgreen again.`);
  return Object.fromEntries(NAMES.map((name) => [name, readFileSync(new URL(name, dir), 'utf8')]));
}
