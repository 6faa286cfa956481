import { expect, test } from 'vitest';
import { createVitest } from '../../../src/effects/runners/vitest.ts';
import { deps, depsInReach, fixture, runProject } from './project-run.ts';

const runner = createVitest();
const files = fixture('vitest');
const inBox = test.runIf(depsInReach);

inBox("the project's own configuration is honoured, but for what the harness decides", async () => {
  const tests = ['test/add.test.ts', 'test/only.test.ts', 'test/old.check.cjs', 'extra/more.spec.ts'];
  const run = await runProject(runner, files, { tests, deps, project: { config: 'vitest.config.ts' }, readOnlyTree: true });
  expect(run.report, run.output).toMatchObject({ finished: true, broken: null });
  expect(run.report.tampered).toBeUndefined();
  expect(run.statuses).toEqual({
    'test/add.test.ts › add › sums': 'passed',
    'test/add.test.ts › add › is wrong': 'failed',
    'test/add.test.ts › runs as the project runs it': 'passed',
    'test/add.test.ts › takes longer than the project allows': 'passed',
    'test/add.test.ts › is lucky': 'passed',
    'test/add.test.ts › has no snapshot yet': 'failed',
    'test/add.test.ts › is known to fail': 'todo',
    'test/only.test.ts › alone': 'passed',
    'test/only.test.ts › left out': 'skipped',
    'test/old.check.cjs › is CommonJS': 'passed',
    'extra/more.spec.ts › the patterns of the project leave this file out': 'passed',
  });
  expect(run.report.tests.find((one) => one.name === 'is lucky')?.retried).toBe(true);
  expect(run.report.tests.find((one) => one.name === 'is wrong')?.failure?.frames).toEqual([{ path: 'test/add.test.ts', line: 10 }]);
  expect(Object.keys(run.failed)).toEqual(['test/only.test.ts']);
});

inBox('a file that several projects run is reported once, at its worst, by its path from the root', async () => {
  const tests = ['packages/web/test/both.test.js', 'packages/web/test/single.test.js'];
  const run = await runProject(runner, files, { tests, deps, project: { dir: 'packages/web' }, order: { seed: 3, within: true } });
  expect(run.report, run.output).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.report.tampered).toBeUndefined();
  expect(run.statuses).toEqual({
    'packages/web/test/both.test.js › in one only': 'failed',
    'packages/web/test/both.test.js › in both': 'passed',
    'packages/web/test/single.test.js › in the first': 'passed',
  });
});

inBox('flags choose among the projects, and never the tests or what is written', async () => {
  const flags = ['--project', 'one', '-t', 'nothing', '--update', '--reporter=json', '--outputFile=out.json', '--coverage', '--retry', '2'];
  const run = await runProject(runner, files, { tests: ['packages/web/test/both.test.js'], deps, project: { dir: 'packages/web', flags } });
  expect(run.failed, run.output).toEqual({});
  expect(Object.values(run.statuses)).toEqual(['passed', 'passed']);
});

inBox('a configuration that cannot be read is said', async () => {
  const broken = { ...files, 'vitest.config.ts': "throw new Error('no such plugin');\n" };
  const run = await runProject(runner, broken, { tests: ['test/add.test.ts'], deps, project: { config: 'vitest.config.ts' } });
  expect(run.report.broken?.kind).toBe('unfinished');
  expect(run.report.broken?.message).toContain('no such plugin');
  expect(run.statuses).toEqual({});
});

inBox('a helper that is run as a test too adds nothing to the file that loads it', async () => {
  const run = await runProject(runner, files, {
    tests: ['test/shared.ts', 'test/user.test.ts'],
    deps,
    project: { config: 'vitest.config.ts' },
  });
  expect(run.report, run.output).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.report.tampered).toBeUndefined();
  expect(run.statuses).toEqual({
    'test/shared.ts › stands in the helper': 'passed',
    'test/user.test.ts › stands in the helper': 'passed',
    'test/user.test.ts › is shared': 'passed',
  });
});
