// What streams in now: of each reply under way its last line, and of a plan the files that it named so far.
import type { Event } from '../../../core/events.ts';

export interface Tail {
  /** The line that is being written. */
  readonly line: string;
  /** The last one before it with something in it. */
  readonly before: string;
  /** Planned paths in the order in which they came; empty for all but a plan. */
  readonly paths: readonly string[];
}

export type Tails = Readonly<Record<string, Tail>>;

/** Longest line that is kept, in characters: what comes after it begins it anew. */
const MAX_LINE = 2_000;
const MAX_PATHS = 200;
const EMPTY: Tail = { line: '', before: '', paths: [] };
const PATH = /"path"\s*:\s*"([^"\\]{1,200})"/g;

/** The tails after a piece of a reply; costs what the piece is long, whatever came before. */
export function tailsDelta(tails: Tails, id: string, text: string): Tails {
  const tail = tails[id] ?? EMPTY;
  return { ...tails, [id]: { ...lastLine(tail, text), paths: id.startsWith('plan/') ? withPaths(tail, text) : tail.paths } };
}

/** The tails after an event: a reply that ended, or is asked for again, has none. */
export function tailsEvent(tails: Tails, event: Event): Tails {
  if (!('id' in event) || event.type === 'started' || tails[event.id] === undefined) return tails;
  const { [event.id]: _, ...rest } = tails;
  return rest;
}

function lastLine(tail: Tail, text: string): { line: string; before: string } {
  const end = text.lastIndexOf('\n');
  if (end === -1) {
    const line = tail.line.length > MAX_LINE ? text : tail.line + text;
    return { line, before: tail.before };
  }
  const last = (tail.line + text.slice(0, end)).slice(-MAX_LINE).trimEnd();
  const before = last.slice(last.lastIndexOf('\n') + 1);
  return { line: text.slice(end + 1).slice(-MAX_LINE), before: before.trim() === '' ? tail.before : before };
}

function withPaths(tail: Tail, text: string): readonly string[] {
  // A name may come in pieces, and a plan on one line.
  const found = Array.from(`${tail.line.slice(-240)}${text}`.matchAll(PATH), (match) => match[1] ?? '');
  const fresh = found.filter((path) => !tail.paths.includes(path));
  return fresh.length === 0 || tail.paths.length >= MAX_PATHS ? tail.paths : [...tail.paths, ...fresh];
}
