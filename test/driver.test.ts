import { expect, test } from 'vitest';
import { RedgreenError } from '../src/core/errors.ts';
import type { Body, Event } from '../src/core/events.ts';
import { initialState } from '../src/core/reduce.ts';
import { type DriveOptions, drive, type Perform } from '../src/driver.ts';
import { created, play } from './core/world.ts';

/** What the steps of a run that goes straight to green emit, by command. */
const answers = new Map(play().events.flatMap((event) => ('id' in event && event.type !== 'started' ? [[event.id, event as Body]] : [])));

const reserve = { dollars: 0.01, characters: 10, maxOutputTokens: 10 };
const perform: Perform = async (command, context) => {
  if (command.kind === 'deadline') return new Promise((done) => context.signal.addEventListener('abort', () => done(), { once: true }));
  if (command.kind === 'ask' && !context.reserve(command, reserve)) return;
  const answer = answers.get(command.id);
  if (answer) context.emit(answer);
};

interface Run {
  readonly events: readonly Event[];
  readonly stop: AbortController;
  readonly options: DriveOptions;
}

/** A run in memory whose journal takes `room` events. */
function run(room: number, options: Partial<DriveOptions> = {}): Run {
  const events: Event[] = [];
  const stop = new AbortController();
  const append = (event: Event) => {
    if (events.length >= room) throw new RedgreenError('journal', `no room for event ${event.seq}`);
    events.push(event);
  };
  const base: DriveOptions = {
    state: initialState,
    first: [created, { type: 'box.chosen', rung: 'test', safe: true }],
    concurrency: 8,
    seq: 0,
    journal: { append, close: () => undefined },
    clock: { now: () => events.length },
    perform,
    onEvent: () => undefined,
    onSignal: () => undefined,
    stop: stop.signal,
  };
  return { events, stop, options: { ...base, ...options } };
}

test('drives a run to green', async () => {
  const { options } = run(1000);
  expect((await drive(options)).ended).toMatchObject({ outcome: 'green', branch: 'redgreen/greeter' });
});

test('a journal that takes nothing more ends the run with the first reason, wherever it breaks', async () => {
  const whole = run(1000);
  await drive(whole.options);
  for (let room = 0; room < whole.events.length; room += 1) {
    const { events, options } = run(room);
    await expect(drive(options)).rejects.toThrow(`no room for event ${room + 1}`);
    expect(events).toHaveLength(room);
  }
});

test('a journal that breaks as the user stops the run ends it too', async () => {
  const { stop, options } = run(3, {
    perform: (_, context) => new Promise((done) => context.signal.addEventListener('abort', () => done(), { once: true })),
  });
  const driven = drive(options);
  stop.abort();
  await expect(driven).rejects.toThrow('no room for event');
});

test('what no step expected is journaled as a failure, and thrown at the end', async () => {
  const { events, options } = run(1000, {
    perform: async (command, context) => {
      if (command.kind === 'check') throw new TypeError('x is not a function');
      return perform(command, context);
    },
  });
  await expect(drive(options)).rejects.toThrow(TypeError);
  expect(events.at(-1)).toMatchObject({ type: 'ended', outcome: 'failed', code: 'internal' });
});

test('requests that wait for their turn do not hold up a stop', async () => {
  const { events, stop, options } = run(1000, {
    concurrency: 1,
    perform: async (command, context) => {
      if (command.step !== 'draft' && command.step !== 'tests') return perform(command, context);
      context.reserve(command, reserve);
      const aborted = new Promise<void>((_, failed) =>
        context.signal.addEventListener('abort', () => failed(new Error('stopped')), { once: true }),
      );
      stop.abort();
      return aborted;
    },
  });
  expect((await drive(options)).ended).toMatchObject({ outcome: 'interrupted' });
  expect(events.filter((event) => event.type === 'failed')).toEqual([]);
});

test('a step that is stopped by the deadline says nothing, and the run still ends', async () => {
  let over = () => {};
  const { events, options } = run(1000, {
    first: [
      { ...created, limits: { ...created.limits, wallMs: 1 } },
      { type: 'box.chosen', rung: 'test', safe: true },
    ],
    perform: async (command, context) => {
      if (command.kind === 'deadline') {
        await new Promise<void>((done) => {
          over = done;
        });
        return context.emit({ type: 'deadline', id: command.id });
      }
      if (command.kind !== 'check') return perform(command, context);
      const aborted = new Promise<void>((done) => context.signal.addEventListener('abort', () => done(), { once: true }));
      over();
      return aborted;
    },
  });
  expect((await drive(options)).ended).toMatchObject({ outcome: 'budget', reason: 'the time for this run is over' });
  expect(events.at(-2)).toMatchObject({ type: 'failed', id: 'check/tree/1', message: 'check/tree/1 was stopped' });
});

test('a step that ends without a result is an error, not a wait without end', async () => {
  const { options } = run(1000, {
    perform: async (command, context) => (command.kind === 'check' ? undefined : perform(command, context)),
  });
  await expect(drive(options)).rejects.toThrow('check/tree/1 ended without a result');
});

test('what a step says after the end is not journaled', async () => {
  const { events, stop, options } = run(1000, {
    perform: async (command, context) => {
      if (command.kind === 'check') stop.abort();
      return perform(command, context);
    },
  });
  await drive(options);
  expect(events.at(-1)).toMatchObject({ type: 'ended', outcome: 'interrupted' });
});
