// The whole way, as a user goes it: the built command, a model on loopback, a real box, real tests, real git.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { redgreen, workbench } from './redgreen.ts';
import { romanModel, TASK } from './roman.ts';
import { type Asked, type Reply, type Scripted, scripted } from './scripted.ts';

const open: { close(): Promise<void> }[] = [];
const benches: { remove(): void }[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
  for (const bench of benches.splice(0)) bench.remove();
});

async function model(script: (asked: Asked) => Reply | undefined): Promise<Scripted> {
  const server = await scripted(script);
  open.push(server);
  return server;
}

function bench() {
  const made = workbench();
  benches.push(made);
  return made;
}

const git = (dir: string, ...args: string[]) => execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' }).trim();
const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('a prompt becomes a new repository whose branch is proven green', async () => {
  const server = await model(romanModel);
  const { dir, home } = bench();
  const ran = await redgreen(['--json', '--dir', 'roman', TASK], { cwd: dir, home, env: { OPENAI_BASE_URL: server.url } });
  expect(ran.stderr).toBe('');
  const result = lines(ran.stdout).at(-1);
  expect(result).toMatchObject({ type: 'result', outcome: 'green', branch: 'redgreen/roman-numerals', rounds: 2, exitCode: 0 });
  expect(ran.code).toBe(0);
  const repo = join(dir, 'roman');
  expect(git(repo, 'log', '--format=%s', 'redgreen/roman-numerals')).toBe('Add roman-numerals\nAdd acceptance tests for roman-numerals');
  expect(git(repo, 'branch', '--show-current')).toBe('redgreen/roman-numerals');
  expect(git(repo, 'status', '--porcelain')).toBe('');
  expect(git(repo, 'log', '-1', '--format=%(trailers:key=Redgreen-Outcome,valueonly)')).toBe('green');
  // The tests' commit is red: it holds no source file. The free repair gave the import its ending, the paid one the table its IV.
  expect(git(repo, 'ls-tree', '-r', '--name-only', 'HEAD~1')).not.toContain('src/');
  expect(readFileSync(join(repo, 'src/cli.ts'), 'utf8')).toContain("from './roman.ts'");
  expect(readFileSync(join(repo, 'src/roman.ts'), 'utf8')).toContain("['IV', 4]");
  expect(server.asked.map((a) => a.step).sort()).toEqual(['draft', 'draft', 'draft', 'plan', 'repair', 'repair', 'tests', 'tests']);
});

test('in a repository with work in progress only the branch is new', async () => {
  const server = await model(romanModel);
  const { dir, home } = bench();
  const repo = join(dir, 'mine');
  mkdirSync(repo);
  git(repo, 'init', '-q', '-b', 'main');
  git(repo, 'config', 'user.name', 'Someone');
  git(repo, 'config', 'user.email', 'someone@example.org');
  writeFileSync(join(repo, 'notes.txt'), 'one\n');
  writeFileSync(join(repo, 'package.json'), '{ "name": "mine", "type": "module" }\n');
  git(repo, 'add', '-A');
  git(repo, 'commit', '-qm', 'first');
  writeFileSync(join(repo, 'notes.txt'), 'two\n');
  writeFileSync(join(repo, 'staged.txt'), 'staged\n');
  git(repo, 'add', 'staged.txt');
  writeFileSync(join(repo, 'loose.txt'), 'loose\n');
  const seen = () => [
    git(repo, 'status', '--porcelain=v2', '--branch'),
    git(repo, 'config', '--list', '--local'),
    git(repo, 'rev-parse', 'HEAD'),
    git(repo, 'stash', 'list'),
  ];
  const before = seen();
  const ran = await redgreen(['--plain', TASK], { cwd: repo, home, env: { OPENAI_BASE_URL: server.url } });
  expect(ran.code).toBe(0);
  expect(ran.stdout).toContain('What is not committed here (3 files) is no part of this run.');
  expect(seen()).toEqual(before);
  expect(git(repo, 'ls-tree', '-r', '--name-only', 'redgreen/roman-numerals').split('\n')).toContain('notes.txt');
  expect(git(repo, 'show', 'redgreen/roman-numerals:notes.txt')).toBe('one');
  expect(git(repo, 'show', 'redgreen/roman-numerals:package.json')).toBe('{ "name": "mine", "type": "module" }');
  expect(git(repo, 'log', '-1', '--format=%an', 'redgreen/roman-numerals')).toBe('Someone');
});

test('in a repository without a commit it is said that its files are not read', async () => {
  const server = await model((asked) => ({ ...romanModel(asked), afterMs: asked.step === 'plan' ? 3_000 : 0 }));
  const { dir, home } = bench();
  const repo = join(dir, 'fresh');
  mkdirSync(repo);
  git(repo, 'init', '-q', '-b', 'main');
  writeFileSync(join(repo, 'code.js'), 'export const one = 1;\n');
  const ran = await redgreen(['--plain', TASK], { cwd: repo, home, env: { OPENAI_BASE_URL: server.url } });
  expect(ran.stdout).toContain('Nothing is committed here yet, so what is in this folder (1 file) is not read');
});

test('a model that never gets it right ends red, and the best branch is kept', async () => {
  const server = await model((asked) => (asked.step === 'repair' ? { text: 'I see nothing wrong.' } : romanModel(asked)));
  const { dir, home } = bench();
  const ran = await redgreen(['--json', '--dir', 'roman', TASK], { cwd: dir, home, env: { OPENAI_BASE_URL: server.url } });
  expect(ran.code).toBe(3);
  expect(lines(ran.stdout).at(-1)).toMatchObject({ outcome: 'red', branch: 'redgreen/roman-numerals', exitCode: 3 });
  expect(git(join(dir, 'roman'), 'log', '-1', '--format=%(trailers:key=Redgreen-Outcome,valueonly)', 'redgreen/roman-numerals')).toBe(
    'red',
  );
});

test('a run plays again from its tape without a model, and an interrupted one goes on', async () => {
  const server = await model((asked) => (asked.step === 'repair' ? { ...romanModel(asked), afterMs: 60_000 } : romanModel(asked)));
  const { dir, home } = bench();
  const args = ['--json', '--dir', 'roman', TASK];
  const cut = await redgreen(args, { cwd: dir, home, env: { OPENAI_BASE_URL: server.url }, interruptAt: '"id":"repair/round-1/1"' });
  expect(lines(cut.stdout).at(-1)).toMatchObject({ outcome: 'interrupted', exitCode: 130 });
  const again = await model(romanModel);
  const repo = join(dir, 'roman');
  const resumed = await redgreen(['resume', '--json'], { cwd: repo, home, env: { OPENAI_BASE_URL: again.url } });
  expect(lines(resumed.stdout).at(-1)).toMatchObject({ outcome: 'green', exitCode: 0 });
  expect(again.asked.map((a) => a.step)).toEqual(['repair', 'repair']);
  const run = String(lines(resumed.stdout).at(-1)?.['run']);
  const replayed = await redgreen(['replay', run, '--json'], { cwd: repo, home });
  expect(replayed.stderr).toBe('');
  expect(lines(replayed.stdout).at(-1)).toMatchObject({ outcome: 'green', exitCode: 0 });
});

test('a reply that is no plan, three times, blocks the run', async () => {
  const server = await model(({ step }) => (step === 'plan' ? { text: 'I would rather talk about the weather.' } : undefined));
  const { dir, home } = bench();
  const ran = await redgreen(['--json', '--dir', 'roman', TASK], { cwd: dir, home, env: { OPENAI_BASE_URL: server.url } });
  expect(ran.code).toBe(7);
  expect(lines(ran.stdout).at(-1)).toMatchObject({ outcome: 'blocked', exitCode: 7 });
  expect(server.asked).toHaveLength(3);
});

test('a run that is stopped in its proof goes on to green without a model', async () => {
  const server = await model(romanModel);
  const { dir, home } = bench();
  const env = { OPENAI_BASE_URL: server.url };
  const cut = await redgreen(['--json', '--dir', 'roman', TASK], { cwd: dir, home, env, interruptAt: '"kind":"prove"' });
  expect(lines(cut.stdout).at(-1)).toMatchObject({ outcome: 'interrupted', exitCode: 130 });
  const asked = server.asked.length;
  const resumed = await redgreen(['resume', '--json'], { cwd: join(dir, 'roman'), home, env });
  expect(lines(resumed.stdout).at(-1)).toMatchObject({ outcome: 'green', branch: 'redgreen/roman-numerals', exitCode: 0 });
  expect(server.asked).toHaveLength(asked);
});

test('a server that is not there is said in one sentence, and nothing is left behind', async () => {
  const server = await scripted(romanModel);
  await server.close();
  const { dir, home } = bench();
  const ran = await redgreen(['--json', '--dir', 'roman', TASK], { cwd: dir, home, env: { OPENAI_BASE_URL: server.url } });
  expect(ran.stderr).toMatch(/^redgreen: The server at http:.* cannot be reached: nothing listens there \(ECONNREFUSED\)\. [^\n]+\n$/);
  expect([ran.code, lines(ran.stdout)]).toEqual([6, [expect.objectContaining({ type: 'result', outcome: 'failed', exitCode: 6 })]]);
  expect(existsSync(join(dir, 'roman'))).toBe(false);
});
