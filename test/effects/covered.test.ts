import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { coveredFiles } from '../../src/effects/covered.ts';

const FILES = [
  'package.json',
  'src/a.ts',
  'src/a.test.ts',
  'src/deep/b.js',
  'src/types.d.ts',
  'dist/a.js',
  'lib/c.py',
  'lib/d.go',
  'vitest.config.ts',
];

async function covered(patterns: readonly string[], at = '', files: readonly string[] = FILES) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'covered-')));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const cwd = join(root, at);
  mkdirSync(cwd, { recursive: true });
  return coveredFiles({ patterns, cwd, root, files, runners: [] });
}

test('files, folders and globs, from where the user stands', async () => {
  expect((await covered(['src/a.ts'])).paths).toEqual(['src/a.ts']);
  expect((await covered(['.'], 'src')).paths).toEqual(['src/a.ts', 'src/deep/b.js']);
  expect((await covered(['**/*.py', '../lib'], 'lib')).paths).toEqual(['lib/c.py']);
});

test('tests, generated files and other languages are left out, and that is said', async () => {
  const { paths, notes } = await covered(['.']);
  expect(paths).toEqual(['src/a.ts', 'src/deep/b.js', 'lib/c.py']);
  expect(notes).toEqual([expect.stringContaining('6 files are left out')]);
});

test('no more than twenty', async () => {
  const many = Array.from({ length: 25 }, (_, i) => `src/${i}.ts`);
  const { paths, notes } = await covered(['src'], '', many);
  expect(paths).toHaveLength(20);
  expect(notes).toEqual([expect.stringContaining('first 20')]);
});

test('what is not there, or no source, is refused', async () => {
  await expect(covered(['src/none.ts'])).rejects.toThrow('There is no committed file "src/none.ts"');
  await expect(covered(['src/a.test.ts'])).rejects.toThrow('names no source file');
});
