// What was said in a run is said again in its replay, so that every request is the recorded one.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Body, Event } from '../src/core/events.ts';
import { initialState } from '../src/core/reduce.ts';
import { dueOf, sayingsOf } from '../src/core/resay.ts';
import type { State } from '../src/core/state.ts';
import { drive, type Perform } from '../src/driver.ts';
import { createResay } from '../src/run-resay.ts';
import { created, limits, plan, respond, type Script } from './core/world.ts';

/** What the prompt of a request depends on, of all that a user says. */
const heard = (s: State) => ({
  plan: s.plan?.name,
  said: s.planning.remarks,
  remarks: s.remarks.filter((r) => r.fate !== 'late').map((r) => r.text),
});

interface Played {
  readonly events: readonly Event[];
  readonly asked: Readonly<Record<string, unknown>>;
}

interface Playing {
  readonly script: Script;
  readonly approve: boolean;
  readonly delay: (id: string) => number;
  readonly concurrency: number;
  /** What is said when an event happens. */
  readonly say?: (event: Event, say: (body: Body) => void) => void;
  readonly recorded?: readonly Event[];
}

async function playing({ script, approve, delay, concurrency, say, recorded }: Playing): Promise<Played> {
  const events: Event[] = [];
  const asked: Record<string, unknown> = {};
  const perform: Perform = async (command, context) => {
    if (command.kind === 'deadline') return;
    await sleep(delay(command.id));
    if (command.kind === 'ask') asked[command.id] = heard(context.state());
    if (command.kind === 'ask' && !context.reserve(command, { dollars: 0, characters: 1, maxOutputTokens: 1 })) return;
    await sleep(delay(command.id));
    context.emit(respond(command, context.state(), script));
  };
  const inbox: { say: (body: Body) => void } = { say: () => {} };
  const resay = recorded ? createResay(recorded, (body) => inbox.say(body)) : null;
  await drive({
    state: initialState,
    first: [
      { ...created, approve },
      { type: 'box.chosen', rung: 'test', safe: true },
    ],
    concurrency,
    seq: 0,
    journal: { append: (event) => void events.push(event), close: () => {} },
    clock: { now: () => events.length },
    perform,
    onEvent: (event) => {
      say?.(event, (body) => inbox.say(body));
      resay?.event(event);
    },
    ...(resay ? { beforeAsk: resay.beforeAsk } : {}),
    onSignal: () => {},
    stop: new AbortController().signal,
    inbox: (tell) => {
      inbox.say = tell;
    },
  });
  return { events, asked };
}

const is = (event: Event, type: Event['type'], id: string) => event.type === type && 'id' in event && event.id === id;
const files = ['c', 'd', 'e', 'f'].map((name) => ({
  path: `src/${name}.ts`,
  purpose: name,
  contract: `export const ${name}: number;`,
  uses: [],
}));
const wide = { ...plan, files: [...plan.files, ...files] };
const script: Script = { rounds: [[1], []], answer: (c) => (c.step === 'plan' ? { kind: 'plan', plan: wide } : undefined) };

const WORDS: readonly [name: string, approve: boolean, say: NonNullable<Playing['say']>][] = [
  [
    'on the plan: sent back, edited, approved',
    true,
    (event, say) => {
      if (is(event, 'plan.vetted', 'vet/plan/1')) say({ type: 'plan.rejected', remark: 'smaller' });
      if (is(event, 'plan.vetted', 'vet/plan/2')) say({ type: 'plan.edited', plan: { ...wide, name: 'mine' } });
      if (is(event, 'plan.vetted', 'vet/plan/3')) say({ type: 'plan.approved', remark: '' });
    },
  ],
  ['while the plan is written', false, (event, say) => is(event, 'started', 'plan/plan/1') && say({ type: 'remark', text: 'early' })],
  [
    'while files are written, some of which wait their turn',
    false,
    (event, say) => is(event, 'started', 'draft/src/c.ts/1') && say({ type: 'remark', text: 'tabs' }),
  ],
  [
    'while the tests run that are green then',
    false,
    (event, say) => is(event, 'started', 'test/round-2/1') && say({ type: 'remark', text: 'more' }),
  ],
  [
    'between two rounds, with other caps and a pause',
    false,
    (event, say) => {
      if (!is(event, 'tested', 'test/round-1/1')) return;
      say({ type: 'paused' });
      say({ type: 'limits', limits: { ...limits, money: 5 } });
      say({ type: 'remark', text: 'one' });
      say({ type: 'continued' });
      say({ type: 'remark', text: 'two' });
    },
  ],
];

test.each(WORDS)('%s', async (_name, approve, say) => {
  const recorded = await playing({ script, approve, concurrency: 3, delay: (id) => (id.length * 7) % 5, say });
  expect(recorded.events.at(-1)).toMatchObject({ type: 'ended', outcome: 'green' });
  // The replay has other times, and room for more requests at once.
  const paces: readonly ((id: string) => number)[] = [() => 0, (id) => (id.length * 3) % 4, (id) => (id.startsWith('install') ? 30 : 0)];
  for (const [i, delay] of paces.entries()) {
    const again = await playing({ script, approve, concurrency: [3, 8, 3][i] ?? 3, delay, recorded: recorded.events });
    expect(again.asked).toEqual(recorded.asked);
    const words = (all: readonly Event[]) => sayingsOf(all).map((s) => s.body);
    expect(words(again.events)).toEqual(words(recorded.events));
    expect(again.events.some((e) => e.type === 'paused')).toBe(false);
  }
});

test('a run in which nothing was said has no words', async () => {
  const { events } = await playing({ script, approve: false, concurrency: 8, delay: () => 0 });
  expect(sayingsOf(events)).toEqual([]);
});

test('a word is due when all before it has happened, or when a request begins that came after it, and never before an earlier one', () => {
  const saying = (after: readonly string[], until: readonly string[]) => ({
    body: { type: 'remark', text: 'x' } as const,
    after: new Set(after),
    until: new Set(until),
  });
  const left = [saying(['begins a'], ['b', 'c']), saying(['begins a', 'ends a'], ['c'])];
  expect(dueOf(left, new Set(), null)).toBe(0);
  expect(dueOf(left, new Set(['begins a']), null)).toBe(1);
  expect(dueOf(left, new Set(), 'b')).toBe(1);
  expect(dueOf(left, new Set(), 'c')).toBe(2);
  expect(dueOf(left, new Set(['ends a', 'begins a']), null)).toBe(2);
});
