// A run as the page tells it: gathered event by event, small whatever the journal's length.
import type { Event } from '../../core/events.ts';
import { workedMs } from '../../core/reduce-words.ts';
import type { Ref } from '../../core/ref.ts';
import type { State } from '../../core/state.ts';
import { describe } from '../describe.ts';
import type { Line } from '../line.ts';
import { createMoney, type Money } from './story-money.ts';
import { createRounds, type Rounds } from './story-rounds.ts';
import { createSpans, type Spans } from './story-spans.ts';
import { createTroubles, type Trouble } from './story-troubles.ts';

/** A word of the user's, and what became of it where that is not plain. */
export interface Said {
  readonly worked: number;
  readonly what: 'remark' | 'rejected' | 'edited' | 'approved' | 'limits';
  readonly text: string;
  /** Its place in `state.remarks`; null when it concerned the plan. */
  readonly remark: number | null;
}

export interface Logged {
  readonly worked: number;
  readonly line: Line;
}

export interface Story {
  readonly events: number;
  readonly spans: Spans;
  readonly rounds: Rounds;
  readonly money: Money;
  readonly troubles: { readonly list: readonly Trouble[]; readonly dropped: number };
  readonly said: readonly Said[];
  /** The lines that the plain screen prints; the middle of a long log is left out. */
  readonly log: { readonly head: readonly Logged[]; readonly left: number; readonly tail: readonly Logged[] };
  /** The first version of each file, as its author sent it. */
  readonly drafts: Readonly<Record<string, Ref>>;
}

export interface Teller {
  event(event: Event, state: State): void;
  /** @param now until when what is under way is drawn, in milliseconds since the epoch */
  done(now: number, running: boolean): Story;
}

const HEAD = 500;
const TAIL = 500;
const MOST_SAID = 200;

/** Gathers a run from its events and the state after each. */
export function createTeller(): Teller {
  const spans = createSpans();
  const rounds = createRounds();
  const money = createMoney();
  const troubles = createTroubles();
  const log = createLog();
  const said: Said[] = [];
  const drafts = new Map<string, Ref>();
  let events = 0;

  const listen = (event: Event, state: State) => {
    const what = wordOf(event);
    if (what === null || said.length >= MOST_SAID) return;
    const late = event.type === 'remark' && state.plan !== null;
    said.push({ ...what, worked: workedMs(state, event.at), remark: late ? state.remarks.length - 1 : null });
  };

  return {
    event(event, state) {
      events++;
      spans.event(event, state);
      rounds.event(event, state);
      money.event(event, state);
      troubles.event(event, state);
      log.event(event, state);
      listen(event, state);
      if (event.type === 'answered' && event.step === 'draft' && event.content.kind === 'file' && !drafts.has(event.subject))
        drafts.set(event.subject, event.content.blob);
    },
    done: (now, running) => ({
      events,
      spans: spans.done(now, running),
      rounds: rounds.done(),
      money: money.done(),
      troubles: troubles.done(),
      said,
      log: log.done(),
      drafts: Object.fromEntries(drafts),
    }),
  };
}

function wordOf(event: Event): Pick<Said, 'what' | 'text'> | null {
  switch (event.type) {
    case 'remark':
      return { what: 'remark', text: event.text };
    case 'plan.rejected':
      return { what: 'rejected', text: event.remark };
    case 'plan.approved':
      return { what: 'approved', text: event.remark };
    case 'plan.edited':
      return { what: 'edited', text: '' };
    case 'limits':
      return { what: 'limits', text: '' };
    default:
      return null;
  }
}

function createLog() {
  const head: Logged[] = [];
  let tail: Logged[] = [];
  let left = 0;
  const trim = () => {
    left += Math.max(0, tail.length - TAIL);
    tail = tail.slice(-TAIL);
  };
  return {
    event(event: Event, state: State): void {
      const worked = workedMs(state, event.at);
      for (const line of describe(event, state)) (head.length < HEAD ? head : tail).push({ worked, line });
      if (tail.length > TAIL * 4) trim();
    },
    done(): Story['log'] {
      trim();
      return { head, left, tail };
    },
  };
}
