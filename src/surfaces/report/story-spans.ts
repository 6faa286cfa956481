// When what was under way: the boxes of the timeline.
import type { CommandKind, Event } from '../../core/events.ts';
import type { State } from '../../core/state.ts';
import { describe } from '../describe.ts';
import type { Tone } from '../line.ts';
import { amount, dollars, plural, size } from '../words.ts';
import { createEnds } from './ends.ts';

/** The lanes' groups, in the order in which they are drawn. */
export const GROUPS = ['plan', 'base', 'install', 'tests', 'draft', 'red', 'check', 'test', 'repair', 'mutate', 'prove'] as const;
export type Group = (typeof GROUPS)[number];

export interface Span {
  readonly group: Group;
  /** The file of a draft; else empty. */
  readonly subject: string;
  readonly kind: CommandKind;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly end: 'done' | 'failed' | 'cut' | 'open';
  readonly tone: Tone;
  readonly says: string;
}

/** A request that waited because the provider was busy. */
export interface Waited {
  readonly group: Group;
  readonly subject: string;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** Time in which nothing new began (`paused`), or no process worked on the run (`stopped`). */
export interface Break {
  readonly kind: 'paused' | 'stopped';
  readonly from: number;
  readonly to: number;
}

export interface Spans {
  readonly spans: readonly Span[];
  readonly waits: readonly Waited[];
  readonly breaks: readonly Break[];
  /** Spans and waits that were let go from the middle, because there were too many to draw. */
  readonly dropped: number;
}

/** Most boxes of a timeline. */
const MOST = 3_000;

type Started = Extract<Event, { type: 'started' }>;

function groupOf({ kind, step, subject }: Started): Group | null {
  switch (kind) {
    case 'ask':
      if (step === 'slices') return 'plan';
      return step === 'plan' || step === 'tests' || step === 'repair' ? step : step === 'reproduce' ? 'tests' : 'draft';
    case 'survey':
    case 'baseline':
      return 'base';
    case 'gauge':
    case 'admit':
      return 'mutate';
    case 'vet-plan':
      return 'plan';
    case 'tools':
      return subject.startsWith('tests-') ? 'tests' : 'repair';
    case 'commit':
    case 'ship':
      return 'prove';
    case 'deadline':
    case 'end':
      return null;
    default:
      return kind;
  }
}

/** Gathers the boxes, event by event. */
export function createSpans() {
  const spans = createEnds<Span>(MOST);
  const waits = createEnds<Waited>(MOST);
  const breaks: Break[] = [];
  const open = new Map<string, Started>();
  /** The last wait of each request. */
  const waiting = new Map<string, Waited & { to: number }>();
  let pausedAt: number | null = null;
  let lastAt = 0;

  const placed = (started: Started) => {
    const group = groupOf(started);
    // A conversation is one lane, and so is a file.
    const isFile = started.step === 'tests' || started.step === 'draft';
    const subject = isFile ? started.subject : '';
    return group === null ? null : { group, subject };
  };
  const close = (started: Started, to: number, rest: Pick<Span, 'end' | 'tone' | 'says'>) => {
    const where = placed(started);
    const wait = waiting.get(started.id);
    if (wait) wait.to = Math.min(wait.to, to);
    waiting.delete(started.id);
    if (where) spans.add({ ...where, kind: started.kind, attempt: started.attempt, from: started.at, to, ...rest });
  };
  const closeAll = (to: number, end: 'cut' | 'open') => {
    for (const started of open.values()) close(started, to, { end, tone: 'warn', says: end === 'cut' ? 'cut off' : 'still under way' });
    open.clear();
  };
  const continued = (at: number) => {
    if (pausedAt !== null) breaks.push({ kind: 'paused', from: pausedAt, to: at });
    pausedAt = null;
  };

  return {
    event(event: Event, state: State): void {
      if (event.type === 'resumed') {
        closeAll(lastAt, 'cut');
        continued(lastAt);
        breaks.push({ kind: 'stopped', from: lastAt, to: event.at });
      } else if (event.type === 'started') open.set(event.id, event);
      else if (event.type === 'waiting') {
        const started = open.get(event.id);
        const where = started && placed(started);
        if (!where) return;
        const wait = { ...where, from: event.at, to: event.at + event.ms, reason: event.reason };
        waiting.set(event.id, wait);
        waits.add(wait);
      } else if (event.type === 'paused') pausedAt ??= event.at;
      else if (event.type === 'continued') continued(event.at);
      else if (event.type === 'ended') closeAll(event.at, 'cut');
      else if ('id' in event) {
        const started = open.get(event.id);
        open.delete(event.id);
        if (started) close(started, event.at, endOf(event, state));
      }
      lastAt = event.at;
    },
    /** @param now until when what is still open is drawn, in milliseconds since the epoch */
    done(now: number, running: boolean): Spans {
      closeAll(now, running ? 'open' : 'cut');
      continued(now);
      return { spans: spans.items, waits: waits.items, breaks, dropped: spans.dropped + waits.dropped };
    },
  };
}

function endOf(event: Event, state: State): Pick<Span, 'end' | 'tone' | 'says'> {
  if (event.type === 'failed') return { end: 'failed', tone: 'bad', says: event.message };
  if (event.type === 'answered') return { end: 'done', tone: toneOfAnswer(event), says: answerInWords(event) };
  const lines = describe(event, state);
  // A proof's own line comes after what was given up before it.
  const first = lines.find((line) => line.label === 'proof') ?? lines[0];
  return { end: 'done', tone: first?.tone ?? 'plain', says: first ? [first.label, first.text].filter(Boolean).join(': ') : '' };
}

type Answered = Extract<Event, { type: 'answered' }>;

function toneOfAnswer({ content }: Answered): Tone {
  return content.kind === 'bad' || content.kind === 'cut' || content.kind === 'blocked' ? 'warn' : 'plain';
}

function answerInWords({ content, model, usage, cost }: Answered): string {
  const tokens = `${amount(usage.input + usage.cached + usage.cacheWrite)} tokens in, ${amount(usage.output)} out`;
  return [contentInWords(content), model, tokens, cost === null ? 'price unknown' : dollars(cost)].join(' · ');
}

function contentInWords(content: Answered['content']): string {
  switch (content.kind) {
    case 'plan':
      return `a plan of ${plural(content.plan.files.length, 'file')}`;
    case 'slices':
      return `${content.slices.now.title}, and ${content.slices.later.length} later`;
    case 'file':
      return size(content.characters);
    case 'turn':
      return content.calls.length === 0 ? 'no more calls' : content.calls.map((call) => call.name).join(', ');
    case 'blocked':
      return `blocked: ${content.reason}`;
    case 'cut':
      return 'the reply was cut off';
    case 'bad':
      return `not usable: ${content.violations[0]?.message ?? 'no reason given'}`;
    default: {
      const never: never = content;
      return never;
    }
  }
}
