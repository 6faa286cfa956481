import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'redgreen-pack-'));
const out = join(folder, 'package');
let files: { path: string; size: number; mode: number }[];

beforeAll(() => {
  if (!existsSync(join(root, 'dist/cli.js'))) execFileSync(process.execPath, [join(root, 'scripts/build.mjs')]);
  execFileSync(process.execPath, [join(root, 'scripts/pack.mjs'), out]);
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, npm_config_loglevel: 'error' };
  const report: unknown = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', out], { cwd: folder, env, encoding: 'utf8' }));
  // npm 12 gives an object by package name, older ones a list.
  const packed = Object.values(report as object)[0] as { files: typeof files };
  files = packed.files;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('carries no Node, no dependency, no source and no test', () => {
  const paths = files.map(({ path }) => path);
  expect(paths.filter((path) => /node_modules|^src\/|^test\/|^scripts\/|\.tsx?$/.test(path) && !path.endsWith('.d.ts'))).toEqual([]);
  expect(files.filter(({ size }) => size > 3_000_000)).toEqual([]);
});

it('carries what it needs', () => {
  const paths = files.map(({ path }) => path);
  const needed = [
    'package.json',
    'README.md',
    'LICENSE',
    'bin/redgreen',
    'dist/cli.js',
    'dist/sandbox.js',
    'dist/ts-worker.js',
    'dist/types/sandbox/index.d.ts',
    'dist/THIRD-PARTY.txt',
    'sandbox/assets/probe.mjs',
    'docs/config.md',
  ];
  expect(needed.filter((path) => !paths.includes(path))).toEqual([]);
  expect(paths.some((path) => path.startsWith('prompts/'))).toBe(true);
  expect(paths.some((path) => path.startsWith('dist/assets/runners/'))).toBe(true);
  expect((files.find(({ path }) => path === 'bin/redgreen')?.mode ?? 0) & 0o111).not.toBe(0);
});

it('depends only on what the bundle does not hold', () => {
  const manifest = JSON.parse(readFileSync(join(out, 'package.json'), 'utf8'));
  expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['private']));
  for (const gone of ['private', 'scripts', 'devDependencies', 'optionalDependencies']) expect(manifest).not.toHaveProperty(gone);
  expect(Object.keys(manifest.dependencies).sort()).toEqual([
    '@types/node',
    '@vscode/ripgrep',
    '@vscode/tree-sitter-wasm',
    'ts-morph',
    'web-tree-sitter',
  ]);
});
