import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTarget } from '../../src/effects/target.ts';
import { folder, git, repository } from './repository.ts';

const open = (cwd: string, dir: string | null = null) => openTarget({ cwd, dir, home: { dir: '/nonexistent' } });
const refusal = (text: string) => expect.objectContaining({ code: 'target', message: expect.stringContaining(text) });

describe('openTarget', () => {
  it('takes the repository around the current folder, and says which when it is above', async () => {
    const dir = repository({ 'src/a.ts': 'a' });
    const head = git(dir, 'rev-parse', 'HEAD').trim();
    expect(await open(dir)).toMatchObject({
      root: dir,
      gitDir: join(dir, '.git'),
      commonDir: join(dir, '.git'),
      head,
      created: false,
      bare: false,
      objectFormat: 'sha1',
      remarks: [],
    });
    expect(await open(join(dir, 'src'))).toMatchObject({ root: dir, head, remarks: [`Working on the repository at ${dir}.`] });
    expect(await open('/', dir)).toMatchObject({ root: dir, head });
  });

  it('takes a linked worktree with the shared git directory', async () => {
    const dir = repository();
    const linked = join(folder(), 'linked');
    git(dir, 'worktree', 'add', '-q', '-b', 'other', linked);
    expect(await open(linked)).toMatchObject({
      root: linked,
      gitDir: join(dir, '.git', 'worktrees', 'linked'),
      commonDir: join(dir, '.git'),
      stateDir: join(dir, '.git', 'redgreen'),
    });
  });

  it('knows an unborn branch, a detached HEAD, a bare repository and sha256', async () => {
    const unborn = folder();
    git(unborn, 'init', '-q');
    expect(await open(unborn)).toMatchObject({ head: null, created: false });
    const dir = repository();
    git(dir, 'checkout', '-q', '--detach');
    expect((await open(dir)).head).toBe(git(dir, 'rev-parse', 'HEAD').trim());
    const bare = folder();
    git(bare, 'init', '-q', '--bare');
    expect(await open(bare)).toMatchObject({ bare: true, root: bare, gitDir: bare, head: null });
    const newer = folder();
    git(newer, 'init', '-q', '--object-format=sha256');
    expect((await open(newer)).objectFormat).toBe('sha256');
  });

  it('makes an empty folder, or a missing one that was asked for, a repository on main', async () => {
    const dir = folder();
    expect(await open(dir, 'new/deep')).toMatchObject({ root: join(dir, 'new/deep'), head: null, created: true });
    expect(git(join(dir, 'new/deep'), 'symbolic-ref', 'HEAD').trim()).toBe('refs/heads/main');
    const empty = folder();
    writeFileSync(join(empty, '.DS_Store'), '');
    expect(await open(empty)).toMatchObject({ root: empty, created: true });
    expect(await open(empty)).toMatchObject({ created: false });
  });

  it('refuses, in one sentence with what to do, anything else', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'file'), 'x');
    await expect(open(dir)).rejects.toEqual(refusal('run `git init` there'));
    await expect(open(dir, 'file')).rejects.toEqual(refusal('is a file'));
    await expect(open(join(dir, 'gone'))).rejects.toEqual(refusal('does not exist any more'));
    await expect(open('/proc', 'x')).rejects.toEqual(refusal('cannot be made'));
    await expect(open(dir, 'a\nb')).rejects.toEqual(refusal('control character'));
    await expect(open(join(repository(), '.git'))).rejects.toEqual(refusal('inside a .git folder'));
    mkdirSync(join(dir, 'broken', '.git'), { recursive: true });
    await expect(open(join(dir, 'broken'))).rejects.toEqual(refusal('.git that is no repository'));
    await expect(openTarget({ cwd: dir, dir: null, path: '/nowhere' })).rejects.toMatchObject({
      code: 'git',
      message: expect.stringContaining('git was not found'),
    });
  });

  it('refuses a git that is too old', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'git'), '#!/bin/sh\necho git version 2.20.1\n', { mode: 0o755 });
    await expect(openTarget({ cwd: dir, dir: null, path: `${dir}:/usr/bin:/bin` })).rejects.toMatchObject({
      code: 'git',
      message: 'git 2.20.1 is too old: install git 2.31 or newer.',
    });
  });

  it('refuses a HEAD that names nothing readable', async () => {
    const dir = repository();
    writeFileSync(join(dir, '.git/refs/heads/main'), `${'1'.repeat(40)}\n`);
    await expect(open(dir)).rejects.toEqual(refusal('names no commit'));
  });

  it.runIf(process.getuid?.() === 0)('explains a repository of another user, and heeds safe.directory', async () => {
    const dir = repository();
    for (const path of [dir, join(dir, '.git')]) chownSync(path, 12_345, 12_345);
    await expect(open(dir)).rejects.toEqual(refusal(`git config --global --add safe.directory ${dir}`));
    const home = folder();
    writeFileSync(join(home, '.gitconfig'), `[safe]\n\tdirectory = ${dir}\n`);
    expect(await openTarget({ cwd: dir, dir: null, home: { dir: home } })).toMatchObject({ root: dir });
  });
});
