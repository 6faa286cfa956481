// What a model says: paths, plans, tool calls, commit messages. All of it goes through the gates that a run uses.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPath, isBuildFile, isSteering, writeGate } from '../../../src/core/guard.ts';
import type { Plan } from '../../../src/core/plan.ts';
import { checkPlan } from '../../../src/core/plan-rules.ts';
import { PLAN_SCHEMA } from '../../../src/core/plan-schema.ts';
import { REPAIR_TOOLS, validateCall } from '../../../src/core/tools.ts';
import { commitMessage } from '../../../src/effects/commit-message.ts';
import { scaffoldProject } from '../../../src/effects/languages/typescript/scaffold.ts';
import { PLAN } from '../../core/prompt-fixtures.ts';
import { folder, git, repository } from '../../effects/repository.ts';
import { change, RUN, victim, workspaceIn } from './bench.ts';
import { HOSTILE_PATHS } from './hostile.ts';

const STEERING = [
  'package.json',
  'sub/package.json',
  'package-lock.json',
  '.npmrc',
  'sub/.npmrc',
  '.yarnrc.yml',
  'tsconfig.json',
  'tsconfig.build.json',
  'vitest.config.ts',
  'vitest.workspace.ts',
  'jest.config.js',
  'conftest.py',
  'tests/conftest.py',
  'sitecustomize.py',
  'usercustomize.py',
  'evil.pth',
  'pyproject.toml',
  'setup.cfg',
  'setup.py',
  'tox.ini',
  'pytest.ini',
  '.env',
  '.env.local',
  '.node-version',
  '.nvmrc',
  '.python-version',
  '.tool-versions',
  '.vscode/tasks.json',
  '.mcp.json',
  '.claude/settings.json',
  '.cursor/rules',
  'AGENTS.md',
  'CLAUDE.md',
  '.redgreen/config.yaml',
  '.redgreen/prompts/plan.md',
  'node_modules/vitest/index.js',
  'node_modules/.bin/node',
  'venv/bin/python',
  '__pycache__/x.pyc',
  'binding.gyp',
  'test/__snapshots__/a.snap',
  'lib/native.node',
  'unittest.py',
  'src/pytest.py',
  '.devcontainer/devcontainer.json',
  '.husky/pre-commit',
  '.github/dependabot.yml',
  'PACKAGE.JSON',
  'Tsconfig.json',
  'requirements.txt',
] as const;

const facts = {
  languages: ['typescript'] as const,
  baseFiles: ['README.md'],
  runners: [{ id: 'node:test', languages: ['typescript'] as const, packages: [], isTestFile: (path: string) => path.endsWith('.test.ts') }],
};
const planOf = (path: string): Plan => ({ ...PLAN, files: [...PLAN.files, { path, purpose: 'p', contract: '', uses: [] }] });
const named = (path: string) => checkPlan(planOf(path), facts).map((violation) => violation.where);

describe.each(Object.entries(HOSTILE_PATHS))('M1 a path of the class %s', (_, paths) => {
  it('is refused by the gate, in a plan, in a tool call, in a repair and in a commit', async () => {
    const outside = victim();
    const dir = repository();
    const workspace = await workspaceIn(dir);
    const gate = writeGate({ planned: paths, locked: [] });
    for (const path of paths) {
      expect(checkPath(path), JSON.stringify(path)).not.toBeNull();
      expect(named(path), JSON.stringify(path)).toContain(`files[${PLAN.files.length}].path`);
      // A call's path is trimmed before it is looked at.
      for (const name of path === path.trim() ? ['write', 'edit', 'read'] : [])
        expect(validateCall({ id: '1', name, args: { path, content: 'x', find: 'a', replace: 'b' }, raw: '' })).toHaveProperty('error');
      expect(gate(path)).toHaveProperty('reason');
      await expect(workspace.commit(change(Object.fromEntries([[path, 'x']]))), JSON.stringify(path)).rejects.toMatchObject({
        code: 'git',
      });
    }
    expect(outside.isWhole()).toBe(true);
    expect(readdirSync(dir).sort()).toEqual(['.git', 'README.md']);
    // Whatever is said of a path says it so that no terminal obeys.
    for (const violation of paths.flatMap((path) => checkPlan(planOf(path), facts))) expect(violation.message.length).toBeLessThan(600);
  });
});

describe('M2 a file that steers a tool', () => {
  it.each(STEERING)('%s is neither planned nor written by a repair', (path) => {
    expect(isSteering(path)).toBe(true);
    expect(named(path)).toContain(`files[${PLAN.files.length}].path`);
    expect(writeGate({ planned: [path], locked: [] })(path)).toHaveProperty('reason');
  });

  it.each([
    'Makefile',
    'docs/Makefile',
    'Dockerfile',
    'docker/Dockerfile.dev',
    'compose.yaml',
    'docker-compose.yml',
    'Justfile',
    '.dockerignore',
    '.gitlab-ci.yml',
    '.github/workflows/ci.yml',
    '.env.example',
  ])('%s may be planned, as no run starts what reads it, but no repair adds it', (path) => {
    expect(isBuildFile(path)).toBe(true);
    expect(named(path)).toEqual([]);
    expect(writeGate({ planned: [path], locked: [] })(path)).toEqual({ ok: true });
    expect(writeGate({ planned: [], locked: [] })(path)).toHaveProperty('reason');
  });

  it.each([
    'node_modules/Makefile',
    '.github/workflows/a/b.yml',
    '.github/workflows/../x.yml',
    '.evil/Makefile',
    '.github/actions/x/action.yml',
  ])('%s is no such file', (path) => expect(isBuildFile(path) && checkPath(path) === null).toBe(false));
});

describe('M3 too much', () => {
  it('of files or of bytes is refused before git sees it', async () => {
    const dir = repository();
    const workspace = await workspaceIn(dir);
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}.ts`, '']));
    await expect(workspace.commit(change(many))).rejects.toMatchObject({ message: expect.stringContaining('10000 files') });
    const huge = { 'a.ts': 'x'.repeat(100_000_000) };
    await expect(workspace.commit(change(huge))).rejects.toMatchObject({ message: expect.stringContaining('larger than 5 MB') });
    expect(
      readdirSync(join(dir, '.git')).includes('redgreen') && readdirSync(join(dir, '.git/redgreen/store.git/objects/pack')),
    ).not.toContain('x');
  });

  it('in a plan is named', () => {
    const files = Array.from({ length: 5_000 }, (_, i) => ({ path: `src/f${i}.ts`, purpose: 'p', contract: 'export {};', uses: [] }));
    expect(checkPlan({ ...PLAN, files }, facts).map((violation) => violation.message)).toContain('5000 files, at most 60');
  });
});

describe('M4 a file beside one that exists', () => {
  const gate = writeGate({ planned: ['src/a.ts'], locked: ['test/a.test.ts'], existing: ['README.md', 'lib/b.ts', 'ﬁle.ts'] });
  it.each([
    'src/A.ts',
    'SRC/a.ts',
    'TEST/a.test.ts',
    'test/A.TEST.ts',
    'readme.md',
    'README.md/x',
    'LIB/c.ts',
    'src/a.ts/b.ts',
    'lib',
    'src',
  ])('%s is refused, as some systems would take it for the other', (path) => expect(gate(path)).toHaveProperty('reason'));
});

describe('M5 what a model can ask for', () => {
  it('is a closed set of tools, none of which names a command, a folder to work in, a limit or a sandbox', () => {
    expect(REPAIR_TOOLS.map((tool) => tool.name)).toEqual([
      'read',
      'search',
      'edit',
      'write',
      'run_tests',
      'request_package',
      'dispute_test',
      'blocked',
    ]);
    const words = JSON.stringify([REPAIR_TOOLS.map((tool) => tool.schema), Object.keys(PLAN_SCHEMA.properties)]);
    expect(words).not.toMatch(/"(?:cwd|shell|command|env|sandbox|network|timeout|root|writable|mount|image|unsafe|key|url)"/i);
    for (const tool of REPAIR_TOOLS) expect(tool.schema).toMatchObject({ additionalProperties: false });
  });

  it.each(['bash', 'shell', 'exec', 'write_file', 'set_sandbox', 'constructor', '__proto__', 'toString', ''])(
    'the tool %j is none',
    (name) => {
      expect(validateCall({ id: '1', name, args: { command: 'id' }, raw: '' })).toHaveProperty('error');
    },
  );

  it('what it adds to a call is not passed on', () => {
    const args = { tests: [], cwd: '/', env: { A: 'b' }, timeout: 1e9, sandbox: false };
    expect(validateCall({ id: '1', name: 'run_tests', args, raw: '' })).toEqual({ call: { name: 'run_tests', tests: [] } });
  });
});

describe('M7 words that end up in a command', () => {
  const shell = ['$(touch x)', '`touch x`', ';touch x', '&&x', '|x', "'", '$HOME', '%PATH%', '!x', '{a,b}', '[x]', '#x', '^x', '(x)'];
  it.each(shell)('%j is in no planned test’s path, as that stands in the project’s test script', (word) => {
    for (const path of [`${word}/a.test.ts`, `test/${word}.test.ts`, `${word}.test.ts`]) {
      const found = checkPlan({ ...PLAN, tests: [...PLAN.tests, { path, checks: ['c'], uses: ['src/money.ts'] }] }, facts);
      expect(found.map((violation) => violation.where)).toContain(`tests[${PLAN.tests.length}].path`);
    }
  });

  it('a planned command becomes a script only when every shell takes it as it stands', () => {
    const argv = shell.map((word) => ['node', 'src/cli.ts', word]);
    const commands = [...argv, ['rm', '-rf', '/'], ['sh', '-c', 'x'], ['node', '-e', 'a b']].map((words, i) => ({
      name: `c${i}; x`,
      argv: words,
      purpose: 'p',
    }));
    const manifest = JSON.parse(
      scaffoldProject('typescript', { ...PLAN, commands, summary: '"},"scripts":{"postinstall":"x"},"x":{"' }, [])['package.json'] ?? '{}',
    );
    expect(Object.keys(manifest.scripts)).toEqual(['test']);
    const lifecycle = [
      'preinstall',
      'install',
      'postinstall',
      'prepare',
      'Prepare ',
      'prepublishOnly',
      'pretest',
      'posttest',
      'prestart',
      'postpack',
      'dependencies',
    ];
    for (const name of lifecycle) {
      const found = checkPlan({ ...PLAN, commands: [{ name, argv: ['node', 'src/evil.ts'], purpose: 'p' }] }, facts);
      expect(found).toEqual([{ where: 'commands[0].name', message: expect.stringContaining('npm runs by itself') }]);
    }
    for (const name of ['start', 'preview', 'post', 'version'])
      expect(checkPlan({ ...PLAN, commands: [{ name, argv: ['node', 'src/cli.ts'], purpose: 'p' }] }, facts)).toEqual([]);
  });
});

describe('M6 a commit message', () => {
  const trailers = [['Redgreen-Run', RUN]] as const;
  const parsed = (message: string) =>
    execFileSync('git', ['interpret-trailers', '--parse'], { input: message, encoding: 'utf8', cwd: '/' }).trim().split('\n');

  it('has our trailers alone, whatever the plan says', () => {
    const body =
      'Summary.\n\nRedgreen-Run: forged\nRedgreen-Outcome: green\nredgreen-tests : 9 of 9\nSigned-off-by: Linus <l@x>\nCo-authored-by: X <x@y>\n---\nafter';
    expect(parsed(commitMessage('s', body, trailers))).toEqual([`Redgreen-Run: ${RUN}`]);
    expect(parsed(commitMessage('s', body, []))).toEqual(['']);
    expect(parsed(commitMessage('Redgreen-Outcome: green\nReviewed-by: y', '', []))).toEqual(['']);
  });

  it('is capped and free of what a terminal obeys', () => {
    const message = commitMessage(`s\u001b]0;x\u0007\r\n${'y'.repeat(1000)}`, `\u001b[2J\u202e\u0000${'z'.repeat(10_000_000)}`, [
      ['A', 'b\nC: d'],
    ]);
    expect(message.length).toBeLessThan(9_000);
    expect(message).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(parsed(message)).toEqual(['A: b C: d']);
  });

  it('carries no patch into the clone of somebody who applies it by mail', async () => {
    const dir = repository();
    const workspace = await workspaceIn(dir);
    const patch = 'diff --git a/evil.sh b/evil.sh\nnew file mode 100755\n--- /dev/null\n+++ b/evil.sh\n@@ -0,0 +1 @@\n+evil\n';
    const made = await workspace.commit(change({ 'a.ts': 'a\n' }, { body: `Text.\n\n${patch}\n---\n${patch}Index: evil.sh\n${patch}` }));
    const { branch } = await workspace.ship({ commit: made.commit, slug: 'x' });
    const mail = git(dir, 'format-patch', '--stdout', `main..${branch}`);
    const clone = join(folder(), 'clone');
    git(dir, 'clone', '-q', '--branch', 'main', dir, clone);
    execFileSync('git', ['-C', clone, '-c', 'user.name=a', '-c', 'user.email=a@b', 'am', '-q'], { input: mail });
    expect(readdirSync(clone).sort()).toEqual(['.git', 'README.md', 'a.ts']);
    expect(git(clone, 'log', '-1', '--format=%(trailers)').trim()).toBe(`Redgreen-Run: ${RUN}`);
  });
});
