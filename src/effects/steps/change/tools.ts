// Executes the tool calls of a turn on existing code; what they change becomes the turn's event.
import { asError } from '../../../core/errors.ts';
import type { Body, Command } from '../../../core/events.ts';
import type { ToolCall, ToolResult, ToolSpec } from '../../../core/model.ts';
import type { Ports } from '../../../core/ports.ts';
import { oneLine, visible } from '../../../core/prompt-text.ts';
import type { State } from '../../../core/state.ts';
import { type ChangeCall, validateChangeCall } from '../../../core/tools-change.ts';
import type { StepContext } from '../../../driver.ts';
import type { StoredReply } from '../stored.ts';
import { textCall } from './answer.ts';
import { changesOf, createDesk, type Desk } from './desk.ts';
import * as look from './looking.ts';
import { offeredTools } from './offer.ts';
import { pendingHunks } from './pending.ts';
import { refactor } from './refactoring.ts';
import { type Said, wrong } from './said.ts';
import type { Times } from './test.ts';
import { runTests, type Trying, tryOwn, tryWritten } from './trying.ts';
import { typeCheck } from './type-check.ts';
import * as writing from './writing.ts';

/** Characters of one result, and calls carried out in one turn. */
const RESULT_CAP = 16_000;
const MAX_CALLS = 60;

/** Emits `tools.done` for the pending reply of the conversation. */
export async function toolsChange(command: Command, ports: Ports, context: StepContext, times: Times): Promise<void> {
  const s = context.state();
  const { conversation } = s;
  if (!conversation?.pending) return;
  const reply: StoredReply = JSON.parse(await ports.blobs.get(conversation.pending));
  const trying = { ports, times, signal: context.signal };
  const offered = await offeredTools(ports, s, conversation.kind);
  const desk = await createDesk(ports, s, conversation.kind, await pendingHunks(ports, s, offered));
  const calls = reply.calls.length > 0 ? reply.calls : [textCall(reply.text)];
  const results: ToolResult[] = [];
  for (const call of calls.slice(0, MAX_CALLS)) results.push(await one(call, { desk, trying, offered }));
  for (const call of calls.slice(MAX_CALLS))
    results.push({ id: call.id, text: 'not carried out: too many calls in one turn; send it again', isError: true });
  const after = context.signal.aborted ? null : await afterTurn(trying, desk);
  if (context.signal.aborted) return;
  context.emit(await done(command, ports, { s, desk, results: withNote(results, after?.text ?? null), targets: after?.targets ?? null }));
}

interface Turn {
  readonly desk: Desk;
  readonly trying: Trying;
  readonly offered: readonly ToolSpec[];
}

async function one(call: ToolCall, turn: Turn): Promise<ToolResult> {
  const checked = validateChangeCall(call, turn.offered);
  if ('error' in checked) {
    turn.desk.failed ||= /edit|write|patch|amend|refactor/.test(call.name);
    return { id: call.id, text: checked.error, isError: true };
  }
  const said = await execute(checked.call, turn).catch(
    (thrown: unknown): Said => wrong(`it could not be done: ${asError(thrown).message}`),
  );
  const shown = visible(said.text);
  const text = shown.length > RESULT_CAP ? `${shown.slice(0, RESULT_CAP)}\n[… cut: ask for less]` : shown;
  return { id: call.id, text, isError: said.isError ?? false };
}

async function execute(call: ChangeCall, { desk, trying }: Turn): Promise<Said> {
  const { ports } = trying;
  switch (call.tool) {
    case 'read':
      return look.read(desk, call);
    case 'search':
      return look.search(desk, call);
    case 'map':
      return look.map(ports, desk, call);
    case 'references':
      return look.references(ports, desk, call);
    case 'edit':
      return writing.edit(desk, call.path, call.hunks, null);
    case 'amend_test':
      return writing.edit(desk, call.path, call.hunks, call.why);
    case 'patch':
      return writing.patch(desk, call.text);
    case 'write':
      return writing.write(desk, call.path, call.content);
    case 'refactor':
      return refactor(ports, desk, call.edit);
    case 'run_tests':
      return runTests(trying, desk, call.tests);
    case 'type_check':
      return typeCheck(trying, desk);
    case 'request_package':
      desk.packages.push(call.package);
      return { text: 'the package is requested; the round ends after this turn' };
    case 'dispute_test':
      return dispute(call, desk);
    case 'untestable':
      desk.untestable = call.why;
      return { text: 'noted' };
    case 'blocked':
      desk.blocked = call.why;
      return { text: 'noted' };
    default: {
      const never: never = call;
      return never;
    }
  }
}

function dispute(call: Extract<ChangeCall, { tool: 'dispute_test' }>, desk: Desk): Said {
  const { s } = desk;
  const item = s.tests[call.path];
  if (!item)
    return wrong(
      `${oneLine(call.path, 200)} is no test of this task; those are ${Object.keys(s.tests).join(', ')}. What passed before has to pass`,
    );
  if (s.run?.given[call.path] !== undefined) return wrong(`${call.path} is the user's own and stays as it is: the code has to pass it`);
  if (item.disputed !== null) return wrong(`${call.path} was disputed before, and its author has decided: the tests stand as they are`);
  if (desk.dispute) return wrong('one test file can be disputed at a time; the others later');
  desk.dispute = { path: call.path, reason: `${oneLine(call.test, 300)}: ${call.why}` };
  return { text: 'the dispute goes to the author of the tests; the round ends after this turn' };
}

interface After {
  readonly text: string;
  readonly targets: 'green' | 'red' | null;
}

/** What the tests show after a turn that changed something and whose every edit was made. */
async function afterTurn(trying: Trying, desk: Desk): Promise<After | null> {
  if (desk.changed.size === 0 || desk.blocked !== null || desk.packages.length > 0) return null;
  if (desk.failed) return { text: 'The tests were not run, because not every edit was made.', targets: null };
  if (desk.kind === 'reproduce') {
    const { text, isRed } = await tryWritten(trying, desk);
    return {
      text: `The tests on the code as it is${desk.s.cover ? '' : ', before the task is done'}:\n${text}`,
      targets: isRed ? 'red' : null,
    };
  }
  // Without a test of its own a change is done when its author says so.
  if (desk.s.change?.untestable != null) return null;
  const { text, isGreen } = await tryOwn(trying, desk);
  return { text: `The tests of the task after this turn:\n${text}`, targets: isGreen ? 'green' : 'red' };
}

function withNote(results: readonly ToolResult[], note: string | null): readonly ToolResult[] {
  const last = results.at(-1);
  if (note === null || last === undefined) return results;
  return [...results.slice(0, -1), { ...last, text: `${last.text}\n\n${visible(note)}` }];
}

interface Outcome {
  readonly s: State;
  readonly desk: Desk;
  readonly results: readonly ToolResult[];
  readonly targets: After['targets'];
}

async function done(command: Command, ports: Ports, { s, desk, results, targets }: Outcome): Promise<Body> {
  return {
    type: 'tools.done',
    id: command.id,
    round: s.conversation?.round ?? s.round,
    turn: command.attempt,
    results: await ports.blobs.put(JSON.stringify(results)),
    changes: await changesOf(ports, desk),
    refused: desk.refused,
    dispute: desk.dispute,
    packages: desk.packages,
    blocked: desk.blocked,
    ...(targets === null ? {} : { targets }),
    ...(desk.amended.length === 0 ? {} : { amended: desk.amended }),
    ...(desk.untestable === null ? {} : { untestable: desk.untestable }),
  };
}
