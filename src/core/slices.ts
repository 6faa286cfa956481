// A large task in parts, each a run of its own: which part is at hand, and what its authors are told of the rest.
import type { Limits } from './event-parts.ts';
import type { Violation } from './plan.ts';
import { clip, oneLine } from './prompt-text.ts';
import { findJson } from './replies-json.ts';

/** A part of a task that can be built, tested and committed on its own. */
export interface Slice {
  readonly title: string;
  readonly task: string;
}

/** Which part is done now, and what will be left then. */
export interface Slices {
  readonly now: Slice;
  readonly later: readonly Slice[];
}

/** What a run knows of the runs for the parts before it. */
export interface Series {
  /** The run that did the first part. */
  readonly first: string;
  /** Which part this run does, from 1. */
  readonly n: number;
  /** Titles of the parts that are done. */
  readonly done: readonly string[];
  /** What the run before thought would be left. */
  readonly expected: readonly Slice[];
  /** What the runs before have used of the caps, which are for all of them together. */
  readonly used: Used;
}

/** What runs have used. */
export interface Used {
  /** US dollars. */
  readonly money: number;
  readonly tokens: number;
  readonly requests: number;
  readonly wallMs: number;
}

export const NOTHING_USED: Used = { money: 0, tokens: 0, requests: 0, wallMs: 0 };

/** Most parts that a task is done in, those that are done included. */
export const MOST_SLICES = 8;
const MAX = { title: 100, task: 6_000 } as const;

/** Caps less what was used of them. Rounds are each run's own. */
export function left(limits: Limits, used: Used): Limits {
  const less = (cap: number | null, n: number) => (cap === null ? null : Math.max(0, cap - n));
  return {
    ...limits,
    money: less(limits.money, used.money),
    tokens: less(limits.tokens, used.tokens),
    requests: less(limits.requests, used.requests),
    wallMs: less(limits.wallMs, used.wallMs),
  };
}

export function sum(a: Used, b: Used): Used {
  return { money: a.money + b.money, tokens: a.tokens + b.tokens, requests: a.requests + b.requests, wallMs: a.wallMs + b.wallMs };
}

/** Reads a reply. `room`: how many parts there may still be. */
export function parseSlices(reply: string, room: number): { readonly slices: Slices } | { readonly violations: readonly Violation[] } {
  const found = findJson(reply);
  if ('problem' in found) return { violations: [{ where: 'reply', message: found.problem }] };
  const root = record(found.value);
  const violations: Violation[] = [];
  const slice = (value: unknown, where: string): Slice => {
    const { title, task } = record(value);
    if (typeof title !== 'string' || title.trim() === '') violations.push({ where: `${where}.title`, message: 'must be a short text' });
    if (typeof task !== 'string' || task.trim() === '') violations.push({ where: `${where}.task`, message: 'must be a text' });
    return { title: oneLine(String(title ?? ''), MAX.title), task: clip(String(task ?? '').trim(), MAX.task) };
  };
  const later = root['later'] ?? [];
  if (!Array.isArray(later))
    return { violations: [{ where: 'later', message: 'must be an array of milestones, empty when none is left' }] };
  if (later.length >= Math.max(1, room))
    violations.push({ where: 'later', message: `at most ${Math.max(0, room - 1)} more milestones: join some` });
  const slices = { now: slice(root['now'], 'now'), later: later.map((one, i) => slice(one, `later[${i}]`)) };
  return violations.length > 0 ? { violations } : { slices };
}

/** JSON Schema of a reply. */
export const SLICES_SCHEMA = {
  type: 'object',
  properties: {
    now: sliceSchema('what is built first'),
    later: { type: 'array', items: sliceSchema('a later milestone'), description: 'the rest, in order' },
  },
  required: ['now', 'later'],
  additionalProperties: false,
} as const;

function sliceSchema(description: string) {
  const properties = {
    title: { type: 'string', description: 'a few words, like the subject of a commit' },
    task: { type: 'string', description: 'what is to be built, complete, and how one sees that it works' },
  } as const;
  return { type: 'object', description, properties, required: ['title', 'task'], additionalProperties: false } as const;
}

/** The task of a run that does a part, as its authors are told it: the part, then the whole for the sake of what it means. */
export function composeTask(whole: string, { now, later }: Slices, done: readonly string[]): string {
  const list = (titles: readonly string[]) => titles.map((title) => `- ${title}`).join('\n');
  return [
    `${now.title}\n\n${now.task}`,
    'This is one milestone of a larger task. Do all of it, and nothing that belongs to a later one.',
    ...(done.length === 0 ? [] : [`Done before, and to stay as it is:\n${list(done)}`]),
    ...(later.length === 0
      ? ['It is the last one: what is still missing of the whole task belongs to it.']
      : [`Later, not now:\n${list(later.map((s) => s.title))}`]),
    `The whole task, to know what its words mean:\n\n${whole}`,
  ].join('\n\n');
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
}
