import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Message, Part } from '../../../src/core/model.ts';
import { createProvider, type ProviderOptions } from '../../../src/effects/models/registry.ts';
import { type Answer, type FakeServer, fakeServer, messages, status, stream } from './fake-server.ts';
import { errorOf, requestOf, SCHEMA, TOOL } from './helpers.ts';

let server: FakeServer;

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

async function start(answers: readonly Answer[], more: Partial<ProviderOptions> = {}) {
  server = await fakeServer(...answers);
  return createProvider({ spec: 'anthropic/claude-opus-5-5', anthropicBaseUrl: server.url, anthropicKey: 'sk-ant-x', ...more });
}

const fine = stream(messages({ text: 'ok' }));
const bodies = () => server.seen.map((seen) => seen.body);
const MARK = { type: 'ephemeral' };

describe('what is sent', () => {
  it('has cache marks, adaptive thinking and a schema in the supported words', async () => {
    const provider = await start([fine]);
    await provider.ask(requestOf({ schema: SCHEMA }), {});
    const { output_config, ...body } = bodies()[0];
    expect(body).toEqual({
      model: 'claude-opus-5-5',
      stream: true,
      max_tokens: 4_000,
      system: 'You write code.',
      thinking: { type: 'adaptive' },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'The project.\n', cache_control: MARK },
            { type: 'text', text: 'Write src/a.ts.\n' },
          ],
        },
      ],
    });
    expect(output_config.format).toMatchObject({ type: 'json_schema', schema: { required: ['title'], additionalProperties: false } });
    expect(output_config.format.schema.properties.title).not.toHaveProperty('minLength');
  });

  it('has a gateway’s key in both headers', async () => {
    const provider = await start([fine]);
    await provider.ask(requestOf(), {});
    expect(server.seen[0]?.headers).toMatchObject({ authorization: 'Bearer sk-ant-x', 'x-api-key': 'sk-ant-x' });
    expect(server.seen[0]?.path).toBe('/v1/messages');
  });

  it('has a gateway’s token instead of a key', async () => {
    const provider = await start([fine], { anthropicKey: null, anthropicToken: 'tok-123' });
    await provider.ask(requestOf(), {});
    expect(server.seen[0]?.headers['authorization']).toBe('Bearer tok-123');
    expect(server.seen[0]?.headers).not.toHaveProperty('x-api-key');
  });

  it('takes nothing from the environment by itself', async () => {
    vi.stubEnv('ANTHROPIC_AUTH_TOKEN', 'from-the-environment');
    vi.stubEnv('ANTHROPIC_BASE_URL', 'http://127.0.0.1:1');
    vi.stubEnv('ANTHROPIC_LOG', 'debug');
    const provider = await start([fine]);
    await provider.ask(requestOf(), {});
    expect(server.seen[0]?.headers['authorization']).toBe('Bearer sk-ant-x');
  });

  it('marks the last tool result and not the reminder after it, four marks at most', async () => {
    const provider = await start([fine]);
    const parts: Part[] = ['a', 'b', '', 'c', 'd', 'e'].map((text) => ({ text, cache: true }));
    const result = (id: string) => ({ id, text: `result ${id}`, isError: id === '2' });
    const call = (id: string) => ({ id, name: 'read_file', args: {}, raw: '{}' });
    const conversation: Message[] = [
      { role: 'user', parts },
      { role: 'assistant', text: ' ', calls: [call('1')] },
      { role: 'tool', results: [result('1')] },
      { role: 'assistant', text: 'next', calls: [call('2'), call('3')] },
      { role: 'tool', results: [result('2'), result('3')] },
      { role: 'user', parts: [{ text: 'You have 3 turns left.' }] },
    ];
    await provider.ask(requestOf({ messages: conversation, tools: [TOOL] }), {});
    const blocks = bodies()[0].messages.flatMap((message: { content: { cache_control?: object }[] }) => message.content);
    const marked = blocks.filter((block: { cache_control?: object }) => block.cache_control);
    expect(marked.map((block: { text?: string; content?: string }) => block.text ?? block.content)).toEqual(['c', 'd', 'e', 'result 3']);
    expect(bodies()[0].messages[1].content).toEqual([{ type: 'tool_use', id: '1', name: 'read_file', input: {} }]);
    expect(bodies()[0].messages[4].content[0]).toMatchObject({ type: 'tool_result', tool_use_id: '2', is_error: true });
  });

  it('carries signed thoughts back as they came', async () => {
    const calls = [{ id: 'toolu_1', name: 'read_file', args: '{"path":"a"}' }];
    const provider = await start([stream(messages({ thinking: 'Hm.', text: 'Look.', calls })), fine]);
    const first = requestOf({ tools: [TOOL] });
    const { text, calls: called, carry, usage } = await provider.ask(first, {});
    expect(usage).toEqual({ input: 60, cached: 30, cacheWrite: 10, output: 20, reasoning: 5 });
    const turn = { role: 'assistant' as const, text, calls: called, ...(carry ? { carry } : {}) };
    await provider.ask(
      { ...first, messages: [...first.messages, turn, { role: 'tool', results: [{ id: 'toolu_1', text: 'F', isError: false }] }] },
      {},
    );
    expect(bodies()[1].messages[1]).toEqual({
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'sig-1' },
        { type: 'text', text: 'Look.' },
        { type: 'tool_use', id: 'toolu_1', name: 'read_file', input: { path: 'a' } },
      ],
    });
  });

  it.each([
    ['thinking', 'adaptive thinking is not supported on this model', 'thinking'],
    ['the schema', 'output_config.format: Extra inputs are not permitted', 'output_config'],
  ])('leaves out %s where it is refused', async (_, message, name) => {
    const refusal = status(400, { type: 'error', error: { type: 'invalid_request_error', message } });
    const provider = await start([refusal, fine]);
    await provider.ask(requestOf({ schema: SCHEMA }), {});
    await provider.ask(requestOf({ schema: SCHEMA }), {});
    expect(bodies().map((body) => name in body)).toEqual([true, false, false]);
  });

  it('leaves out carried thoughts that are no longer valid', async () => {
    const refusal = status(400, {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'messages.1.content.0: Invalid `signature` in `thinking` block' },
    });
    const provider = await start([refusal, fine]);
    const carry = { provider: 'anthropic/claude-opus-5-5', items: [{ type: 'thinking', thinking: 'old', signature: 'stale' }] };
    const conversation: Message[] = [
      { role: 'user', parts: [{ text: 'x' }] },
      { role: 'assistant', text: 'Look.', calls: [], carry },
      { role: 'user', parts: [{ text: 'y' }] },
    ];
    await provider.ask(requestOf({ messages: conversation }), {});
    expect(bodies()[1].messages[1].content).toEqual([{ type: 'text', text: 'Look.' }]);
    expect(bodies()[1].thinking).toEqual({ type: 'adaptive' });
  });
});

describe('what comes back', () => {
  it('is priced', async () => {
    const provider = await start([fine]);
    // $4 in, $0.20 cached, $5 written, $20 out, for a million.
    expect((await provider.ask(requestOf(), {})).cost).toBeCloseTo((60 * 4 + 30 * 0.2 + 10 * 5 + 20 * 20) / 1e6, 12);
  });

  it.each([
    ['end_turn', 'end'],
    ['stop_sequence', 'end'],
    ['max_tokens', 'length'],
    ['refusal', 'refusal'],
    ['model_context_window_exceeded', 'context'],
    ['pause_turn', 'other'],
    ['something_new', 'other'],
  ])('stop reason %s is %s', async (given, stop) => {
    const provider = await start([stream(messages({ text: 'x', stop: given }))]);
    expect((await provider.ask(requestOf(), {})).stop).toBe(stop);
  });

  it('may be an overload in the middle of the stream', async () => {
    const provider = await start([
      stream(
        `${messages({ text: 'half', end: false })}event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n`,
      ),
    ]);
    expect(await errorOf(provider.ask(requestOf(), {}))).toMatchObject({ code: 'model.unreachable', retryable: true });
  });

  it('may be an account without credit', async () => {
    const error = { type: 'invalid_request_error', message: 'Your credit balance is too low to access the API.' };
    const provider = await start([status(400, { type: 'error', error })]);
    expect(await errorOf(provider.ask(requestOf(), {}))).toMatchObject({ code: 'model.limit', retryable: false });
  });
});
