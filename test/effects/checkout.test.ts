import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkOut } from '../../src/effects/checkout.ts';
import { openTarget } from '../../src/effects/target.ts';
import { createWorkspace } from '../../src/effects/workspace.ts';
import { fingerprint, folder, git, gitWith, repository, write } from './repository.ts';

const NOW = Date.UTC(2026, 10, 24);

async function workspaceIn(dir: string, notes: string[] = [], now = NOW) {
  const target = await openTarget({ cwd: dir, dir: null });
  return createWorkspace({
    target,
    runId: '20261124-020000-abcd',
    base: target.head,
    created: false,
    now: () => now,
    onNote: (text) => notes.push(text),
  });
}

/** HEAD of a repository, checked out by a workspace of its own. */
async function checkedOut(dir: string, notes: string[] = [], now = NOW): Promise<string> {
  return (await workspaceIn(dir, notes, now)).checkout(git(dir, 'rev-parse', 'HEAD').trim());
}

/** Commits a tree made of raw entries: `mode oid path`, as `update-index --index-info` takes them. */
function commitRaw(dir: string, entries: readonly string[]): void {
  gitWith(dir, entries.map((entry) => `${entry}\n`).join(''), 'update-index', '--add', '--index-info');
  git(dir, 'commit', '-qm', 'raw');
}

const blob = (dir: string, text: string) => gitWith(dir, text, 'hash-object', '-w', '--stdin').trim();
/** Paths below a folder; readdirSync would follow links. */
const files = (root: string) =>
  execFileSync('find', ['.', '-mindepth', '1', '-print0'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '')
    .map((path) => path.slice(2))
    .sort();

describe('the files of a commit', () => {
  it('are byte for byte those of git, with exec bits and links that stay inside', async () => {
    const binary = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256));
    const dir = repository({ 'a.bin': binary, 'crlf.txt': 'a\r\nb\r\n', 'sub/run.sh': '#!/bin/sh\n', 'ünï code.txt': 'x', empty: '' });
    chmodSync(join(dir, 'sub/run.sh'), 0o755);
    symlinkSync('../a.bin', join(dir, 'sub/link'));
    symlinkSync('sub', join(dir, 'folder'));
    symlinkSync('dist/later.js', join(dir, 'later'));
    git(dir, 'add', '-A');
    git(dir, 'commit', '-qm', 'more');
    const before = fingerprint(dir);
    const root = await checkedOut(dir);
    expect(files(root)).toEqual(['a.bin', 'crlf.txt', 'empty', 'folder', 'later', 'sub', 'sub/link', 'sub/run.sh', 'ünï code.txt'].sort());
    expect(readFileSync(join(root, 'a.bin')).equals(binary)).toBe(true);
    expect(readFileSync(join(root, 'crlf.txt'), 'utf8')).toBe('a\r\nb\r\n');
    expect(statSync(join(root, 'sub/run.sh')).mode & 0o777).toBe(0o755);
    expect(statSync(join(root, 'a.bin')).mode & 0o777).toBe(0o644);
    expect(['sub/link', 'folder', 'later'].map((path) => readlinkSync(join(root, path)))).toEqual(['../a.bin', 'sub', 'dist/later.js']);
    expect(statSync(join(dir, '.git/redgreen/trees')).mode & 0o777).toBe(0o700);
    expect(fingerprint(dir)).toEqual(before);
  });

  it('are not touched by attributes, filters, line endings or hooks of the repository', async () => {
    const attributes = '* text eol=crlf filter=evil ident diff=evil\n*.u16 working-tree-encoding=UTF-16\n';
    const dir = repository({ 'a.txt': '$Id$\nb\n', 'b.u16': 'text\n' });
    commitRaw(dir, [`100644 ${blob(dir, attributes)}\t.gitattributes`]);
    const canary = join(folder(), 'canary');
    for (const name of ['clean', 'smudge', 'process']) git(dir, 'config', `filter.evil.${name}`, `touch ${canary}; cat`);
    git(dir, 'config', 'filter.evil.required', 'true');
    git(dir, 'config', 'core.autocrlf', 'true');
    git(dir, 'config', 'core.fsmonitor', `touch ${canary}`);
    rmSync(join(dir, 'a.txt'));
    write(dir, { '.git/hooks/post-checkout': `#!/bin/sh\ntouch ${canary}\n` });
    chmodSync(join(dir, '.git/hooks/post-checkout'), 0o755);
    const root = await checkedOut(dir);
    expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('$Id$\nb\n');
    expect(readFileSync(join(root, 'b.u16'), 'utf8')).toBe('text\n');
    expect(existsSync(canary)).toBe(false);
    // The filter does run where nobody holds it back.
    spawnSync('git', ['-C', dir, 'checkout', '--force', 'HEAD', '--', '.gitattributes', 'a.txt']);
    expect(existsSync(canary)).toBe(true);
  });

  it('leave out links that lead away, submodules and names that no folder may have, and say so', async () => {
    const dir = repository({ 'keep.txt': 'x', 'deep/er/y': 'y' });
    const link = (text: string) => blob(dir, text);
    commitRaw(dir, [
      `120000 ${link('/etc/passwd')}\tabsolute`,
      `120000 ${link('../../outside')}\tdeep/up`,
      `120000 ${link('.')}\there`,
      // By its text this ends inside; by way of `here` it does not.
      `120000 ${link('here/../nothing-yet')}\tsly`,
      `120000 ${link('loop2')}\tloop1`,
      `120000 ${link('loop1')}\tloop2`,
      `160000 ${'1'.repeat(40)}\tvendored`,
    ]);
    const notes: string[] = [];
    const root = await checkedOut(dir, notes);
    expect(files(root)).toEqual(['deep', 'deep/er', 'deep/er/y', 'here', 'keep.txt']);
    expect(notes.sort()).toEqual([
      'Submodules are left out of the box.',
      'Symbolic links that lead out of the repository are left out of the box.',
    ]);
  });

  it('are not written through a link of the same name', async () => {
    const dir = repository({ x: 'x' });
    const outside = folder();
    const file = blob(dir, 'evil');
    const sub = gitWith(dir, `100644 blob ${file}\tpwned\n`, 'mktree').trim();
    const twice = Buffer.concat(
      [
        ['120000 a', blob(dir, outside)],
        ['40000 a', sub],
      ].map(([head, oid]) => Buffer.concat([Buffer.from(`${head}\0`), Buffer.from(oid ?? '', 'hex')])),
    );
    const tree = execFileSync('git', ['-C', dir, 'hash-object', '-t', 'tree', '-w', '--stdin', '--literally'], { input: twice })
      .toString()
      .trim();
    const commit = git(dir, 'commit-tree', '-m', 'twice', tree).trim();
    const root = await (await workspaceIn(dir)).checkout(commit);
    expect(readdirSync(outside)).toEqual([]);
    expect(lstatSync(join(root, 'a')).isDirectory()).toBe(true);
  });
});

describe('a second tree', () => {
  it('shares what is the same with the first, unless that was changed', async () => {
    const dir = repository({ 'a.txt': 'a', 'sub/b.txt': 'b', 'run.sh': 'x' });
    const first = git(dir, 'rev-parse', 'HEAD').trim();
    chmodSync(join(dir, 'run.sh'), 0o755);
    write(dir, { 'a.txt': 'other' });
    git(dir, 'commit', '-qam', 'second');
    const second = git(dir, 'rev-parse', 'HEAD').trim();
    const workspace = await workspaceIn(dir);
    const [one, two] = [await workspace.checkout(first), await workspace.checkout(second)];
    const inode = (root: string, path: string) => statSync(join(root, path)).ino;
    expect(inode(two, 'sub/b.txt')).toBe(inode(one, 'sub/b.txt'));
    expect(readFileSync(join(two, 'a.txt'), 'utf8')).toBe('other');
    expect([one, two].map((root) => statSync(join(root, 'run.sh')).mode & 0o777)).toEqual([0o644, 0o755]);
    writeFileSync(join(two, 'sub/b.txt'), 'harm');
    git(dir, 'commit', '-q', '--allow-empty', '-m', 'third');
    const three = await workspace.checkout(git(dir, 'rev-parse', 'HEAD').trim());
    expect(readFileSync(join(three, 'sub/b.txt'), 'utf8')).toBe('b');
  });
});

describe('a tree that is there', () => {
  it('is used again, also by another run', async () => {
    const dir = repository({ a: '1' });
    const root = await checkedOut(dir);
    const { ino } = statSync(join(root, 'a'));
    expect(await checkedOut(dir)).toBe(root);
    expect(statSync(join(root, 'a')).ino).toBe(ino);
  });

  it.each<[string, (root: string) => void]>([
    ['torn', (root) => truncateSync(join(root, 'a'))],
    ['changed', (root) => writeFileSync(join(root, 'a'), 'CHANGED.')],
    ['short of a file', (root) => rmSync(join(root, 'sub/b'))],
    ['fuller than it was', (root) => writeFileSync(join(root, 'sub/new'), '')],
    ['without its stamp', (root) => rmSync(join(root, '../stamp'))],
    ['a copy', (root) => execFileSync('sh', ['-c', `cp -a ${root} ${root}2 && rm -r ${root} && mv ${root}2 ${root}`])],
  ])('is made anew when it is %s', async (_, harm) => {
    const dir = repository({ a: 'as it was', 'sub/b': 'b' });
    const root = await checkedOut(dir);
    harm(root);
    expect(await checkedOut(dir)).toBe(root);
    expect(files(root)).toEqual(['a', 'sub', 'sub/b']);
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('as it was');
    expect(readdirSync(join(root, '../..'))).toHaveLength(1);
  });

  it('goes when five others were used after it, and nobody used it for an hour', async () => {
    const dir = repository();
    const trees = join(dir, '.git/redgreen/trees');
    for (let i = 0; i < 6; i++) {
      git(dir, 'commit', '-q', '--allow-empty', '-m', `c${i}`);
      await checkedOut(dir, [], NOW + i);
    }
    expect(readdirSync(trees)).toHaveLength(6);
    const first = join(trees, git(dir, 'rev-parse', 'HEAD~5').trim());
    utimesSync(first, NOW / 1000 - 3_601, NOW / 1000 - 3_601);
    await checkedOut(dir, [], NOW + 6);
    expect(existsSync(first)).toBe(false);
    expect(readdirSync(trees)).toHaveLength(5);
  });

  it('is not kept in a link', async () => {
    const dir = repository();
    mkdirSync(join(dir, '.git/redgreen'), { recursive: true });
    const away = folder();
    symlinkSync(away, join(dir, '.git/redgreen/trees'));
    await expect(checkedOut(dir)).rejects.toMatchObject({ code: 'git', message: expect.stringContaining('it is no folder') });
    expect(readdirSync(away)).toEqual([]);
  });
});

it('refuses more than a box takes, in a sentence', async () => {
  const entry = (i: number, size: number) => ({ path: `f${i}`, mode: '100644', oid: '', size });
  const tell = (entries: readonly ReturnType<typeof entry>[]) =>
    checkOut({ store: null as never, dir: join(folder(), 'trees'), commit: 'c', entries, like: null, now: NOW, onNote: () => undefined });
  await expect(tell(Array.from({ length: 40_001 }, (_, i) => entry(i, 1)))).rejects.toMatchObject({
    code: 'git',
    message: 'The repository has 40001 files; at most 40000 can be tested in a box.',
  });
  await expect(tell([0, 1, 2].map((i) => entry(i, 350e6)))).rejects.toMatchObject({
    code: 'git',
    message: expect.stringContaining('1050 MB'),
  });
});
