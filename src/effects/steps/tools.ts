// Executes the tool calls of a repair turn on a copy of the tree in memory; what they change becomes the turn's event.
import { applyShownEdit } from '../../core/edits.ts';
import type { Body, Change, Command } from '../../core/events.ts';
import { MAX_FILES, MAX_TEXT, writeGate } from '../../core/guard.ts';
import { keptTree, testPaths } from '../../core/kept.ts';
import type { ToolCall, ToolResult } from '../../core/model.ts';
import type { Ports } from '../../core/ports.ts';
import { oneLine, visible } from '../../core/prompt-text.ts';
import type { Files } from '../../core/ref.ts';
import { reveal, unreveal } from '../../core/reveal.ts';
import type { State } from '../../core/state.ts';
import { type RepairCall, validateCall } from '../../core/tools.ts';
import type { StepContext } from '../../driver.ts';
import { runnerOf } from './adapters.ts';
import type { StoredReply } from './stored.ts';
import { runTests } from './testing.ts';
import { readLines, reportText, searchFiles } from './tool-texts.ts';
import { fullFiles, wholeTree } from './trees.ts';

/** Characters of one tool result. */
const RESULT_CAP = 30_000;
/** Files changed in one turn, and calls carried out in one turn. */
const MAX_CHANGED = 60;
const MAX_CALLS = 100;

interface Desk {
  /** The tree as the calls so far have left it. */
  readonly files: Record<string, string>;
  readonly changed: Map<string, string>;
  readonly refused: string[];
  readonly packages: string[];
  dispute: { path: string; reason: string } | null;
  blocked: string | null;
}

type Run = (files: Files, tests: readonly string[]) => Promise<string>;

/** Emits `tools.done` for the pending reply of the conversation. */
export async function tools(
  command: Command,
  ports: Ports,
  context: StepContext,
  base: Parameters<typeof fullFiles>[1],
  timeoutMs: number,
): Promise<void> {
  const s = context.state();
  const pending = s.conversation?.pending;
  if (!pending || !s.plan) return;
  const reply: StoredReply = JSON.parse(await ports.blobs.get(pending));
  const files = { ...(await fullFiles(ports, base, s, wholeTree(s))) };
  const desk: Desk = { files, changed: new Map(), refused: [], packages: [], dispute: null, blocked: null };
  const run = testRunner(ports, s, context.signal, timeoutMs);
  const results: ToolResult[] = [];
  for (const [i, call] of reply.calls.entries())
    results.push(
      i < MAX_CALLS ? await one(call, desk, s, run) : { id: call.id, text: `at most ${MAX_CALLS} calls in one turn`, isError: true },
    );
  if (context.signal.aborted) return;
  context.emit(await done(command, ports, s, desk, results));
}

async function one(call: ToolCall, desk: Desk, s: State, run: Run): Promise<ToolResult> {
  const checked = validateCall(call);
  if ('error' in checked) return { id: call.id, text: checked.error, isError: true };
  const outcome = await execute(checked.call, desk, s, run);
  const shown = visible(outcome.text);
  const text = shown.length > RESULT_CAP ? `${shown.slice(0, RESULT_CAP)}\n[… cut: ask for fewer lines]` : shown;
  return { id: call.id, text, isError: outcome.isError ?? false };
}

interface Said {
  readonly text: string;
  readonly isError?: boolean;
}

const wrong = (text: string): Said => ({ text, isError: true });

async function execute(call: RepairCall, desk: Desk, s: State, run: Run): Promise<Said> {
  switch (call.name) {
    case 'read': {
      const text = desk.files[call.path];
      return text === undefined ? wrong(noFile(call.path, desk.files)) : { text: readLines(reveal(text), call.from, call.to) };
    }
    case 'search':
      return { text: searchFiles(desk.files, call.text, call.under) };
    case 'edit':
      return edit(call, desk, s);
    case 'write':
      return write(call.path, written(call.content, desk.files[call.path] ?? ''), desk, s);
    case 'run_tests':
      return { text: await run(desk.files, call.tests) };
    case 'request_package':
      desk.packages.push(call.package);
      return { text: 'the package is requested; the round ends after this turn' };
    case 'dispute_test':
      return dispute(call, desk, s);
    case 'blocked':
      desk.blocked = call.why;
      return { text: 'noted' };
    default: {
      const never: never = call;
      return never;
    }
  }
}

function edit(call: Extract<RepairCall, { name: 'edit' }>, desk: Desk, s: State): Said {
  const text = desk.files[call.path];
  if (text === undefined) return wrong(noFile(call.path, desk.files));
  const applied = applyShownEdit(text, call.find, call.replace);
  if ('text' in applied) return write(call.path, applied.text, desk, s);
  const nearest =
    applied.nearest.length > 0 ? `\nThe nearest lines are:\n${applied.nearest.map((l) => `${l.line}: ${l.text}`).join('\n')}` : '';
  return wrong(`nothing was changed: ${applied.problem}${nearest}`);
}

/** A file's new text, with a line end; what was shown written out is meant as the characters themselves. */
function written(content: string, before: string): string {
  const text = reveal(before) === before ? content : unreveal(content);
  return text.endsWith('\n') ? text : `${text}\n`;
}

function write(path: string, text: string, desk: Desk, s: State): Said {
  const runner = s.plan?.runner;
  const gate = writeGate({
    planned: [...Object.keys(s.files), ...Object.keys(s.sources)],
    locked: [...testPaths(s), ...Object.keys(s.installs.files)],
    existing: s.run?.base.files ?? [],
  });
  const answer = runner ? gate(path) : { reason: 'there is no plan' };
  if ('reason' in answer) {
    desk.refused.push(path);
    return wrong(answer.reason);
  }
  if (text.length > MAX_TEXT) return wrong(`${path} would have ${text.length} characters; at most ${MAX_TEXT} are taken`);
  if (!desk.changed.has(path) && desk.changed.size >= MAX_CHANGED) return wrong(`${MAX_CHANGED} files are changed in this turn already`);
  if (!Object.hasOwn(desk.files, path) && Object.keys(desk.files).length >= MAX_FILES)
    return wrong(`the project has ${MAX_FILES} files already`);
  desk.files[path] = text;
  desk.changed.set(path, text);
  return { text: `${path} is changed (${text.split('\n').length - 1} lines)` };
}

function dispute(call: Extract<RepairCall, { name: 'dispute_test' }>, desk: Desk, s: State): Said {
  if (keptTree(s)[call.path] !== undefined)
    return wrong(`${call.path} is from before this change and stays as it is: it cannot be disputed, and the code has to pass it`);
  const item = s.tests[call.path];
  if (!item) return wrong(`${call.path} is no test file of this project; the test files are ${Object.keys(s.tests).join(', ')}`);
  if (item.disputed !== null) return wrong(`${call.path} was disputed before, and its author has decided: the tests stand as they are`);
  if (desk.dispute) return wrong('one test file can be disputed at a time; the others later');
  desk.dispute = { path: call.path, reason: `${oneLine(call.test, 300)}: ${call.why}` };
  return { text: 'the dispute goes to the author of the tests; the round ends after this turn' };
}

function noFile(path: string, files: Files): string {
  const name = path.split('/').at(-1) ?? path;
  const near = Object.keys(files).filter((p) => p.endsWith(`/${name}`) || p === name);
  return `there is no file ${oneLine(path, 200)}${near.length > 0 ? `; there is ${near.slice(0, 5).join(', ')}` : ''}`;
}

function testRunner(ports: Ports, s: State, signal: AbortSignal, timeoutMs: number): Run {
  return async (files, wanted) => {
    if (!s.plan) return 'there are no tests';
    const failing = (s.last?.tests ?? []).filter((t) => t.status !== 'passed').map((t) => t.path);
    const asked = wanted.map((t) => t.split(' › ')[0] ?? t);
    const known = [...new Set(wanted.length > 0 ? asked : failing)].filter((path) => testPaths(s).includes(path));
    if (known.length === 0) return `none of these is a test file; the test files are ${testPaths(s).join(', ')}`;
    const ids = wanted.filter((t) => t.includes(' › '));
    const { report } = await runTests(ports, {
      tree: files,
      runner: runnerOf(ports, s.plan.runner),
      tests: known,
      ...(ids.length > 0 && ids.length === wanted.length ? { only: ids } : {}),
      deps: s.installs.deps,
      timeoutMs,
      signal,
    });
    return reportText(report, ids);
  };
}

async function done(command: Command, ports: Ports, s: State, desk: Desk, results: readonly ToolResult[]): Promise<Body> {
  const changes: readonly Change[] = await Promise.all(
    [...desk.changed].map(async ([path, text]) => ({ path, blob: await ports.blobs.put(text) })),
  );
  return {
    type: 'tools.done',
    id: command.id,
    round: s.conversation?.round ?? s.round,
    turn: command.attempt,
    results: await ports.blobs.put(JSON.stringify(results)),
    changes,
    refused: desk.refused,
    dispute: desk.dispute,
    packages: desk.packages,
    blocked: desk.blocked,
  };
}
