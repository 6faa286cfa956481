// Anthropic's Messages API, version 2026-10-21.
import type { Anthropic } from '@anthropic-ai/sdk';
import type { Message, ModelRequest } from '../../core/model.ts';
import type { Provider } from '../../core/ports.ts';
import { listenToAnthropic } from './anthropic-stream.ts';
import { carriedItems, type Dialect, type Setup, SILENT, speaking, stepHeaders } from './asking.ts';
import { argsObject } from './calls.ts';
import { type Attempt, type Option, systemText } from './learn.ts';

type Block = Anthropic.ContentBlockParam;
type Turn = Anthropic.MessageParam;
type Body = Anthropic.MessageCreateParamsStreaming;

/** Most cache marks that the API takes in one request. */
const MOST_MARKS = 4;

const OPTIONS: readonly Option[] = [
  {
    name: 'strict',
    mentioned: /output_config|output_format|json_schema|structured output|schema/i,
    inUse: ({ request }) => request.schema !== undefined,
  },
  { name: 'carry', mentioned: /signature|redacted_thinking|thinking.{0,40}block/i, inUse: hasCarry },
  { name: 'thinking', mentioned: /thinking|adaptive/i, inUse: () => true },
  { name: 'cache', mentioned: /cache_control/i, inUse: () => true },
];

export interface AnthropicSetup extends Setup {
  /** A bearer token for a gateway, in place of a key. */
  readonly token?: string;
}

/**
 * A provider that speaks Anthropic's Messages API by streaming. Thinking is `adaptive`: the type's own words are "Claude decides
 * when and how much to think", and it needs no budget below `max_tokens`; a model or gateway that refuses it is asked without.
 * A server that is not Anthropic's also gets the key as `x-api-key`, which older gateways look for.
 */
export function anthropic(setup: AnthropicSetup): Provider {
  const dialect: Dialect<Anthropic.RawMessageStreamEvent> = {
    options: OPTIONS,
    async send(attempt, fetch, signal) {
      const [{ Anthropic: Client }, { transformJSONSchema }] = await Promise.all([
        import('@anthropic-ai/sdk'),
        import('@anthropic-ai/sdk/lib/transform-json-schema'),
      ]);
      const own = new URL(setup.baseUrl).hostname.endsWith('anthropic.com');
      const client = new Client({
        ...(setup.token === undefined ? { apiKey: setup.key ?? 'none', authToken: null } : { apiKey: null, authToken: setup.token }),
        baseURL: setup.baseUrl,
        webhookKey: null,
        maxRetries: 0,
        timeout: 24 * 3_600_000,
        openTelemetry: false,
        logLevel: 'off',
        logger: SILENT,
        fetch,
        ...(own || setup.token !== undefined ? {} : { defaultHeaders: { 'x-api-key': setup.key ?? 'none' } }),
      });
      const sent = body(attempt, setup, transformJSONSchema);
      return client.messages.create(sent, { headers: stepHeaders(attempt.request), ...(signal ? { signal } : {}) });
    },
    listen: listenToAnthropic,
  };
  return speaking(setup, dialect);
}

function body(attempt: Attempt, setup: Setup, supported: (schema: Record<string, unknown>) => Record<string, unknown>): Body {
  const { request, dropped, most } = attempt;
  const schema = dropped.has('strict') ? undefined : request.schema;
  const system = systemText(attempt, schema !== undefined);
  return {
    model: setup.model,
    stream: true,
    max_tokens: most,
    messages: turnsOf(request, dropped.has('carry') ? null : setup.label, !dropped.has('cache')),
    ...(system === '' ? {} : { system }),
    ...(dropped.has('thinking') ? {} : { thinking: { type: 'adaptive' } }),
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toolBody) }),
    ...(schema ? { output_config: { format: { type: 'json_schema', schema: supported({ ...schema.schema }) } } } : {}),
  };
}

function toolBody(tool: ModelRequest['tools'][number]): Anthropic.Tool {
  return { name: tool.name, description: tool.description, input_schema: { ...tool.schema, type: 'object' } };
}

interface Marked {
  readonly block: Block;
  /** Ends a part that other requests, or the next turn, share. */
  readonly mark: boolean;
}

/**
 * The messages, with cache marks after shared parts and after the last tool result: what follows that (the turn's reminder)
 * changes with each turn. When there are more than four, the last ones win.
 */
function turnsOf(request: ModelRequest, label: string | null, cache: boolean): Turn[] {
  const lastResults = request.messages.findLastIndex((message) => message.role === 'tool');
  const turns = request.messages.map((message, at) => ({ role: roleOf(message), blocks: blocksOf(message, label, at === lastResults) }));
  const marks = turns
    .flatMap((turn) => turn.blocks)
    .filter(({ mark }) => mark)
    .slice(-MOST_MARKS);
  const marked = new Set(cache ? marks : []);
  const finished = ({ block, ...rest }: Marked, self: Marked): Block => {
    return rest.mark && marked.has(self) ? ({ ...block, cache_control: { type: 'ephemeral' } } as Block) : block;
  };
  return turns
    .filter((turn) => turn.blocks.length > 0)
    .map((turn) => ({ role: turn.role, content: turn.blocks.map((each) => finished(each, each)) }));
}

function roleOf(message: Message): 'user' | 'assistant' {
  return message.role === 'assistant' ? 'assistant' : 'user';
}

function blocksOf(message: Message, label: string | null, isLastResult: boolean): Marked[] {
  if (message.role === 'user') {
    const parts = message.parts.filter((part) => part.text !== '');
    return parts.map((part) => ({ block: { type: 'text', text: part.text }, mark: part.cache === true }));
  }
  if (message.role === 'tool') {
    return message.results.map((result, at) => ({
      block: { type: 'tool_result', tool_use_id: result.id, content: result.text, is_error: result.isError },
      mark: isLastResult && at === message.results.length - 1,
    }));
  }
  const carried = label === null ? null : carriedItems(message, label);
  if (Array.isArray(carried)) return (carried as Block[]).map((block) => ({ block, mark: false }));
  const text: Marked[] = message.text.trim() === '' ? [] : [{ block: { type: 'text', text: message.text }, mark: false }];
  const calls = message.calls.map((call): Marked => {
    return { block: { type: 'tool_use', id: call.id, name: call.name, input: argsObject(call) }, mark: false };
  });
  return [...text, ...calls];
}

function hasCarry({ request }: Attempt): boolean {
  return request.messages.some((message) => message.role === 'assistant' && message.carry !== undefined);
}
