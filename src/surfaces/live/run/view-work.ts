// The round at work: what fails as the tests run, and what the repair does, turn by turn. A fold over events and signals.
import type { Event, TestLine } from '../../../core/events.ts';
import type { ToolCall } from '../../../core/model.ts';
import { likelyCall } from '../../../core/tools-spelling.ts';

/** What an author does in one turn of a conversation. */
export interface Turn {
  /** The conversation: `round-2`, `tests-1`. */
  readonly of: string;
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
      if (event.content.kind !== 'turn' || event.content.calls.length === 0) return work;
      return { ...work, turns: [...sameTalk(work, event.subject), turnOf(event, event.content.calls)].slice(-KEPT_TURNS) };
    case 'tools.done':
      return { ...work, turns: work.turns.map((t) => (t.turn === event.turn ? { ...t, done: true, refused: event.refused } : t)) };
    case 'red.proven':
    case 'admitted':
      return { ...work, turns: [] };
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

/** The turns of one conversation: those of another are over. */
function sameTalk({ turns }: Work, subject: string): readonly Turn[] {
  return turns.filter((turn) => turn.of === subject);
}

function turnOf({ subject, attempt }: Extract<Event, { type: 'answered' }>, calls: readonly ToolCall[]): Turn {
  const deeds: Deed[] = [];
  for (const { name, args } of calls.map(likely)) {
    const last = deeds.at(-1);
    const object = objectOf(name, args);
    if (last?.name !== name) deeds.push({ name, objects: object === '' ? [] : [object] });
    else if (object !== '' && !last.objects.includes(object) && last.objects.length < KEPT_OBJECTS)
      deeds[deeds.length - 1] = { ...last, objects: [...last.objects, object] };
  }
  return { of: subject, turn: attempt, deeds, done: false, refused: [] };
}

type Args = NonNullable<ToolCall['args']>;

function likely({ name, args }: ToolCall): { readonly name: string; readonly args: Args } {
  if (args === null) return { name, args: {} };
  const call = likelyCall(name, args);
  // A file without content is one that goes.
  return call.name === 'write' && call.args['content'] === '' ? { ...call, name: 'delete' } : call;
}

/** What a call is about, as the model wrote it: not sanitised. */
function objectOf(name: string, args: Args): string {
  const field = (key: string) => {
    const value = args[key];
    return typeof value === 'string' ? value.slice(0, 300) : '';
  };
  switch (name) {
    case 'search':
      return quoted(field('pattern') || field('text'));
    case 'map':
      return quoted(field('query'));
    case 'references':
      return field('name');
    case 'refactor':
      return [field('op').replaceAll('_', ' '), field('name') || field('path')].filter((part) => part !== '').join(' ');
    case 'request_package':
      return field('package') || field('name');
    case 'untestable':
    case 'blocked':
      return field('why');
    case 'read':
      return field('path') === '' ? '' : `${field('path')}${rangeOf(args)}`;
    default:
      return field('path');
  }
}

function quoted(text: string): string {
  return text === '' ? '' : `“${text}”`;
}

/** `:10-40`, where not the whole file is read. */
function rangeOf({ from, to }: Args): string {
  const [first, last] = [Number(from) || 0, Number(to) || 0];
  if (last > 0) return `:${Math.max(1, first)}-${last}`;
  return first > 1 ? `:${first}-` : '';
}
