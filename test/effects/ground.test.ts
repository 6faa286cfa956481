import { describe, expect, it } from 'vitest';
import { groundOf } from '../../src/effects/ground.ts';
import { createRunners } from '../../src/effects/runners/index.ts';
import { openTarget } from '../../src/effects/target.ts';
import { createWorkspace } from '../../src/effects/workspace.ts';
import { git, repository, write } from './repository.ts';

const all = createRunners();
const runners = all.ids.map((id) => all.runner(id));
const TEST = "import { test } from 'node:test';\ntest('x', () => {});\n";

function commit(dir: string, files: Record<string, string>, message: string): void {
  write(dir, files);
  git(dir, 'add', '-A');
  git(dir, 'commit', '-qm', message);
}

async function ground(dir: string) {
  const target = await openTarget({ cwd: dir, dir: null });
  const workspace = createWorkspace({ target, runId: '20261123-170509-abcd', base: target.head, created: false, now: () => 0 });
  return { ...(await groundOf(workspace, runners)), earlier: await workspace.earlier() };
}

describe('the ground of a run', () => {
  it('is what earlier runs brought and is still there, and not what was there before them', async () => {
    const dir = repository({ 'test/mine.test.ts': TEST, 'src/mine.ts': '' });
    commit(
      dir,
      { 'test/a.test.ts': TEST, 'test/gone.test.ts': TEST, 'test/oracle.json': '{}', 'package.json': '{}' },
      'Tests\n\nRedgreen-Run: one\nRedgreen-Step: tests',
    );
    commit(dir, { 'src/a.ts': '1', 'README.md': '# x' }, 'Code\n\nRedgreen-Run: one\nRedgreen-Outcome: green\nRedgreen-Runner: node:test');
    git(dir, 'rm', '-q', 'test/gone.test.ts');
    commit(dir, { 'test/later.test.ts': TEST, 'test/a.test.ts': `${TEST}// mine\n` }, 'Mine');
    const { kept, others, run, made, earlier } = await ground(dir);
    expect(kept).toEqual({ 'test/a.test.ts': `${TEST}// mine\n`, 'test/oracle.json': '{}' });
    expect({ others, run, made }).toEqual({
      others: ['README.md', 'package.json', 'src/a.ts'],
      run: 'one',
      made: { language: 'typescript', runner: 'node:test' },
    });
    expect(earlier.root).toBeNull();
  });

  it('knows the run that made the first commit of all', async () => {
    const dir = repository();
    git(dir, 'commit', '-q', '--amend', '-m', 'Tests\n\nRedgreen-Run: one\nRedgreen-Step: tests');
    commit(dir, { 'src/a.ts': '1' }, 'Code\n\nRedgreen-Run: one\nRedgreen-Outcome: red');
    commit(dir, { 'src/b.ts': '1' }, 'Code\n\nRedgreen-Run: two\nRedgreen-Outcome: green');
    expect((await ground(dir)).earlier).toMatchObject({ root: 'one', run: 'two', paths: ['README.md', 'src/a.ts', 'src/b.ts'] });
  });

  it('is nothing where no run was, and where the words stand in a body', async () => {
    const dir = repository({ 'test/mine.test.ts': TEST });
    commit(dir, { 'test/b.test.ts': TEST }, 'Mine\n\nRedgreen-Run: one\n\nSigned-off-by: me');
    expect(await ground(dir)).toMatchObject({ kept: {}, others: [], run: null, made: null, earlier: { root: null } });
  });
});
