import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Body, Command } from '../../../src/core/events.ts';
import type { Ports } from '../../../src/core/ports.ts';
import type { Files } from '../../../src/core/ref.ts';
import type { StepContext } from '../../../src/driver.ts';
import { createRunners } from '../../../src/effects/runners/index.ts';
import { brokenLocks, prove } from '../../../src/effects/steps/prove.ts';
import { play } from '../../core/world.ts';

const runner = createRunners().runner('node:test');
const LOCKED = { 'package.json': '{}', 'test/a.test.ts': 'test' };

describe('a commit whose locks are broken', () => {
  test.each([
    [{ ...LOCKED, 'src/a.ts': 'a' }, []],
    [{ ...LOCKED, Makefile: 'all:', '.gitignore': 'x' }, []],
    [{ ...LOCKED, 'test/a.test.ts': 'other' }, ['test/a.test.ts']],
    [{ 'test/a.test.ts': 'test' }, ['package.json']],
    [{ ...LOCKED, 'test/b.test.ts': '', 'src/.npmrc': '', 'vitest.config.ts': '' }, ['test/b.test.ts', 'src/.npmrc', 'vitest.config.ts']],
    [{ ...LOCKED, 'test/oracle.json': '{}' }, ['test/oracle.json']],
  ] as const)('%o', (exported, broken) => expect(brokenLocks(LOCKED, {}, exported as Files, runner)).toEqual(broken));

  test('keeps what steers the repository that it began with', () => {
    const before = { 'vitest.config.ts': 'theirs' };
    expect(brokenLocks(LOCKED, before, { ...LOCKED, ...before }, runner)).toEqual([]);
  });

  test('is tampered with, and nothing of it is run', async () => {
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const blobs = new Map(Object.values(LOCKED).map((text) => [hash(text), text]));
    const { state } = play();
    const item = state.tests['test/a.test.ts'];
    if (!item) throw new Error('the world has no test');
    const s = {
      ...state,
      ended: null,
      installs: { ...state.installs, files: { 'package.json': hash('{}') } },
      tests: { 'test/a.test.ts': { ...item, blob: hash('test') } },
    };
    const stored: string[] = [];
    const ports = {
      blobs: { get: async (ref: string) => blobs.get(ref) ?? '', put: async (text: string) => hash(stored[stored.push(text) - 1] ?? '') },
      runners: [runner],
      workspace: { export: async () => ({ ...LOCKED, 'test/a.test.ts': 'weaker' }) },
      clock: { now: () => 0 },
      box: () => Promise.reject(new Error('nothing may be run')),
    } as unknown as Ports;
    const events: Body[] = [];
    const context = {
      state: () => s,
      emit: (body: Body) => events.push(body),
      signal: new AbortController().signal,
    } as unknown as StepContext;
    const command: Command = { kind: 'prove', id: 'prove/candidate/1', step: 'prove', subject: 'candidate', attempt: 1 };
    await prove(command, ports, context, 1_000);
    expect(events).toEqual([
      expect.objectContaining({
        verdict: { kind: 'tampered', reason: 'files of the commit are not what was locked: test/a.test.ts' },
        runs: 0,
        statement: null,
      }),
    ]);
  });
});
