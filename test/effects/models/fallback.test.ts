import { describe, expect, it } from 'vitest';
import { type ErrorCode, RedgreenError } from '../../../src/core/errors.ts';
import { withFallback } from '../../../src/effects/models/fallback.ts';
import { errorOf, replyOf, requestOf, scripted } from './helpers.ts';

const failing = (code: ErrorCode) => ({ ...scripted(new RedgreenError(code, code)), name: `failing/${code}` });

describe('withFallback', () => {
  it.each(['model.auth', 'model.unknown', 'model.unreachable', 'model.limit', 'model.bad-reply'] as const)(
    'goes on after %s, and tells it',
    async (code) => {
      const told: string[][] = [];
      const chain = withFallback([failing(code), scripted(replyOf('ok'))], {
        onFallback: (from, to, error, request) => told.push([from, to, error.code, request.subject]),
      });
      expect((await chain.ask(requestOf(), {})).text).toBe('ok');
      expect(told).toEqual([[`failing/${code}`, 'fake/model', code, 'src/a.ts']]);
    },
  );

  it.each(['model.rejected', 'model.context', 'internal'] as const)('does not go on after %s', async (code) => {
    const second = scripted(replyOf('ok'));
    expect(await errorOf(withFallback([failing(code), second]).ask(requestOf(), {}))).toMatchObject({ code });
    expect(second.asked).toHaveLength(0);
  });

  it('leaves a refused key out for good, and lets an unreachable server rest', async () => {
    let now = 0;
    const [refused, away, last] = [failing('model.auth'), failing('model.unreachable'), scripted(replyOf('ok'))];
    const chain = withFallback([refused, away, last], { now: () => now, restMs: 1_000 });
    const counts = () => [refused, away, last].map((each) => each.asked.length);
    await chain.ask(requestOf(), {});
    await chain.ask(requestOf(), {});
    expect(counts()).toEqual([1, 1, 2]);
    now = 1_500;
    await chain.ask(requestOf(), {});
    expect(counts()).toEqual([1, 2, 3]);
  });

  it('throws the first error when none answers, and tries all again next time', async () => {
    const [one, two] = [failing('model.unreachable'), failing('model.auth')];
    const chain = withFallback([one, two]);
    expect(await errorOf(chain.ask(requestOf(), {}))).toMatchObject({ code: 'model.unreachable' });
    await errorOf(chain.ask(requestOf(), {}));
    expect(one.asked).toHaveLength(2);
  });

  it('does not go on after a stop', async () => {
    const second = scripted(replyOf('ok'));
    await errorOf(withFallback([failing('model.unreachable'), second]).ask(requestOf(), { signal: AbortSignal.abort() }));
    expect(second.asked).toHaveLength(0);
  });

  it('reserves the price of the dearest', async () => {
    const priced = (price: number | null) => ({ ...scripted(replyOf('x')), worstCase: () => price });
    expect(await withFallback([priced(0.1), priced(null), priced(0.4)]).worstCase(requestOf(), 10)).toBe(0.4);
    expect(await withFallback([priced(null), priced(null)]).worstCase(requestOf(), 10)).toBeNull();
  });

  it('needs a provider', () => {
    expect(() => withFallback([])).toThrow('No model is configured');
  });
});
