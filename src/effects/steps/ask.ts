// One request to a model: render, reserve, ask, journal what the answer is understood as.
import type { Command, Content } from '../../core/events.ts';
import { freshTurns } from '../../core/fresh-turns.ts';
import { MAX_TEXT } from '../../core/guard.ts';
import type { ModelReply, ModelRequest } from '../../core/model.ts';
import type { Ports } from '../../core/ports.ts';
import { joinCut, parseFileReply, parseNone, parsePlanReply } from '../../core/replies.ts';
import { reveal, unreveal } from '../../core/reveal.ts';
import { LAST_STRATEGY } from '../../core/rounds.ts';
import { MOST_SLICES, parseSlices } from '../../core/slices.ts';
import type { State } from '../../core/state.ts';
import type { StepContext } from '../../driver.ts';
import { renderRequest } from '../prompts.ts';
import { holdsEdits, textCall } from './change/answer.ts';
import { specOf } from './specs.ts';
import { store, turnMessages } from './stored.ts';

type Ask = Extract<Command, { kind: 'ask' }>;

/** Emits `started` with the reservation, then `answered`. Does nothing when a cap would be overshot: the run is then ending. */
export async function ask(command: Ask, ports: Ports, context: StepContext): Promise<void> {
  const { s, request, characters, dollars } = await prepare(command, ports, context);
  if (!context.reserve(command, { dollars, characters, maxOutputTokens: request.maxOutputTokens })) return;
  const reply = await ports.model.ask(request, {
    onDelta: (text) => context.show({ type: 'delta', id: command.id, text }),
    signal: context.signal,
  });
  const content = await understand(command, ports, s, reply);
  const { id, step, subject, attempt } = command;
  const answer = { reply: await store(ports, reply), stop: reply.stop, model: reply.model, usage: reply.usage, cost: reply.cost };
  context.emit({ type: 'answered', id, step, subject, attempt, ...answer, sentCharacters: characters, content });
}

/** The request and what it may cost. What the user says while it is put together is in it: from `started` on it counts as told. */
async function prepare(command: Ask, ports: Ports, context: StepContext) {
  for (;;) {
    const s = context.state();
    const request = await requestOf(command, ports, s);
    const characters = sizeOf(request);
    const dollars = await ports.model.worstCase(request, characters);
    const now = context.state();
    if (now.remarks === s.remarks && now.planning.remarks === s.planning.remarks) return { s, request, characters, dollars };
  }
}

/** The request of a command, from the state alone: the same state always gives the same request. */
async function requestOf(command: Ask, ports: Ports, s: State): Promise<ModelRequest> {
  const { step, subject, attempt } = command;
  const spec = await specOf(command, ports, s);
  const turns =
    (step === 'repair' || step === 'reproduce') && s.conversation ? freshTurns(await turnMessages(ports, s.conversation.turns)) : [];
  const request = await renderRequest(spec, ports.prompts, { run: s.run?.run ?? '', step, subject, attempt }, turns);
  return step === 'repair' && s.strategy >= LAST_STRATEGY ? { ...request, alternate: true } : request;
}

/** Characters of a request's texts, as the budget and the meter count them. */
function sizeOf(request: ModelRequest): number {
  const messages = request.messages.map((m) => {
    if (m.role === 'user') return m.parts.reduce((n, p) => n + p.text.length, 0);
    if (m.role === 'tool') return m.results.reduce((n, r) => n + r.text.length, 0);
    return m.text.length + m.calls.reduce((n, c) => n + c.raw.length, 0);
  });
  const tools = request.tools.length > 0 ? JSON.stringify(request.tools).length : 0;
  const schema = request.schema ? JSON.stringify(request.schema).length : 0;
  return request.system.length + messages.reduce((a, b) => a + b, 0) + tools + schema;
}

async function understand(command: Ask, ports: Ports, s: State, reply: ModelReply): Promise<Content> {
  switch (command.step) {
    case 'slices':
      return slicesContent(s, reply);
    case 'plan':
      return planContent(reply);
    case 'tests':
    case 'draft':
      return fileContent(command, ports, s, reply);
    case 'repair':
    case 'reproduce':
      return turnContent(reply, s.change !== null);
    default: {
      const never: never = command.step;
      return never;
    }
  }
}

function slicesContent(s: State, reply: ModelReply): Content {
  const parsed = parseSlices(reply.text, MOST_SLICES - (s.run?.series?.done.length ?? 0));
  return 'slices' in parsed ? { kind: 'slices', slices: parsed.slices } : { kind: 'bad', violations: parsed.violations };
}

function planContent(reply: ModelReply): Content {
  const parsed = parsePlanReply(reply.text);
  if ('plan' in parsed) return { kind: 'plan', plan: parsed.plan };
  if ('blocked' in parsed) return { kind: 'blocked', reason: parsed.blocked };
  return { kind: 'bad', violations: parsed.violations };
}

async function fileContent(command: Ask, ports: Ports, s: State, reply: ModelReply): Promise<Content> {
  const item = command.step === 'tests' ? s.tests[command.subject] : s.files[command.subject];
  const before = item?.partial ? await ports.blobs.get(item.partial) : null;
  const none = s.strength?.path === command.subject ? parseNone(reply.text) : null;
  if (none !== null) return { kind: 'blocked', reason: none };
  const parsed = parseFileReply(reply.text, command.subject, reply.stop);
  if ('violations' in parsed) return { kind: 'bad', violations: parsed.violations };
  const piece = 'cut' in parsed ? parsed.cut : parsed.text;
  const whole = before === null ? piece : joinCut(before, piece);
  const text = (await wasWrittenOut(command, ports, s, item?.blob ?? null)) ? unreveal(whole) : whole;
  if (text.length > MAX_TEXT) {
    const message = `the file has ${text.length} characters, at most ${MAX_TEXT} are taken`;
    return { kind: 'bad', violations: [{ where: command.subject, message }] };
  }
  const blob = await ports.blobs.put(text);
  return 'cut' in parsed ? { kind: 'cut', partial: blob } : { kind: 'file', blob, characters: text.length };
}

/** Whether the author was shown a text of the file in which hidden characters were written out: they are meant in the reply, too. */
async function wasWrittenOut(command: Ask, ports: Ports, s: State, previous: string | null): Promise<boolean> {
  const base = s.run?.base.files.includes(command.subject);
  const shown = [base ? await ports.workspace.readBase(command.subject) : null, previous === null ? null : await ports.blobs.get(previous)];
  return shown.some((text) => text !== null && reveal(text) !== text);
}

function turnContent(reply: ModelReply, textEdits: boolean): Content {
  if (reply.stop === 'refusal' || reply.stop === 'filter') {
    return {
      kind: 'bad',
      violations: [{ where: 'reply', message: 'the reply was refused or filtered: use the tools to repair the code' }],
    };
  }
  if (reply.stop === 'length' && reply.calls.length === 0) {
    return { kind: 'bad', violations: [{ where: 'reply', message: 'the reply was cut off before any tool was called: be shorter' }] };
  }
  const inText = textEdits && reply.calls.length === 0 && holdsEdits(reply.text);
  return { kind: 'turn', calls: inText ? [textCall(reply.text)] : reply.calls, text: reply.text.slice(0, 2_000) };
}
