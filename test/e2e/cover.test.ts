// Tests for code that exists, as a user asks for them: the built command, a model on loopback, a real box, real tests, real git.
import { expect, test } from 'vitest';
import { git, model, repository, result } from './benches.ts';
import { MORE, PRICES, pricesModel, testFile } from './prices.ts';
import { redgreen } from './redgreen.ts';

test('of six tests the good one is kept, and of each other it is said why not', async () => {
  const server = await model(pricesModel);
  const { repo, home } = repository('prices', PRICES);
  const env = { OPENAI_BASE_URL: server.url, REDGREEN_MUTANTS: '8' };
  const ran = await redgreen(['cover', '--json', 'src/prices.js'], { cwd: repo, home, env });
  expect(ran.stderr).toBe('');
  const { cover, ...rest } = result(ran.stdout);
  expect(rest).toMatchObject({ outcome: 'green', branch: 'redgreen/cover-prices', exitCode: 0 });
  expect(cover).toMatchObject({ written: 6, built: 6, steady: 3, useful: 1, kept: 1 });
  const id = (name: string) => `${MORE} › ${name}`;
  expect(cover?.tests).toEqual([
    { id: id('ten or more are cheaper'), path: MORE, kept: true, stage: 'useful', why: expect.stringContaining('that no test noticed') },
    { id: id('totals can be had'), path: MORE, kept: false, stage: 'steady', why: expect.stringContaining('it asserts nothing') },
    { id: id('a total is a total'), path: MORE, kept: false, stage: 'steady', why: expect.stringContaining('it shows nothing new') },
    {
      id: id('long texts are cut to the limit'),
      path: MORE,
      kept: false,
      stage: 'built',
      why: expect.stringContaining('fails on the code as it is'),
    },
    { id: id('the code is as long as ever'), path: MORE, kept: false, stage: 'built', why: expect.stringContaining('but a comment') },
    { id: id('everything runs in its order'), path: MORE, kept: false, stage: 'built', why: expect.stringContaining('unsteady') },
  ]);
  expect(cover?.suspects.map((t) => t.id)).toEqual([id('long texts are cut to the limit')]);
  const [file] = cover?.files ?? [];
  expect(file?.after?.killed).toBeGreaterThan(file?.before?.killed ?? 0);
  expect(git(repo, 'diff', '--name-only', 'main', 'redgreen/cover-prices')).toBe(MORE);
  expect(git(repo, 'show', `redgreen/cover-prices:${MORE}`)).toBe(
    testFile(['ten or more are cheaper']).replace("import { readFileSync } from 'node:fs';\n", '').replace('clip, total', 'total').trim(),
  );
  expect(git(repo, 'log', '--format=%s', 'main..redgreen/cover-prices')).toBe('Add tests for src/prices.js');
});

test('where no test is worth keeping the run is blocked, and says why of each', async () => {
  const weak = testFile(['totals can be had', 'a total is a total']);
  const server = await model((asked) =>
    asked.n === 1 && asked.step === 'reproduce'
      ? { calls: [{ name: 'write', args: { path: MORE, content: weak } }] }
      : { text: 'That is all.' },
  );
  const { repo, home } = repository('prices', PRICES);
  const env = { OPENAI_BASE_URL: server.url, REDGREEN_MUTANTS: '4' };
  const ran = await redgreen(['cover', '--json', 'src'], { cwd: repo, home, env });
  expect(result(ran.stdout)).toMatchObject({
    outcome: 'blocked',
    exitCode: 7,
    branch: null,
    reason: expect.stringMatching(/nothing was kept: 0 of 2 tests kept[\s\S]*it asserts nothing[\s\S]*it shows nothing new/),
    cover: { written: 2, steady: 2, useful: 0, kept: 0, suspects: [] },
  });
  expect(git(repo, 'branch', '--list', 'redgreen/*')).toBe('');
});

test('a path without source files is refused before anything is asked', async () => {
  const server = await model(() => undefined);
  const { repo, home } = repository('prices', PRICES);
  const ran = await redgreen(['cover', '--json', 'test'], { cwd: repo, home, env: { OPENAI_BASE_URL: server.url } });
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain('names no source file');
  expect(server.asked).toEqual([]);
});
