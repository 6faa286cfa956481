import { expect, test } from 'vitest';
import { createJest } from '../../../src/effects/runners/jest.ts';
import { deps, depsInReach, fixture, runProject } from './project-run.ts';

const runner = createJest();
const files = fixture('jest');
const inBox = test.runIf(depsInReach);
const TESTS = ['spec/add.spec.js', 'spec/both.spec.js', 'spec/typed.spec.ts', 'extra/more.test.js'];

inBox("the project's own configuration is honoured, but for what the harness decides", async () => {
  const flags = ['--verbose', '-u', '--coverage', '-t', 'nothing'];
  const run = await runProject(runner, files, { tests: TESTS, deps, project: { config: 'jest.config.js', flags }, readOnlyTree: true });
  expect(run.report, run.output).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.report.tampered).toBeUndefined();
  expect(run.statuses).toEqual({
    'spec/add.spec.js › add › sums': 'passed',
    'spec/add.spec.js › add › is wrong': 'failed',
    'spec/add.spec.js › runs as the project runs it': 'passed',
    'spec/add.spec.js › takes longer than the project allows': 'passed',
    'spec/add.spec.js › has no snapshot yet': 'failed',
    'spec/add.spec.js › retries › is lucky': 'passed',
    // Two projects run this file; in one of them it fails.
    'spec/both.spec.js › in one only': 'failed',
    'spec/both.spec.js › in both': 'passed',
    'spec/typed.spec.ts › typed': 'passed',
    'extra/more.test.js › the patterns of the project leave this file out': 'passed',
  });
  expect(run.report.tests.find((one) => one.name === 'is lucky')?.retried).toBe(true);
  expect(run.report.tests.find((one) => one.name === 'is wrong')?.failure?.frames).toEqual([{ path: 'spec/add.spec.js', line: 12 }]);
});

inBox('a configuration that cannot be read is said', async () => {
  const broken = { ...files, 'jest.config.js': "throw new Error('no such preset');\n" };
  const run = await runProject(runner, broken, { tests: TESTS, deps, project: { config: 'jest.config.js' } });
  expect(run.report.broken?.message).toContain('no such preset');
  expect(run.statuses).toEqual({});
});

inBox('without jest, and with one that is too old, the reason is said', async () => {
  const none = await runProject(runner, files, { tests: TESTS, project: { config: 'jest.config.js' } });
  expect(none.report.broken?.message).toContain('jest is not installed in this project');
  const old = { ...files, 'old/node_modules/jest/package.json': '{"name":"jest","version":"26.6.3"}' };
  const run = await runProject(runner, old, { tests: TESTS, project: { dir: 'old' } });
  expect(run.report.broken?.message).toContain('jest 26.6.3 is too old to report to redgreen: it needs jest 27 or newer.');
});

inBox('a helper that is run as a test too adds nothing to the file that loads it', async () => {
  const run = await runProject(runner, files, {
    tests: ['spec/shared.js', 'spec/user.spec.js'],
    deps,
    project: { config: 'jest.config.js' },
  });
  expect(run.report, run.output).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.report.tampered).toBeUndefined();
  expect(run.statuses).toEqual({
    'spec/shared.js › stands in the helper': 'passed',
    'spec/user.spec.js › stands in the helper': 'passed',
    'spec/user.spec.js › is shared': 'passed',
  });
});
