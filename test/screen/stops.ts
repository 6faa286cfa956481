// Steps of a run that last until they are stopped, and how to see that one is under way.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import type { CommandKind } from '../../src/core/events.ts';
import { romanModel, TASK } from '../e2e/roman.ts';
import type { Asked, Reply } from '../e2e/scripted.ts';
import { desk, journals, type Model } from './desk.ts';
import { expectManners, expectRestored } from './manners.ts';
import { holding } from './models.ts';
import type { Terminal } from './terminal.ts';

/** Whether a command of `kind` has begun in the last run of `repo` and not come to its end. */
function underWay(repo: string, kind: CommandKind): boolean {
  const journal = journals(repo).at(-1) ?? [];
  const over = new Set(journal.flatMap((e) => (e.type !== 'started' && 'id' in e ? [e.id] : [])));
  return journal.some((e) => e.type === 'started' && e.kind === kind && !over.has(e.id));
}

/** A package registry that never answers, not even to a TLS greeting. */
async function silentRegistry(): Promise<{ readonly url: string; close(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}/`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const changed =
  (path: string, change: (text: string) => string): Model =>
  (asked: Asked): Reply | undefined => {
    const reply = romanModel(asked);
    return asked.subject === path && reply?.text ? { ...reply, text: change(reply.text) } : reply;
  };

const planWith =
  (change: (plan: Record<string, unknown>) => Record<string, unknown>): Model =>
  (asked) => {
    const reply = romanModel(asked);
    return asked.step === 'plan' && reply?.text ? { text: JSON.stringify(change(JSON.parse(reply.text))) } : reply;
  };

const SLOW = 'await new Promise((done) => setTimeout(done, 30_000));\n';

interface Step {
  readonly step: string;
  /** The command in which the run gets stuck for a while. */
  readonly kind: CommandKind;
  readonly model: Model;
  /** The request that is not answered, where it is one. */
  readonly held?: (asked: Asked) => boolean;
  readonly env?: Readonly<Record<string, string>>;
}

const asking = (step: string, held: (asked: Asked) => boolean): Step => ({ step, kind: 'ask', held, model: holding(romanModel, held) });

export const STEPS: readonly Step[] = [
  asking('the plan', ({ step }) => step === 'plan'),
  {
    step: 'the install',
    kind: 'install',
    model: planWith((plan) => ({ ...plan, packages: [{ name: 'left-pad', range: '', dev: false }] })),
  },
  asking('the drafts', ({ subject }) => subject === 'src/roman.ts'),
  {
    step: 'the red proof',
    kind: 'red',
    model: changed('test/cli.test.ts', (text) => text.replace("test('nonsense", `${SLOW}test('nonsense`)),
  },
  { step: 'the tests', kind: 'test', model: changed('src/roman.ts', (text) => text.replace('const NUMERALS', `${SLOW}const NUMERALS`)) },
  asking('the repair', ({ step }) => step === 'repair'),
  { step: 'the mutants', kind: 'mutate', model: romanModel, env: { REDGREEN_MUTANTS: '100', REDGREEN_MUTATION_TIME: '5m' } },
  { step: 'the proof', kind: 'prove', model: romanModel },
];

const registries: { close(): void }[] = [];
afterEach(() => {
  for (const one of registries.splice(0)) one.close();
});

/** A run that is stuck in the step `name`. */
export async function until(name: string) {
  const step = STEPS.find((s) => s.step === name);
  if (!step) throw new Error(`no step ${name}`);
  const registry = await silentRegistry();
  registries.push(registry);
  const { dir, home, server, open } = await desk(step.model);
  const env: Record<string, string> = { ...step.env, ...(name === 'the install' ? { REDGREEN_REGISTRY: registry.url } : {}) };
  const terminal = open(['--dir', 'roman', TASK], { env });
  const { held } = step;
  await terminal.waitFor(() => underWay(join(dir, 'roman'), step.kind) && (held === undefined || server.asked.some(held)));
  return { dir, home, terminal };
}

/** That it ended as Ctrl-C should end it, and left the terminal as it was. */
export async function expectStopped(terminal: Terminal): Promise<void> {
  expect(await terminal.ended(15_000)).toBe(130);
  expectManners(terminal, 24);
  await expectRestored(terminal);
}
