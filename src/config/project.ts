import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder whose `.redgreen/config.yaml` counts for work in `dir`: the nearest one upwards with a `.git`, else `dir` itself. */
export function projectRoot(dir: string): string {
  for (let folder = dir; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return dir;
  }
}
