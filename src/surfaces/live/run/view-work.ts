// The round at work: what fails as the tests run, and what the repair does, turn by turn. A fold over events and signals.
import type { Event, TestLine } from '../../../core/events.ts';
import type { ToolCall } from '../../../core/model.ts';

/** What a repair does in one turn. */
export interface Turn {
  readonly turn: number;
  readonly deeds: readonly Deed[];
  /** The tools have run. */
  readonly done: boolean;
  /** Touches of locked files, which were refused. */
  readonly refused: readonly string[];
}

/** One kind of deed and what it was done to. */
export interface Deed {
  readonly name: string;
  readonly objects: readonly string[];
}

export interface Work {
  /** The last turns of the conversation under way. */
  readonly turns: readonly Turn[];
  /** The first tests that failed in the run under way. */
  readonly failing: readonly TestLine[];
  /** Tests that failed in the last round, before the one that `state.last` tells of. */
  readonly before: number | null;
  /** Tests that failed in the last round. */
  readonly now: number | null;
}

export const noWork: Work = { turns: [], failing: [], before: null, now: null };

const KEPT_TURNS = 4;
const KEPT_FAILING = 12;
/** What a deed was done to, at most. */
const KEPT_OBJECTS = 4;

export function workEvent(work: Work, event: Event): Work {
  switch (event.type) {
    case 'started':
      return event.kind === 'test' || event.kind === 'prove' ? { ...work, failing: [] } : work;
    case 'answered':
      if (event.step !== 'repair' || event.content.kind !== 'turn' || event.content.calls.length === 0) return work;
      return { ...work, turns: [...work.turns, turnOf(event.attempt, event.content.calls)].slice(-KEPT_TURNS) };
    case 'tools.done':
      return { ...work, turns: work.turns.map((t) => (t.turn === event.turn ? { ...t, done: true, refused: event.refused } : t)) };
    case 'tested': {
      const now = event.tests.filter((t) => t.status !== 'passed').length;
      return { turns: [], failing: [], before: work.now, now };
    }
    case 'proven':
      return { ...work, turns: [], failing: [] };
    default:
      return work;
  }
}

export function workTest(work: Work, id: string, line: TestLine): Work {
  const isFull = id.startsWith('test/') || id.startsWith('prove/');
  if (!isFull || line.status !== 'failed' || work.failing.length >= KEPT_FAILING) return work;
  return { ...work, failing: [...work.failing, line] };
}

function turnOf(turn: number, calls: readonly ToolCall[]): Turn {
  const deeds: Deed[] = [];
  for (const call of calls) {
    const last = deeds.at(-1);
    const object = objectOf(call);
    if (last?.name !== call.name) deeds.push({ name: call.name, objects: object === '' ? [] : [object] });
    else if (object !== '' && !last.objects.includes(object) && last.objects.length < KEPT_OBJECTS)
      deeds[deeds.length - 1] = { ...last, objects: [...last.objects, object] };
  }
  return { turn, deeds, done: false, refused: [] };
}

/** What a call is about, as the model wrote it: not sanitised. */
function objectOf({ name, args }: ToolCall): string {
  const field = name === 'search' ? args?.['text'] : name === 'request_package' ? args?.['package'] : args?.['path'];
  return typeof field === 'string' ? field.slice(0, 300) : '';
}
