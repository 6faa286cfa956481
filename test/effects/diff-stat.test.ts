import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { diffStat } from '../../src/effects/diff-stat.ts';

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

it('counts files and lines, not those of binary files, and is null where git cannot compare', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'redgreen-stat-'));
  dirs.push(dir);
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', dir, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { encoding: 'utf8' }).trim();
  const commit = () => {
    git('add', '-A');
    git('commit', '-qm', 'x');
    return git('rev-parse', 'HEAD');
  };
  git('init', '-q');
  writeFileSync(join(dir, 'a.txt'), '1\n2\n3\n');
  writeFileSync(join(dir, 'b.txt'), '1\n');
  const from = commit();
  writeFileSync(join(dir, 'a.txt'), '1\n3\n4\n5\n');
  writeFileSync(join(dir, 'c\tä.bin'), Buffer.from([0, 1, 2]));
  unlinkSync(join(dir, 'b.txt'));
  const to = commit();
  expect(await diffStat(join(dir, '.git'), from, to)).toEqual({ from, files: 3, added: 2, removed: 2 });
  expect(await diffStat(join(dir, '.git'), from, 'e'.repeat(40))).toBeNull();
});
