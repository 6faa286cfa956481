// The words that a user said in a recorded run, and when a replay of it says them again.
import type { Body, Event } from './events.ts';

/** A word, and its place among the commands of the recorded run. */
export interface Saying {
  readonly body: Body;
  /** What had begun and ended before it was said, by `stepOf`. */
  readonly after: ReadonlySet<string>;
  /** Ids of the requests to models that began later. */
  readonly until: ReadonlySet<string>;
}

/** Words that change what is asked or allowed. Pauses change nothing but the time. */
const WORDS: ReadonlySet<Body['type']> = new Set<Body['type']>(['plan.approved', 'plan.rejected', 'plan.edited', 'remark', 'limits']);

/** The beginning or the end of a command as a key; null for any other event. */
export function stepOf(event: Body): string | null {
  if (!('id' in event) || event.type === 'waiting' || event.type === 'failed' || event.id.startsWith('deadline/')) return null;
  return `${event.type === 'started' ? 'begins' : 'ends'} ${event.id}`;
}

/** Every word of a journal, in the order in which they were said. */
export function sayingsOf(events: readonly Event[]): readonly Saying[] {
  return events.flatMap((event, i) => {
    if (!WORDS.has(event.type)) return [];
    const { v: _v, seq: _seq, at: _at, ...body } = event;
    const after = new Set(events.slice(0, i).flatMap((earlier) => stepOf(earlier) ?? []));
    const until = new Set(events.slice(i).flatMap((later) => (later.type === 'started' && later.kind === 'ask' ? [later.id] : [])));
    return [{ body, after, until }];
  });
}

/**
 * How many of the first words in `left` are due: all that came before them has happened, or a request begins that came after them.
 *
 * @param seen keys of what has happened in the replay
 * @param begins id of the request to a model that begins now; null when none does
 */
export function dueOf(left: readonly Saying[], seen: ReadonlySet<string>, begins: string | null): number {
  const waits = left.findIndex(
    ({ after, until }) => !(begins !== null && until.has(begins)) && ![...after].every((step) => seen.has(step)),
  );
  return waits === -1 ? left.length : waits;
}
