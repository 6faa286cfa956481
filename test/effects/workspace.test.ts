import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CommitOptions } from '../../src/core/ports.ts';
import { readIdentity } from '../../src/effects/git.ts';
import { openTarget } from '../../src/effects/target.ts';
import { createWorkspace, type WorkspaceOptions } from '../../src/effects/workspace.ts';
import { fingerprint, folder, git, gitWith, repository, write } from './repository.ts';

const RUN = '20261123-170509-abcd';
const NOW = Date.UTC(2026, 10, 23);

async function workspaceIn(dir: string, more: Partial<WorkspaceOptions> = {}) {
  const target = await openTarget({ cwd: dir, dir: null });
  return createWorkspace({ target, runId: RUN, base: target.head, created: target.created, now: () => NOW, ...more });
}

const change = (tree: Record<string, string>, more: Partial<CommitOptions> = {}): CommitOptions => ({
  tree,
  deleted: [],
  parent: null,
  subject: 'a change',
  body: '',
  trailers: [],
  ref: 'round-1',
  ...more,
});

describe('commit and export', () => {
  it('commits over the base and gives the tree back, byte for byte', async () => {
    const dir = repository({ 'a.txt': 'a\n', 'sub/b.txt': 'b\n', 'run.sh': '#!/bin/sh\n' });
    chmodSync(join(dir, 'run.sh'), 0o755);
    git(dir, 'commit', '-qam', 'exec');
    const workspace = await workspaceIn(dir);
    expect(await workspace.base()).toEqual({ commit: git(dir, 'rev-parse', 'HEAD').trim(), files: ['a.txt', 'run.sh', 'sub/b.txt'] });
    const tree = { 'a.txt': 'A\r\nmixed\nends\r', 'new/ü file.ts': 'x\u0000y', "quote's": '', 'run.sh': '#!/bin/sh\nexit\n' };
    const made = await workspace.commit(change(tree, { deleted: ['sub/b.txt', 'never-there'] }));
    const store = join(dir, '.git/redgreen/store.git');
    expect(git(store, 'cat-file', '-p', `${made.commit}:a.txt`)).toBe('A\r\nmixed\nends\r');
    expect(git(store, 'rev-parse', `${made.commit}^{tree}`, `${made.commit}^`).split('\n')).toEqual([
      made.tree,
      git(dir, 'rev-parse', 'HEAD').trim(),
      '',
    ]);
    expect(
      git(store, '-c', 'core.quotePath=false', 'ls-tree', '-r', '--format=%(objectmode) %(path)', made.commit).trim().split('\n').sort(),
    ).toEqual(['100644 a.txt', '100644 new/ü file.ts', "100644 quote's", '100755 run.sh']);
    const exported = await workspace.export(made.commit);
    expect(Object.keys(exported).sort()).toEqual(['a.txt', "quote's", 'run.sh']);
    expect(exported['a.txt']).toBe(tree['a.txt']);
    expect(git(store, 'for-each-ref', '--format=%(refname)')).toBe(`refs/redgreen/${RUN}/round-1\n`);
    expect(readdirSync(store).filter((name) => name.startsWith('index') || name.includes('crash'))).toEqual([]);
  });

  it('does not let configuration or attributes alter bytes', async () => {
    const dir = repository({
      '.gitattributes': '* text eol=crlf\n*.txt filter=evil ident\nb.txt working-tree-encoding=UTF-16\n',
      'a.txt': '$Id$\n',
    });
    git(dir, 'config', 'core.autocrlf', 'true');
    git(dir, 'config', 'filter.evil.clean', `touch ${dir}/CANARY; cat`);
    git(dir, 'config', 'filter.evil.smudge', `touch ${dir}/CANARY; cat`);
    const workspace = await workspaceIn(dir);
    const made = await workspace.commit(change({ 'b.txt': 'one\r\ntwo\n$Id$\n' }));
    expect((await workspace.export(made.commit))['b.txt']).toBe('one\r\ntwo\n$Id$\n');
    const { branch } = await workspace.ship({ commit: made.commit, slug: 'bytes' });
    expect(git(dir, 'cat-file', '-p', `${branch}:b.txt`)).toBe('one\r\ntwo\n$Id$\n');
    expect(existsSync(join(dir, 'CANARY'))).toBe(false);
  });

  it('works without a base, with an empty tree, and stacks commits', async () => {
    const dir = folder();
    git(dir, 'init', '-q');
    const workspace = await workspaceIn(dir);
    expect(await workspace.base()).toEqual({ commit: null, files: [] });
    const first = await workspace.commit(change({ 'a.ts': '1' }, { ref: 'tests' }));
    const second = await workspace.commit(change({ 'b.ts': '2' }, { parent: first.commit, ref: 'round-1', deleted: ['a.ts'] }));
    const empty = await workspace.commit(change({}, { parent: second.commit, deleted: ['b.ts'], ref: 'empty' }));
    expect(await workspace.export(second.commit)).toEqual({ 'b.ts': '2' });
    expect(await workspace.export(empty.commit)).toEqual({});
    expect(git(join(dir, '.git/redgreen/store.git'), 'rev-list', '--count', empty.commit).trim()).toBe('3');
  });

  it('makes a new commit of identical content all the same', async () => {
    const workspace = await workspaceIn(repository());
    const one = await workspace.commit(change({ a: '1' }));
    const two = await workspace.commit(change({ a: '1' }));
    expect(two.tree).toBe(one.tree);
    expect(two.commit).not.toBe(one.commit);
  });

  it('goes on in a new process, and moves a ref by compare-and-swap only', async () => {
    const dir = repository();
    const first = await workspaceIn(dir);
    const rival = await workspaceIn(dir);
    const made = await first.commit(change({ a: '1' }));
    const later = await workspaceIn(dir);
    expect(await later.export(made.commit)).toMatchObject({ a: '1' });
    await later.commit(change({ a: '2' }));
    await expect(first.commit(change({ a: '3' }))).rejects.toMatchObject({ code: 'git' });
    await rival.commit(change({ a: '4' }));
  });

  it.each([
    ['../x'],
    ['/etc/x'],
    ['.git/hooks/post-checkout'],
    ['.GIT/x'],
    ['git~1/x'],
    ['sub/.git'],
    ['.gitmodules'],
    ['.gitattributes'],
    ['CON'],
    ['a:b'],
    ['a\nb'],
    ['a\\b'],
    ['.g\u200cit/x'],
    ['README.md/x'],
    ['readme.md'],
  ])('refuses the path %j', async (path) => {
    const dir = repository();
    const workspace = await workspaceIn(dir);
    await expect(workspace.commit(change({ [path]: 'x' }))).rejects.toMatchObject({ code: 'git' });
    expect(existsSync(join(dir, '.git/redgreen/store.git')) ? git(join(dir, '.git/redgreen/store.git'), 'for-each-ref') : '').toBe('');
  });

  it('refuses odd refs, commits that are none, and too much', async () => {
    const workspace = await workspaceIn(repository());
    for (const ref of ['../x', 'a b', '-f', 'x.lock', 'a..b', '', 'X'])
      await expect(workspace.commit(change({ a: '1' }, { ref }))).rejects.toMatchObject({ code: 'git' });
    for (const commit of ['HEAD', '--all', 'main', '']) await expect(workspace.export(commit)).rejects.toMatchObject({ code: 'git' });
    await expect(workspace.commit(change({ big: 'x'.repeat(5_000_001) }))).rejects.toMatchObject({ code: 'git' });
    await expect(
      workspace.commit(change(Object.fromEntries(Array.from({ length: 5_001 }, (_, i) => [`f${i}`, ''])))),
    ).rejects.toMatchObject({ code: 'git' });
  });

  it('lets a base have links, submodules and binary files, but no commit of its own', async () => {
    const dir = repository({ 'real.txt': 'x', 'image.bin': Buffer.from([0, 255, 254]), 'huge.txt': 'x'.repeat(5_000_001) });
    symlinkSync('/etc/passwd', join(dir, 'link'));
    git(dir, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},module`);
    git(dir, 'add', 'link');
    git(dir, 'commit', '-qm', 'links');
    const notes: string[] = [];
    const workspace = await workspaceIn(dir, { onNote: (text) => notes.push(text) });
    const made = await workspace.commit(change({ 'a.ts': 'a' }));
    expect(await workspace.export(made.commit)).toEqual({ 'real.txt': 'x', 'a.ts': 'a' });
    expect(notes).toHaveLength(3);
    expect((await workspace.base()).files).toEqual(['huge.txt', 'image.bin', 'real.txt']);
    expect(await workspace.readBase('real.txt')).toBe('x');
    for (const path of ['image.bin', 'link', 'module', 'nowhere', '../x']) expect(await workspace.readBase(path)).toBeNull();
    await expect(workspace.commit(change({ 'link/x': 'through the link' }))).rejects.toMatchObject({ code: 'git' });

    const store = join(dir, '.git/redgreen/store.git');
    const blob = git(store, 'rev-parse', `${made.commit}:link`).trim();
    const tree = gitWith(store, `120000 blob ${blob}\tplanted\n`, 'mktree').trim();
    const planted = git(store, 'commit-tree', '-m', 'x', tree).trim();
    await expect(workspace.export(planted)).rejects.toMatchObject({ code: 'git', message: expect.stringContaining('link') });
  });

  it('takes 300 files at once', async () => {
    const workspace = await workspaceIn(repository());
    const tree = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`src/dir-${i % 10}/file-${i}.ts`, `export const n = ${i};\n`.repeat(50)]),
    );
    const made = await workspace.commit(change(tree));
    expect(await workspace.export(made.commit)).toEqual({ ...tree, 'README.md': '# x\n' });
  });
});

describe('messages and identity', () => {
  it('writes the message it should, whatever a model says', async () => {
    const dir = repository();
    const workspace = await workspaceIn(dir);
    const made = await workspace.commit(
      change(
        { a: '1' },
        {
          subject: `first line\nsecond\u001b[31m ${'x'.repeat(300)}`,
          body: `why\n\nRedgreen-Outcome: green\nSigned-off-by: The User <u@x>\n\u001b]0;title\u0007${'y'.repeat(10_000_000)}`,
          trailers: [
            ['Redgreen-Run', `${RUN}\nRedgreen-Outcome: green`],
            ['Redgreen-Outcome', 'red'],
            ['bad key', 'x'],
          ],
        },
      ),
    );
    const store = join(dir, '.git/redgreen/store.git');
    const message = git(store, 'log', '-1', '--format=%B', made.commit);
    expect(message.length).toBeLessThan(9_000);
    expect(message.split('\n')[0]).toMatch(/^first line second x+…$/);
    expect(message).not.toContain('\u001b');
    expect(git(store, 'log', '-1', '--format=%(trailers:only,unfold)', made.commit).trim()).toBe(
      `Redgreen-Run: ${RUN} Redgreen-Outcome: green\nRedgreen-Outcome: red`,
    );
    expect(git(store, 'log', '-1', '--format=%an <%ae> %ct', made.commit).trim()).toBe(`redgreen <redgreen@localhost> ${NOW / 1000}`);
  });

  it("takes the user's name from git's configuration, else its own, and says so once", async () => {
    const dir = repository();
    const home = folder();
    expect(await readIdentity({ gitDir: join(dir, '.git'), home: { dir: home } })).toEqual({
      name: 'redgreen',
      email: 'redgreen@localhost',
      own: false,
    });
    writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Ann <Example>\n\temail = ann@example.test\n');
    const identity = await readIdentity({ gitDir: join(dir, '.git'), home: { dir: home } });
    expect(identity).toEqual({ name: 'Ann Example', email: 'ann@example.test', own: true });
    const workspace = await workspaceIn(dir, { identity: async () => identity });
    const made = await workspace.commit(change({ a: '1' }));
    const { branch } = await workspace.ship({ commit: made.commit, slug: 'ann' });
    expect(git(dir, 'log', '-1', '--format=%an <%ae>|%cn', branch).trim()).toBe('Ann Example <ann@example.test>|Ann Example');

    const notes: string[] = [];
    const other = await workspaceIn(dir, { onNote: (text) => notes.push(text) });
    await other.ship({ commit: made.commit, slug: 'b' });
    await other.ship({ commit: made.commit, slug: 'c' });
    expect(notes).toEqual([expect.stringContaining('commits are by redgreen')]);
  });
});

describe('ship', () => {
  it('puts one branch there and leaves a dirty tree, index, stash, configuration and HEAD as they are', async () => {
    const dir = repository({ 'a.txt': '1\n', 'b.txt': '1\n' });
    write(dir, { 'a.txt': 'stashed\n' });
    git(dir, 'stash', '-q');
    write(dir, { 'a.txt': 'staged\n', 'untracked.txt': 'x' });
    git(dir, 'add', 'a.txt');
    write(dir, { 'a.txt': 'dirty\n' });
    rmSync(join(dir, 'b.txt'));
    const before = fingerprint(dir);
    const workspace = await workspaceIn(dir);
    const made = await workspace.commit(change({ 'a.txt': 'ours\n', 'c/d.txt': 'new\n' }));
    expect(await workspace.ship({ commit: made.commit, slug: 'my-task' })).toEqual({ branch: 'redgreen/my-task', checkedOut: false });
    expect(fingerprint(dir)).toEqual(before);
    expect(git(dir, 'rev-parse', 'redgreen/my-task').trim()).toBe(made.commit);
    expect(git(dir, 'show', 'redgreen/my-task:c/d.txt')).toBe('new\n');
  });

  it('leaves objects that need the store no more', async () => {
    const dir = repository();
    const workspace = await workspaceIn(dir);
    const one = await workspace.commit(change({ a: '1' }, { ref: 'tests' }));
    const two = await workspace.commit(change({ b: '2' }, { parent: one.commit, ref: 'final' }));
    await workspace.ship({ commit: two.commit, slug: 'x' });
    rmSync(join(dir, '.git/redgreen'), { recursive: true });
    git(dir, 'fsck', '--full', '--strict', '--connectivity-only');
    const clone = join(folder(), 'clone');
    git(dir, 'clone', '-q', '--no-local', '-b', 'redgreen/x', dir, clone);
    expect(readFileSync(join(clone, 'b'), 'utf8')).toBe('2');
  });

  it('runs nothing that the repository brings along', async () => {
    const dir = repository({ 'a.txt': '1\n' });
    const canary = join(folder(), 'CANARY');
    const program = join(folder(), 'evil');
    writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> ${canary}\ncat 2>/dev/null\nexit 0\n`, { mode: 0o755 });
    for (const hook of [
      'reference-transaction',
      'post-commit',
      'pre-commit',
      'post-checkout',
      'post-merge',
      'post-index-change',
      'pre-auto-gc',
      'fsmonitor-watchman',
      'update',
      'post-update',
      'pre-receive',
      'post-receive',
      'post-rewrite',
    ]) {
      mkdirSync(join(dir, '.git/hooks'), { recursive: true });
      writeFileSync(join(dir, '.git/hooks', hook), readFileSync(program), { mode: 0o755 });
    }
    const keys = [
      'core.fsmonitor',
      'core.sshCommand',
      'core.editor',
      'core.pager',
      'core.askPass',
      'core.gitProxy',
      'core.alternateRefsCommand',
      'diff.external',
      'credential.helper',
      'gpg.program',
      'filter.evil.clean',
      'filter.evil.smudge',
      'filter.evil.process',
      'merge.evil.driver',
      'uploadpack.packObjectsHook',
      'sequence.editor',
      'remote.origin.uploadpack',
      'interactive.diffFilter',
      'trailer.redgreen-run.command',
      'trailer.redgreen-run.cmd',
    ];
    for (const key of keys) git(dir, 'config', key, program);
    git(dir, 'config', 'core.hooksPath', join(dir, '.git/hooks'));
    git(dir, 'config', 'alias.update-ref', `!${program}`);
    git(dir, 'config', 'commit.gpgSign', 'true');
    git(dir, 'config', 'remote.origin.url', `ext::${program}`);
    git(dir, 'config', 'remote.origin.promisor', 'true');
    git(dir, 'config', 'extensions.partialClone', 'origin');
    git(dir, 'config', 'protocol.ext.allow', 'always');
    git(dir, 'config', `url.ext::${program}.insteadOf`, '/');
    git(dir, 'config', 'include.path', join(dir, 'more.config'));
    writeFileSync(join(dir, 'more.config'), `[core]\n\tfsmonitor = ${program}\n`);
    mkdirSync(join(dir, '.git/info'), { recursive: true });
    writeFileSync(join(dir, '.git/info/attributes'), '* filter=evil diff=evil merge=evil\n');
    rmSync(canary, { force: true });

    const target = await openTarget({ cwd: dir, dir: null });
    await readIdentity({ gitDir: target.gitDir, home: { dir: '/nonexistent' } });
    const workspace = createWorkspace({ target, runId: RUN, base: target.head, created: false, now: () => NOW });
    await workspace.base();
    await workspace.readBase('a.txt');
    const made = await workspace.commit(change({ 'a.txt': '2\n', 'b.txt': '3\n' }));
    await workspace.export(made.commit);
    await expect(workspace.export('1'.repeat(40))).rejects.toMatchObject({ code: 'git' });
    expect(await workspace.ship({ commit: made.commit, slug: 'x' })).toMatchObject({ branch: 'redgreen/x' });
    expect(existsSync(canary) ? readFileSync(canary, 'utf8') : 'nothing ran').toBe('nothing ran');
  });

  it('never moves a branch: the next one is -2, -3 …', async () => {
    const dir = repository();
    const workspace = await workspaceIn(dir);
    const made = [
      await workspace.commit(change({ a: '1' })),
      await workspace.commit(change({ a: '2' })),
      await workspace.commit(change({ a: '3' })),
    ].map((one) => one.commit);
    const shipped = [];
    for (const commit of made) shipped.push((await workspace.ship({ commit, slug: 'same' })).branch);
    expect(shipped).toEqual(['redgreen/same', 'redgreen/same-2', 'redgreen/same-3']);
    expect(await workspace.ship({ commit: made[1] ?? '', slug: 'same' })).toEqual({ branch: 'redgreen/same-2', checkedOut: false });
    expect(git(dir, 'for-each-ref', '--format=%(objectname)', 'refs/heads/redgreen/same').trim()).toBe(made[0]);
  });

  it('goes around a branch that is checked out anywhere, born or not, and names that leave no room', async () => {
    const dir = repository();
    const workspace = await workspaceIn(dir);
    const { commit } = await workspace.commit(change({ a: '1' }));
    git(dir, 'worktree', 'add', '-q', '-b', 'redgreen/task', join(folder(), 'linked'));
    const unborn = join(folder(), 'unborn');
    git(dir, 'worktree', 'add', '-q', '--detach', unborn);
    git(unborn, 'symbolic-ref', 'HEAD', 'refs/heads/redgreen/task-2');
    git(dir, 'branch', 'redgreen/task-3/deeper');
    git(dir, 'branch', 'redgreen/TASK-4');
    expect((await workspace.ship({ commit, slug: 'task' })).branch).toBe('redgreen/task-5');

    const other = repository();
    git(other, 'branch', 'redgreen');
    const second = await workspaceIn(other);
    const made = await second.commit(change({ a: '1' }));
    expect((await second.ship({ commit: made.commit, slug: 'task' })).branch).toBe('redgreen-task');
  });

  it.each(['', 'A', '--upload-pack=x', '-f', '../main', 'a/b', 'a b', 'a\nb', 'a..b', 'ü', 'a'.repeat(52), '@{-1}'])(
    'refuses the slug %j',
    async (slug) => {
      const dir = repository();
      const workspace = await workspaceIn(dir);
      const { commit } = await workspace.commit(change({ a: '1' }));
      await expect(workspace.ship({ commit, slug })).rejects.toMatchObject({ code: 'git' });
      expect(git(dir, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main\n');
    },
  );

  it('ships from a linked worktree, a shallow clone, a bare and a moved repository', async () => {
    const dir = repository();
    git(dir, 'commit', '-q', '--allow-empty', '-m', 'second');
    const linked = join(folder(), 'linked');
    git(dir, 'worktree', 'add', '-q', '-b', 'other', linked);
    const one = await workspaceIn(linked);
    expect((await one.ship({ commit: (await one.commit(change({ a: '1' }))).commit, slug: 'linked' })).branch).toBe('redgreen/linked');
    expect(git(linked, 'status', '--porcelain')).toBe('');

    const shallow = join(folder(), 'shallow');
    git(dir, 'clone', '-q', '--depth=1', `file://${dir}`, shallow);
    const two = await workspaceIn(shallow);
    const made = await two.commit(change({ a: '1' }));
    await two.ship({ commit: made.commit, slug: 'shallow' });
    git(shallow, 'fsck', '--connectivity-only');

    const bare = join(folder(), 'bare');
    git(dir, 'clone', '-q', '--bare', dir, bare);
    const three = await workspaceIn(bare);
    expect(await three.ship({ commit: (await three.commit(change({ a: '1' }))).commit, slug: 'bare' })).toEqual({
      branch: 'redgreen/bare',
      checkedOut: false,
    });

    const moved = `${shallow}-moved`;
    renameSync(shallow, moved);
    const four = await workspaceIn(moved);
    expect(await four.export(made.commit)).toMatchObject({ a: '1', 'README.md': '# x\n' });
  });

  it('ships into an unborn repository of the user without touching it', async () => {
    const dir = folder();
    git(dir, 'init', '-q', '-b', 'main');
    write(dir, { 'mine.txt': 'mine' });
    const before = fingerprint(dir);
    const workspace = await workspaceIn(dir);
    const { commit } = await workspace.commit(change({ a: '1' }));
    expect(await workspace.ship({ commit, slug: 'x' })).toEqual({ branch: 'redgreen/x', checkedOut: false });
    expect(fingerprint(dir)).toEqual(before);
  });

  it('checks the branch out in a repository that redgreen made, while it is empty', async () => {
    const dir = folder();
    const workspace = await workspaceIn(dir);
    const { commit } = await workspace.commit(change({ 'src/a.ts': 'a\r\n', 'README.md': '# new\n' }));
    expect(await workspace.ship({ commit, slug: 'new' })).toEqual({ branch: 'redgreen/new', checkedOut: true });
    expect(git(dir, 'status', '--porcelain=v2', '--branch').split('\n').slice(0, 2)).toEqual([
      `# branch.oid ${commit}`,
      '# branch.head redgreen/new',
    ]);
    expect(git(dir, 'status', '--porcelain')).toBe('');
    expect(readFileSync(join(dir, 'src/a.ts'), 'utf8')).toBe('a\r\n');
    expect(statSync(join(dir, 'src/a.ts')).mode & 0o111).toBe(0);
    expect(await workspace.ship({ commit, slug: 'new' })).toEqual({ branch: 'redgreen/new', checkedOut: true });

    const busy = folder();
    const second = await workspaceIn(busy);
    write(busy, { 'mine.txt': 'made meanwhile' });
    const made = await second.commit(change({ 'mine.txt': 'ours' }));
    expect(await second.ship({ commit: made.commit, slug: 'new' })).toEqual({ branch: 'redgreen/new', checkedOut: false });
    expect(readFileSync(join(busy, 'mine.txt'), 'utf8')).toBe('made meanwhile');
  });

  it('works with sha256 objects', async () => {
    const dir = folder();
    git(dir, 'init', '-q', '--object-format=sha256');
    git(dir, 'commit', '-q', '--allow-empty', '-m', 'first');
    const workspace = await workspaceIn(dir);
    const { commit } = await workspace.commit(change({ a: '1' }));
    await workspace.ship({ commit, slug: 'x' });
    expect(git(dir, 'rev-parse', 'redgreen/x').trim()).toBe(commit);
  });

  it("keeps nested repositories' files out of reach: they are not looked at", async () => {
    const dir = repository();
    const nested = join(dir, 'nested');
    mkdirSync(nested);
    git(nested, 'init', '-q');
    const canary = join(folder(), 'CANARY');
    git(nested, 'config', 'core.fsmonitor', `touch ${canary}; false`);
    const workspace = await workspaceIn(dir);
    const { commit } = await workspace.commit(change({ 'nested/file.ts': '1' }));
    await workspace.ship({ commit, slug: 'x' });
    expect(git(dir, 'ls-tree', '-r', '--name-only', 'redgreen/x')).toBe('README.md\nnested/file.ts\n');
    expect(existsSync(canary)).toBe(false);
  });
});
