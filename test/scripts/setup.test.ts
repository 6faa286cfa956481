import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SETUP = fileURLToPath(new URL('../../scripts/setup.mjs', import.meta.url));
const BUILD =
  "import { mkdirSync, writeFileSync } from 'node:fs'; mkdirSync('dist', { recursive: true }); writeFileSync('dist/cli.js', '');";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'redgreen-setup-'));
  for (const folder of ['scripts', 'src', 'sandbox', 'node_modules']) mkdirSync(join(root, folder));
  cpSync(SETUP, join(root, 'scripts', 'setup.mjs'));
  writeFileSync(join(root, 'scripts', 'build.mjs'), BUILD);
  writeFileSync(join(root, 'src', 'a.ts'), 'a');
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', dependencies: { a: '1.0.0' } }));
  writeFileSync(join(root, 'tsconfig.json'), '{}');
  lock({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/mac': { version: '1.0.0', optional: true, os: ['darwin'] } });
  installed({ 'node_modules/a': { version: '1.0.0' } });
  mkdirSync(join(root, 'node_modules', 'a'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const lock = (packages: object) =>
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({
      name: 'x',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: { '': { name: 'x', version: '1.0.0', dependencies: { a: '1.0.0' } }, ...packages },
    }),
  );
/** npm's own record of what it installed. */
const installed = (packages: object) => writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));

function setup(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: root,
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_fetch_retries: '0',
    npm_config_cache: join(root, 'cache'),
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [join(root, 'scripts', 'setup.mjs'), ...args], { cwd: tmpdir(), env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

describe('setup', () => {
  it('builds once, says so, and then has nothing to do and nothing to say', async () => {
    expect(await setup('--quiet')).toEqual({ code: 0, stdout: 'redgreen: building …\n', stderr: '' });
    expect(await setup('--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('builds again after a source changed, or when it is told to', async () => {
    await setup('--quiet');
    writeFileSync(join(root, 'src', 'a.ts'), 'b');
    expect((await setup('--quiet')).stdout).toBe('redgreen: building …\n');
    expect((await setup('--quiet', '--build')).stdout).toBe('redgreen: building …\n');
  });

  it('installs again when the lock file asks for another version, and says when the registry cannot be reached', async () => {
    await setup('--quiet');
    lock({ 'node_modules/a': { version: '1.0.1', integrity: 'sha512-AAAA', resolved: 'http://127.0.0.1:9/a/-/a-1.0.1.tgz' } });
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', dependencies: { a: '1.0.1' } }));
    writeFileSync(
      join(root, 'package-lock.json'),
      readFileSync(join(root, 'package-lock.json'), 'utf8').replace('"a":"1.0.0"', '"a":"1.0.1"'),
    );
    const { code, stdout, stderr } = await setup('--quiet');
    expect([code, stdout]).toEqual([1, 'redgreen: installing packages (npm ci), about half a minute …\n']);
    expect(stderr).toMatch(/^redgreen setup: the package registry cannot be reached, so nothing was installed; /);
  });

  it('passes a build’s own error on', async () => {
    writeFileSync(join(root, 'scripts', 'build.mjs'), "throw new Error('no such module');");
    const { code, stderr } = await setup('--quiet');
    expect(code).toBe(1);
    expect(stderr).toContain('redgreen setup: the build failed:\nError: no such module\n');
  });
});
