// A conversation without what it was shown of files and tests that have changed since.
import type { Message, ToolCall, ToolResult } from './model.ts';
import { oneLine } from './prompt-text.ts';
import { likelyCall } from './tools-spelling.ts';

/** So many characters at least go at a time: what stays the same from turn to turn costs little, because providers keep it. */
const BATCH = 30_000;
/** A result shorter than this is not worth a line that says it is gone. */
const LEAST = 300;

interface View {
  readonly id: string;
  readonly turn: number;
  /** Of a file; null for a run of tests or of the type checker, of which the last one counts. */
  readonly path: string | null;
  readonly name: string;
  /** Lines that were read. */
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

/**
 * The turns of a conversation, with results of tools that are outdated (a file changed since or was read again, tests ran again) replaced by one
 * line each. What was dropped once stays dropped at every later turn, so the beginning of a conversation changes only when a batch goes.
 */
export function freshTurns(messages: readonly Message[]): readonly Message[] {
  const dropped = new Set<string>();
  const views: View[] = [];
  const outdated = new Map<string, View>();
  let turn = 0;
  let calls: readonly ToolCall[] = [];
  for (const message of messages) {
    if (message.role === 'assistant') calls = message.calls;
    if (message.role !== 'tool') continue;
    turn += 1;
    const results = new Map(message.results.map((result) => [result.id, result]));
    for (const call of calls) {
      const result = results.get(call.id);
      if (result !== undefined) note(call, result, { turn, views, outdated });
    }
    const waiting = [...outdated.values()].filter((view) => !dropped.has(keyOf(view)));
    if (waiting.reduce((n, view) => n + view.length, 0) < BATCH) continue;
    for (const view of waiting) dropped.add(keyOf(view));
  }
  return dropped.size === 0 ? messages : without(messages, dropped, outdated);
}

const keyOf = ({ turn, id }: Pick<View, 'turn' | 'id'>): string => `${turn} ${id}`;

interface Noted {
  readonly turn: number;
  readonly views: View[];
  readonly outdated: Map<string, View>;
}

/** What a call's result shows from now on, and what it makes out of date. */
function note(call: ToolCall, result: ToolResult, { turn, views, outdated }: Noted): void {
  if (result.isError) return;
  const { name, args } = likelyCall(call.name, call.args ?? {});
  const path = typeof args['path'] === 'string' ? args['path'].replace(/^(\.\/)+/, '') : null;
  const from = Number(args['from'] ?? 0) || 1;
  const to = Number(args['to'] ?? 0) || Number.POSITIVE_INFINITY;
  const isStale = (view: View): boolean => {
    if (ANYWHERE.has(name)) return view.path !== null;
    if (RUNS.has(name)) return view.name === name;
    return view.path === path && (WRITES.has(name) || (name === 'read' && from <= view.from && view.to <= to));
  };
  for (const view of views) if (isStale(view)) outdated.set(keyOf(view), view);
  if (result.text.length < LEAST) return;
  if (name === 'read') views.push({ id: call.id, turn, path, name, from, to, length: result.text.length });
  if (RUNS.has(name)) views.push({ id: call.id, turn, path: null, name, from: 0, to: 0, length: result.text.length });
}

/** Calls that change files which they do not name. */
const ANYWHERE = new Set(['refactor', 'patch']);
const WRITES = new Set(['edit', 'write', 'amend_test']);
const RUNS = new Set(['run_tests', 'type_check']);

function without(messages: readonly Message[], dropped: ReadonlySet<string>, outdated: ReadonlyMap<string, View>): readonly Message[] {
  let turn = 0;
  return messages.map((message) => {
    if (message.role !== 'tool') return message;
    turn += 1;
    const at = turn;
    return {
      ...message,
      results: message.results.map((result) => shortened(result, outdated.get(keyOf({ turn: at, id: result.id })), dropped)),
    };
  });
}

function shortened(result: ToolResult, view: View | undefined, dropped: ReadonlySet<string>): ToolResult {
  if (view === undefined || !dropped.has(keyOf(view))) return result;
  const what = view.path === null ? `what ${view.name} showed then` : `${oneLine(view.path, 200)} as it was`;
  return { ...result, text: `[${what}: dropped; ask again if you need it]` };
}
