// A user's repository that somebody else prepared: its configuration, hooks, attributes, links, names and history.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git, gitWith, repository, write } from '../../effects/repository.ts';
import { canary, change, HOOKS, PROGRAMS, useAll, victim, workspaceIn } from './bench.ts';

describe('what git would run', () => {
  it('R1 no program of the configuration is run, by any step of a run', async () => {
    const dir = repository({ 'a.txt': '1\n', '.gitattributes': '* filter=evil diff=evil merge=evil\n' });
    const { program, seen } = canary();
    for (const key of PROGRAMS.split(' ')) git(dir, 'config', key, program);
    for (const name of ['rev-parse', 'for-each-ref', 'update-ref', 'index-pack', 'worktree', 'cat-file', 'ls-tree', 'symbolic-ref'])
      git(dir, 'config', `alias.${name}`, `!${program}`);
    await useAll(dir);
    expect(seen()).toBe('');
    // The canary is alive: plain git runs it.
    spawnSync('git', ['-C', dir, 'status']);
    expect(seen()).toContain('evil');
  });

  it('R2 no hook is run, in the usual folder or in another', async () => {
    for (const place of ['.git/hooks', '.evil-hooks']) {
      const dir = repository();
      const { program, seen } = canary();
      mkdirSync(join(dir, place), { recursive: true });
      for (const hook of HOOKS.split(' ')) writeFileSync(join(dir, place, hook), readFileSync(program), { mode: 0o755 });
      if (place !== '.git/hooks') git(dir, 'config', 'core.hooksPath', join(dir, place));
      await useAll(dir);
      expect(seen()).toBe('');
      git(dir, 'update-ref', 'refs/heads/control', 'HEAD');
      expect(seen()).toContain('reference-transaction');
    }
  });

  it('R3 included configuration runs nothing either, wherever it stands', async () => {
    const dir = repository();
    const { program, seen } = canary();
    const text = `[core]\n\tfsmonitor = ${program}\n\thooksPath = ${program}\n\tpager = ${program}\n`;
    write(dir, { 'evil.config': text, '.git/config.worktree': text });
    git(dir, 'config', 'include.path', '../evil.config');
    git(dir, 'config', `includeIf.gitdir:${dir}/.path`, '../evil.config');
    git(dir, 'config', 'extensions.worktreeConfig', 'true');
    await useAll(dir);
    expect(seen()).toBe('');
    git(dir, 'status');
    expect(seen()).not.toBe('');
  });

  it('R4 no git of the project is found, by node_modules, a relative PATH or an empty one', async () => {
    const dir = repository();
    const { line, seen } = canary();
    const fake = `#!/bin/sh\n${line}\nexit 1\n`;
    write(dir, { 'node_modules/.bin/git': fake, 'bin/git': fake, git: fake });
    for (const path of ['node_modules/.bin/git', 'bin/git', 'git']) execFileSync('chmod', ['+x', join(dir, path)]);
    const { hardened } = await import('../../../src/effects/git.ts');
    const path = [join(dir, 'node_modules/.bin'), 'bin', '.', '', '/usr/local/bin', '/usr/bin', '/bin'].join(':');
    for (const bare of [true, false]) {
      const told = await hardened({ gitDir: join(dir, '.git'), cwd: dir, path, bare }).raw(['rev-parse', 'HEAD']);
      expect(told).toMatch(/^[0-9a-f]{40}\n$/);
    }
    await hardened({ gitDir: join(dir, '.git'), cwd: dir, path }).pipe(['cat-file', '--batch'], '');
    expect(seen()).toBe('');
  });
});

describe('bytes and objects', () => {
  it('R5 attributes and line ends change no byte on the way out or in', async () => {
    const text = '$Id$\r\nmixed\n$Format:%an$\n';
    const attributes = '* text=auto eol=crlf ident export-subst filter=evil working-tree-encoding=UTF-16\nsecret.txt export-ignore\n';
    const dir = repository();
    write(dir, { 'a.txt': text, 'secret.txt': text, '.gitattributes': attributes });
    for (const path of ['a.txt', 'secret.txt', '.gitattributes']) {
      const oid = gitWith(dir, readFileSync(join(dir, path), 'utf8'), 'hash-object', '-w', '--stdin').trim();
      git(dir, 'update-index', '--add', '--cacheinfo', `100644,${oid},${path}`);
    }
    git(dir, 'commit', '-qm', 'attributes');
    write(dir, { '.git/info/attributes': attributes });
    git(dir, 'config', 'core.autocrlf', 'true');
    git(dir, 'config', 'filter.evil.clean', 'tr a-z A-Z');
    const workspace = await workspaceIn(dir);
    expect(await workspace.readBase('a.txt')).toBe(text);
    const made = await workspace.commit(change({ 'b.txt': text }));
    const out = await workspace.export(made.commit);
    expect(out).toMatchObject({ 'a.txt': text, 'b.txt': text, 'secret.txt': text });
    const { branch } = await workspace.ship({ commit: made.commit, slug: 'x' });
    expect(git(dir, 'cat-file', 'blob', `${branch}:b.txt`)).toBe(text);
  });

  it('R6 replaced objects and grafts are not believed', async () => {
    const dir = repository({ 'a.txt': 'true\n' });
    const head = git(dir, 'rev-parse', 'HEAD').trim();
    git(dir, 'checkout', '-q', '--orphan', 'other');
    write(dir, { 'a.txt': 'false\n' });
    git(dir, 'commit', '-qam', 'other');
    git(dir, 'replace', head, 'other');
    git(dir, 'checkout', '-qf', 'main');
    write(dir, { '.git/info/grafts': `${head} ${git(dir, 'rev-parse', 'other').trim()}\n` });
    expect(git(dir, 'show', `${head}:a.txt`)).toBe('false\n');
    const workspace = await workspaceIn(dir);
    expect(await workspace.readBase('a.txt')).toBe('true\n');
    const made = await workspace.commit(change({ 'b.txt': 'b\n' }));
    expect(await workspace.export(made.commit)).toMatchObject({ 'a.txt': 'true\n' });
  });

  it('R7 huge and binary files stay out of the box and whole on the branch', async () => {
    const big = 'x'.repeat(6_000_000);
    const dir = repository({ 'big.txt': big, 'b.bin': Buffer.from([0, 255, 1]), 'a.txt': 'a\n' });
    const workspace = await workspaceIn(dir);
    const made = await workspace.commit(change({ 'c.txt': 'c\n' }));
    expect(Object.keys(await workspace.export(made.commit)).sort()).toEqual(['a.txt', 'c.txt']);
    expect(workspace.notes.join(' ')).toMatch(/larger than 5 MB.*Binary/s);
    const { branch } = await workspace.ship({ commit: made.commit, slug: 'x' });
    expect(git(dir, 'cat-file', '-s', `${branch}:big.txt`)).toBe('6000000\n');
  });

  it('R8 links of the repository lead nowhere', async () => {
    const outside = victim();
    const dir = repository();
    for (const [name, to] of [
      ['abs', outside.file],
      ['up', '../../../../../../etc/hostname'],
      ['folder', outside.dir],
      ['loop', 'loop'],
      ['.git-link', '.git/config'],
    ] as const)
      symlinkSync(to, join(dir, name));
    git(dir, 'add', '-A');
    git(dir, 'commit', '-qm', 'links');
    const workspace = await workspaceIn(dir);
    expect((await workspace.base()).files).toEqual(['README.md']);
    expect(await workspace.readBase('abs')).toBeNull();
    await expect(workspace.commit(change({ 'folder/x.ts': '' }))).rejects.toMatchObject({ code: 'git' });
    const made = await workspace.commit(change({ 'a.ts': '' }));
    expect(Object.keys(await workspace.export(made.commit)).sort()).toEqual(['README.md', 'a.ts']);
    expect(outside.isWhole()).toBe(true);
  });

  it('R9 submodules and nested repositories are neither fetched nor entered', async () => {
    const dir = repository();
    const { program, seen } = canary();
    const modules = `[submodule "m"]\n\tpath = m\r\n\turl = ext::${program}\n\tupdate = !${program}\n[submodule "n"]\n\tpath = n\n\turl = -u./evil\n`;
    write(dir, { '.gitmodules': modules });
    git(dir, 'add', '.gitmodules');
    git(dir, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},m`);
    git(dir, 'commit', '-qm', 'modules');
    write(dir, { 'nested/.git/config': `[core]\n\tfsmonitor = ${program}\n`, 'nested/.git/HEAD': 'ref: refs/heads/main\n' });
    mkdirSync(join(dir, 'nested/.git/objects'), { recursive: true });
    mkdirSync(join(dir, 'nested/.git/refs'));
    git(dir, 'config', 'submodule.recurse', 'true');
    git(dir, 'config', 'protocol.ext.allow', 'always');
    await useAll(dir);
    expect(seen()).toBe('');
    expect(git(dir, 'for-each-ref', '--format=%(refname)').trim().split('\n')).toEqual(['refs/heads/main', 'refs/heads/redgreen/x']);
    expect(git(dir, 'ls-tree', 'redgreen/x', 'm')).toContain('160000 commit');
  });

  it('R10 names that are no text, or that a terminal obeys, stay apart and out of the box', async () => {
    const dir = repository();
    const blob = (text: string) => gitWith(dir, text, 'hash-object', '-w', '--stdin').trim();
    const names = ['\\377one', '\\376one', 'new\\nline', 'esc\\033[2J', 'dir\\001/x'];
    const listed = names.map((name, i) => `100644 blob ${blob(String(i))}\t"${name}"`);
    execFileSync('git', ['-C', dir, 'update-index', '--index-info'], {
      input: `${listed.map((l) => l.replace(' blob', '')).join('\n')}\n`,
    });
    git(dir, 'commit', '-qm', 'names');
    const workspace = await workspaceIn(dir);
    expect((await workspace.base()).files).toEqual(['README.md']);
    const made = await workspace.commit(change({ 'a.ts': '' }));
    expect(Object.keys(await workspace.export(made.commit)).sort()).toEqual(['README.md', 'a.ts']);
    const { branch } = await workspace.ship({ commit: made.commit, slug: 'x' });
    expect(git(dir, 'ls-tree', '-r', '-z', branch).split('\0').filter(Boolean)).toHaveLength(7);
    expect(git(dir, 'diff', '--name-only', 'main', branch).trim()).toBe('a.ts');
  });

  it('R11 files that differ only in case are kept, and no new one may join them', async () => {
    const dir = repository();
    const oid = gitWith(dir, 'x', 'hash-object', '-w', '--stdin').trim();
    for (const path of ['A.ts', 'a.ts', 'Lib/x.ts', 'lib/y.ts']) git(dir, 'update-index', '--add', '--cacheinfo', `100644,${oid},${path}`);
    git(dir, 'commit', '-qm', 'case');
    const workspace = await workspaceIn(dir);
    const made = await workspace.commit(change({ 'a.ts': 'changed' }));
    expect(await workspace.export(made.commit)).toMatchObject({ 'A.ts': 'x', 'a.ts': 'changed' });
    for (const path of ['README.MD', 'LIB/z.ts', 'readme.md/x'])
      await expect(workspace.commit(change({ [path]: '' }))).rejects.toMatchObject({ code: 'git' });
  });
});
