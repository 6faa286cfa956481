import { afterEach, describe, expect, it } from 'vitest';
import { createProvider, defaultModels, type Endpoints, resolveModel } from '../../../src/effects/models/registry.ts';
import { chat, type FakeServer, fakeServer, status, stream } from './fake-server.ts';
import { requestOf } from './helpers.ts';

let servers: FakeServer[] = [];

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

const KEYS: Endpoints = { openaiKey: 'o', anthropicKey: 'a' };
const LOCAL = 'http://127.0.0.1:8123/v1';
const ROUTER = 'https://openrouter.ai/api/v1';

describe('resolveModel', () => {
  it.each<[string, Endpoints, object]>([
    [
      'openai/gpt-6-sol',
      KEYS,
      { kind: 'openai', label: 'openai/gpt-6-sol', model: 'gpt-6-sol', baseUrl: 'https://api.openai.com/v1', key: 'o' },
    ],
    ['gpt-6-sol', KEYS, { kind: 'openai', label: 'openai/gpt-6-sol' }],
    ['o3', KEYS, { kind: 'openai', label: 'openai/o3' }],
    ['claude-opus-5-5', KEYS, { kind: 'anthropic', label: 'anthropic/claude-opus-5-5', baseUrl: 'https://api.anthropic.com', key: 'a' }],
    ['openai/x', { ...KEYS, openaiBaseUrl: 'https://api.openai.com/v1/' }, { kind: 'openai', baseUrl: 'https://api.openai.com/v1' }],
    [
      'openai/gpt-6',
      { ...KEYS, openaiBaseUrl: LOCAL },
      { kind: 'compatible', label: 'openai/gpt-6', model: 'gpt-6', baseUrl: LOCAL, key: 'o' },
    ],
    [
      'llama3',
      { openaiBaseUrl: 'http://localhost:11434' },
      { kind: 'compatible', label: 'local/llama3', baseUrl: 'http://localhost:11434/v1', key: null },
    ],
    ['meta/llama-3', { openaiBaseUrl: LOCAL }, { kind: 'compatible', label: 'local/meta/llama-3', model: 'meta/llama-3' }],
    ['local/llama3', { openaiBaseUrl: LOCAL }, { label: 'local/llama3', model: 'llama3' }],
    ['claude-x', { openaiBaseUrl: ROUTER, openaiKey: 'r' }, { kind: 'compatible', model: 'claude-x', label: 'compatible/claude-x' }],
    ['anthropic/claude-x', { openaiBaseUrl: ROUTER, openaiKey: 'r' }, { kind: 'compatible', model: 'anthropic/claude-x', key: 'r' }],
    ['anthropic/claude-x', { openaiBaseUrl: ROUTER, ...KEYS }, { kind: 'anthropic', model: 'claude-x' }],
    ['openai/gpt-6', { openaiBaseUrl: ROUTER, openaiKey: 'r' }, { kind: 'compatible', model: 'openai/gpt-6', label: 'openai/gpt-6' }],
    ['local/qwen', { local: { name: 'Ollama', baseUrl: LOCAL } }, { kind: 'compatible', service: 'Ollama', free: true, key: null }],
    [
      'claude-x',
      { anthropicKey: 'a', anthropicBaseUrl: 'https://gw.example.com/anthropic/v1' },
      { baseUrl: 'https://gw.example.com/anthropic' },
    ],
  ])('%s with %o', (spec, endpoints, expected) => {
    expect(resolveModel(spec, endpoints)).toMatchObject(expected);
  });

  it.each<[string, Endpoints, string, string]>([
    ['openai/gpt-6', {}, 'model.auth', 'OPENAI_API_KEY'],
    ['gpt-6', { anthropicKey: 'a' }, 'model.auth', 'OPENAI_API_KEY'],
    ['claude-x', {}, 'model.auth', 'ANTHROPIC_API_KEY'],
    ['llama3', KEYS, 'config', 'OPENAI_BASE_URL'],
    ['', KEYS, 'config', 'provider/model'],
    ['openai/', KEYS, 'config', 'provider/model'],
    ['m', { openaiBaseUrl: 'not a url' }, 'config', 'base URL'],
    ['m', { openaiBaseUrl: 'file:///etc/passwd' }, 'config', 'http://'],
  ])('refuses "%s" with %o', (spec, endpoints, code, words) => {
    expect(() => resolveModel(spec, endpoints)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(words) }));
  });
});

describe('createProvider', () => {
  it('takes no address with a password, and does not show it', () => {
    const made = () => createProvider({ spec: 'local/m', openaiBaseUrl: 'http://user:hunter22@127.0.0.1:1/v1' });
    expect(made).toThrow(expect.objectContaining({ code: 'config', message: expect.not.stringContaining('hunter22') }));
  });

  it('costs nothing on this machine, and an unknown price is no zero', async () => {
    const server = await fakeServer(stream(chat({ text: 'x' })));
    servers.push(server);
    const near = createProvider({ spec: 'local/llama3', openaiBaseUrl: `${server.url}/v1` });
    expect([(await near.ask(requestOf(), {})).cost, await near.worstCase(requestOf(), 100)]).toEqual([0, 0]);
    const far = createProvider({ spec: 'compatible/m', openaiBaseUrl: 'https://models.example.com/v1' });
    expect(await far.worstCase(requestOf(), 100)).toBeNull();
  });

  it('uses the user’s prices', async () => {
    const provider = createProvider({ spec: 'openai/gpt-99', openaiKey: 'k', prices: { 'gpt-99': { input: 2, output: 1_000 } } });
    expect(await provider.worstCase(requestOf({ maxOutputTokens: 1_000 }), 0)).toBe(1);
  });
});

describe('defaultModels', () => {
  it('is nothing when nothing is configured', async () => {
    expect(await defaultModels({})).toBeNull();
  });

  it('uses the key that is there, and the other one as the fallback', async () => {
    expect((await defaultModels({ openaiKey: 'k' }))?.plan).toEqual(['openai/gpt-6-sol', 'openai/gpt-5.6-sol']);
    expect(await defaultModels({ anthropicKey: 'k' })).toMatchObject({
      plan: ['anthropic/claude-opus-5-5', 'anthropic/claude-sonnet-5'],
      draft: ['anthropic/claude-sonnet-5', 'anthropic/claude-opus-5-5'],
    });
    expect((await defaultModels(KEYS))?.repair).toEqual(['openai/gpt-6-sol', 'anthropic/claude-opus-5-5']);
  });

  it('asks a configured server for its models', async () => {
    const server = await fakeServer(status(200, { object: 'list', data: [{ id: 'nomic-embed' }, { id: 'qwen3-coder' }] }));
    servers.push(server);
    expect((await defaultModels({ openaiBaseUrl: `${server.url}/v1`, ...KEYS }))?.tests).toEqual(['local/qwen3-coder']);
    expect(server.seen[0]?.path).toBe('/v1/models');
  });

  it('takes a server that was found on this machine last', async () => {
    const found = { name: 'Ollama', baseUrl: LOCAL, models: ['a', 'b'] };
    expect((await defaultModels({ servers: [found] }))?.draft).toEqual(['local/a']);
    expect((await defaultModels({ servers: [found], openaiKey: 'k' }))?.draft[0]).toBe('openai/gpt-6-sol');
  });
});
