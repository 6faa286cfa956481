// Ctrl-C at each step of a run: once ends it cleanly, twice at once; signals do as Ctrl-C does.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { redgreen } from '../e2e/redgreen.ts';
import { romanModel } from '../e2e/roman.ts';
import { scripted } from '../e2e/scripted.ts';
import { KEYS } from './keys.ts';
import { expectStopped, STEPS, until } from './stops.ts';

test.each(STEPS.map((s) => s.step))('Ctrl-C in %s ends the run cleanly, and it can go on', { timeout: 180_000 }, async (step) => {
  const { dir, home, terminal } = await until(step);
  await terminal.press(KEYS.ctrlC);
  await expectStopped(terminal);
  const [, run = ''] = /redgreen resume (\S+)/.exec(terminal.everything().join('\n')) ?? [];
  expect(run).toMatch(/^\d{8}-\d{6}-/);
  if (step === 'the install' || step === 'the red proof' || step === 'the tests') return;
  const server = await scripted(romanModel);
  const again = await redgreen(['resume', '--json', run], { cwd: join(dir, 'roman'), home, env: { OPENAI_BASE_URL: server.url } });
  await server.close();
  expect(JSON.parse(again.stdout.trim().split('\n').at(-1) ?? '{}')).toMatchObject({ outcome: 'green' });
});

test.each(STEPS.map((s) => s.step))('Ctrl-C twice in %s leaves at once', { timeout: 60_000 }, async (step) => {
  const { terminal } = await until(step);
  await terminal.press(KEYS.ctrlC, KEYS.ctrlC);
  await expectStopped(terminal);
});

test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('%s does what Ctrl-C does', { timeout: 60_000 }, async (signal) => {
  const { terminal } = await until('the drafts');
  terminal.signal(signal);
  await expectStopped(terminal);
  expect(terminal.everything().join('\n')).toContain('redgreen resume');
});

test('a closed window stops the run, and nothing is left', { timeout: 60_000 }, async () => {
  const { terminal } = await until('the tests');
  terminal.hangUp();
  expect(await terminal.left()).toEqual([]);
});
