import { afterEach, describe, expect, it } from 'vitest';
import { chooseModel, discoverServers, listModels, type Place } from '../../../src/effects/models/discover.ts';
import { type Answer, type FakeServer, fakeServer, status } from './fake-server.ts';
import { errorOf } from './helpers.ts';

let servers: FakeServer[] = [];

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

async function place(name: string, path: Place['path'], answer: Answer): Promise<Place> {
  const server = await fakeServer(answer);
  servers.push(server);
  return { name, port: server.port, path };
}

const model = (id: string) => ({ id, object: 'model', created: 1, owned_by: 'x' });

describe('discoverServers', () => {
  it('finds what answers with a list of models, and nothing else', async () => {
    const places = await Promise.all([
      place(
        'Ollama',
        '/api/tags',
        status(200, {
          models: [
            { name: 'qwen3-coder:30b', digest: 'a' },
            { name: 'nomic-embed-text:latest', digest: 'b' },
          ],
        }),
      ),
      place('vLLM', '/v1/models', status(200, { object: 'list', data: [model('Qwen/Qwen3')] })),
      place('a web server', '/v1/models', status(200, '<h1>Hello</h1>')),
      place('an API', '/v1/models', status(200, { data: [{ id: 1 }, { id: 2 }] })),
      place('another API', '/v1/models', status(200, { object: 'list', data: [{ id: 'car', object: 'vehicle' }] })),
      place('a list of cars', '/api/tags', status(200, { models: [{ name: 'Model T' }] })),
      place('empty', '/v1/models', status(200, { object: 'list', data: [] })),
      place('only embeddings', '/v1/models', status(200, { object: 'list', data: [model('bge-large')] })),
      place('none', '/v1/models', status(404, 'not found')),
      place('silent', '/v1/models', () => undefined),
      place('elsewhere', '/v1/models', status(302, '', { location: 'http://127.0.0.1:1/' })),
    ]);
    const found = await discoverServers({ places, timeoutMs: 1_000 });
    expect(found).toEqual([
      { name: 'Ollama', baseUrl: `http://127.0.0.1:${places[0]?.port}/v1`, models: ['qwen3-coder:30b'] },
      { name: 'vLLM', baseUrl: `http://127.0.0.1:${places[1]?.port}/v1`, models: ['Qwen/Qwen3'] },
    ]);
  });
});

describe('listModels', () => {
  it('asks with the key and returns the names', async () => {
    const at = await place('x', '/v1/models', status(200, { data: [{ id: 'a' }, { id: 'b' }] }));
    expect(await listModels({ baseUrl: `http://127.0.0.1:${at.port}/v1/`, key: 'k1' })).toEqual(['a', 'b']);
    expect(servers[0]?.seen[0]).toMatchObject({ path: '/v1/models', headers: { authorization: 'Bearer k1' } });
  });

  it.each([
    ['refuses', status(404, 'nope')],
    ['has none', status(200, { data: [] })],
    ['says something else', status(200, [1, 2])],
    ['redirects', status(302, '', { location: 'http://127.0.0.1:1/' })],
  ])('says to name a model when the server %s', async (_, answer) => {
    const at = await place('x', '/v1/models', answer);
    const error = await errorOf(listModels({ baseUrl: `http://127.0.0.1:${at.port}/v1`, key: null }));
    expect(error.code).toBe('config');
    expect(error.message).toContain('Name the model with --model.');
  });
});

describe('listModels, where nothing else would be answered either', () => {
  const url = (at: Place) => `http://127.0.0.1:${at.port}/v1`;

  it('says that the key is refused', async () => {
    const error = await errorOf(listModels({ baseUrl: url(await place('x', '/v1/models', status(401, 'no'))), key: 'k1' }));
    expect([error.code, error.message]).toEqual(['model.auth', expect.stringContaining('refused the key (401). Check OPENAI_API_KEY')]);
  });

  it('says that nothing listens there', async () => {
    const at = await place('x', '/v1/models', () => undefined);
    await Promise.all(servers.splice(0).map((server) => server.close()));
    const error = await errorOf(listModels({ baseUrl: url(at), key: null }));
    expect([error.code, error.message]).toEqual(['model.unreachable', expect.stringContaining('nothing listens there (ECONNREFUSED)')]);
  });

  it('says that nothing came', async () => {
    const error = await errorOf(listModels({ baseUrl: url(await place('x', '/v1/models', () => undefined)), key: null, timeoutMs: 100 }));
    expect([error.code, error.message]).toEqual(['model.unreachable', expect.stringContaining('sent nothing for')]);
  });
});

describe('chooseModel', () => {
  it('takes the first that writes text', () => {
    expect(chooseModel(['text-embedding-3', 'llama3'], 'http://127.0.0.1:1/v1')).toBe('llama3');
  });

  it('does not choose from a router’s list', () => {
    const many = Array.from({ length: 300 }, (_, n) => `m${n}`);
    expect(() => chooseModel(many, 'https://router.example.com/v1')).toThrow('offers 300 models, among them m0, m1, m2');
    expect(() => chooseModel(['bge'], 'https://router.example.com/v1')).toThrow('none that writes text');
  });
});
