// A run that goes on with the branch of another: what was green stays green.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { redgreen, workbench } from './redgreen.ts';
import { romanModel, TASK } from './roman.ts';
import { CHANGE, lowerAtOnce, lowerModel, noModel } from './roman-lower.ts';
import { type Asked, type Reply, type Scripted, scripted } from './scripted.ts';

const BRANCH = 'redgreen/roman-numerals';
const bench = workbench();
const { dir, home } = bench;
const servers: Scripted[] = [];

const git = (repo: string, ...args: string[]) =>
  execFileSync('git', ['-C', repo, '-c', 'user.name=Someone', '-c', 'user.email=someone@example.org', ...args], {
    encoding: 'utf8',
  }).trim();
type Line = Readonly<Record<string, unknown>>;
const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
const notes = (all: readonly Line[]) =>
  all
    .filter((e) => e['type'] === 'note')
    .map((e) => String(e['text']))
    .join('\n');

async function run(cwd: string, args: readonly string[], script: (asked: Asked) => Reply | undefined, interruptAt?: string) {
  const server = await scripted(script);
  servers.push(server);
  const env = { OPENAI_BASE_URL: server.url };
  const ran = await redgreen([...args, '--json'], { cwd, home, env, ...(interruptAt ? { interruptAt } : {}) });
  const events = lines(ran.stdout);
  return { ...ran, events, result: events.at(-1), asked: server.asked };
}

beforeAll(async () => {
  const first = await run(dir, ['--dir', 'roman', TASK], romanModel);
  expect(first.result).toMatchObject({ outcome: 'green', branch: BRANCH });
}, 180_000);
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => bench.remove());

let n = 0;
/** The repository as the first run left it: made by redgreen, its branch checked out. */
function made(): string {
  const repo = join(dir, `made-${++n}`);
  cpSync(join(dir, 'roman'), repo, { recursive: true });
  return repo;
}

/** The same branch in a repository of somebody's own, who is on another one. */
function cloned(): string {
  const repo = join(dir, `cloned-${++n}`);
  git(dir, 'clone', '-q', join(dir, 'roman'), repo);
  git(repo, 'checkout', '-q', '--orphan', 'main');
  git(repo, 'rm', '-q', '-r', '-f', '.');
  git(repo, 'commit', '-q', '--allow-empty', '-m', 'Nothing');
  return repo;
}

test('a change that breaks an earlier test is repaired, put on the same branch, and holds in any clone', async () => {
  const repo = cloned();
  const [before, head] = [git(repo, 'rev-parse', BRANCH), git(repo, 'rev-parse', 'HEAD')];
  const { result, events, asked, stderr } = await run(repo, ['--on', BRANCH, CHANGE], lowerModel);
  expect([stderr, result]).toEqual(['', expect.objectContaining({ outcome: 'green', branch: BRANCH, rounds: 2 })]);
  expect(events[0]).toMatchObject({ base: { commit: before }, onto: { branch: BRANCH }, runner: 'node:test', language: 'typescript' });
  expect(Object.keys((events[0] as { kept: object }).kept)).toEqual(['test/cli.test.ts', 'test/roman.test.ts']);
  expect(notes(events)).toContain(`Goes on with ${BRANCH}: 2 test files from before must pass, too.`);
  expect(git(repo, 'log', '--format=%s', BRANCH).split('\n')).toEqual([
    'Read numerals in small letters',
    'Add tests: Read numerals in small letters',
    'Add roman-numerals',
    'Add acceptance tests for roman-numerals',
  ]);
  expect(git(repo, 'log', '-1', '--format=%(trailers:key=Redgreen-Tests,valueonly)', BRANCH)).toBe('10 of 10 passed');
  expect(git(repo, 'diff', '--name-only', before, BRANCH).split('\n')).toEqual(['src/roman.ts', 'test/lower.test.ts']);
  // Of the new tests one fails before the code is written and one is for what was there already; all that was there passes.
  const red = events.find((e) => e['type'] === 'red.proven') as { baseline: { id: string; status: string }[]; problems: unknown[] };
  expect(red.problems).toEqual([]);
  expect(red.baseline.filter((t) => t.status !== 'passed').map((t) => t.id)).toEqual(['test/lower.test.ts › small letters are read']);
  expect(red.baseline).toHaveLength(10);
  // The planner saw code and tests, the author of the file its text, and the repairer the earlier test that failed.
  expect(asked.find((a) => a.step === 'plan')?.text).toContain("['CM', 900]");
  expect(asked.find((a) => a.step === 'plan')?.text).toContain('nonsense gives exit code 1');
  expect(asked.find((a) => a.step === 'repair')?.text).toContain('From before this change, and not to be disputed: `test/roman.test.ts`');
  // Nothing else in the repository has changed.
  expect([git(repo, 'rev-parse', 'HEAD'), git(repo, 'status', '--porcelain')]).toEqual([head, '']);
  const record = JSON.parse(git(repo, 'notes', '--ref=redgreen', 'show', BRANCH)) as {
    predicate: { redgreen: Line; passedTests: string[] };
  };
  expect(record.predicate.passedTests).toHaveLength(10);
  expect(record.predicate.redgreen).toMatchObject({ base: before, kept: ['test/cli.test.ts', 'test/roman.test.ts'] });
  const verified = await redgreen(['verify', BRANCH, '--json'], { cwd: repo, home });
  expect(JSON.parse(verified.stdout)).toMatchObject({ verdict: 'holds', findings: [], tests: 10, runs: 3 });
  const copy = join(dir, `copy-${++n}`);
  git(dir, 'clone', '-q', '-b', BRANCH, repo, copy);
  const elsewhere = await redgreen(['verify', '--json'], { cwd: copy, home });
  expect(JSON.parse(elsewhere.stdout)).toMatchObject({ verdict: 'holds', findings: [], digest: null });
});

test('a repository of redgreen’s own goes along, where nobody works in it', async () => {
  const repo = made();
  writeFileSync(join(repo, 'notes.txt'), 'mine\n');
  const { result } = await run(repo, ['--on', BRANCH, CHANGE], lowerAtOnce);
  expect(result).toMatchObject({ outcome: 'green', branch: BRANCH });
  expect(git(repo, 'rev-list', '--count', 'HEAD')).toBe('4');
  expect(git(repo, 'status', '--porcelain')).toBe('?? notes.txt');
  expect(existsSync(join(repo, 'test/lower.test.ts'))).toBe(true);
  // And a third run on top of both.
  const third = await run(repo, ['--on', BRANCH, 'Read small letters, please.'], lowerAtOnce);
  expect(third.result).toMatchObject({ outcome: 'blocked' });
});

test.each([
  ['a change of mine in it', (repo: string) => writeFileSync(join(repo, 'README.md'), 'mine\n'), 'is checked out'],
  ['a file of mine in the way', (repo: string) => writeFileSync(join(repo, 'test/lower.test.ts'), 'mine\n'), 'files are in the way'],
  ['a staged file', (repo: string) => [writeFileSync(join(repo, 'x'), ''), git(repo, 'add', 'x')], 'is checked out'],
])('its working tree is not touched with %s: the work goes to another branch', async (_name, disturb, why) => {
  const repo = made();
  disturb(repo);
  const seen = () => [
    git(repo, 'status', '--porcelain=v2', '--branch'),
    git(repo, 'rev-parse', BRANCH),
    readFileSync(join(repo, 'README.md'), 'utf8'),
  ];
  const before = seen();
  const { result, events } = await run(repo, ['--on', BRANCH, CHANGE], lowerAtOnce);
  expect(result).toMatchObject({ outcome: 'green', branch: `${BRANCH}-2` });
  expect(notes(events)).toMatch(new RegExp(`${why}.*is on ${BRANCH}-2\\.`));
  expect(seen()).toEqual(before);
});

test('a branch that was moved meanwhile stays where it is', async () => {
  const repo = cloned();
  let moved = '';
  const { result, events } = await run(repo, ['--on', BRANCH, CHANGE], (asked) => {
    if (asked.step === 'draft') {
      moved = git(repo, 'commit-tree', '-m', 'Mine', '-p', BRANCH, `${BRANCH}^{tree}`);
      git(repo, 'update-ref', `refs/heads/${BRANCH}`, moved);
    }
    return lowerAtOnce(asked);
  });
  expect(result).toMatchObject({ outcome: 'green', branch: `${BRANCH}-2` });
  expect(notes(events)).toContain(`${BRANCH} was moved meanwhile: what came of it is on ${BRANCH}-2.`);
  expect(git(repo, 'rev-parse', BRANCH)).toBe(moved);
  expect(git(repo, 'rev-list', '--count', `${BRANCH}-2`)).toBe('4');
});

test('tests that pass already go back to their author, and block the run when they stay so', async () => {
  const repo = cloned();
  const before = git(repo, 'for-each-ref');
  const idle =
    "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { fromRoman } from '../src/roman.ts';\n\ntest('reads', () => assert.equal(fromRoman('XL'), 40));\n";
  const { result, asked } = await run(repo, ['--on', BRANCH, CHANGE], (a) => lowerModel(a, { tests: idle }));
  expect(result).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('every test already passes on the code as it is') });
  expect(asked.filter((a) => a.step === 'tests')).toHaveLength(3);
  expect(git(repo, 'for-each-ref')).toBe(before);
});

test('it goes on after a stop, and plays again from its tape', async () => {
  const repo = cloned();
  const cut = await run(repo, ['--on', BRANCH, CHANGE], lowerModel, '"id":"repair/round-1/1"');
  expect(cut.result).toMatchObject({ outcome: 'interrupted' });
  const resumed = await run(repo, ['resume'], lowerModel);
  expect(resumed.result).toMatchObject({ outcome: 'green', branch: BRANCH });
  const replayed = await redgreen(['replay', String(resumed.result?.['run']), '--json'], { cwd: repo, home });
  const all = lines(replayed.stdout);
  expect(all.at(-1)).toMatchObject({ outcome: 'green', branch: `${BRANCH}-2` });
  expect(all[0]).toMatchObject({ onto: { branch: BRANCH }, kept: (cut.events[0] as { kept: object }).kept });
});

test('what it cannot go on with is said in one sentence, and leaves nothing behind', async () => {
  const repo = cloned();
  const none = await run(repo, ['--on', 'redgreen/nothing', CHANGE], lowerModel);
  expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/^redgreen: There is no branch "redgreen\/nothing" in .*\n$/)]);
  const odd = await run(repo, ['--on', `${BRANCH}~1`, CHANGE], lowerModel);
  expect(odd.stderr).toContain('There is no branch');
  const nowhere = await run(dir, ['--dir', 'nowhere', '--on', BRANCH, CHANGE], lowerModel);
  expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('has no branch to go on with')]);
  expect(existsSync(join(dir, 'nowhere'))).toBe(false);
  for (const verb of [['replay', 'x'], ['resume'], ['verify'], ['runs']])
    expect((await run(repo, [...verb, '--on', BRANCH], lowerModel)).stderr).toBe(
      `redgreen: --on goes with a task ("what to change"), not with ${verb[0]}.\n`,
    );
});

test('a branch of somebody’s own can be gone on with, and is told that its tests are not run', async () => {
  const repo = cloned();
  git(repo, 'branch', 'topic');
  const { result, events } = await run(repo, ['--on', 'topic', TASK], romanModel);
  expect(result).toMatchObject({ outcome: 'green', branch: 'topic' });
  expect(notes(events)).toContain("No commit of redgreen's is on topic");
  expect(git(repo, 'rev-list', '--count', 'topic')).toBe('3');
});

test('what an earlier run left red is still to be done, and is done with the change', async () => {
  const first = await run(dir, ['--dir', `red-${++n}`, TASK], (asked) =>
    asked.step === 'repair' ? { text: 'I see nothing.' } : romanModel(asked),
  );
  expect(first.result).toMatchObject({ outcome: 'red', branch: BRANCH });
  const repo = join(dir, `red-${n}`);
  const { result, events } = await run(repo, ['--on', BRANCH, CHANGE], lowerAtOnce);
  expect(result).toMatchObject({ outcome: 'green', branch: BRANCH });
  const red = events.find((e) => e['type'] === 'red.proven') as { baseline: { id: string; status: string }[] };
  expect(red.baseline.filter((t) => t.status === 'failed').map((t) => t.id)).toContain('test/roman.test.ts › 4 is IV');
  expect(git(repo, 'log', '-1', '--format=%(trailers:key=Redgreen-Tests,valueonly)')).toBe('10 of 10 passed');
  const verified = await redgreen(['verify', BRANCH, '--json'], { cwd: repo, home });
  expect(JSON.parse(verified.stdout)).toMatchObject({ verdict: 'holds', tests: 10 });
});

test('an earlier test that the task makes wrong is written anew, by an author who sees it', async () => {
  const repo = cloned();
  const { result, asked } = await run(repo, ['--on', BRANCH, 'Write "no" for what cannot be converted.'], noModel);
  expect(result).toMatchObject({ outcome: 'green', branch: BRANCH });
  expect(asked.find((a) => a.step === 'tests')?.text).toContain("assert.deepEqual(lines, ['?']);");
  expect(git(repo, 'show', `${BRANCH}:test/cli.test.ts`)).toContain("['no']");
  const verified = await redgreen(['verify', BRANCH, '--json'], { cwd: repo, home });
  expect(JSON.parse(verified.stdout)).toMatchObject({
    verdict: 'holds',
    tests: 8,
    remarks: [expect.stringContaining('test/cli.test.ts was there before')],
  });
});

test('a plan that drops what others use goes back with what they use', async () => {
  const repo = cloned();
  const { result, asked } = await run(repo, ['--on', BRANCH, CHANGE], (a) =>
    a.step === 'plan' && a.n === 1 ? lowerModel(a, { drop: 'toRoman' }) : lowerAtOnce(a),
  );
  expect(result).toMatchObject({ outcome: 'green' });
  const again = asked.filter((a) => a.step === 'plan')[1]?.text ?? '';
  expect(again).toMatch(/src\/cli\.ts: .*toRoman.*keep in their contracts what it uses, or plan src\/cli\.ts, too/);
  expect(again).toMatch(/test\/roman\.test\.ts: .*toRoman.*only if the task makes this test wrong/);
});
