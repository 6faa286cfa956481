// Says the words of a recorded run again while it is played.
import type { Body, Command, Event } from './core/events.ts';
import { dueOf, sayingsOf, stepOf } from './core/resay.ts';

export interface Resay {
  /** Told of each event when it has happened. */
  event(event: Event): void;
  /** Told of each request to a model before it is put together; it waits for the promise. */
  beforeAsk(command: Command): Promise<void> | undefined;
}

/** Over the events of the recorded run; `say` puts a word into the replay. */
export function createResay(recorded: readonly Event[], say: (body: Body) => void): Resay {
  let left = sayingsOf(recorded);
  const seen = new Set<string>();
  /** Requests that are being put together, and what waits for them: a word that came after them must not get into them. */
  const open = new Map<string, PromiseWithResolvers<void>>();
  const sayDue = (begins: string | null): void => {
    const due = left.slice(0, dueOf(left, seen, begins));
    // Before the first of them is said: each is an event, too.
    left = left.slice(due.length);
    for (const { body } of due) say(body);
  };
  return {
    event(event) {
      if ('id' in event && event.type !== 'waiting') {
        open.get(event.id)?.resolve();
        open.delete(event.id);
      }
      const step = stepOf(event);
      if (step === null || left.length === 0) return;
      seen.add(step);
      sayDue(null);
    },
    beforeAsk({ id }) {
      const earlier = [...open.values()].map((one) => one.promise);
      open.set(id, Promise.withResolvers());
      if (dueOf(left, seen, id) === 0) return undefined;
      return Promise.all(earlier).then(() => sayDue(id));
    },
  };
}
