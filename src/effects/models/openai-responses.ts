// OpenAI's own interface: the Responses API. Stateless (`store: false`); reasoning goes back encrypted.
import type { OpenAI } from 'openai';
import type { Message, ModelRequest, Stop } from '../../core/model.ts';
import type { Provider } from '../../core/ports.ts';
import { carriedItems, type Dialect, type Heard, type Listener, type Setup, SILENT, type Sink, speaking, stepHeaders } from './asking.ts';
import { argsText } from './calls.ts';
import { type Attempt, formatOf, formatOptions, type Option, systemText } from './learn.ts';
import { without } from './usage.ts';

type Input = OpenAI.Responses.ResponseInputItem;
type Output = OpenAI.Responses.ResponseOutputItem;
type Event = OpenAI.Responses.ResponseStreamEvent;
type Body = OpenAI.Responses.ResponseCreateParamsStreaming;

/** Models that take explicit cache marks (`prompt_cache_options`: "supported for gpt-5.6 and later"). */
const MARKS_CACHE = /^gpt-(5\.[6-9]|[6-9]|\d\d)/;
/** With the implicit mark at the end of a request, three explicit ones are written. */
const MOST_MARKS = 3;

const OPTIONS: readonly Option[] = [
  { name: 'strict-tools', mentioned: /invalid schema for function|tools\[\d+\]|strict/i, inUse: ({ request }) => request.tools.length > 0 },
  ...formatOptions(/text\.format|response_format|json_schema|json_object|structured output|invalid schema/i),
  { name: 'cache', mentioned: /prompt_cache/i, inUse: () => true },
  {
    name: 'carry',
    mentioned: /input\[\d+\]|encrypted_content.*(verif|decrypt|invalid)|reasoning.{0,40}item|item with id/i,
    inUse: hasCarry,
  },
  { name: 'reasoning', mentioned: /encrypted|include/i, inUse: () => true },
];

/** A provider that speaks OpenAI's Responses API by streaming. */
export function openaiResponses(setup: Setup): Provider {
  const dialect: Dialect<Event> = {
    options: OPTIONS,
    async send(attempt, fetch, signal) {
      const { OpenAI: Client } = await import('openai');
      const client = new Client({
        apiKey: setup.key ?? 'none',
        baseURL: setup.baseUrl,
        organization: null,
        project: null,
        adminAPIKey: null,
        maxRetries: 0,
        timeout: 24 * 3_600_000,
        logLevel: 'off',
        logger: SILENT,
        fetch,
      });
      return client.responses.create(body(attempt, setup), { headers: stepHeaders(attempt.request), ...(signal ? { signal } : {}) });
    },
    listen,
  };
  return speaking(setup, dialect);
}

function body(attempt: Attempt, setup: Setup): Body {
  const { request, dropped, most } = attempt;
  const format = formatOf(attempt);
  const marks = MARKS_CACHE.test(setup.model) && !dropped.has('cache');
  return {
    model: setup.model,
    stream: true,
    store: false,
    instructions: systemText(attempt, format === 'strict' || format === 'schema'),
    input: marked(inputOf(request, setup.label, !dropped.has('carry')), request, marks),
    max_output_tokens: most,
    ...(dropped.has('reasoning') ? {} : { include: ['reasoning.encrypted_content'] }),
    ...(dropped.has('cache') ? {} : { prompt_cache_key: request.run.slice(0, 64) }),
    ...(request.tools.length === 0 ? {} : { tools: toolsOf(request, !dropped.has('strict-tools')) }),
    ...(format === null || !request.schema ? {} : { text: { format: formatBody(format, request.schema) } }),
  };
}

function formatBody(format: 'strict' | 'schema' | 'object', schema: NonNullable<ModelRequest['schema']>) {
  if (format === 'object') return { type: 'json_object' as const };
  return { type: 'json_schema' as const, name: schema.name, schema: { ...schema.schema }, strict: format === 'strict' };
}

function toolsOf(request: ModelRequest, strict: boolean): OpenAI.Responses.FunctionTool[] {
  return request.tools.map((tool) => ({
    type: 'function',
    name: tool.name,
    description: tool.description,
    parameters: { ...tool.schema },
    strict,
  }));
}

function inputOf(request: ModelRequest, label: string, carry: boolean): Input[] {
  return request.messages.flatMap((message) => itemsOf(message, label, carry));
}

function itemsOf(message: Message, label: string, carry: boolean): Input[] {
  if (message.role === 'user') {
    return [
      { role: 'user', content: message.parts.filter((part) => part.text !== '').map((part) => ({ type: 'input_text', text: part.text })) },
    ];
  }
  if (message.role === 'tool') {
    return message.results.map((result) => ({
      type: 'function_call_output',
      call_id: result.id,
      output: [{ type: 'input_text', text: result.text }],
    }));
  }
  const carried = carry ? carriedItems(message, label) : null;
  if (Array.isArray(carried)) return carried as Input[];
  const calls: Input[] = message.calls.map((call) => ({
    type: 'function_call',
    call_id: call.id,
    name: call.name,
    arguments: argsText(call),
  }));
  return message.text === '' ? calls : [{ role: 'assistant', content: message.text }, ...calls];
}

/** Puts cache marks where other requests share the text up to there: after marked parts, and after the last tool result. */
function marked(input: Input[], request: ModelRequest, marks: boolean): Input[] {
  if (!marks) return input;
  const mark = { mode: 'explicit' as const };
  const shared = new Set(
    request.messages.flatMap((m) => (m.role === 'user' ? m.parts.filter((part) => part.cache).map((part) => part.text) : [])),
  );
  const places: { prompt_cache_breakpoint?: unknown }[] = [];
  for (const item of input) {
    if ('role' in item && item.role === 'user' && Array.isArray(item.content)) {
      for (const block of item.content) if (block.type === 'input_text' && shared.has(block.text)) places.push(block);
    }
  }
  const result = input.findLast((item) => item.type === 'function_call_output');
  if (result?.type === 'function_call_output' && Array.isArray(result.output)) places.push(...result.output.slice(-1));
  for (const place of places.slice(-MOST_MARKS)) place.prompt_cache_breakpoint = mark;
  return input;
}

function hasCarry({ request }: Attempt): boolean {
  return request.messages.some((message) => message.role === 'assistant' && message.carry !== undefined);
}

function listen(sink: Sink): Listener<Event> {
  let text = '';
  let refusal = '';
  let final: OpenAI.Responses.Response | null = null;
  const items: Output[] = [];
  return {
    hear(event) {
      if (event.type === 'response.output_text.delta') {
        text += event.delta;
        sink.text(event.delta);
      } else if (event.type === 'response.refusal.delta') {
        refusal += event.delta;
        sink.grow(event.delta.length);
      } else if (event.type === 'response.function_call_arguments.delta') sink.grow(event.delta.length);
      else if (event.type === 'response.output_item.done') items.push(event.item);
      else if (event.type === 'response.completed' || event.type === 'response.incomplete') final = event.response;
      else if (event.type === 'response.failed')
        throw Object.assign(new Error('response.failed'), { error: event.response.error ?? { code: 'server_error' } });
      else if (event.type === 'error') throw Object.assign(new Error('error'), { error: event });
    },
    heard: () => heardOf(final, items, text, refusal),
  };
}

function heardOf(final: OpenAI.Responses.Response | null, items: readonly Output[], text: string, refusal: string): Heard {
  const output = items.length > 0 ? items : (final?.output ?? []);
  const said = output.flatMap((item) => (item.type === 'message' ? item.content : []));
  const refused = refusal || said.map((part) => (part.type === 'refusal' ? part.refusal : '')).join('');
  const calls = output.flatMap((item) =>
    item.type === 'function_call' ? [{ id: item.call_id, name: item.name, raw: item.arguments }] : [],
  );
  return {
    text: text || said.map((part) => (part.type === 'output_text' ? part.text : '')).join('') || refused,
    calls,
    stop: final === null ? null : stopOf(final, refused),
    usage: usageOf(final?.usage),
    ...(calls.length > 0 ? { carry: replayable(output) } : {}),
  };
}

function stopOf(final: OpenAI.Responses.Response, refused: string): Stop {
  if (final.status === 'incomplete') {
    const reason = final.incomplete_details?.reason;
    return reason === 'max_output_tokens' ? 'length' : reason === 'content_filter' ? 'filter' : 'other';
  }
  return refused === '' ? 'end' : 'refusal';
}

/** Items that a stateless server takes back: reasoning only with its encrypted content. */
function replayable(output: readonly Output[]): readonly Output[] {
  return output.filter((item) => item.type !== 'reasoning' || typeof item.encrypted_content === 'string');
}

/** OpenAI counts cached and written tokens within `input_tokens`. */
function usageOf(usage: OpenAI.Responses.ResponseUsage | null | undefined) {
  if (!usage) return null;
  const cached = usage.input_tokens_details?.cached_tokens;
  const cacheWrite = usage.input_tokens_details?.cache_write_tokens;
  const reasoning = usage.output_tokens_details?.reasoning_tokens;
  return { input: without(usage.input_tokens, cached, cacheWrite), cached, cacheWrite, output: usage.output_tokens, reasoning };
}
