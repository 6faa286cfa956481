// A run on existing code with a scripted model, up to where its tests are green: real git, real box, real prompts, the real loop.
import { join } from 'node:path';
import type { Body, Event } from '../../../../src/core/events.ts';
import type { Message, ModelRequest } from '../../../../src/core/model.ts';
import type { Language, Ports } from '../../../../src/core/ports.ts';
import { initialState } from '../../../../src/core/reduce.ts';
import type { Files } from '../../../../src/core/ref.ts';
import type { RepoMap } from '../../../../src/core/repomap.ts';
import type { State } from '../../../../src/core/state.ts';
import { drive } from '../../../../src/driver.ts';
import { createBlobs } from '../../../../src/effects/blobs.ts';
import { createBox, type HostBox } from '../../../../src/effects/box.ts';
import { builtInPrompts, createPrompts } from '../../../../src/effects/prompts.ts';
import { createSteps } from '../../../../src/effects/steps/index.ts';
import { openTarget } from '../../../../src/effects/target.ts';
import { createWorkspace } from '../../../../src/effects/workspace.ts';
import { createRunnerList } from '../../../../src/run-adapters.ts';
import { created } from '../../../core/world.ts';
import { folder, repository } from '../../repository.ts';

export interface Said {
  readonly text?: string;
  readonly calls?: readonly (readonly [name: string, args: Readonly<Record<string, unknown>>])[];
}

export interface Talk {
  readonly files: Files;
  readonly task: string;
  /** The user's own tests. */
  readonly given?: Files;
  /** What the model says to its nth request (from 1) of a step; nothing: a sentence that ends the conversation. */
  readonly says: (step: string, n: number, request: ModelRequest) => Said | undefined;
  readonly rounds?: number;
  readonly map?: RepoMap;
  readonly languages?: readonly Language[];
  /** Host folder with packages. */
  readonly deps?: string;
}

export interface Talked {
  readonly requests: readonly ModelRequest[];
  readonly events: readonly Event[];
  readonly state: State;
  /** Text of a request's last message, be it a result or the opening. */
  last(n: number): string;
  /** Text of a file of the run. */
  text(path: string): Promise<string | null>;
}

let box: Promise<HostBox> | null = null;
/** The box that all talks of a test file share. */
export function theBox(): Promise<HostBox> {
  box ??= createBox({ stateDir: join(folder(), 'box'), env: process.env });
  return box;
}

/** Plays the run until everything passes, or until it ends. */
export async function talk(wanted: Talk): Promise<Talked> {
  const dir = repository(wanted.files);
  const run = `20261123-170509-${(++runs).toString(16).padStart(4, '0')}`;
  const target = await openTarget({ cwd: dir, dir: null });
  const workspace = createWorkspace({ target, runId: run, base: target.head, created: target.created, now: () => 0 });
  const blobs = createBlobs(join(folder(), 'blobs'));
  const requests: ModelRequest[] = [];
  const asked = new Map<string, number>();
  const ask: Ports['model']['ask'] = async (request) => {
    requests.push(request);
    const n = (asked.get(request.step) ?? 0) + 1;
    asked.set(request.step, n);
    const { text = 'Done.', calls = [] } = wanted.says(request.step, n, request) ?? {};
    const made = calls.map(([name, args], i) => ({ id: `${n}-${i}`, name, args, raw: JSON.stringify(args) }));
    return { text, calls: made, stop: made.length > 0 ? 'tool' : 'end', usage: NOTHING, model: 'scripted', cost: 0 };
  };
  const ports: Ports = {
    blobs,
    journal: { append: () => {}, close: () => {} },
    model: { name: 'scripted', worstCase: () => 0, ask },
    prompts: createPrompts({ builtIn: builtInPrompts(), user: null, project: null }),
    languages: wanted.languages ?? [],
    runners: createRunnerList(),
    box: theBox,
    map: async () => wanted.map ?? NO_MAP,
    workspace,
    clock: { now: Date.now },
  };
  const deps = wanted.deps ?? null;
  const perform = createSteps(ports, {
    ...{ testTimeoutMs: 60_000, suiteTimeoutMs: 60_000, scope: 'all' as const, mutationMs: 1_000 },
    provided: async () => true,
    provideChange: async () => ({ deps, memberDeps: {}, stamp: null, problems: [], notes: [] }),
  });
  const stop = new AbortController();
  const events: Event[] = [];
  const state = await drive({
    state: initialState,
    first: await opening(wanted, run, { blobs, base: await workspace.base() }),
    concurrency: 1,
    seq: 0,
    journal: ports.journal,
    clock: ports.clock,
    perform: async (command, context) => (command.kind === 'commit' ? stop.abort() : perform(command, context)),
    onEvent: (event) => void events.push(event),
    onSignal: () => {},
    stop: stop.signal,
  });
  const text = async (path: string) => {
    const ref = state.sources[path] ?? state.tests[path]?.blob;
    return ref ? blobs.get(ref) : null;
  };
  return { requests, events, state, last: (n) => textOf(requests[n - 1]?.messages.at(-1)), text };
}

let runs = 0;
const NOTHING = { input: 0, cached: 0, cacheWrite: 0, output: 0, reasoning: 0 };
const NO_MAP: RepoMap = { rank: async () => [], render: async () => '', references: async () => [], dependents: async () => [] };

/** All text of a message. */
export function textOf(message: Message | undefined): string {
  if (message?.role === 'tool') return message.results.map((r) => r.text).join('\n---\n');
  return message?.role === 'user' ? message.parts.map((p) => p.text).join('') : (message?.text ?? '');
}

async function opening(
  { task, given = {}, rounds = 3 }: Talk,
  id: string,
  { blobs, base }: { readonly blobs: Ports['blobs']; readonly base: { readonly commit: string | null; readonly files: readonly string[] } },
): Promise<readonly Body[]> {
  const tree = Object.fromEntries(
    await Promise.all(Object.entries(given).map(async ([path, text]) => [path, await blobs.put(text)] as const)),
  );
  const limits = { money: null, tokens: null, requests: 30, rounds, wallMs: null };
  const run = {
    ...created,
    run: id,
    prompt: await blobs.put(task),
    title: task,
    mode: 'change' as const,
    base,
    given: tree,
    limits,
    concurrency: 1,
  };
  return [run, { type: 'box.chosen', rung: 'test', safe: true }];
}
