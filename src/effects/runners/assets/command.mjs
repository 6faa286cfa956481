// Runs a command of the user's for the harness scripts that know nothing of its runner. Inside the box.
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { execute, writableTree } from './exec.mjs';

/**
 * Runs argv in `dir` of the tree, with the project's own programs first in PATH; `npx NAME` starts the project's own NAME. Gives how it ended, `tree`, where it
 * saw the tree, and whether the program `isThere` at all.
 */
export async function runCommand({ treeDir, dir, argv, silenceMs }, prepare = () => {}) {
  const tree = writableTree(treeDir);
  const cwd = join(tree, dir);
  prepare(cwd);
  const bins = [join(cwd, 'node_modules/.bin'), join(tree, 'node_modules/.bin')];
  const env = { ...process.env, PATH: [...bins, process.env.PATH].join(delimiter) };
  const [program, name = ''] = argv;
  const isOwn = program === 'npx' && /^[\w@.-]+$/.test(name) && bins.some((bin) => existsSync(join(bin, name)));
  const end = await execute(isOwn ? argv.slice(1) : argv, { cwd, env, silenceMs, merged: true });
  const folders = program.includes('/') ? [cwd] : env.PATH.split(delimiter);
  const isThere = folders.some((folder) => existsSync(resolve(folder, program)));
  return { ...end, tree, output: end.stdout, isThere };
}
