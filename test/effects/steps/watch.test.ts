// Which test runs are shown while they last: a round's, the first of a proof, and the red proof's on stubs that throw.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Body, Command, Signal } from '../../../src/core/events.ts';
import type { Box, BoxTest, Ports } from '../../../src/core/ports.ts';
import type { StepContext } from '../../../src/driver.ts';
import { createRunners } from '../../../src/effects/runners/index.ts';
import { prove } from '../../../src/effects/steps/prove.ts';
import { proveRed } from '../../../src/effects/steps/red.ts';
import { test as round } from '../../../src/effects/steps/test.ts';
import { play } from '../../core/world.ts';

const PATH = 'test/a.test.ts';
const runner = createRunners().runner('node:test');
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const result = (name: string) =>
  JSON.stringify({ seq: 2, kind: 'test', path: PATH, names: [name], status: 'passed', retried: false, error: null });

interface World {
  readonly ports: Ports;
  readonly context: StepContext;
  readonly runs: BoxTest[];
  readonly signals: Signal[];
}

/** A run whose box tells of one known and one unknown test whenever it is watched. */
function world(): World {
  const { state } = play();
  const item = state.tests[PATH];
  if (!item) throw new Error('the world has no test');
  const s = { ...state, ended: null, tests: { [PATH]: { ...item, blob: hash('test') } }, installs: { ...state.installs, files: {} } };
  const runs: BoxTest[] = [];
  const signals: Signal[] = [];
  const box = {
    async test(run: BoxTest) {
      runs.push(run);
      for (const name of ['t1', 'unknown']) run.onLine?.(result(name), '/work');
      return { result: { reason: 'ok', exitCode: 0, stdout: '', stderr: '', ms: 1 }, report: null, treeDir: '/work' };
    },
  } as unknown as Box;
  const ports = {
    blobs: { get: async () => 'test', put: async (text: string) => hash(text) },
    runners: [runner],
    languages: [
      {
        id: 'typescript',
        checkTests: async () => ({ mended: [], diagnostics: [] }),
        stubs: async (_: unknown, kind: string) => ({ 'src/a.ts': kind }),
      },
    ],
    workspace: { export: async () => ({ [PATH]: 'test' }) },
    clock: { now: () => 0 },
    box: async () => box,
  } as unknown as Ports;
  const context = {
    state: () => s,
    emit: (_: Body) => undefined,
    show: (signal: Signal) => signals.push(signal),
    signal: new AbortController().signal,
  } as unknown as StepContext;
  return { ports, context, runs, signals };
}

const command = (kind: 'test' | 'red' | 'prove'): Command => ({ kind, id: `${kind}/x/1`, step: kind, subject: 'x', attempt: 1 });
const signal = (id: string, name: string): Signal => ({
  type: 'test',
  id,
  line: { id: `${PATH} › ${name}`, path: PATH, status: 'passed', why: '' },
});

test('a round shows the tests that are known', async () => {
  const { ports, context, runs, signals } = world();
  await round(command('test'), ports, context, async () => ({}), 1_000);
  expect([runs.length, signals]).toEqual([1, [signal('test/x/1', 't1')]]);
});

test('the red proof shows what happens on stubs that throw, where no test is known yet', async () => {
  const { ports, context, runs, signals } = world();
  await proveRed(command('red'), ports, context, async () => ({}), 1_000);
  const watched = runs.filter((run) => run.onLine !== undefined);
  expect([runs.length, watched.map((run) => run.tree['src/a.ts'])]).toEqual([2, ['throwing']]);
  expect(signals).toEqual([signal('red/x/1', 't1'), signal('red/x/1', 'unknown')]);
});

test('a proof shows its first fresh run', async () => {
  const { ports, context, runs, signals } = world();
  await prove(command('prove'), ports, context, 1_000);
  expect(runs.filter((run) => run.onLine !== undefined).map((run) => run.order)).toEqual([null]);
  expect(runs.length).toBeGreaterThan(1);
  expect(signals).toEqual([signal('prove/x/1', 't1')]);
});
