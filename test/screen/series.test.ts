// What comes after a run on the screen: the next part of a large task, or a pull request.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { makeForge } from '../e2e/forge.ts';
import { pagesModel } from '../e2e/pages.ts';
import { builder, divided, TASK } from '../e2e/sums.ts';
import { desk } from './desk.ts';
import { expectManners, expectRestored } from './manners.ts';

test('parts follow each other on the same screen', { timeout: 120_000 }, async () => {
  const { open } = await desk(builder([divided('add', 'twice'), divided('twice')]));
  const terminal = open(['--milestones', 'always', '--mutants', '0', '--dir', 'sums', TASK]);
  expect(await terminal.ended()).toBe(0);
  const lines = terminal.everything();
  const at = (sought: RegExp) => lines.findIndex((line) => sought.test(line));
  const order = [
    /milestone 1 of 2: Provide add/,
    /then: Provide twice/,
    /milestone 2 of 2: Provide twice/,
    /all 2 milestones are green/,
  ].map(at);
  expect(order).not.toContain(-1);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(lines.filter((line) => /GREEN/.test(line)).length).toBe(1);
  expectManners(terminal, 24);
  await expectRestored(terminal);
});

test.each([
  ['y', 1, 'pull request: https://github.com/someone/pages/pull/8'],
  ['n', 0, 'nothing was pushed'],
])('--pr asks when the run is over, and does what is answered: %s', { timeout: 120_000 }, async (answer, made, said) => {
  const { dir, open } = await desk(pagesModel);
  const forge = makeForge(dir);
  const terminal = open(['--pr', '--mutants', '0', 'The last page is lost when it is short'], { cwd: forge.repo, env: forge.env });
  await terminal.waitFor('Do that? [y/N]', 60_000);
  expect(terminal.everything().join('\n')).toContain('pushes redgreen/the-last-page-is-lost-when-it-is to origin');
  await terminal.press(answer, '\r');
  expect(await terminal.ended()).toBe(0);
  expect(terminal.everything().join('\n')).toContain(said);
  expect(forge.calls().filter((call) => call.args[0] === 'pr').length).toBe(made);
  expect(execFileSync('git', ['-C', forge.remote, 'branch', '--list', 'redgreen/*'], { encoding: 'utf8' }).trim() !== '').toBe(made === 1);
  await expectRestored(terminal);
});
