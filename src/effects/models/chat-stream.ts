// Reads the events of a Chat Completions stream, with the liberties that compatible servers take.
import type { OpenAI } from 'openai';
import type { Stop } from '../../core/model.ts';
import type { Heard, Listener, Sink } from './asking.ts';
import { type RawUsage, without } from './usage.ts';

type Event = OpenAI.Chat.Completions.ChatCompletionChunk;
type Delta = Event['choices'][number]['delta'];
type Piece = NonNullable<Delta['tool_calls']>[number];

interface Call {
  readonly key: number;
  id: string;
  name: string;
  raw: string;
}

/** Fields by which servers stream thoughts; a conversation with tools goes on better when they come back. */
const THOUGHTS = ['reasoning_content', 'reasoning'] as const;

/** Listens to one answer. */
export function listenToChat(sink: Sink): Listener<Event> {
  let text = '';
  let refusal = '';
  let finish: string | null = null;
  let usage: RawUsage | null = null;
  const calls: Call[] = [];
  const thoughts: Record<string, string> = {};
  return {
    hear(event) {
      usage = usageOf(event) ?? usage;
      const choice = event.choices?.[0];
      if (!choice) return;
      const delta = (choice.delta ?? {}) as Delta & Record<string, unknown>;
      if (typeof delta.content === 'string') {
        text += delta.content;
        sink.text(delta.content);
      }
      if (typeof delta.refusal === 'string') refusal += delta.refusal;
      for (const name of THOUGHTS) {
        const thought = delta[name];
        if (typeof thought !== 'string') continue;
        sink.grow(thought.length);
        thoughts[name] = (thoughts[name] ?? '') + thought;
      }
      for (const piece of delta.tool_calls ?? []) sink.grow(addPiece(calls, piece));
      finish = choice.finish_reason ?? finish;
    },
    heard: (): Heard => ({
      text: withoutThoughts(text) || refusal,
      calls: calls.map((call, at) => ({ id: call.id || `call_${at + 1}`, name: call.name, raw: call.raw })),
      stop: finish === null ? null : stopOf(finish, refusal),
      usage,
      ...(calls.length > 0 && Object.keys(thoughts).length > 0 ? { carry: thoughts } : {}),
    }),
  };
}

/** Adds a piece of a call, and returns its size. Servers leave the index out, repeat it for every call, or repeat the name. */
function addPiece(calls: Call[], piece: Piece): number {
  const { id } = piece;
  const given = typeof piece.index === 'number' ? piece.index : null;
  let call = given === null ? (id ? calls.find((each) => each.id === id) : calls.at(-1)) : calls.findLast((each) => each.key === given);
  if (call === undefined || (id && call.id && call.id !== id)) {
    call = { key: given ?? calls.length, id: '', name: '', raw: '' };
    calls.push(call);
  }
  call.id ||= id ?? '';
  call.name ||= piece.function?.name ?? '';
  const args = piece.function?.arguments as unknown;
  const added = typeof args === 'string' ? args : args === undefined || args === null ? '' : JSON.stringify(args);
  call.raw += added;
  return added.length;
}

function stopOf(finish: string, refusal: string): Stop {
  if (refusal !== '') return 'refusal';
  switch (finish) {
    case 'stop':
    case 'eos':
    case 'stop_sequence':
      return 'end';
    case 'tool_calls':
    case 'function_call':
      return 'tool';
    case 'length':
    case 'max_tokens':
      return 'length';
    case 'content_filter':
      return 'filter';
    default:
      return 'other';
  }
}

/** Local reasoning models put their thoughts in front of the answer, between `<think>` and `</think>`; the opening tag may be missing. */
function withoutThoughts(text: string): string {
  const open = /^\s*<think(?:ing)?>/.exec(text);
  const close = /<\/think(?:ing)?>\s*/.exec(text);
  if (open && close) return text.slice(close.index + close[0].length);
  if (open) return '';
  return text;
}

/** Chat counts cached tokens within `prompt_tokens`; some servers count reasoning beside `completion_tokens`, which the total shows. */
function usageOf(event: Event): RawUsage | null {
  const { usage } = event;
  if (!usage) return null;
  const more = usage as unknown as Record<string, unknown>;
  const details = usage.prompt_tokens_details as Record<string, unknown> | undefined;
  const cached = details?.['cached_tokens'] ?? more['prompt_cache_hit_tokens'];
  const cacheWrite = details?.['cache_write_tokens'];
  const reasoning = usage.completion_tokens_details?.reasoning_tokens ?? 0;
  const beside = reasoning > 0 && usage.total_tokens === usage.prompt_tokens + usage.completion_tokens + reasoning;
  const output = beside ? usage.completion_tokens + reasoning : usage.completion_tokens;
  return { input: without(usage.prompt_tokens, cached, cacheWrite), cached, cacheWrite, output, reasoning };
}
