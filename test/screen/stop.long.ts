// Ctrl-C at each step of a run: once ends it cleanly, twice at once; signals do as Ctrl-C does.
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { redgreen } from '../e2e/redgreen.ts';
import { romanModel, TASK } from '../e2e/roman.ts';
import { scripted } from '../e2e/scripted.ts';
import { desk } from './desk.ts';
import { KEYS } from './keys.ts';
import { expectManners, expectRestored } from './manners.ts';
import { STEPS, silentRegistry, underWay } from './stops.ts';
import type { Terminal } from './terminal.ts';

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
});

async function until(name: string) {
  const step = STEPS.find((s) => s.step === name);
  if (!step) throw new Error(`no step ${name}`);
  const registry = await silentRegistry();
  closing.push(registry);
  const { dir, home, server, open } = await desk(step.model);
  const env: Record<string, string> = { ...step.env, ...(name === 'the install' ? { REDGREEN_REGISTRY: registry.url } : {}) };
  const terminal = open(['--dir', 'roman', TASK], { env });
  const { held } = step;
  await terminal.waitFor(() => underWay(join(dir, 'roman'), step.kind) && (held === undefined || server.asked.some(held)));
  return { dir, home, terminal };
}

async function expectStopped(terminal: Terminal): Promise<void> {
  expect(await terminal.ended(15_000)).toBe(130);
  expectManners(terminal, 24);
  await expectRestored(terminal);
}

test.each(STEPS.map((s) => s.step))('Ctrl-C in %s ends the run cleanly, and it can go on', { timeout: 180_000 }, async (step) => {
  const { dir, home, terminal } = await until(step);
  await terminal.press(KEYS.ctrlC);
  await expectStopped(terminal);
  const [, run = ''] = /redgreen resume (\S+)/.exec(terminal.everything().join('\n')) ?? [];
  expect(run).toMatch(/^\d{8}-\d{6}-/);
  if (step === 'the install' || step === 'the red proof' || step === 'the tests') return;
  const server = await scripted(romanModel);
  closing.push(server);
  const again = await redgreen(['resume', '--json', run], { cwd: join(dir, 'roman'), home, env: { OPENAI_BASE_URL: server.url } });
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
