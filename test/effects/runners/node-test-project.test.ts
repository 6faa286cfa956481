import { expect, test } from 'vitest';
import { createNodeTest } from '../../../src/effects/runners/node-test.ts';
import { box, fixture, runProject } from './project-run.ts';

const runner = createNodeTest();
const files = fixture('node-test');
const inBox = test.runIf(box !== null);
const FLAGS = ['--import', './lib/register.mjs', '-r', './lib/setup.cjs', '--conditions=special', '--test-force-exit'];

inBox("the project's flags and environment are honoured, but for what the harness decides", async () => {
  const tests = ['test/add.mjs', 'test/old.js', 'test/typed.cts'];
  const flags = [...FLAGS, '--test-reporter=dot', '--test-name-pattern=nothing', '--test-only', '--watch', '--test'];
  const run = await runProject(runner, files, { tests, project: { flags, env: { MODE: 'special' } }, readOnlyTree: true });
  expect(run.report, run.output).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.report.tampered).toBeUndefined();
  expect(run.statuses).toEqual({
    'test/add.mjs › add › sums': 'passed',
    'test/add.mjs › add › is wrong': 'failed',
    'test/add.mjs › runs as the project runs it': 'passed',
    'test/add.mjs › leaves a timer': 'passed',
    'test/old.js › is CommonJS › inside': 'passed',
    'test/old.js › is CommonJS': 'passed',
    'test/typed.cts › has types': 'passed',
  });
});

inBox('a package of a workspace is run in its folder, its tests named from the root', async () => {
  const run = await runProject(runner, files, { tests: ['packages/core/test/core.js'], project: { dir: 'packages/core' } });
  expect(run.statuses, run.output).toEqual({ 'packages/core/test/core.js › is run in its package': 'passed' });
  expect(run.report).toMatchObject({ finished: true, broken: null, fileFailures: [] });
});

inBox('what the project loads first hears nothing of the harness', async () => {
  const peek = `const fs = require('node:fs');
const { readSync } = fs;
fs.readSync = (fd, ...rest) => {
  if (fd === 3) process.env.HEARD = 'the harness';
  return readSync(fd, ...rest);
};
require('node:module').syncBuiltinESMExports();
`;
  const text =
    "const { test } = require('node:test');\ntest('deaf', () => { if (process.env.HEARD) throw new Error(process.env.HEARD); });\n";
  const tree = { 'peek.cjs': peek, 'test/a.js': text };
  const run = await runProject(runner, tree, { tests: ['test/a.js'], project: { flags: ['--require=./peek.cjs'] } });
  expect(run.statuses, JSON.stringify(run.report)).toEqual({ 'test/a.js › deaf': 'passed' });
});

inBox('a helper that is run as a test too adds nothing to the file that loads it', async () => {
  const run = await runProject(runner, files, { tests: ['test/user.mjs', 'test/shared.mjs'], project: {} });
  expect(run.report, run.output).toMatchObject({ finished: true, broken: null });
  expect(run.report.tampered).toBeUndefined();
  expect(run.statuses).toEqual({ 'test/user.mjs › is shared': 'passed' });
  expect(run.failed).toEqual({ 'test/shared.mjs': expect.stringContaining('No test was found in this file.') });
});

inBox('a file that takes itself for another program is no fraud', async () => {
  const text = "import { test } from 'node:test';\nprocess.argv = ['node', 'cli', '--help'];\ntest('argv', () => {});\n";
  const run = await runProject(runner, { 'test/argv.mjs': text }, { tests: ['test/argv.mjs'] });
  expect(run.report, run.output).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.report.tampered).toBeUndefined();
});
