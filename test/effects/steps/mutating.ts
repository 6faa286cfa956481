// A run's state just after its tests were green, made from files, so that the step `mutate` can be carried out alone; also for the bench.
import { createHash } from 'node:crypto';
import type { Body, Command, RedTest } from '../../../src/core/events.ts';
import type { Box, Language, Ports, Runner } from '../../../src/core/ports.ts';
import { initialState } from '../../../src/core/reduce.ts';
import { itemsOf } from '../../../src/core/reduce-tests.ts';
import type { Files } from '../../../src/core/ref.ts';
import type { State, Strength } from '../../../src/core/state.ts';
import type { StepContext } from '../../../src/driver.ts';
import { mutate } from '../../../src/effects/steps/mutate.ts';
import { runTests } from '../../../src/effects/steps/testing.ts';
import { created, plan } from '../../core/world.ts';

export interface Mutating {
  readonly box: Box;
  readonly language: Language;
  readonly runner: Runner;
  readonly code: Files;
  readonly tests: Files;
  /** Manifests and whatever else is neither code nor test. */
  readonly rest: Files;
  readonly prompt?: string;
  readonly mutants?: number;
  readonly mutationMs?: number;
  readonly strength?: Strength;
  readonly base?: Files;
  readonly stopAfterMs?: number;
  /** The run's cap, the time on its clock, where it began at 1, and how much of that it was paused, in milliseconds. */
  readonly time?: { readonly wallMs: number; readonly now: number; readonly pausedMs: number };
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const tree = (files: Files) => Object.fromEntries(Object.entries(files).map(([path, text]) => [path, hash(text)]));

/** Carries the step out and gives what it emitted. */
export async function mutating(world: Mutating): Promise<readonly Body[]> {
  const blobs = new Map([world.code, world.tests, world.rest].flatMap((files) => Object.values(files).map((text) => [hash(text), text])));
  const ports = {
    blobs: { get: async (ref: string) => blobs.get(ref) ?? '' },
    languages: [world.language],
    runners: [world.runner],
    box: async () => world.box,
    clock: { now: () => world.time?.now ?? Date.now() },
  } as unknown as Ports;
  const aborter = new AbortController();
  const state = stateOf(world, await expected(world, ports));
  const events: Body[] = [];
  const context = {
    state: () => state,
    emit: (body: Body) => events.push(body),
    show: () => {},
    signal: aborter.signal,
  } as unknown as StepContext;
  const attempt = world.strength ? 2 : 1;
  const command: Command = { kind: 'mutate', id: `mutate/code/${attempt}`, step: 'mutate', subject: 'code', attempt };
  if (world.stopAfterMs !== undefined) setTimeout(() => aborter.abort(), world.stopAfterMs);
  const times = { testTimeoutMs: 120_000, mutationMs: world.mutationMs ?? 60_000 };
  await mutate(command, ports, context, async () => world.base ?? {}, times);
  return events;
}

async function expected({ code, tests, rest, runner }: Mutating, ports: Ports): Promise<readonly RedTest[]> {
  const run = { tree: { ...code, ...rest, ...tests }, runner, tests: Object.keys(tests), deps: null, timeoutMs: 120_000 };
  const { report } = await runTests(ports, { ...run, signal: new AbortController().signal });
  return report.tests.map(({ id, path }) => ({ id, path, throwing: 'failed', wrong: 'failed' }));
}

function stateOf(world: Mutating, tests: readonly RedTest[]): State {
  const base = { commit: world.base ? 'c' : null, files: Object.keys(world.base ?? {}) };
  const items = Object.values(itemsOf(Object.keys(world.tests).map((path) => ({ path }))));
  return {
    ...initialState,
    startedAt: world.time ? 1 : 0,
    pausedMs: world.time?.pausedMs ?? 0,
    run: {
      ...created,
      mutants: world.mutants ?? 30,
      base,
      prompt: world.prompt ?? 'p',
      limits: { ...created.limits, wallMs: world.time?.wallMs ?? null },
    },
    plan: { ...plan, language: world.language.id, runner: world.runner.id },
    tests: Object.fromEntries(items.map((item) => [item.path, { ...item, status: 'frozen', blob: hash(world.tests[item.path] ?? '') }])),
    sources: tree(world.code),
    installs: { ...initialState.installs, done: true, files: tree(world.rest) },
    red: { attempts: 1, proven: true, baseline: [], tests },
    checks: { done: 1, round: 1, diagnostics: [] },
    strength: world.strength ?? null,
  };
}
