import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Git, hardened } from '../../../src/effects/git.ts';
import { changes, findHistory } from '../../../src/effects/verify/history.ts';
import { fingerprint, folder, git, gitWith, repository, write } from '../repository.ts';

const reader = (dir: string): Git => hardened({ gitDir: join(dir, '.git') });
const head = (dir: string, rev = 'HEAD') => git(dir, 'rev-parse', rev).trim();

function commit(dir: string, files: Record<string, string>, message: string): string {
  write(dir, files);
  git(dir, 'add', '-A');
  git(dir, 'commit', '-q', '--allow-empty', '-m', message);
  return head(dir);
}

const GREEN = 'Add x\n\nRedgreen-Run: 20261123-170509-abcd\nRedgreen-Outcome: green';

/** A base, the tests, the code. */
function proven(): { readonly dir: string; readonly base: string; readonly tests: string; readonly code: string } {
  const dir = repository();
  const base = head(dir);
  const tests = commit(dir, { 'test/a.test.ts': 'test' }, 'Add tests\n\nRedgreen-Step: tests');
  return { dir, base, tests, code: commit(dir, { 'src/a.ts': 'code' }, GREEN) };
}

const ids = async (dir: string, rev = 'HEAD') => {
  const { tip, code, tests, base, after } = await findHistory(reader(dir), rev);
  return { tip: tip.id, code: code.id, tests: tests.id, base: base?.id ?? null, after };
};

describe('the commits of a proof', () => {
  it('are the one that says so, and the two before it', async () => {
    const { dir, base, tests, code } = proven();
    const before = fingerprint(dir);
    expect(await ids(dir)).toEqual({ tip: code, code, tests, base, after: 0 });
    expect(await ids(dir, 'main')).toMatchObject({ code });
    expect(await ids(dir, code.slice(0, 10))).toMatchObject({ code });
    expect(fingerprint(dir)).toEqual(before);
  });

  it('lie under later commits, and beside a merge', async () => {
    const { dir, base, code } = proven();
    git(dir, 'branch', 'redgreen/x');
    const tip = commit(dir, { 'notes.txt': 'more' }, 'More');
    expect(await ids(dir)).toMatchObject({ tip, code, after: 1 });
    git(dir, 'checkout', '-q', '-b', 'trunk', base);
    git(dir, 'merge', '-q', '--no-ff', '-m', 'Merge', 'redgreen/x');
    expect(await ids(dir)).toMatchObject({ tip: head(dir), code, after: 1 });
  });

  it('are found on a branch that was only fetched', async () => {
    const { dir, code } = proven();
    git(dir, 'checkout', '-q', '-b', 'redgreen/x');
    const copy = folder();
    git(copy, 'clone', '-q', '-b', 'main', dir, 'clone');
    expect(await ids(join(copy, 'clone'), 'redgreen/x')).toMatchObject({ code });
  });

  it('of a branch are not those of a tag that has its name', async () => {
    const { dir, base, code } = proven();
    git(dir, 'tag', 'main', base);
    expect(await ids(dir, 'main')).toMatchObject({ code });
  });

  it('are the last two where no commit says so, and none where there is one', async () => {
    const { dir, tests } = proven();
    git(dir, 'commit', '-q', '--amend', '-m', 'Add x');
    expect(await ids(dir)).toMatchObject({ code: head(dir), tests });
    await expect(ids(repository())).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('No commit of redgreen') });
  });

  it.each(['nothing', '--all', '-x', 'a b', 'x\u001b[2J', '', 'HEAD^{tree}'])('%j is no branch', async (rev) => {
    const { dir } = proven();
    const thrown = await ids(dir, rev).catch((error: Error) => error);
    expect(thrown).toMatchObject({ code: 'usage' });
    expect(String(thrown)).not.toContain('\u001b');
  });
});

describe('a repository that nobody vouches for', () => {
  it('starts no program by its settings', async () => {
    const { dir, code } = proven();
    const [canary, program] = [join(folder(), 'canary'), join(folder(), 'program')];
    writeFileSync(program, `#!/bin/sh\ntouch ${canary}\n`);
    chmodSync(program, 0o755);
    const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ\n -----END PGP SIGNATURE-----\n';
    const raw = git(dir, 'cat-file', 'commit', code).replace(/\n\n/, `\n${signature}\n`);
    const signed = gitWith(dir, raw, 'hash-object', '-w', '-t', 'commit', '--stdin').trim();
    const settings = [
      'gpg.program',
      'core.fsmonitor',
      'core.pager',
      'pager.log',
      'core.sshCommand',
      'diff.external',
      'core.alternateRefsCommand',
      'alias.log',
    ];
    for (const name of settings) git(dir, 'config', name, name.startsWith('alias') ? `!${program}` : program);
    git(dir, 'config', 'log.showSignature', 'true');
    expect(await ids(dir, signed)).toMatchObject({ code: signed });
    expect(existsSync(canary)).toBe(false);
  });

  it('cannot replace commits, nor graft others before them', async () => {
    const { dir, base, tests, code } = proven();
    const other = gitWith(dir, '', 'commit-tree', '-m', 'x', '-p', base, head(dir, `${base}^{tree}`)).trim();
    git(dir, 'replace', tests, other);
    writeFileSync(join(dir, '.git/info/grafts'), `${code} ${other}\n`);
    expect(await ids(dir)).toMatchObject({ code, tests, base });
  });

  it('cannot keep an object under the name of another', async () => {
    const { dir, code } = proven();
    const { objects, code: read } = await findHistory(reader(dir), 'HEAD');
    const blob = head(dir, 'HEAD:src/a.ts');
    const file = join(dir, '.git/objects', blob.slice(0, 2), blob.slice(2));
    chmodSync(file, 0o644);
    writeFileSync(file, deflateSync('blob 4\0evil'));
    const entries = await objects.entries(read.tree);
    await expect(objects.texts(entries.values())).rejects.toThrow(/not what its name says/);
    const path = join(dir, '.git/objects', code.slice(0, 2), code.slice(2));
    const forged = inflateSync(readFileSync(path)).toString('latin1').replace('Add x', 'Add y');
    chmodSync(path, 0o644);
    writeFileSync(path, deflateSync(Buffer.from(forged, 'latin1')));
    await expect(findHistory(reader(dir), code)).rejects.toMatchObject({ code: expect.stringMatching(/usage|git/) });
  });

  it('has links, nested repositories and unsafe names told apart, and never read as files', async () => {
    const { dir } = proven();
    const link = gitWith(dir, '/etc/passwd', 'hash-object', '-w', '--stdin').trim();
    const evil = gitWith(dir, 'x', 'hash-object', '-w', '--stdin').trim();
    const inner = gitWith(dir, `100644 blob ${evil}\tconfig\n`, 'mktree').trim();
    const lines = [
      `120000 blob ${link}\tlink`,
      `160000 commit ${head(dir)}\tnested`,
      `040000 tree ${inner}\t.git`,
      `100644 blob ${evil}\ta\\nb`,
    ];
    const raw = `${lines.join('\n').replace('\\n', '\u0001')}\n`;
    const tree = gitWith(dir, raw, 'mktree').trim();
    const { objects, code } = await findHistory(reader(dir), 'HEAD');
    const [before, after] = [await objects.entries(code.tree), await objects.entries(tree)];
    expect([...changes(before, after).odd].sort()).toEqual(['.git/config', 'a\u0001b', 'link', 'nested']);
    expect(await objects.texts(after.values())).toEqual({});
  });

  it('whose trees are malformed is refused', async () => {
    const { dir } = proven();
    const { objects } = await findHistory(reader(dir), 'HEAD');
    const blob = Buffer.from(head(dir, 'HEAD:src/a.ts'), 'hex');
    const entry = (name: string) => Buffer.concat([Buffer.from(`100644 ${name}\0`), blob]);
    const put = (bytes: Buffer) => {
      const file = join(folder(), 'tree');
      writeFileSync(file, bytes);
      return git(dir, 'hash-object', '-w', '-t', 'tree', '--literally', file).trim();
    };
    for (const bytes of [Buffer.concat([entry('a'), entry('a')]), entry('a/b'), entry('a').subarray(0, 20)])
      await expect(objects.entries(put(bytes))).rejects.toThrow(/not what its name says/);
  });

  it('of which half is missing says what to do', async () => {
    const { dir } = proven();
    const copy = folder();
    git(copy, 'clone', '-q', '--depth=1', `file://${dir}`, 'clone');
    await expect(ids(join(copy, 'clone'))).rejects.toThrow(/git fetch --unshallow/);
    expect(readdirSync(join(copy, 'clone/.git'))).not.toContain('redgreen');
  });

  it('may name its objects by sha256', async () => {
    const dir = folder();
    git(dir, 'init', '-q', '-b', 'main', '--object-format=sha256');
    commit(dir, { 'test/a.test.ts': 'test' }, 'Add tests');
    const code = commit(dir, { 'src/a.ts': 'code' }, GREEN);
    const { objects, code: read } = await findHistory(reader(dir), 'main');
    expect(read.id).toBe(code);
    expect(await objects.texts((await objects.entries(read.tree)).values())).toEqual({ 'src/a.ts': 'code', 'test/a.test.ts': 'test' });
  });
});
