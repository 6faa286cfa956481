// Runs a command of the user's for the harness scripts that know nothing of its runner. Inside the box.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execute, writableTree } from './exec.mjs';

/**
 * Runs argv in `dir` of the tree, with the project's own programs first in PATH; `npx NAME` starts the project's own NAME. Gives how it ended and `tree`, where it
 * saw the tree.
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
  return { ...end, tree, output: end.stdout };
}
