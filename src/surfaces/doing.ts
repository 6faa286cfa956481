// What is going on at this moment, in words: for the live screen's last lines, and for logs in which nothing new stands.
import type { Event, Signal } from '../core/events.ts';
import type { State } from '../core/state.ts';
import { size, time } from './words.ts';

/** What is known of the commands under way, by id. */
export interface Progress {
  /** When each began, in milliseconds since the epoch. */
  readonly since: Readonly<Record<string, number>>;
  /** Characters received of each reply. */
  readonly received: Readonly<Record<string, number>>;
  /** When a request that waits is sent again, in milliseconds since the epoch. */
  readonly again: Readonly<Record<string, number>>;
  /** How far each trial of the tests on changed code is, in words. */
  readonly mutants: Readonly<Record<string, string>>;
}

export const noProgress: Progress = { since: {}, received: {}, again: {}, mutants: {} };

export function progressEvent(p: Progress, event: Event): Progress {
  if (event.type === 'started') return { ...p, since: { ...p.since, [event.id]: event.at } };
  if (event.type === 'waiting')
    return { ...p, received: without(p.received, event.id), again: { ...p.again, [event.id]: event.at + event.ms } };
  if (!('id' in event)) return p;
  const { id } = event;
  return {
    since: without(p.since, id),
    received: without(p.received, id),
    again: without(p.again, id),
    mutants: without(p.mutants, id),
  };
}

export function progressSignal(p: Progress, signal: Signal): Progress {
  if (signal.type === 'mutants')
    return { ...p, mutants: { ...p.mutants, [signal.id]: `${signal.tried} of ${signal.of} tried, ${signal.noticed} noticed` } };
  if (signal.type !== 'delta') return p;
  return { ...p, received: { ...p.received, [signal.id]: (p.received[signal.id] ?? 0) + signal.text.length } };
}

function without<T>(record: Readonly<Record<string, T>>, id: string): Readonly<Record<string, T>> {
  const { [id]: _, ...rest } = record;
  return rest;
}

/** What is going on. */
export function doing(state: State): string {
  const ids = Object.keys(state.inflight);
  const has = (step: string) => ids.some((id) => id.startsWith(`${step}/`));
  if (state.ended || state.ending) return (state.ended ?? state.ending)?.outcome === 'interrupted' ? 'stopping' : 'finishing';
  if (has('prove')) return 'proving the commit in a clean room';
  if (has('mutate')) return 'testing the tests, with small changes to the code';
  if (has('gauge')) return 'trying the existing tests, with small changes to the code';
  if (has('admit')) return 'trying the written tests, with small changes to the code';
  if (has('test')) return `running the tests (round ${state.round + 1})`;
  if (has('reproduce') && state.cover) return 'writing tests for code that exists';
  if (has('reproduce')) return 'writing tests that show the task';
  if (has('repair') || has('tools')) return repairing(state);
  if (has('check')) return 'checking the code';
  if (has('red')) return state.change ? 'trying the tests on the code as it is' : 'running the tests without the code';
  if (has('draft') || has('tests')) return 'writing tests and code, each blind to the other';
  if (has('survey')) return 'reading the repository';
  if (has('baseline')) return 'running the repository’s own tests';
  if (has('install')) return 'installing packages';
  if (has('slices')) return 'dividing the task into milestones';
  if (has('plan') || has('vet')) return 'planning';
  if (has('commit') || has('ship')) return 'committing';
  return state.planning.vetted && !state.plan ? 'waiting for your word on the plan' : 'starting';
}

function repairing({ conversation, round, change, cover }: State): string {
  if (cover) return 'trying the tests that are written';
  if (conversation?.kind === 'reproduce') return 'trying the tests that show the task';
  return change && round === 0 ? 'changing the code' : `repairing (round ${round})`;
}

/** Milliseconds after which a silent model is called silent. */
const SILENT = 10_000;

/** How far it is: time since it began, what came of the replies, or when they are asked for again. Empty when there is nothing to say. */
export function howFar(p: Progress, state: State, now: number): string {
  const ids = Object.keys(state.inflight).filter((id) => p.since[id] !== undefined && !id.startsWith('deadline/'));
  if (ids.length === 0 || state.ended) return '';
  const elapsed = Math.max(0, now - Math.min(...ids.map((id) => p.since[id] ?? now)));
  const parts = [...(elapsed < 2000 ? [] : [time(Math.floor(elapsed / 1000) * 1000)]), ...heard(p, state, ids, now, elapsed)];
  return parts.map((part) => ` · ${part}`).join('');
}

/** When the first request is sent again, where every request under way waits; else null. */
export function askedAgainAt(p: Progress, state: State, now: number): number | null {
  const again = Object.keys(state.inflight)
    .filter(isRequest)
    .map((id) => p.again[id] ?? 0);
  return again.length > 0 && again.every((at) => at > now) ? Math.min(...again) : null;
}

function isRequest(id: string): boolean {
  return /^(plan|tests|draft|repair|reproduce)\//.test(id);
}

function heard(p: Progress, state: State, ids: readonly string[], now: number, elapsed: number): readonly string[] {
  const asked = ids.filter(isRequest);
  if (asked.length === 0) return ids.flatMap((id) => p.mutants[id] ?? []);
  const again = askedAgainAt(p, state, now);
  if (again !== null) return [`asking again in ${time(Math.ceil((again - now) / 1000) * 1000)}`];
  const received = asked.reduce((sum, id) => sum + (p.received[id] ?? 0), 0);
  if (received > 0) return [size(received)];
  return elapsed >= SILENT ? ['no answer yet'] : [];
}
