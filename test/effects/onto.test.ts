// Going on with a branch: what is moved, and what is never touched.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { branchTip } from '../../src/effects/onto.ts';
import { openTarget } from '../../src/effects/target.ts';
import { createWorkspace, type WorkspaceOptions } from '../../src/effects/workspace.ts';
import { fingerprint, folder, git, repository, write } from './repository.ts';

const RUN = '20261123-170509-abcd';
const BRANCH = 'redgreen/x';
const head = (dir: string, rev: string) => git(dir, 'rev-parse', rev).trim();

/** A repository with the branch of an earlier run, which is checked out when `here`; and a run that goes on with it. */
async function goingOn(here: boolean, more: Partial<WorkspaceOptions> = {}) {
  const dir = repository({ 'a.txt': 'a\n' });
  git(dir, 'commit', '-q', '--amend', '-m', `first\n\nRedgreen-Run: ${RUN}`);
  git(dir, 'checkout', '-q', '-b', BRANCH);
  if (!here) git(dir, 'checkout', '-q', 'main');
  const target = await openTarget({ cwd: dir, dir: null });
  const base = await branchTip(target, BRANCH);
  const notes: string[] = [];
  const workspace = createWorkspace({
    target,
    runId: RUN,
    base,
    created: false,
    now: () => 0,
    onNote: (note) => notes.push(note),
    ...more,
  });
  const files = { 'a.txt': 'b\n', 'sub/new.txt': 'new\n' };
  const commit = async (ref: string) =>
    (await workspace.commit({ tree: files, deleted: [], parent: null, subject: 'More', body: '', trailers: [], ref })).commit;
  return { dir, base, notes, workspace, made: await commit('one'), commit };
}

const ours = { isOurs: (root: string | null) => root === RUN };
const wanted = (commit: string) => ({ commit, slug: 'x', onto: BRANCH });

describe('a branch that a run goes on with', () => {
  it('is moved on where nobody has it checked out, and nothing else', async () => {
    const { dir, base, workspace, made } = await goingOn(false);
    const before = { ...fingerprint(dir), heads: [] };
    expect(await workspace.ship(wanted(made))).toEqual({ branch: BRANCH, checkedOut: false });
    expect([head(dir, BRANCH), head(dir, `${BRANCH}^`)]).toEqual([made, base]);
    expect({ ...fingerprint(dir), heads: [] }).toEqual(before);
    expect(await workspace.ship(wanted(made))).toEqual({ branch: BRANCH, checkedOut: false });
    expect(git(dir, 'for-each-ref', '--format=%(refname)', 'refs/heads/redgreen')).toBe(`refs/heads/${BRANCH}\n`);
  });

  it('stays where it is when it was moved or deleted, with a word on why', async () => {
    for (const [disturb, why] of [
      [(dir: string) => git(dir, 'branch', '-f', BRANCH, git(dir, 'commit-tree', '-m', 'x', `${BRANCH}^{tree}`).trim()), 'moved'],
      [(dir: string) => git(dir, 'branch', '-D', BRANCH), 'deleted'],
    ] as const) {
      const { dir, notes, workspace, made } = await goingOn(false);
      disturb(dir);
      const before = git(dir, 'for-each-ref', '--format=%(objectname)', `refs/heads/${BRANCH}`);
      const { branch } = await workspace.ship(wanted(made));
      expect(branch).toBe(why === 'moved' ? `${BRANCH}-2` : BRANCH);
      expect(notes.join()).toContain(`${BRANCH} was ${why} meanwhile: what came of it is on ${branch}.`);
      if (why === 'moved') expect(git(dir, 'for-each-ref', '--format=%(objectname)', `refs/heads/${BRANCH}`)).toBe(before);
    }
  });

  it('is not moved under a working tree, in whichever it is checked out', async () => {
    const { dir, base, notes, workspace, made } = await goingOn(true);
    const before = fingerprint(dir);
    expect(await workspace.ship(wanted(made))).toEqual({ branch: `${BRANCH}-2`, checkedOut: false });
    expect([head(dir, BRANCH), fingerprint(dir)]).toEqual([base, before]);
    expect(notes.join()).toContain('is checked out');

    const other = await goingOn(false, ours);
    git(other.dir, 'worktree', 'add', '-q', join(folder(), 'tree'), BRANCH);
    expect(await other.workspace.ship(wanted(other.made))).toMatchObject({ branch: `${BRANCH}-2` });
  });

  it('goes on with its tree in a repository of redgreen’s own, while that is clean', async () => {
    const { dir, workspace, made } = await goingOn(true, ours);
    write(dir, { 'loose.txt': 'mine' });
    expect(await workspace.ship(wanted(made))).toEqual({ branch: BRANCH, checkedOut: true });
    expect([head(dir, 'HEAD'), git(dir, 'status', '--porcelain')]).toEqual([made, '?? loose.txt\n']);
    expect(readFileSync(join(dir, 'a.txt'), 'utf8')).toBe('b\n');
    expect(await workspace.ship(wanted(made))).toEqual({ branch: BRANCH, checkedOut: true });
  });

  it.each<[string, (dir: string) => unknown]>([
    ['a change', (dir) => write(dir, { 'a.txt': 'mine\n' })],
    [
      'a change that git was told not to see',
      (dir) => [git(dir, 'update-index', '--assume-unchanged', 'a.txt'), write(dir, { 'a.txt': 'mine' })],
    ],
    ['a deleted file', (dir) => git(dir, 'rm', '-q', '--cached', 'a.txt')],
    ['a file in the way', (dir) => write(dir, { 'sub/new.txt': 'mine' })],
    ['a file where a folder goes', (dir) => write(dir, { sub: 'mine' })],
    ['an ignored file in the way', (dir) => write(dir, { '.git/info/exclude': '*\n', 'sub/new.txt': 'mine' })],
    ['an ignored file where a folder goes', (dir) => write(dir, { '.git/info/exclude': '*\n', sub: 'mine' })],
    ['a lock', (dir) => write(dir, { '.git/index.lock': '' })],
  ])('leaves %s as it is, and the branch too', async (_name, disturb) => {
    const { dir, base, workspace, made } = await goingOn(true, ours);
    disturb(dir);
    const seen = () => [
      readFileSync(join(dir, 'a.txt'), 'utf8'),
      existsSync(join(dir, 'sub')),
      git(dir, 'ls-files', '-s'),
      head(dir, BRANCH),
    ];
    const before = seen();
    expect(await workspace.ship(wanted(made))).toEqual({ branch: `${BRANCH}-2`, checkedOut: false });
    expect(seen()).toEqual(before);
    expect(before.at(-1)).toBe(base);
  });

  it('starts no program that the repository names for its files', async () => {
    const { dir, workspace, made } = await goingOn(true, ours);
    const canary = join(folder(), 'canary');
    git(dir, 'config', 'filter.evil.smudge', `touch ${canary}; cat`);
    git(dir, 'config', 'filter.evil.clean', `touch ${canary}; cat`);
    write(dir, { '.git/info/attributes': '* filter=evil\n' });
    expect(await workspace.ship(wanted(made))).toMatchObject({ branch: `${BRANCH}-2` });
    expect(existsSync(canary)).toBe(false);
  });

  it('is one of two that race: the other keeps its work on a branch of its own', async () => {
    const { dir, workspace, made, commit } = await goingOn(false);
    const both = await Promise.all([workspace.ship(wanted(made)), workspace.ship(wanted(await commit('two')))]);
    expect(both.map((one) => one.branch).sort()).toEqual([BRANCH, `${BRANCH}-2`]);
    expect(git(dir, 'for-each-ref', '--format=%(refname)', 'refs/heads/redgreen').trim().split('\n')).toHaveLength(2);
  });
});

describe('the name of a branch', () => {
  it.each(['nothing', `${BRANCH}~1`, '../HEAD', '', '-x', 'HEAD', 'refs/heads/main', '*', 'a\u001b[2J'])('%j is none', async (name) => {
    const dir = repository();
    git(dir, 'branch', BRANCH);
    const target = await openTarget({ cwd: dir, dir: null });
    const thrown = await branchTip(target, name).catch((error: Error) => error);
    expect(thrown).toMatchObject({ code: 'usage' });
    expect(String(thrown)).not.toContain('\u001b');
  });

  it('is that of a branch also where a tag has it', async () => {
    const dir = repository();
    git(dir, 'branch', BRANCH);
    writeFileSync(join(dir, 'more'), '');
    git(dir, 'add', '-A');
    git(dir, 'commit', '-qm', 'more');
    git(dir, 'tag', BRANCH);
    expect(await branchTip(await openTarget({ cwd: dir, dir: null }), BRANCH)).toBe(head(dir, 'HEAD~1'));
  });
});
