// What a screen says to a run, as events, and what it may look at.
import type { Body } from './core/events.ts';
import type { Ports } from './core/ports.ts';
import { awaitsPlan } from './core/reduce-words.ts';
import { parsePlanReply } from './core/replies.ts';
import type { State } from './core/state.ts';
import type { Meeting, Surface, Word } from './surfaces/surface.ts';

/** Longest remark that is taken, in characters. */
const MAX_REMARK = 20_000;

/** The run as `surface` meets it: words become events by `say`, where they fit the state. */
export function meetingOf(ports: Pick<Ports, 'blobs' | 'workspace'>, state: () => State, say: (body: Body) => void): Meeting {
  return {
    say: (word) => {
      const body = bodyOf(word, state());
      if (typeof body === 'string') return body;
      say(body);
      return null;
    },
    read: (ref) => ports.blobs.get(ref),
    base: (path) => ports.workspace.readBase(path),
  };
}

/** Words that change what a model is asked. */
const STEERS: ReadonlySet<Word['type']> = new Set(['reject', 'edit', 'remark']);

/** Approves at once where a run waits for a word and nobody is there to give it. */
export function answerFor(surface: Surface, state: State, say: (body: Body) => void): void {
  if (surface.meet === undefined && awaitsPlan(state)) say({ type: 'plan.approved', remark: '' });
}

/** The event that a word is, or a sentence on what is wrong with it. */
function bodyOf(word: Word, s: State): Body | string {
  if (s.ended || s.ending) return 'The run is at its end.';
  if (s.run && s.run.source !== 'live' && STEERS.has(word.type))
    return 'The replies come from a tape: nothing that is said can change them.';
  switch (word.type) {
    case 'approve':
      return awaitsPlan(s) && s.planning.vetted ? { type: 'plan.approved', remark: '' } : 'No plan waits for your word.';
    case 'reject':
      return awaitsPlan(s) ? { type: 'plan.rejected', remark: remarkOf(word.remark) } : 'No plan waits for your word.';
    case 'edit':
      return awaitsPlan(s) ? edited(word.text) : 'No plan waits for your word.';
    case 'remark':
      return word.text.trim() === '' ? 'The remark is empty.' : { type: 'remark', text: remarkOf(word.text) };
    case 'pause':
      return s.pausedAt === null ? { type: 'paused' } : 'The run pauses already.';
    case 'continue':
      return s.pausedAt === null ? 'The run does not pause.' : { type: 'continued' };
    case 'limits':
      return { type: 'limits', limits: word.limits };
    default: {
      const never: never = word;
      return never;
    }
  }
}

function edited(text: string): Body | string {
  const parsed = parsePlanReply(text);
  if ('plan' in parsed) return { type: 'plan.edited', plan: parsed.plan };
  if ('blocked' in parsed) return 'The plan has a field "blocked"; remove it.';
  const [first] = parsed.violations;
  return `The plan cannot be read: ${first ? `${first.where === 'reply' ? '' : `${first.where}: `}${first.message}` : 'it is empty'}.`;
}

function remarkOf(text: string): string {
  return text.trim().slice(0, MAX_REMARK);
}
