// Texts that are shipped beside the code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RedgreenError } from '../../core/errors.ts';
import type { Files } from '../../core/ref.ts';

export interface RunnerAssets {
  /** Folder that holds the harness scripts; beside this file when left out. */
  readonly assetsDir?: string;
}

/** Reads `names` from the assets folder, as texts by name. Throws `RedgreenError('runner')` when one is missing. */
export function readAssets(options: RunnerAssets, names: readonly string[]): Files {
  const dir = options.assetsDir ?? fileURLToPath(new URL('./assets', import.meta.url));
  return Object.fromEntries(names.map((name) => [name, readAsset(join(dir, name))]));
}

function readAsset(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new RedgreenError('runner', `A part of redgreen is missing: ${path} cannot be read. Install redgreen again.`, { cause });
  }
}
