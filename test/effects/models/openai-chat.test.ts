import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/model.ts';
import { createProvider } from '../../../src/effects/models/registry.ts';
import { type Answer, chat, type FakeServer, fakeServer, status, stream } from './fake-server.ts';
import { errorOf, requestOf, SCHEMA, TOOL } from './helpers.ts';

let server: FakeServer;

afterEach(() => server.close());

async function start(...answers: Answer[]) {
  server = await fakeServer(...answers);
  return createProvider({ spec: 'local/m', openaiBaseUrl: `${server.url}/v1` });
}

const refused = (message: string, code = 400) => status(code, { error: { message } });
const fine = stream(chat({ text: 'ok' }));
const bodies = () => server.seen.map((seen) => seen.body);

function events(...chunks: readonly object[]): Answer {
  const text = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');
  return stream(`${text}data: [DONE]\n\n`);
}

const choice = (delta: object, finish_reason: string | null = null) => ({ choices: [{ index: 0, delta, finish_reason }] });

describe('what is sent', () => {
  it('is one text for each message, with a bound on the reply that every server knows', async () => {
    const provider = await start(fine);
    await provider.ask(
      requestOf({ messages: [{ role: 'user', parts: [{ text: 'a' }, { text: '' }, { text: 'b\n' }, { text: 'c' }] }] }),
      {},
    );
    expect(bodies()[0]).toEqual({
      model: 'm',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 4_000,
      messages: [
        { role: 'system', content: 'You write code.' },
        { role: 'user', content: 'a\n\nb\nc' },
      ],
    });
  });

  it('carries arguments that were no JSON as JSON', async () => {
    const provider = await start(fine);
    const calls = [{ id: 'c1', name: 'read_file', args: null, raw: '{"pa' }];
    const messages: Message[] = [
      { role: 'user', parts: [{ text: 'x' }] },
      { role: 'assistant', text: '', calls },
      { role: 'tool', results: [{ id: 'c1', text: 'no JSON', isError: true }] },
    ];
    await provider.ask(requestOf({ messages }), {});
    expect(bodies()[0].messages.slice(2)).toEqual([
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'read_file', arguments: '{"invalid_json":"{\\"pa"}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'no JSON' },
    ]);
  });
});

describe('what a server does not take is left out from then on', () => {
  it.each([
    ['stream_options', refused('Unrecognized request argument supplied: stream_options'), 'stream_options'],
    ['tools', refused('registry.ollama.ai/library/x:latest does not support tools'), 'tools'],
    ['tools, in llama.cpp’s words', refused('tools param requires --jinja flag', 500), 'tools'],
    [
      'max_tokens',
      refused("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."),
      'max_tokens',
    ],
    [
      'a body in FastAPI’s form',
      status(422, { detail: [{ loc: ['body', 'stream_options'], msg: 'stream_options: Extra inputs are not permitted' }] }),
      'stream_options',
    ],
  ])('%s', async (_, refusal, name) => {
    const provider = await start(refusal, fine);
    const request = requestOf({ tools: [TOOL] });
    expect((await provider.ask(request, {})).text).toBe('ok');
    await provider.ask(request, {});
    expect(bodies().map((body) => name in body)).toEqual([true, false, false]);
    if (name === 'max_tokens') expect(bodies()[1].max_completion_tokens).toBe(4_000);
  });

  it('takes the same refusal twice for an answer', async () => {
    const provider = await start(refused('stream_options: something else is wrong'));
    expect(await errorOf(provider.ask(requestOf(), {}))).toMatchObject({ code: 'model.rejected' });
    expect(server.seen).toHaveLength(2);
  });

  it('goes down the ladder of schemas one step at a time', async () => {
    const no = refused('response_format is not supported in this form');
    const provider = await start(no, no, no, fine);
    await provider.ask(requestOf({ schema: SCHEMA }), {});
    expect(bodies().map((body) => [body.response_format?.type, body.response_format?.json_schema?.strict])).toEqual([
      ['json_schema', true],
      ['json_schema', undefined],
      ['json_object', undefined],
      [undefined, undefined],
    ]);
    expect(bodies()[2].messages[0].content).toContain('"required":["title"]');
  });

  it('goes down once when parallel requests are refused at the same time', async () => {
    const refuseStrict: Answer = (response, seen) => {
      if (seen.body.response_format?.json_schema?.strict) return refused('strict json_schema is not supported')(response, seen);
      return fine(response, seen);
    };
    const provider = await start(refuseStrict);
    await Promise.all([1, 2, 3].map((attempt) => provider.ask(requestOf({ schema: SCHEMA, attempt }), {})));
    await provider.ask(requestOf({ schema: SCHEMA }), {});
    expect(bodies().at(-1).response_format).toMatchObject({ type: 'json_schema' });
  });

  it('tells a tool conversation in words to a server without tools', async () => {
    const provider = await start(refused('this model does not support tools'), fine);
    const messages: Message[] = [
      { role: 'user', parts: [{ text: 'fix it' }] },
      { role: 'assistant', text: 'Let me see.', calls: [{ id: 'c1', name: 'read_file', args: { path: 'a' }, raw: '{"path":"a"}' }] },
      { role: 'tool', results: [{ id: 'c1', text: 'THE FILE', isError: false }] },
    ];
    await provider.ask(requestOf({ messages, tools: [TOOL] }), {});
    expect(bodies()[1].messages.slice(1)).toEqual([
      { role: 'user', content: 'fix it' },
      { role: 'assistant', content: 'Let me see.\nI call read_file with {"path":"a"}' },
      { role: 'user', content: 'Result:\nTHE FILE' },
    ]);
  });

  it('puts the system prompt into the conversation where there is no such role', async () => {
    const provider = await start(refused('System role not supported'), fine);
    await provider.ask(requestOf(), {});
    expect(bodies()[1].messages[0]).toEqual({ role: 'user', content: 'You write code.' });
  });

  it('keeps asking for tools when a refusal only mentions them', async () => {
    const provider = await start(refused('tool_call_id c9 was not found'));
    expect(await errorOf(provider.ask(requestOf({ tools: [TOOL] }), {}))).toMatchObject({ code: 'model.rejected' });
    expect(server.seen).toHaveLength(1);
  });

  it('shortens the reply to what the context leaves, for this request only', async () => {
    const full =
      "'max_tokens' or 'max_completion_tokens' is too large: 4000. This model's maximum context length is 4096 tokens and your request has 3000 input tokens (4000 > 4096 - 3000).";
    const provider = await start(refused(full), fine);
    await provider.ask(requestOf(), {});
    await provider.ask(requestOf(), {});
    expect(bodies().map((body) => body.max_tokens)).toEqual([4_000, 1_096, 4_000]);
  });

  it('says that the request is too long when the context leaves nothing', async () => {
    const provider = await start(refused("This model's maximum context length is 4096 tokens and your request has 4090 input tokens."));
    expect(await errorOf(provider.ask(requestOf(), {}))).toMatchObject({ code: 'model.context', retryable: false });
  });
});

describe('the liberties of compatible servers', () => {
  it.each([
    [
      'without an index',
      [
        { id: 'a', function: { name: 'f', arguments: '{"n":1}' } },
        { id: 'b', function: { name: 'f', arguments: '{"n":2}' } },
      ],
    ],
    [
      'with one index for all',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '{"n":1}' } },
        { index: 0, id: 'b', function: { name: 'f', arguments: '{"n":2}' } },
      ],
    ],
    [
      'with arguments as an object',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: { n: 1 } } },
        { index: 1, id: 'b', function: { name: 'f', arguments: { n: 2 } } },
      ],
    ],
    [
      'without ids',
      [
        { index: 0, function: { name: 'f', arguments: '{"n":1}' } },
        { index: 1, function: { name: 'f', arguments: '{"n":2}' } },
      ],
    ],
    [
      'with the name in every piece',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '{"n"' } },
        { index: 0, id: 'a', function: { name: 'f', arguments: ':1}' } },
        { index: 1, id: 'b', function: { name: 'f', arguments: '{"n":2}' } },
      ],
    ],
  ])('calls %s', async (_, pieces) => {
    const provider = await start(events(...pieces.map((piece) => choice({ tool_calls: [piece] })), choice({}, 'stop')));
    const reply = await provider.ask(requestOf({ tools: [TOOL] }), {});
    expect(reply.calls.map(({ name, args }) => ({ name, args }))).toEqual([
      { name: 'f', args: { n: 1 } },
      { name: 'f', args: { n: 2 } },
    ]);
    expect(reply.stop).toBe('tool');
    expect(new Set(reply.calls.map((call) => call.id)).size).toBe(2);
  });

  it('takes thoughts out of the text, and gives streamed thoughts back with the next turn', async () => {
    const thinking = events(
      choice({ reasoning_content: 'Hm, ' }),
      choice({ reasoning_content: 'yes.' }),
      choice({ content: '<think>more</think>\n\nLooking.' }),
      choice({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'read_file', arguments: '{}' } }] }, 'tool_calls'),
    );
    const provider = await start(thinking, fine);
    const first = requestOf({ tools: [TOOL] });
    const { text, calls, carry } = await provider.ask(first, {});
    expect(text).toBe('Looking.');
    const turn = { role: 'assistant' as const, text, calls, ...(carry ? { carry } : {}) };
    const messages: Message[] = [...first.messages, turn, { role: 'tool', results: [{ id: 'c1', text: 'x', isError: false }] }];
    await provider.ask({ ...first, messages }, {});
    expect(bodies()[1].messages[2]).toMatchObject({ content: 'Looking.', reasoning_content: 'Hm, yes.' });
  });

  it('does not take a tag in the middle of a text for thoughts', async () => {
    const provider = await start(stream(chat({ text: 'Use <think> and </think> as tags.' })));
    expect((await provider.ask(requestOf(), {})).text).toBe('Use <think> and </think> as tags.');
  });

  it('counts reasoning that is reported beside the completion', async () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 20,
      total_tokens: 150,
      completion_tokens_details: { reasoning_tokens: 30 },
      prompt_cache_hit_tokens: 64,
    };
    const provider = await start(stream(chat({ text: 'x', usage })));
    expect((await provider.ask(requestOf(), {})).usage).toEqual({ input: 36, cached: 64, cacheWrite: 0, output: 50, reasoning: 30 });
  });

  it('keeps a usage that is followed by more', async () => {
    const counted = { ...choice({ content: 'x' }, 'stop'), usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } };
    const provider = await start(events(counted, { choices: [] }, { usage: null }));
    expect((await provider.ask(requestOf(), {})).usage).toMatchObject({ input: 7, output: 3 });
  });

  it('takes a reply as whole when the connection breaks after its end', async () => {
    const provider = await start((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chat({ text: 'all of it', usage: null }).replace('data: [DONE]\n\n', ''), () =>
        setTimeout(() => response.destroy(), 20),
      );
    });
    expect(await provider.ask(requestOf(), {})).toMatchObject({ text: 'all of it', stop: 'end' });
  });

  it.each([
    ['content_filter', 'filter'],
    ['stop', 'end'],
    ['eos', 'end'],
    ['weird', 'other'],
  ])('stop reason %s is %s', async (given, stop) => {
    const provider = await start(stream(chat({ text: 'x', stop: given })));
    expect((await provider.ask(requestOf(), {})).stop).toBe(stop);
  });

  it('reads a refusal', async () => {
    const provider = await start(events(choice({ refusal: 'I will ' }), choice({ refusal: 'not.' }), choice({}, 'stop')));
    expect(await provider.ask(requestOf(), {})).toMatchObject({ text: 'I will not.', stop: 'refusal' });
  });

  it('takes a request refused for its content as a stop', async () => {
    const provider = await start(status(400, { error: { code: 'content_filter', message: 'flagged' } }));
    expect(await provider.ask(requestOf(), {})).toMatchObject({ text: '', stop: 'filter' });
  });

  it('reads an error in the middle of a stream', async () => {
    const provider = await start(
      stream(
        `${chat({ text: 'half', end: false })}data: {"error":{"message":"slow down, try again in 2s","code":"rate_limit_exceeded"}}\n\n`,
      ),
    );
    expect(await errorOf(provider.ask(requestOf(), {}))).toMatchObject({ code: 'model.unreachable', retryable: true, retryAfterMs: 2_000 });
  });

  it('hides a key that a server says back, whatever it looks like', async () => {
    server = await fakeServer(refused('Token hunter2hunter2 is unknown', 401));
    const provider = createProvider({ spec: 'local/m', openaiBaseUrl: `${server.url}/v1`, openaiKey: 'hunter2hunter2' });
    const { message, cause } = await errorOf(provider.ask(requestOf(), {}));
    expect(message).toContain('Token [key] is unknown');
    expect(`${message} ${String(cause)}`).not.toContain('hunter2');
  });

  it('shows nothing of a server’s words that a terminal would obey', async () => {
    const provider = await start(refused('\u001b]0;owned\u0007 bad\nthing'));
    expect((await errorOf(provider.ask(requestOf(), {}))).message).toContain('It said: ]0;owned bad thing');
  });

  it('knows a router’s words for an unknown model', async () => {
    const provider = await start(refused('acme/x is not a valid model ID'));
    expect(await errorOf(provider.ask(requestOf(), {}))).toMatchObject({ code: 'model.unknown' });
  });
});
