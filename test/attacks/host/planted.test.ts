// Links, stores and references that somebody put into a repository before the run.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readIdentity } from '../../../src/effects/git.ts';
import { folder, git, repository } from '../../effects/repository.ts';
import { canary, change, HOOKS, PROGRAMS, target, useAll, victim, workspaceIn } from './bench.ts';

describe('a .git that leads elsewhere', () => {
  const refused = (why: string) => expect.objectContaining({ code: 'target', message: expect.stringContaining(why) });

  it('R12 as a file, a link, a commondir or another’s working tree is refused, and what it names stays whole', async () => {
    const other = repository({ 'precious.txt': 'x\n' });
    const bare = join(folder(), 'bare.git');
    git(other, 'clone', '-q', '--bare', other, bare);
    git(other, 'worktree', 'add', '-q', join(folder(), 'linked'));
    const before = [git(other, 'for-each-ref'), readdirSync(join(other, '.git')).sort(), readdirSync(bare).sort()];
    const file = (text: string) => {
      const dir = folder();
      writeFileSync(join(dir, '.git'), text);
      return dir;
    };
    const linked = folder();
    symlinkSync(join(other, '.git'), join(linked, '.git'));
    const common = repository();
    writeFileSync(join(common, '.git/commondir'), `${other}/.git\n`);
    const hostile = [
      [file(`gitdir: ${other}/.git\n`), 'belongs to another folder'],
      [file(`gitdir: ${bare}\n`), 'leads to the bare repository'],
      [file(`gitdir: ${other}/.git/worktrees/linked\n`), 'belongs to another folder'],
      [linked, 'belongs to another folder'],
      [common, 'takes its objects and branches from'],
    ] as const;
    for (const [dir, why] of hostile) await expect(target(dir)).rejects.toEqual(refused(why));
    expect([git(other, 'for-each-ref'), readdirSync(join(other, '.git')).sort(), readdirSync(bare).sort()]).toEqual(before);
  });

  it('R18 of a real working tree, a submodule, a separate git directory and a bare repository is taken', async () => {
    const main = repository();
    const linked = join(folder(), 'linked');
    git(main, 'worktree', 'add', '-q', linked);
    git(main, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', main, 'sub');
    const apart = folder();
    git(apart, 'init', '-q', `--separate-git-dir=${join(folder(), 'apart.git')}`);
    const bare = join(folder(), 'bare.git');
    git(main, 'clone', '-q', '--bare', main, bare);
    mkdirSync(join(main, 'docs/.git'), { recursive: true });
    for (const dir of [main, linked, join(main, 'sub'), apart, bare, join(main, 'docs')])
      expect((await target(dir)).commonDir).toContain('git');
  });
});

describe('what was put there before the run', () => {
  it('R13 a store of links writes to no file of the user', async () => {
    const outside = victim();
    for (const plant of ['shallow', 'objects/info/alternates', 'objects/info', 'objects/pack', 'refs/redgreen', 'refs', 'objects', '.']) {
      const dir = repository();
      const store = join(dir, '.git/redgreen/store.git');
      mkdirSync(join(dir, '.git/redgreen'), { recursive: true });
      git(dir, 'init', '-q', '--bare', store);
      const place = join(store, plant);
      if (existsSync(place)) renameSync(place, `${plant === '.' ? store : place}.aside`);
      mkdirSync(join(place, '..'), { recursive: true });
      const isFile = plant === 'shallow' || plant.endsWith('alternates');
      symlinkSync(isFile ? outside.file : outside.dir, plant === '.' ? store : place);
      writeFileSync(join(dir, '.git/shallow'), `${git(dir, 'rev-parse', 'HEAD').trim()}\n`);
      const done = workspaceIn(dir).then((workspace) => workspace.commit(change({ 'a.ts': '' })));
      if (isFile) await done;
      else await expect(done).rejects.toMatchObject({ name: 'RedgreenError' });
      expect(outside.isWhole()).toBe(true);
      expect(readdirSync(outside.dir)).toEqual(['precious']);
    }
  });

  it('R14 a store that names another repository as its own is refused', async () => {
    const other = repository();
    const dir = repository();
    const store = join(dir, '.git/redgreen/store.git');
    git(dir, 'init', '-q', '--bare', store);
    writeFileSync(join(store, 'commondir'), `${other}/.git\n`);
    const before = git(other, 'for-each-ref');
    const workspace = await workspaceIn(dir);
    await expect(workspace.commit(change({ 'a.ts': '' }))).rejects.toMatchObject({
      code: 'git',
      message: expect.stringContaining('not redgreen'),
    });
    expect(git(other, 'for-each-ref')).toBe(before);
  });

  it('R15 hooks and configuration of a planted store are not run', async () => {
    const dir = repository();
    const { program, seen } = canary();
    const store = join(dir, '.git/redgreen/store.git');
    git(dir, 'init', '-q', '--bare', store);
    mkdirSync(join(store, 'hooks'), { recursive: true });
    for (const hook of HOOKS.split(' ')) writeFileSync(join(store, 'hooks', hook), readFileSync(program), { mode: 0o755 });
    for (const key of PROGRAMS.split(' ')) git(store, 'config', key, program);
    await useAll(dir);
    expect(seen()).toBe('');
  });

  it('R16 nobody’s branch is moved: not one of the same name, not one that came meanwhile', async () => {
    const dir = repository();
    const workspace = await workspaceIn(dir);
    const made = await workspace.commit(change({ 'a.ts': '' }));
    git(dir, 'branch', 'redgreen/x');
    const [one, two] = await Promise.all([
      workspace.ship({ commit: made.commit, slug: 'x' }),
      workspaceIn(dir).then((other) => other.ship({ commit: made.commit, slug: 'y' })),
    ]);
    expect([one.branch, two.branch]).toEqual(['redgreen/x-2', 'redgreen/y']);
    expect(git(dir, 'rev-parse', 'redgreen/x')).toBe(git(dir, 'rev-parse', 'main'));
  });

  it('R17 a name in the configuration cannot forge a commit', async () => {
    const dir = repository();
    writeFileSync(
      join(dir, '.git/config'),
      `${readFileSync(join(dir, '.git/config'), 'utf8')}[user]\n\tname = "A\\u001b[2J> <b@c> 0 +0000\\ncommitter X"\n\temail = "x>\\nparent ${'1'.repeat(40)}"\n`,
    );
    const who = await readIdentity({ gitDir: join(dir, '.git'), home: { dir: '/nonexistent' } });
    expect(`${who.name}${who.email}`).not.toMatch(/[\n<>\u001b]/);
  });
});

describe('references that stand for others', () => {
  it('R19 a symbolic note or branch of ours moves no branch of the user', async () => {
    const dir = repository();
    const main = git(dir, 'rev-parse', 'main');
    for (const ref of ['refs/notes/redgreen', 'refs/heads/redgreen/x']) git(dir, 'symbolic-ref', ref, 'refs/heads/main');
    git(dir, 'symbolic-ref', 'refs/heads/redgreen/x-2', 'refs/heads/unborn');
    const workspace = await workspaceIn(dir);
    const made = await workspace.commit(change({ 'a.ts': '' }));
    await workspace.attach(made.commit, '{}');
    const shipped = await workspace.ship({ commit: made.commit, slug: 'x' });
    expect([git(dir, 'rev-parse', 'main'), git(dir, 'branch', '--list', 'unborn')]).toEqual([main, '']);
    // The dangling one gives way; what it stood for does not come to be.
    expect(shipped.branch).toBe('redgreen/x-2');
    expect(git(dir, 'rev-parse', 'redgreen/x-2').trim()).toBe(made.commit);
    expect(workspace.notes.join()).toContain('refs/notes/redgreen stands for refs/heads/main');
  });
});
