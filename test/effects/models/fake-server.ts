// A model server on loopback that does what a test tells it, on real sockets.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks at in a body is its own business
  readonly body: any;
}

export type Answer = (response: ServerResponse, seen: Seen) => void | Promise<void>;

export interface FakeServer {
  readonly url: string;
  readonly port: number;
  readonly seen: Seen[];
  /** Answers of the next requests, in order; the last one stays. */
  answers: Answer[];
  close(): Promise<void>;
}

/** Starts a server on a free port of 127.0.0.1. */
export async function fakeServer(...answers: Answer[]): Promise<FakeServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        text,
        body: text === '' ? null : JSON.parse(text),
      };
      seen.push(one);
      const answer = fake.answers.length > 1 ? fake.answers.shift() : fake.answers[0];
      if (answer) void answer(response, one);
      else response.writeHead(500).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const fake: FakeServer = {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    answers,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return fake;
}

/** Answers with a status and a JSON (or text) body. */
export function status(code: number, body: unknown = {}, headers: Record<string, string> = {}): Answer {
  return (response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(code, { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json', ...headers }).end(text);
  };
}

const STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

/** Streams a text in whole. */
export function stream(text: string): Answer {
  return (response) => void response.writeHead(200, STREAM).end(text);
}

/** Streams a text byte by few bytes, so that frames and characters are cut anywhere. */
export function streamInPieces(text: string, size: number): Answer {
  return async (response) => {
    response.writeHead(200, STREAM);
    const bytes = Buffer.from(text, 'utf8');
    for (let at = 0; at < bytes.length; at += size) {
      response.write(bytes.subarray(at, at + size));
      await new Promise((next) => setImmediate(next));
    }
    response.end();
  };
}

/** Streams a text and then breaks the connection. */
export function streamAndReset(text: string): Answer {
  return (response) => {
    response.writeHead(200, STREAM);
    response.write(text, () => setTimeout(() => response.destroy(), 20));
  };
}

/** Streams a text and then says nothing more, without an end. */
export function streamAndHang(text: string): Answer {
  return (response) => {
    response.writeHead(200, STREAM);
    response.write(text);
  };
}

function event(data: unknown, name?: string): string {
  return `${name ? `event: ${name}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

export interface Reply {
  readonly text?: string;
  readonly calls?: readonly { readonly id?: string; readonly name: string; readonly args: string }[];
  /** The protocol's own word for the stop reason. */
  readonly stop?: string;
  /** The protocol's own usage object; null for none. */
  readonly usage?: Record<string, unknown> | null;
  /** False to leave the end of the stream out. */
  readonly end?: boolean;
}

function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,7}/g) ?? [];
}

/** A stream of Chat Completions. */
export function chat({ text = '', calls = [], stop, usage, end = true }: Reply): string {
  const chunk = (delta: unknown, finish_reason: string | null = null) => {
    return event({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }] });
  };
  let out = chunk({ role: 'assistant', content: '' });
  for (const piece of pieces(text)) out += chunk({ content: piece });
  for (const [index, call] of calls.entries()) {
    out += chunk({
      tool_calls: [{ index, id: call.id ?? `call_${index}`, type: 'function', function: { name: call.name, arguments: '' } }],
    });
    for (const piece of pieces(call.args)) out += chunk({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  if (!end) return out;
  out += chunk({}, stop ?? (calls.length > 0 ? 'tool_calls' : 'stop'));
  const counts =
    usage === undefined
      ? { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, prompt_tokens_details: { cached_tokens: 40 } }
      : usage;
  if (counts !== null) out += event({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: counts });
  return out + event('[DONE]');
}

/** A stream of Anthropic Messages; `thinking` comes first, signed. */
export function messages({ text = '', calls = [], stop, usage, end = true, thinking }: Reply & { readonly thinking?: string }): string {
  const counts =
    usage === undefined ? { input_tokens: 60, cache_read_input_tokens: 30, cache_creation_input_tokens: 10, output_tokens: 1 } : usage;
  const emit = (type: string, data: object) => event({ type, ...data }, type);
  let out = emit('message_start', {
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [],
      stop_reason: null,
      ...(counts ? { usage: counts } : {}),
    },
  });
  let index = 0;
  const block = (content_block: object, deltas: readonly object[]) => {
    out += emit('content_block_start', { index, content_block });
    for (const delta of deltas) out += emit('content_block_delta', { index, delta });
    out += emit('content_block_stop', { index: index++ });
  };
  if (thinking) {
    const signature = { type: 'signature_delta', signature: 'sig-1' };
    block({ type: 'thinking', thinking: '', signature: '' }, [{ type: 'thinking_delta', thinking }, signature]);
  }
  if (text)
    block(
      { type: 'text', text: '' },
      pieces(text).map((piece) => ({ type: 'text_delta', text: piece })),
    );
  for (const [at, call] of calls.entries()) {
    const deltas = pieces(call.args).map((piece) => ({ type: 'input_json_delta', partial_json: piece }));
    block({ type: 'tool_use', id: call.id ?? `toolu_${at}`, name: call.name, input: {} }, deltas);
  }
  if (!end) return out;
  const delta = { stop_reason: stop ?? (calls.length > 0 ? 'tool_use' : 'end_turn'), stop_sequence: null };
  out += emit('message_delta', {
    delta,
    usage: counts === null ? undefined : { output_tokens: 20, input_tokens: null, output_tokens_details: { thinking_tokens: 5 } },
  });
  return out + emit('message_stop', {});
}

/** A stream of OpenAI Responses; `reasoning` comes first, encrypted. */
export function responses({ text = '', calls = [], stop, usage, end = true, reasoning }: Reply & { readonly reasoning?: string }): string {
  const items: Record<string, unknown>[] = [];
  if (reasoning) items.push({ id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: reasoning });
  if (text)
    items.push({
      id: 'msg_1',
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text, annotations: [] }],
    });
  for (const [at, call] of calls.entries()) {
    items.push({
      id: `fc_${at}`,
      type: 'function_call',
      status: 'completed',
      call_id: call.id ?? `call_${at}`,
      name: call.name,
      arguments: call.args,
    });
  }
  let sequence_number = 0;
  const emit = (type: string, data: object) => event({ type, sequence_number: sequence_number++, ...data }, type);
  let out = emit('response.created', { response: { id: 'resp_1', object: 'response', status: 'in_progress', output: [] } });
  for (const [output_index, item] of items.entries()) {
    out += emit('response.output_item.added', { output_index, item });
    if (item['type'] === 'message')
      for (const delta of pieces(text))
        out += emit('response.output_text.delta', { output_index, item_id: 'msg_1', content_index: 0, delta });
    out += emit('response.output_item.done', { output_index, item });
  }
  if (!end) return out;
  const status = stop ? 'incomplete' : 'completed';
  const counts = {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 30, cache_write_tokens: 10 },
    output_tokens: 20,
    output_tokens_details: { reasoning_tokens: 5 },
    total_tokens: 120,
  };
  const response = {
    id: 'resp_1',
    object: 'response',
    status,
    output: items,
    incomplete_details: stop ? { reason: stop } : null,
    usage: usage === undefined ? counts : usage,
  };
  return out + emit(`response.${status}`, { response });
}
