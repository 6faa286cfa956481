import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/model.ts';
import { createProvider } from '../../../src/effects/models/registry.ts';
import { type Answer, type FakeServer, fakeServer, responses, status, stream } from './fake-server.ts';
import { errorOf, requestOf, SCHEMA, TOOL } from './helpers.ts';

let server: FakeServer;

afterEach(() => server.close());

async function start(model: string, ...answers: Answer[]) {
  server = await fakeServer(...answers);
  return createProvider({ spec: `openai/${model}`, openaiBaseUrl: `${server.url}/v1`, openaiKey: 'sk-x', api: 'responses' });
}

const fine = stream(responses({ text: 'ok' }));
const bodies = () => server.seen.map((seen) => seen.body);
const ended = (type: string, response: object) =>
  stream(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: 1, response })}\n\n`);

describe('what is sent', () => {
  it('is stateless, keyed by the run, with marks where requests share text', async () => {
    const provider = await start('gpt-6-sol', fine);
    await provider.ask(requestOf({ schema: SCHEMA, tools: [TOOL] }), {});
    expect(bodies()[0]).toEqual({
      model: 'gpt-6-sol',
      stream: true,
      store: false,
      instructions: 'You write code.',
      include: ['reasoning.encrypted_content'],
      prompt_cache_key: '20261123-120000-abcd',
      max_output_tokens: 4_000,
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'The project.\n', prompt_cache_breakpoint: { mode: 'explicit' } },
            { type: 'input_text', text: 'Write src/a.ts.\n' },
          ],
        },
      ],
      tools: [{ type: 'function', name: 'read_file', description: 'Reads a file.', parameters: TOOL.schema, strict: true }],
      text: { format: { type: 'json_schema', name: 'plan', schema: SCHEMA.schema, strict: true } },
    });
  });

  it('has three marks at most, the last ones', async () => {
    const provider = await start('gpt-6-sol', fine);
    const parts = ['a', 'b', 'c', 'd', 'e'].map((text) => ({ text, cache: true }));
    await provider.ask(requestOf({ messages: [{ role: 'user', parts }] }), {});
    const marked = bodies()[0].input[0].content.filter((block: object) => 'prompt_cache_breakpoint' in block);
    expect(marked.map((block: { text: string }) => block.text)).toEqual(['c', 'd', 'e']);
  });

  it('has no explicit marks for older models', async () => {
    const provider = await start('gpt-5.5', fine);
    await provider.ask(requestOf(), {});
    expect(server.seen[0]?.text).not.toContain('prompt_cache_breakpoint');
  });

  it('carries reasoning back as it came, in its place', async () => {
    const calls = [{ id: 'c1', name: 'read_file', args: '{}' }];
    const provider = await start('gpt-6-sol', stream(responses({ text: 'Look.', calls, reasoning: 'gAAAA-encrypted' })), fine);
    const first = requestOf({ tools: [TOOL] });
    const reply = await provider.ask(first, {});
    expect(reply.carry?.provider).toBe('openai/gpt-6-sol');
    const { text, calls: called, carry } = reply;
    const turn = { role: 'assistant' as const, text, calls: called, ...(carry ? { carry } : {}) };
    const messages: Message[] = [...first.messages, turn, { role: 'tool', results: [{ id: 'c1', text: 'FILE', isError: false }] }];
    await provider.ask({ ...first, messages }, {});
    expect(bodies()[1].input.slice(1)).toMatchObject([
      { type: 'reasoning', encrypted_content: 'gAAAA-encrypted' },
      { type: 'message', content: [{ text: 'Look.' }] },
      { type: 'function_call', call_id: 'c1' },
      {
        type: 'function_call_output',
        call_id: 'c1',
        output: [{ type: 'input_text', text: 'FILE', prompt_cache_breakpoint: { mode: 'explicit' } }],
      },
    ]);
  });

  it('does not show one model what another one carried', async () => {
    const provider = await start('gpt-6-sol', fine);
    const calls = [{ id: 'c1', name: 'read_file', args: { path: 'a' }, raw: '{"path":"a"}' }];
    const carry = { provider: 'anthropic/claude-opus-5-5', items: [{ type: 'thinking', thinking: 'secret', signature: 's' }] };
    const messages: Message[] = [
      { role: 'user', parts: [{ text: 'x' }] },
      { role: 'assistant', text: 'Look.', calls, carry },
      { role: 'tool', results: [{ id: 'c1', text: 'FILE', isError: false }] },
    ];
    await provider.ask(requestOf({ messages }), {});
    expect(server.seen[0]?.text).not.toContain('secret');
    expect(bodies()[0].input[1]).toEqual({ role: 'assistant', content: 'Look.' });
  });

  it.each([
    ['encrypted reasoning', { message: 'Encrypted content is not supported with this model.', param: 'include' }, 'include'],
    ['the cache key', { message: 'Unknown parameter', param: 'prompt_cache_key' }, 'prompt_cache_key'],
  ])('leaves out %s for a model that refuses it', async (_, error, name) => {
    const provider = await start('gpt-6-sol', status(400, { error }), fine);
    await provider.ask(requestOf(), {});
    expect(bodies().map((body) => name in body)).toEqual([true, false]);
  });
});

describe('what comes back', () => {
  it('is priced, its tokens counted once', async () => {
    const provider = await start('gpt-6-sol', fine);
    const reply = await provider.ask(requestOf(), {});
    expect(reply.usage).toEqual({ input: 60, cached: 30, cacheWrite: 10, output: 20, reasoning: 5 });
    // $2 in, $0.20 cached, $2.50 written, $10 out, for a million.
    expect(reply.cost).toBeCloseTo((60 * 2 + 30 * 0.2 + 10 * 2.5 + 20 * 10) / 1e6, 12);
  });

  it('may be text that stands only in the last event', async () => {
    const output = [{ type: 'message', content: [{ type: 'output_text', text: 'late' }] }];
    const provider = await start('m', ended('response.completed', { status: 'completed', output }));
    expect((await provider.ask(requestOf(), {})).text).toBe('late');
  });

  it('may be a refusal', async () => {
    const output = [{ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }];
    const provider = await start('m', ended('response.completed', { status: 'completed', output }));
    expect(await provider.ask(requestOf(), {})).toMatchObject({ text: 'No.', stop: 'refusal' });
  });

  it('may be stopped by a filter', async () => {
    const provider = await start('m', stream(responses({ text: 'x', stop: 'content_filter' })));
    expect((await provider.ask(requestOf(), {})).stop).toBe('filter');
  });

  it.each([
    [
      { code: 'server_error', message: 'oops' },
      { code: 'model.unreachable', retryable: true },
    ],
    [
      { code: 'rate_limit_exceeded', message: 'Please try again in 1m30s.' },
      { code: 'model.unreachable', retryAfterMs: 90_000 },
    ],
    [
      { code: 'invalid_prompt', message: 'bad' },
      { code: 'model.rejected', retryable: false },
    ],
  ])('may be a failure: %o', async (error, expected) => {
    const provider = await start('m', ended('response.failed', { status: 'failed', output: [], error }));
    expect(await errorOf(provider.ask(requestOf(), {}))).toMatchObject(expected);
  });

  it('may be a failure for its content, which is a stop', async () => {
    const provider = await start(
      'm',
      ended('response.failed', { status: 'failed', output: [], error: { code: 'bio_policy', message: 'x' } }),
    );
    expect(await provider.ask(requestOf(), {})).toMatchObject({ text: '', stop: 'filter' });
  });

  it('may be an error event', async () => {
    const provider = await start(
      'm',
      stream('event: error\ndata: {"type":"error","code":"server_error","message":"boom","param":null,"sequence_number":1}\n\n'),
    );
    const error = await errorOf(provider.ask(requestOf(), {}));
    expect(error).toMatchObject({ code: 'model.unreachable', retryable: true });
    expect(error.message).toContain('boom');
  });
});
