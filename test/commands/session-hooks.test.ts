import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Context, Flags } from '../../src/commands/context.ts';
import { type Holding, sessionHooks } from '../../src/commands/session-hooks.ts';
import type { State } from '../../src/core/state.ts';
import type { Line } from '../../src/surfaces/line.ts';
import type { Shown } from '../../src/surfaces/live/bridge.ts';
import type { Word } from '../../src/surfaces/surface.ts';
import { opening, play } from '../surfaces/events.ts';

const dir = mkdtempSync(join(tmpdir(), 'redgreen-hooks-'));
const git = (...args: readonly string[]) => execFileSync('git', ['-c', 'user.name=u', '-c', 'user.email=u@e', ...args], { cwd: dir });
git('init', '-q', '-b', 'main');
git('commit', '-q', '--allow-empty', '-m', 'start');
git('branch', 'redgreen/wordcount');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function setting(env: Readonly<Record<string, string>> = { OPENAI_API_KEY: 'sk-none', PATH: process.env['PATH'] ?? '' }) {
  let flags: Flags = {};
  let onto: string | null = 'redgreen/wordcount';
  const printed: Line[] = [];
  const holding: Holding = {
    flags: () => flags,
    setFlags: (next) => {
      flags = next;
    },
    onto: () => onto,
    goOnWith: (branch) => {
      onto = branch;
    },
    lastRun: () => null,
    print: (lines) => printed.push(...lines),
  };
  const context = {
    env: { ...env, HOME: dir },
    cwd: dir,
    dirs: { config: dir, cache: dir, state: dir },
    now: Date.now,
  } as unknown as Context;
  const hooks = sessionHooks(context, holding);
  return { hooks, printed, flags: () => flags, onto: () => onto };
}

/** A run that works, and what was said to it. */
function running(): { readonly run: Shown; readonly said: Word[] } {
  const said: Word[] = [];
  const state = play(opening).at(-1)?.state as State;
  const meeting = { say: (word: Word) => (said.push(word) > 0 ? null : ''), read: async () => '', base: async () => null };
  return { run: { meeting, state }, said };
}

it('gives the next runs another model, which is checked as a flag is', async () => {
  const { hooks, flags } = setting();
  expect(await hooks.command('model', 'anthropic/claude-x, openai/gpt-5', null)).toMatchObject([
    { text: 'anthropic/claude-x from the next run on' },
  ]);
  expect(flags()).toEqual({ model: 'anthropic/claude-x, openai/gpt-5' });
  await expect(hooks.command('model', 'a,,b', null)).rejects.toThrow('--model');
  expect(await hooks.list('models')).toEqual(['anthropic/claude-x']);
});

it('gives the next runs other caps, and the run that works those that were named', async () => {
  const { hooks, flags } = setting();
  expect(await hooks.command('budget', '', null)).toMatchObject([{ text: '$2.00 · 1 h · 12 rounds for each run' }]);
  const { run, said } = running();
  expect(await hooks.command('budget', '0.50 8 rounds', run)).toEqual([]);
  expect(said).toEqual([{ type: 'limits', limits: { ...run.state.run?.limits, money: 0.5, rounds: 8 } }]);
  expect(flags()).toEqual({ budget: '0.50', rounds: '8' });
  expect(await hooks.command('budget', '30m', null)).toMatchObject([{ text: '$0.50 · 30 min · 8 rounds' }]);
  await expect(hooks.command('budget', 'much', null)).rejects.toThrow('"much" is no cap');
  expect(flags()).toEqual({ budget: '0.50', rounds: '8', time: '30m' });
});

it('lists branches and runs, and begins another branch', async () => {
  const { hooks, onto } = setting();
  expect([...(await hooks.list('branches'))].sort()).toEqual(['main', 'redgreen/wordcount']);
  expect(await hooks.list('runs')).toEqual([]);
  expect(await hooks.command('runs', '', null)).toMatchObject([{ text: 'none yet' }]);
  await hooks.command('new', '', null);
  expect(onto()).toBeNull();
});

it('proves a branch, and prints what the verb says', async () => {
  const { hooks, printed } = setting();
  expect(await hooks.command('verify', '', null)).toEqual([]);
  expect(printed.at(-1)).toMatchObject({ tone: 'warn', label: 'unknown' });
});

it('opens no pull request where no run was', async () => {
  const { hooks } = setting();
  await expect(hooks.command('pr', 'yes', null)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('no run in this session'),
  });
});
