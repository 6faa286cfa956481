// Reads the events of Anthropic's Messages stream.
import type { Anthropic } from '@anthropic-ai/sdk';
import type { Stop } from '../../core/model.ts';
import type { Heard, Listener, Sink } from './asking.ts';
import { argsObject, callOf } from './calls.ts';
import type { RawUsage } from './usage.ts';

type Event = Anthropic.RawMessageStreamEvent;

/** A block as it grows; `data` is a redacted thought. */
interface Block {
  readonly type: string;
  text: string;
  signature: string;
  readonly id: string;
  readonly name: string;
  readonly data: string;
}

const STOPS: Readonly<Record<Anthropic.StopReason, Stop>> = {
  end_turn: 'end',
  stop_sequence: 'end',
  tool_use: 'tool',
  max_tokens: 'length',
  refusal: 'refusal',
  model_context_window_exceeded: 'context',
  pause_turn: 'other',
};

/** Listens to one answer. It is complete when its stop reason is known; `message_stop` adds nothing to that. */
export function listenToAnthropic(sink: Sink): Listener<Event> {
  const blocks = new Map<number, Block>();
  let reason: string | null = null;
  let usage: Record<string, unknown> = {};
  const note = (more: object | null | undefined) => {
    // Later counts are cumulative; a null says nothing new.
    usage = { ...usage, ...Object.fromEntries(Object.entries(more ?? {}).filter(([, value]) => value !== null)) };
  };
  return {
    hear(event) {
      if (event.type === 'message_start') note(event.message?.usage);
      else if (event.type === 'content_block_start') {
        const block = opened(event.content_block as unknown as Record<string, unknown>);
        blocks.set(event.index, block);
        if (block.type === 'text') sink.text(block.text);
      } else if (event.type === 'content_block_delta') grow(blocks.get(event.index), event.delta, sink);
      else if (event.type === 'message_delta') {
        reason = event.delta?.stop_reason ?? reason;
        note(event.usage);
      }
    },
    heard: () => heardOf([...blocks.values()], reason, usage),
  };
}

function opened(block: Record<string, unknown>): Block {
  const string = (name: string) => (typeof block[name] === 'string' ? (block[name] as string) : '');
  return {
    type: string('type'),
    text: string('text') || string('thinking') || inputText(block['input']),
    signature: string('signature'),
    id: string('id'),
    name: string('name'),
    data: string('data'),
  };
}

/** A gateway may send a call's whole input with its start; Anthropic itself sends an empty object and then the pieces. */
function inputText(input: unknown): string {
  return typeof input === 'object' && input !== null && Object.keys(input).length > 0 ? JSON.stringify(input) : '';
}

function grow(block: Block | undefined, delta: Anthropic.RawContentBlockDelta, sink: Sink): void {
  if (block === undefined) return;
  if (delta.type === 'text_delta') {
    block.text += delta.text;
    sink.text(delta.text);
  } else if (delta.type === 'input_json_delta') {
    block.text += delta.partial_json;
    sink.grow(delta.partial_json.length);
  } else if (delta.type === 'thinking_delta') {
    block.text += delta.thinking;
    sink.grow(delta.thinking.length);
  } else if (delta.type === 'signature_delta') block.signature += delta.signature;
}

function heardOf(blocks: readonly Block[], reason: string | null, usage: Record<string, unknown>): Heard {
  const calls = blocks.filter((block) => block.type === 'tool_use').map((block) => ({ id: block.id, name: block.name, raw: block.text }));
  return {
    text: blocks.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    calls,
    stop: reason === null ? null : (STOPS[reason as Anthropic.StopReason] ?? 'other'),
    usage: usageOf(usage),
    ...(calls.length > 0 ? { carry: blocks.flatMap(carried) } : {}),
  };
}

/** A block as it goes back with the next turn; thoughts have to be unchanged and in their place. */
function carried(block: Block): unknown[] {
  switch (block.type) {
    case 'thinking':
      return block.signature === '' ? [] : [{ type: 'thinking', thinking: block.text, signature: block.signature }];
    case 'redacted_thinking':
      return [{ type: 'redacted_thinking', data: block.data }];
    case 'tool_use': {
      const call = callOf({ id: block.id, name: block.name, raw: block.text });
      return [{ type: 'tool_use', id: call.id, name: call.name, input: argsObject(call) }];
    }
    case 'text':
      return block.text.trim() === '' ? [] : [{ type: 'text', text: block.text }];
    default:
      return [];
  }
}

/** Anthropic's `input_tokens` has neither what was read from the cache nor what was written to it. */
function usageOf(usage: Record<string, unknown>): RawUsage | null {
  if (usage['input_tokens'] === undefined && usage['output_tokens'] === undefined) return null;
  const details = usage['output_tokens_details'] as { thinking_tokens?: unknown } | undefined;
  return {
    input: usage['input_tokens'],
    cached: usage['cache_read_input_tokens'],
    cacheWrite: usage['cache_creation_input_tokens'],
    output: usage['output_tokens'],
    reasoning: details?.thinking_tokens,
  };
}
