// What the driver in the box is asked, and what it answers. Questions hold no expectation: whoever reads them in the box learns nothing that
// would help to answer them. Answers come out of a box and are read as hostile text.
import type { CallStep } from './oracle.ts';
import { isFields, isList, type Value } from './oracle-value.ts';

export type Job =
  | { readonly id: string; readonly kind: 'calls'; readonly module: string; readonly steps: readonly Omit<CallStep, 'expect'>[] }
  | { readonly id: string; readonly kind: 'commands'; readonly files: Texts; readonly steps: readonly CommandJob[] }
  | {
      readonly id: string;
      readonly kind: 'server';
      readonly argv: readonly string[];
      readonly env: Texts;
      readonly files: Texts;
      readonly steps: readonly RequestJob[];
    };

type Texts = Readonly<Record<string, string>>;

export interface CommandJob {
  readonly argv: readonly string[];
  readonly stdin: string;
  readonly env: Texts;
  /** Files to read afterwards. */
  readonly after: readonly string[];
}

export interface RequestJob {
  readonly method: string;
  readonly path: string;
  readonly headers: Texts;
  /** JSON text, or null. */
  readonly body: string | null;
  readonly save: Texts;
}

/** How a process ended other than by itself when it was done: `time`, `output`, `missing`, `silent`, `exit 0`, `signal SIGKILL`. */
export type End = string;

export interface Thrown {
  /** `{$error: {names, message}}` */
  readonly error: Value;
  readonly stack: string;
}

export type CallAnswer = { readonly value: Value } | { readonly thrown: Thrown };

export interface CommandAnswer {
  readonly exit: number | null;
  readonly end: End | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly after: Readonly<Record<string, string | null>>;
}

export type ResponseAnswer = { readonly status: number; readonly headers: Texts; readonly body: string } | { readonly failed: string };

export interface Answer {
  /** Set when the module could not be loaded. */
  readonly load: Thrown | null;
  readonly end: End | null;
  /** Standard error, of calls and servers. */
  readonly stderr: string;
  readonly calls: readonly CallAnswer[];
  readonly commands: readonly CommandAnswer[];
  readonly responses: readonly ResponseAnswer[];
}

export interface Answers {
  readonly byJob: ReadonlyMap<string, Answer>;
  /** The driver came to its end. */
  readonly finished: boolean;
  /** Why the report is not our driver's own, or null. */
  readonly problem: string | null;
}

const MOST_BYTES = 8 * 1024 * 1024;
/** The drivers cut deeper values off. */
const MOST_DEPTH = 256;

/**
 * Reads a report: JSON lines, `{nonce}`, then `{id, …}` for each job, then `{done}`. Never throws. Lines that are not answers are passed over:
 * nobody gains by writing them.
 */
export function readAnswers(text: string | null, nonce: string): Answers {
  const lines = (text ?? '').slice(0, MOST_BYTES).split('\n').map(parsed);
  const byJob = new Map<string, Answer>();
  const problem =
    lines[0]?.['nonce'] === nonce ? null : text === null ? 'the driver wrote no report' : 'stale: the report is not of this run';
  if (problem !== null) return { byJob, finished: false, problem };
  for (const line of lines.slice(1)) {
    const id = line?.['id'];
    if (line && typeof id === 'string' && !byJob.has(id)) byJob.set(id, answerOf(line));
  }
  return { byJob, finished: lines.some((line) => line?.['done'] === true), problem: null };
}

type Line = { readonly [key: string]: Value };

function parsed(raw: string): Line | null {
  const value = parseValue(raw);
  return isFields(value) ? value : null;
}

/** JSON of any origin; undefined when it is none, or nested so deep that to walk it would end us. */
export function parseValue(raw: string): Value | undefined {
  if (raw === '' || isTooDeep(raw)) return undefined;
  try {
    return JSON.parse(raw) as Value;
  } catch {
    return undefined;
  }
}

function isTooDeep(raw: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < raw.length; i += 1) {
    const c = raw[i];
    if (inString) {
      if (c === '\\') i += 1;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{' || c === '[') {
      depth += 1;
      if (depth > MOST_DEPTH) return true;
    } else if (c === '}' || c === ']') depth -= 1;
  }
  return false;
}

function answerOf(line: Line): Answer {
  const list = <T>(key: string, one: (item: Value) => T): T[] => {
    const found = line[key];
    return isList(found) ? found.map(one) : [];
  };
  return {
    load: isFields(line['load']) ? thrownOf(line['load']) : null,
    end: typeof line['end'] === 'string' ? line['end'] : null,
    stderr: textOf(line['stderr']),
    calls: list('calls', callOf),
    commands: list('commands', commandOf),
    responses: list('responses', responseOf),
  };
}

function callOf(item: Value): CallAnswer {
  if (!isFields(item)) return { value: { $other: 'nothing readable' } };
  return isFields(item['thrown']) ? { thrown: thrownOf(item['thrown']) } : { value: item['value'] ?? null };
}

function thrownOf(item: Line): Thrown {
  return { error: item['error'] ?? null, stack: textOf(item['stack']) };
}

function commandOf(item: Value): CommandAnswer {
  const line = isFields(item) ? item : {};
  const after = isFields(line['after']) ? line['after'] : {};
  return {
    exit: typeof line['exit'] === 'number' ? line['exit'] : null,
    end: typeof line['end'] === 'string' ? line['end'] : null,
    stdout: textOf(line['stdout']),
    stderr: textOf(line['stderr']),
    after: Object.fromEntries(Object.entries(after).map(([path, text]) => [path, typeof text === 'string' ? text : null])),
  };
}

function responseOf(item: Value): ResponseAnswer {
  const line = isFields(item) ? item : {};
  if (typeof line['status'] !== 'number') return { failed: textOf(line['failed']) };
  const headers = isFields(line['headers']) ? line['headers'] : {};
  return {
    status: line['status'],
    headers: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, textOf(v)])),
    body: textOf(line['body']),
  };
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}
