// Answers that could not be used and steps that did not work, outside of the rounds.
import type { Event } from '../../core/events.ts';
import { workedMs } from '../../core/reduce-words.ts';
import type { Ref } from '../../core/ref.ts';
import type { State } from '../../core/state.ts';

export interface Trouble {
  /** Milliseconds that the run had worked. */
  readonly worked: number;
  /** What did not work: `plan`, `src/a.ts`, `install` … */
  readonly subject: string;
  readonly what: string;
  /** Each thing that was wrong, at most 20. */
  readonly why: readonly string[];
  /** The answer and the step key of its request; null when no model was asked. */
  readonly asked: { readonly key: string; readonly reply: Ref } | null;
}

const MOST = 100;
const MOST_WHY = 20;

/** Gathers what did not work, event by event. */
export function createTroubles() {
  const list: Trouble[] = [];
  let dropped = 0;
  return {
    event(event: Event, state: State): void {
      const trouble = troubleOf(event);
      if (trouble === null) return;
      if (list.length < MOST) list.push({ ...trouble, why: trouble.why.slice(0, MOST_WHY), worked: workedMs(state, event.at) });
      else dropped++;
    },
    done: () => ({ list: list as readonly Trouble[], dropped }),
  };
}

type Found = Omit<Trouble, 'worked'>;
type Violations = readonly { readonly where: string; readonly message: string }[];

const listed = (all: Violations) => all.map(({ where, message }) => `${where}: ${message}`);

function troubleOf(event: Event): Found | null {
  switch (event.type) {
    case 'answered':
      return answered(event);
    case 'plan.vetted':
      return event.violations.length === 0 ? null : { subject: 'plan', what: 'does not hold', why: listed(event.violations), asked: null };
    case 'installed':
      return event.problems.length === 0 ? null : { subject: 'install', what: 'did not work', why: event.problems, asked: null };
    case 'red.proven':
      return event.problems.length === 0
        ? null
        : { subject: 'red proof', what: 'sent tests back', why: listed(event.problems), asked: null };
    case 'failed':
      return { subject: event.id, what: `failed (${event.code})`, why: [event.message], asked: null };
    default:
      return null;
  }
}

function answered({ id, step, subject, content, reply }: Extract<Event, { type: 'answered' }>): Found | null {
  const name = subject === step ? step : `${step} ${subject}`;
  const asked = { key: id, reply };
  if (content.kind === 'bad') return { subject: name, what: 'answer not usable', why: listed(content.violations), asked };
  if (content.kind === 'blocked') return { subject: name, what: 'the model says that it cannot be done', why: [content.reason], asked };
  return content.kind === 'cut' ? { subject: name, what: 'answer cut off; the rest was asked for', why: [], asked } : null;
}
