import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openTarget } from '../../src/effects/target.ts';
import { uncommitted } from '../../src/effects/uncommitted.ts';
import { git, repository, write } from './repository.ts';

it('counts what a run does not see', async () => {
  const dir = repository({ 'a.txt': 'a\n', 'b.txt': 'b\n', '.gitignore': 'ignored\n' });
  const target = await openTarget({ cwd: dir, dir: null });
  write(dir, { 'redgreen-report-x.html': '' });
  expect(await uncommitted(target)).toBe(0);
  write(dir, { 'a.txt': 'other\n', 'new.txt': 'new\n', 'folder/one': '1', 'folder/two': '2', ignored: 'x' });
  git(dir, 'rm', '-q', 'b.txt');
  expect(await uncommitted(target)).toBe(4);
});

it('starts no filter of the repository', async () => {
  const dir = repository({ 'a.txt': 'a\n', '.gitattributes': '* filter=evil\n' });
  const mark = join(dir, '.git/started');
  git(dir, 'config', 'filter.evil.clean', `touch ${mark}; cat`);
  write(dir, { 'a.txt': 'b\n' });
  expect(await uncommitted(await openTarget({ cwd: dir, dir: null }))).toBe(0);
  expect(existsSync(mark)).toBe(false);
});
