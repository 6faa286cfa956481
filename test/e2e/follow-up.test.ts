// A run that goes on with the branch of another: what was green stays green. More of it is in follow-up.long.ts.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BRANCH, createBench, git, type Line, notes } from './follow-up-bench.ts';
import { redgreen } from './redgreen.ts';
import { CHANGE, lowerAtOnce, lowerModel } from './roman-lower.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
const bench = createBench();
const { dir, home, run, made, cloned, fresh } = bench;

beforeAll(async () => {
  expect((await bench.begin()).result).toMatchObject({ outcome: 'green', branch: BRANCH });
});
afterAll(() => bench.close());

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
  const copy = fresh('copy');
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
