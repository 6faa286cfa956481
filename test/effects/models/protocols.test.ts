// What is the same in all three protocols, against real servers on loopback.
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { ModelRequest } from '../../../src/core/model.ts';
import { createProvider, type ProviderOptions } from '../../../src/effects/models/registry.ts';
import {
  chat,
  type FakeServer,
  fakeServer,
  messages,
  type Reply,
  responses,
  status,
  stream,
  streamAndHang,
  streamAndReset,
  streamInPieces,
} from './fake-server.ts';
import { errorOf, requestOf, SCHEMA, TOOL } from './helpers.ts';

const KEY = 'sk-test-0123456789abcdef';
let servers: FakeServer[] = [];

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

interface Protocol {
  readonly name: string;
  readonly path: string;
  readonly render: (reply: Reply) => string;
  readonly options: (url: string) => ProviderOptions;
  readonly lengthStop: string;
  readonly label: string;
}

const PROTOCOLS: readonly Protocol[] = [
  {
    name: 'chat',
    path: '/v1/chat/completions',
    render: chat,
    options: (url) => ({ spec: 'local/m', openaiBaseUrl: `${url}/v1`, openaiKey: KEY }),
    lengthStop: 'length',
    label: 'local/m',
  },
  {
    name: 'responses',
    path: '/v1/responses',
    render: responses,
    options: (url) => ({ spec: 'local/m', openaiBaseUrl: `${url}/v1`, openaiKey: KEY, api: 'responses' }),
    lengthStop: 'max_output_tokens',
    label: 'local/m',
  },
  {
    name: 'anthropic',
    path: '/v1/messages',
    render: messages,
    options: (url) => ({ spec: 'anthropic/m', anthropicBaseUrl: url, anthropicKey: KEY }),
    lengthStop: 'max_tokens',
    label: 'anthropic/m',
  },
];

const LETTER = { message: 'Something is off', type: 'x' };

describe.each(PROTOCOLS)('$name', ({ path, render, options, lengthStop, label }) => {
  async function start(...answers: Parameters<typeof fakeServer>) {
    const server = await fakeServer(...answers);
    servers.push(server);
    const make = (more: Partial<ProviderOptions> = {}) => createProvider({ ...options(server.url), ...more });
    const ask = (request: ModelRequest = requestOf(), more: Partial<ProviderOptions> = {}) => make(more).ask(request, {});
    return { server, make, ask };
  }

  it('streams text, counts tokens once and sends the headers', async () => {
    const { server, make } = await start(stream(render({ text: 'Hello, Wörld 👋 — done.' })));
    const deltas: string[] = [];
    const reply = await make().ask(requestOf(), { onDelta: (text) => deltas.push(text) });
    expect(reply).toMatchObject({ text: 'Hello, Wörld 👋 — done.', calls: [], stop: 'end', model: label });
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join('')).toBe(reply.text);
    const { input, cached, cacheWrite, output } = reply.usage;
    expect({ whole: input + cached + cacheWrite, output }).toEqual({ whole: 100, output: 20 });
    expect(server.seen[0]).toMatchObject({ method: 'POST', path });
    expect(server.seen[0]?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      'x-redgreen-run': '20261123-120000-abcd',
      'x-redgreen-step': 'draft',
    });
    expect(server.seen[0]?.body).toMatchObject({ model: 'm', stream: true });
  });

  it.each([1, 3, 11])('reads frames and characters that are cut every %i bytes', async (size) => {
    const text = 'äöü 漢字 👋🏽 "quoted"\nline two';
    const { ask } = await start(streamInPieces(render({ text }), size));
    expect((await ask()).text).toBe(text);
  });

  it('understands tool calls, several at once', async () => {
    const calls = [
      { name: 'read_file', args: '{"path":"src/ü.ts"}' },
      { name: 'read_file', args: '{"path":"src/b.ts"}' },
    ];
    const { server, ask } = await start(stream(render({ text: 'Let me look.', calls })));
    const reply = await ask(requestOf({ tools: [TOOL] }));
    expect(reply).toMatchObject({ text: 'Let me look.', stop: 'tool' });
    expect(reply.calls.map(({ name, args }) => [name, args])).toEqual([
      ['read_file', { path: 'src/ü.ts' }],
      ['read_file', { path: 'src/b.ts' }],
    ]);
    expect(new Set(reply.calls.map((call) => call.id)).size).toBe(2);
    expect(JSON.stringify(server.seen[0]?.body.tools)).toContain('"additionalProperties":false');
  });

  it('keeps arguments that are no JSON as text', async () => {
    const { ask } = await start(stream(render({ calls: [{ name: 'read_file', args: '{"path": "a' }], stop: lengthStop })));
    const reply = await ask(requestOf({ tools: [TOOL] }));
    expect(reply.calls).toMatchObject([{ name: 'read_file', args: null, raw: '{"path": "a' }]);
    expect(reply.stop).toBe('length');
  });

  it('gives a call and its result back to the server', async () => {
    const { server, make } = await start(
      stream(render({ calls: [{ id: 'call_x', name: 'read_file', args: '{}' }] })),
      stream(render({ text: 'ok' })),
    );
    const provider = make();
    const first = requestOf({ tools: [TOOL] });
    const { text, calls, carry } = await provider.ask(first, {});
    const turn = { role: 'assistant' as const, text, calls, ...(carry ? { carry } : {}) };
    const results = [{ id: 'call_x', text: 'THE FILE', isError: false }];
    await provider.ask({ ...first, messages: [...first.messages, turn, { role: 'tool', results }] }, {});
    const sent = server.seen[1]?.text ?? '';
    expect(sent).toContain('THE FILE');
    expect(sent.match(/call_x/g)?.length).toBeGreaterThanOrEqual(2);
  });

  it('says that a reply was cut off, with what came', async () => {
    const { ask } = await start(stream(render({ text: 'const a =', stop: lengthStop })));
    expect(await ask()).toMatchObject({ text: 'const a =', stop: 'length' });
  });

  it('returns an empty reply as it is', async () => {
    const { ask } = await start(stream(render({})));
    expect(await ask()).toMatchObject({ text: '', calls: [], stop: 'end' });
  });

  it.each([
    ['missing', null],
    ['absurd', { input_tokens: -5, output_tokens: 1e12, prompt_tokens: -5, completion_tokens: 1e12, cache_read_input_tokens: 'many' }],
    ['zero', { input_tokens: 0, output_tokens: 0, prompt_tokens: 0, completion_tokens: 0 }],
  ])('estimates a usage that is %s', async (_, usage) => {
    const server = await fakeServer(stream(render({ text: 'x'.repeat(400), usage }).replaceAll('"output_tokens":20,', '')));
    servers.push(server);
    const { usage: counted } = await createProvider(options(server.url)).ask(requestOf({ system: 's'.repeat(4_000) }), {});
    expect(counted.input).toBeGreaterThanOrEqual(1_000);
    expect(counted.input).toBeLessThan(1_100);
    expect(counted).toMatchObject({ output: 100, cached: 0, cacheWrite: 0 });
  });

  it.each([
    [401, { error: LETTER }, 'model.auth', false],
    [403, { error: LETTER }, 'model.auth', false],
    [402, { error: LETTER }, 'model.limit', false],
    [404, { error: { message: 'model m not found' } }, 'model.unknown', false],
    [413, { error: LETTER }, 'model.context', false],
    [400, { error: { message: 'prompt is too long: 300000 tokens > 200000 maximum' } }, 'model.context', false],
    [400, { detail: 'no such thing' }, 'model.rejected', false],
    [408, {}, 'model.unreachable', true],
    [409, {}, 'model.unreachable', true],
    [429, { error: LETTER }, 'model.unreachable', true],
    [500, 'internal', 'model.unreachable', true],
    [503, '<html><b>busy</b></html>', 'model.unreachable', true],
    [529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'model.unreachable', true],
  ])('turns status %i into its error', async (code, body, expected, retryable) => {
    const { server, ask } = await start(status(code, body));
    const error = await errorOf(ask());
    expect(error).toMatchObject({ code: expected, retryable });
    expect(error.message).toContain(server.url);
    expect(server.seen).toHaveLength(1);
  });

  it('names the variable of a refused key and never the key', async () => {
    const { ask } = await start(status(401, { error: { message: `Incorrect API key provided: ${KEY}. Or sk-abc***wxyz.` } }));
    const error = await errorOf(ask());
    expect(error.message).toMatch(/(OPENAI|ANTHROPIC)_API_KEY/);
    expect(error.message).toContain('Incorrect API key provided');
    expect(JSON.stringify([error.message, String(error.cause), error.stack])).not.toMatch(/sk-/);
  });

  it.each([
    ['retry-after in seconds', { 'retry-after': '7' }, '', 7_000],
    ['retry-after in milliseconds', { 'retry-after-ms': '350', 'retry-after': '1' }, '', 350],
    ['words', {}, 'Rate limit reached. Please try again in 1.2s.', 1_200],
  ])('obeys %s', async (_, headers, message, ms) => {
    const { ask } = await start(status(429, { error: { message } }, headers as Record<string, string>));
    expect((await errorOf(ask())).retryAfterMs).toBe(ms);
  });

  it('tells an account without credit from a busy server', async () => {
    const { ask } = await start(status(429, { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } }));
    expect(await errorOf(ask())).toMatchObject({ code: 'model.limit', retryable: false });
  });

  it('may be tried again when the connection breaks in the middle', async () => {
    const { ask } = await start(streamAndReset(render({ text: 'half of', end: false })));
    expect(await errorOf(ask())).toMatchObject({ code: 'model.unreachable', retryable: true });
  });

  it('may be tried again when the end is missing', async () => {
    const { ask } = await start(stream(render({ text: 'half of', end: false })));
    const error = await errorOf(ask());
    expect(error).toMatchObject({ code: 'model.unreachable', retryable: true });
    expect(error.message).toContain('before it was complete');
  });

  it('may be tried again when the event stream is broken', async () => {
    const { ask } = await start(stream(`${render({ text: 'half', end: false })}event: x\ndata: {"broken\n\n`));
    expect(await errorOf(ask())).toMatchObject({ code: 'model.bad-reply', retryable: true });
  });

  it('may be tried again when the body is no gzip', async () => {
    const { ask } = await start((response) => {
      const broken = gzipSync(render({ text: 'x'.repeat(5_000) }));
      broken.fill(7, 20, 60);
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }).end(broken);
    });
    expect(await errorOf(ask())).toMatchObject({ code: 'model.unreachable', retryable: true });
  });

  it('may be tried again when nothing listens', async () => {
    const { server, make } = await start();
    const provider = make();
    await server.close();
    servers = [];
    const error = await errorOf(provider.ask(requestOf(), {}));
    expect(error).toMatchObject({ code: 'model.unreachable', retryable: true });
    expect(error.message).toContain('nothing listens there');
  });

  it.each([
    ['from the start', (): string => ''],
    ['in the middle', (): string => render({ text: 'half', end: false })],
  ])('gives up silence %s', async (_, begin) => {
    const { ask } = await start(streamAndHang(begin()));
    const error = await errorOf(ask(requestOf(), { idleMs: 150 }));
    expect(error).toMatchObject({ code: 'model.unreachable', retryable: true });
    expect(error.message).toContain('sent nothing for');
  });

  it('gives up silence before any headers', async () => {
    const { ask } = await start(() => undefined);
    expect((await errorOf(ask(requestOf(), { idleMs: 150 }))).message).toContain('sent nothing for');
  });

  it('stops a reply that is too large', async () => {
    const { ask } = await start(stream(render({ text: 'x'.repeat(20_000) })));
    const error = await errorOf(ask(requestOf(), { maxReplyCharacters: 10_000 }));
    expect(error).toMatchObject({ code: 'model.rejected', retryable: false });
    expect(error.message).toContain('is larger than');
  });

  it('stops bytes without an end, and a line without an end', async () => {
    const { ask } = await start(stream(`data: ${'x'.repeat(300_000)}`), stream(`: ${'x'.repeat(70)}\n\n`.repeat(5_000)));
    for (let i = 0; i < 2; i++) {
      expect(await errorOf(ask(requestOf(), { maxReplyBytes: 200_000 }))).toMatchObject({ code: 'model.rejected', retryable: false });
    }
  });

  it('does not follow a redirect', async () => {
    const other = await fakeServer(stream(render({ text: 'gotcha' })));
    servers.push(other);
    const { ask } = await start((response) => void response.writeHead(307, { location: `${other.url}${path}?secret=1` }).end());
    const error = await errorOf(ask());
    expect(error).toMatchObject({ code: 'model.rejected', retryable: false });
    expect(error.message).toContain(other.url);
    expect(other.seen).toHaveLength(0);
  });

  it('says so when the address is that of a web page', async () => {
    const { ask } = await start((response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>'));
    const error = await errorOf(ask());
    expect(error).toMatchObject({ code: 'model.rejected' });
    expect(error.message).toMatch(/text\/html.*base URL/);
  });

  it('stops when it is told to', async () => {
    const { make } = await start(streamAndHang(render({ text: 'half', end: false })));
    const stop = new AbortController();
    const asked = errorOf(make().ask(requestOf(), { signal: stop.signal, onDelta: () => stop.abort() }));
    expect(await asked).toMatchObject({ message: 'The request was stopped.', retryable: false });
  });

  it('asks for a schema, and puts it into words where the server refuses that', async () => {
    const refuse = status(400, { error: { message: "Unknown parameter: 'response_format' / 'text.format' / 'output_config.format'." } });
    const { server, make } = await start(stream(render({ text: '{}' })), refuse, refuse, refuse, stream(render({ text: '{}' })));
    const ask = make();
    await ask.ask(requestOf({ schema: SCHEMA }), {});
    expect(server.seen[0]?.text).toContain('"json_schema"');
    expect(server.seen[0]?.text).not.toContain('JSON Schema:');
    server.answers = server.answers.slice(label.startsWith('anthropic') ? 2 : 0);
    await ask.ask(requestOf({ schema: SCHEMA }), {});
    const last = server.seen.at(-1)?.text ?? '';
    expect(last).not.toContain('json_schema');
    expect(last).toContain('JSON Schema:');
    const count = server.seen.length;
    await ask.ask(requestOf({ schema: SCHEMA }), {});
    expect(server.seen.length).toBe(count + 1);
  });

  it('asks for a shorter reply when the server allows no longer one', async () => {
    const limit = status(400, {
      error: { message: 'max_tokens: 4000 > 2048, which is the maximum allowed number of output tokens for m' },
    });
    const { server, make } = await start(limit, stream(render({ text: 'ok' })));
    const provider = make();
    expect((await provider.ask(requestOf(), {})).text).toBe('ok');
    await provider.ask(requestOf(), {});
    expect(server.seen.map(({ body }) => body.max_tokens ?? body.max_output_tokens)).toEqual([4_000, 2_048, 2_048]);
  });
});
