// Going on with a branch: what stands in the way, what an earlier run left, and playing it again.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BRANCH, createBench, git, lines, notes } from './follow-up-bench.ts';
import { redgreen } from './redgreen.ts';
import { romanModel, TASK } from './roman.ts';
import { CHANGE, lowerAtOnce, lowerModel, noModel } from './roman-lower.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
const bench = createBench();
const { dir, home, run, made, cloned, fresh } = bench;

beforeAll(async () => {
  expect((await bench.begin()).result).toMatchObject({ outcome: 'green', branch: BRANCH });
});
afterAll(() => bench.close());

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

test('a branch of somebody’s own can be gone on with, and is told that its tests are not run', async () => {
  const repo = cloned();
  git(repo, 'branch', 'topic');
  const { result, events } = await run(repo, ['--on', 'topic', TASK], romanModel);
  expect(result).toMatchObject({ outcome: 'green', branch: 'topic' });
  expect(notes(events)).toContain("No commit of redgreen's is on topic");
  expect(git(repo, 'rev-list', '--count', 'topic')).toBe('3');
});

test('what an earlier run left red is still to be done, and is done with the change', async () => {
  const repo = fresh('red');
  const first = await run(dir, ['--rounds', '1', '--dir', repo, TASK], (asked) =>
    asked.step === 'repair' ? { text: 'I see nothing.' } : romanModel(asked),
  );
  expect(first.result).toMatchObject({ outcome: 'budget', branch: BRANCH });
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
