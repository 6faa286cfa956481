import { describe, expect, it } from 'vitest';
import { loadPrices } from '../../../src/effects/models/prices.ts';
import { ANTHROPIC_MODELS, OPENAI_MODELS } from '../../../src/effects/models/registry.ts';
import { requestOf } from './helpers.ts';

const million = { input: 0, cached: 0, cacheWrite: 0, output: 0, reasoning: 0 };
const near = 'http://127.0.0.1:11434/v1';

describe('prices', () => {
  it('tell plain, cached, written and output tokens apart', async () => {
    const { priceOf } = await loadPrices();
    const of = (usage: object) => priceOf('anthropic/claude-opus-5-5', { ...million, ...usage });
    expect([of({ input: 1e6 }), of({ cached: 1e6 }), of({ cacheWrite: 1e6 }), of({ output: 1e6, reasoning: 1e6 })]).toEqual([
      4, 0.2, 5, 20,
    ]);
  });

  it('charge a written token as a plain one where writing has no price of its own', async () => {
    const { priceOf } = await loadPrices();
    expect(priceOf('openai/gpt-5.5', { ...million, cacheWrite: 100_000 })).toBeCloseTo(0.5, 10);
  });

  it('know every default model', async () => {
    const { priceOf } = await loadPrices();
    for (const name of [...Object.values(OPENAI_MODELS), ...Object.values(ANTHROPIC_MODELS)]) {
      expect(priceOf(name, { ...million, output: 1e6 }), name).toBeGreaterThan(0);
    }
  });

  it.each([
    ['openai', 'gpt-99', 'https://api.openai.com/v1', null],
    ['compatible', 'some-model', 'https://models.example.com/v1', null],
    ['local', 'llama3.2', near, 0],
    ['local', 'gpt-oss:20b', near, 0],
    ['local', 'gpt-5.5', near, 30],
    ['compatible', 'claude-opus-5-5', 'https://proxy.example.com/v1', 20],
  ])('%s/%s costs by its name and place', async (provider, model, baseUrl, expected) => {
    const tariff = (await loadPrices()).tariff({ provider, model, baseUrl });
    expect(tariff.cost({ ...million, output: 1e6 })).toBe(expected);
  });

  it('are nothing for a server that was found here', async () => {
    const tariff = (await loadPrices()).tariff({ provider: 'local', model: 'gpt-5.5', baseUrl: near, free: true });
    expect([tariff.cost({ ...million, output: 1e6 }), tariff.worst(requestOf(), 1e6)]).toEqual([0, 0]);
  });

  it('are the user’s own where there are such', async () => {
    const own = { 'openai/gpt-99': { input: 1, output: 2 }, mine: { input: 10, output: 20, cached: 1, cacheWrite: 12 } };
    const { tariff } = await loadPrices(own);
    const usage = { input: 1e6, cached: 1e6, cacheWrite: 1e6, output: 1e6, reasoning: 0 };
    expect(tariff({ provider: 'openai', model: 'gpt-99', baseUrl: '' }).cost(usage)).toBe(5);
    expect(tariff({ provider: 'local', model: 'mine', baseUrl: near }).cost(usage)).toBe(43);
  });

  it('have a worst case that a real usage does not exceed', async () => {
    const { tariff } = await loadPrices();
    const text = 'const answer = 42;\n'.repeat(1_000);
    const request = requestOf({ messages: [{ role: 'user', parts: [{ text }] }], maxOutputTokens: 8_000 });
    for (const [provider, model] of [
      ['openai', 'gpt-5.5'],
      ['anthropic', 'claude-opus-5-5'],
    ] as const) {
      const { cost, worst } = tariff({ provider, model, baseUrl: '' });
      const tokens = Math.ceil(text.length / 2.2);
      const reserved = worst(request, text.length) ?? 0;
      expect(reserved).toBeGreaterThanOrEqual(cost({ ...million, input: tokens, output: 8_000 }) ?? 1);
      expect(reserved).toBeGreaterThanOrEqual(cost({ ...million, cacheWrite: tokens, output: 8_000 }) ?? 1);
      expect(reserved).toBeLessThan(3 * (cost({ ...million, cacheWrite: tokens, output: 8_000 }) ?? 0));
    }
  });

  it('reserve more for text that is not ASCII', async () => {
    const { worst } = (await loadPrices()).tariff({ provider: 'openai', model: 'gpt-5.5', baseUrl: '' });
    const of = (text: string) =>
      worst(requestOf({ messages: [{ role: 'user', parts: [{ text }] }], maxOutputTokens: 1 }), text.length) ?? 0;
    expect(of('漢'.repeat(10_000))).toBeGreaterThan(3 * of('a'.repeat(10_000)));
  });
});
