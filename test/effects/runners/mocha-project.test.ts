import { expect, test } from 'vitest';
import { createMocha } from '../../../src/effects/runners/mocha.ts';
import { deps, depsInReach, fixture, runProject } from './project-run.ts';

const runner = createMocha();
const files = fixture('mocha');
const inBox = test.runIf(depsInReach);
const names = (...list: string[]) => list.map((name) => `test/${name}`);

inBox("the project's own configuration is honoured, but for what the harness decides", async () => {
  const tests = names('add.js', 'module.mjs', 'typed.ts');
  const run = await runProject(runner, files, { tests, deps, project: { config: '.mocharc.json' }, readOnlyTree: true });
  expect(run.report, run.output).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.report.tampered).toBeUndefined();
  expect(run.statuses).toEqual({
    'test/add.js › runs as the project runs it': 'passed',
    'test/add.js › is lucky': 'passed',
    'test/add.js › add › sums': 'passed',
    'test/add.js › add › is wrong': 'failed',
    'test/add.js › add › takes longer than the project allows': 'passed',
    'test/add.js › add › is to be written': 'skipped',
    'test/add.js › add › is left out': 'skipped',
    'test/module.mjs › an ES module › adds': 'passed',
    'test/typed.ts › has types': 'passed',
  });
  expect(run.report.tests.find((one) => one.name === 'is lucky')?.retried).toBe(true);
  expect(run.report.tests.find((one) => one.name === 'is wrong')?.failure).toMatchObject({
    message: expect.stringContaining('expected: {\n  "sum": 4\n}\nactual: {\n  "sum": 3\n}'),
    frames: [{ path: 'test/add.js', line: 12 }],
  });
});

inBox('files that do not load, end the process or fail in a hook, and the others beside them', async () => {
  const tests = names('broken.js', 'exits.js', 'hooks.js', 'typed.ts');
  const run = await runProject(runner, files, { tests, deps, project: { config: '.mocharc.json' } });
  expect(run.report, run.output).toMatchObject({ finished: true, broken: null });
  expect(run.report.tampered).toBeUndefined();
  expect(run.statuses).toEqual({
    'test/exits.js › comes first': 'passed',
    'test/hooks.js › is not part of it': 'passed',
    'test/hooks.js › no end › three': 'passed',
    'test/hooks.js › no ground › one': 'failed',
    'test/hooks.js › no ground › two': 'failed',
    'test/typed.ts › has types': 'passed',
  });
  expect(run.failed).toEqual({
    'test/broken.js': expect.stringContaining("Cannot find module '../lib/missing'"),
    'test/exits.js': expect.stringContaining('ended the process (process.exit, code 0) in the test "ends the process"'),
    'test/hooks.js': expect.stringContaining('cannot clean up'),
  });
});

inBox('the interface of TDD, shuffled, without a configuration at the root', async () => {
  const run = await runProject(runner, files, { tests: ['tdd/add.cjs'], deps, project: { dir: 'tdd' }, order: { seed: 5, within: true } });
  expect(run.report, run.output).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.report.tampered).toBeUndefined();
  expect(run.statuses).toEqual({ 'tdd/add.cjs › adding › sums': 'passed' });
});

inBox('only leaves the tests of other files out, and says so', async () => {
  const run = await runProject(runner, files, { tests: ['extra/only.js', 'test/module.mjs'], deps });
  expect(run.statuses, run.output).toEqual({
    'extra/only.js › alone': 'passed',
    'extra/only.js › left out': 'skipped',
    'test/module.mjs › an ES module › adds': 'skipped',
  });
  expect(Object.keys(run.failed)).toEqual(['extra/only.js', 'test/module.mjs']);
  expect(run.report.tampered).toBeUndefined();
});

inBox('what blocks is stopped and named, and the other files still run', async () => {
  const short = createMocha({ testMs: 500, silenceMs: 2_500 });
  const more = { ...files, 'test/busy.js': "it('spins', () => { for (;;); });\n" };
  const run = await runProject(short, more, { tests: names('busy.js', 'module.mjs'), deps, project: { flags: ['--timeout', '100'] } });
  expect(run.statuses, run.output).toEqual({ 'test/module.mjs › an ES module › adds': 'passed' });
  expect(run.failed['test/busy.js']).toContain('did not end and was stopped in the test "spins"');
});

inBox('a helper that is run as a test too adds nothing to the file that loads it', async () => {
  const run = await runProject(runner, files, { tests: ['test/user.js', 'test/shared.js'], deps, project: {} });
  expect(run.report, run.output).toMatchObject({ finished: true, broken: null });
  expect(run.report.tampered).toBeUndefined();
  expect(run.statuses).toEqual({ 'test/user.js › is shared': 'passed' });
  expect(run.failed).toEqual({ 'test/shared.js': expect.stringContaining('No test was found in this file.') });
});
