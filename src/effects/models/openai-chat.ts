// Chat Completions, as every OpenAI-compatible server speaks it: Ollama, llama.cpp, vLLM, LM Studio, routers.
// What a server does not take is left out from the first refusal on.
import type { OpenAI } from 'openai';
import type { Message, ModelRequest } from '../../core/model.ts';
import type { Provider } from '../../core/ports.ts';
import { carriedItems, type Dialect, type Setup, SILENT, speaking, stepHeaders } from './asking.ts';
import { argsText } from './calls.ts';
import { listenToChat } from './chat-stream.ts';
import { type Attempt, formatOf, formatOptions, type Option, systemText } from './learn.ts';

type Turn = OpenAI.Chat.Completions.ChatCompletionMessageParam;
type Body = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming;
type Event = OpenAI.Chat.Completions.ChatCompletionChunk;

const NO_TOOLS =
  /(not|n['’]t|no endpoints found that) support.{0,40}(tool|function)|(tool|function).{0,60}(not supported|unsupported|not enabled|requires?)/i;

const OPTIONS: readonly Option[] = [
  { name: 'usage', mentioned: /stream_options|include_usage/i, inUse: () => true },
  ...formatOptions(/response_format|json_schema|json_object|json schema|json mode|structured|grammar|guided/i),
  {
    name: 'carry',
    mentioned: /reasoning/i,
    inUse: ({ request }) => request.messages.some((m) => m.role === 'assistant' && m.carry !== undefined),
  },
  { name: 'tools', mentioned: NO_TOOLS, inUse: ({ request }) => request.tools.length > 0 },
  { name: 'system', mentioned: /system.{0,30}(role|message).{0,30}not|role.{0,20}system/i, inUse: ({ request }) => request.system !== '' },
  { name: 'max_tokens', mentioned: /max_completion_tokens/i, inUse: () => true },
];

/**
 * A provider that speaks Chat Completions by streaming. The reply's size is asked for as `max_tokens`: every compatible server
 * knows it, while the newer `max_completion_tokens` is passed over in silence by many, which would leave the reply without a bound.
 * OpenAI's own reasoning models refuse `max_tokens` and name the other; then, and at api.openai.com from the start, that is used.
 */
export function openaiChat(setup: Setup & { readonly ownServer?: boolean }): Provider {
  const dialect: Dialect<Event> = {
    options: OPTIONS,
    async send(attempt, fetch, signal) {
      const { OpenAI: Client } = await import('openai');
      const client = new Client({
        apiKey: setup.key || 'none',
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
      const sent = body(attempt, setup, setup.ownServer === true);
      return client.chat.completions.create(sent, { headers: stepHeaders(attempt.request), ...(signal ? { signal } : {}) });
    },
    listen: listenToChat,
  };
  return speaking(setup, dialect);
}

function body(attempt: Attempt, setup: Setup, ownServer: boolean): Body {
  const { request, dropped, most } = attempt;
  const format = formatOf(attempt);
  const tools = dropped.has('tools') ? [] : request.tools;
  return {
    model: setup.model,
    stream: true,
    messages: turnsOf(attempt, setup.label, systemText(attempt, format === 'strict' || format === 'schema')),
    ...(ownServer || dropped.has('max_tokens') ? { max_completion_tokens: most } : { max_tokens: most }),
    ...(dropped.has('usage') ? {} : { stream_options: { include_usage: true } }),
    ...(tools.length === 0 ? {} : { tools: tools.map(toolBody) }),
    ...(format === null || !request.schema ? {} : { response_format: formatBody(format, request.schema) }),
  };
}

function toolBody(tool: ModelRequest['tools'][number]): OpenAI.Chat.Completions.ChatCompletionFunctionTool {
  return { type: 'function', function: { name: tool.name, description: tool.description, parameters: { ...tool.schema } } };
}

function formatBody(format: 'strict' | 'schema' | 'object', { name, schema }: NonNullable<ModelRequest['schema']>) {
  if (format === 'object') return { type: 'json_object' as const };
  const strict = format === 'strict' ? { strict: true } : {};
  return { type: 'json_schema' as const, json_schema: { name, schema: { ...schema }, ...strict } };
}

function turnsOf({ request, dropped }: Attempt, label: string, system: string): Turn[] {
  const withTools = !dropped.has('tools');
  const turns = request.messages.flatMap((message) => turnOf(message, withTools, dropped.has('carry') ? null : label));
  if (system === '') return turns;
  if (!dropped.has('system')) return [{ role: 'system', content: system }, ...turns];
  return [{ role: 'user', content: system }, ...turns];
}

function turnOf(message: Message, withTools: boolean, label: string | null): Turn[] {
  if (message.role === 'user') return [{ role: 'user', content: glued(message.parts.map((part) => part.text)) }];
  if (!withTools) return [spoken(message)];
  if (message.role === 'tool') return message.results.map((result) => ({ role: 'tool', tool_call_id: result.id, content: result.text }));
  const calls = message.calls.map((call) => ({
    id: call.id,
    type: 'function' as const,
    function: { name: call.name, arguments: argsText(call) },
  }));
  const carried = label === null ? null : (carriedItems(message, label) as Record<string, unknown> | null);
  return [{ role: 'assistant', content: message.text, ...(calls.length > 0 ? { tool_calls: calls } : {}), ...(carried ?? {}) }];
}

/** A tool conversation in words, for a server without tools. */
function spoken(message: Exclude<Message, { role: 'user' }>): Turn {
  if (message.role === 'tool') return { role: 'user', content: message.results.map((result) => `Result:\n${result.text}`).join('\n\n') };
  const calls = message.calls.map((call) => `I call ${call.name} with ${call.raw}`);
  return { role: 'assistant', content: [message.text, ...calls].filter((line) => line !== '').join('\n') };
}

/** One text from several parts, which many servers do not take as a list; parts that do not end a line are set apart. */
function glued(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .reduce((text, part) => (text === '' || text.endsWith('\n') ? text + part : `${text}\n\n${part}`), '');
}
