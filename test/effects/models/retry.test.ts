import { describe, expect, it } from 'vitest';
import { RedgreenError } from '../../../src/core/errors.ts';
import { pause, type RetryOptions, withRetry } from '../../../src/effects/models/retry.ts';
import { SILENCE } from '../../../src/effects/models/wire.ts';
import { errorOf, replyOf, requestOf, scripted } from './helpers.ts';

const busy = (retryAfterMs?: number) =>
  new RedgreenError('model.unreachable', 'busy', { retryable: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

function waits(options: RetryOptions = {}) {
  const slept: number[] = [];
  const told: [number, string, string][] = [];
  const all: RetryOptions = {
    random: () => 1,
    sleep: async (ms) => void slept.push(ms),
    onWait: (ms, reason, request) => told.push([ms, reason, request.subject]),
    ...options,
  };
  return { slept, told, all };
}

describe('withRetry', () => {
  it('tries again with growing waits, and tells each one', async () => {
    const { slept, told, all } = waits();
    const provider = scripted(busy(), busy(), busy(), replyOf('ok'));
    expect((await withRetry(provider, all).ask(requestOf(), {})).text).toBe('ok');
    expect(slept).toEqual([1_000, 2_000, 4_000]);
    expect(told[0]).toEqual([1_000, 'busy', 'src/a.ts']);
  });

  it('has jitter below the full wait', async () => {
    const { slept, all } = waits({ random: () => 0 });
    await withRetry(scripted(busy(), busy(), replyOf('ok')), all).ask(requestOf(), {});
    expect(slept).toEqual([500, 1_000]);
  });

  it('throws the last error when the tries are used up', async () => {
    const { all } = waits({ attempts: 3 });
    const provider = scripted(busy());
    expect(await errorOf(withRetry(provider, all).ask(requestOf(), {}))).toMatchObject({ code: 'model.unreachable' });
    expect(provider.asked).toHaveLength(3);
  });

  it('tries a silent server once more, not four times', async () => {
    const provider = scripted(new RedgreenError('model.unreachable', 'sent nothing', { retryable: true, cause: SILENCE }));
    await errorOf(withRetry(provider, waits().all).ask(requestOf(), {}));
    expect(provider.asked).toHaveLength(2);
  });

  it('obeys the server, whose waits count as no tries', async () => {
    const { slept, all } = waits({ attempts: 2, random: () => 0 });
    const provider = scripted(busy(17_000), busy(17_000), busy(17_000), busy(), replyOf('ok'));
    expect((await withRetry(provider, all).ask(requestOf(), {})).text).toBe('ok');
    expect(slept).toEqual([17_000, 17_000, 17_000, 500]);
  });

  it('does not wait longer in all than allowed', async () => {
    const { slept, all } = waits({ maxWaitMs: 60_000, random: () => 0 });
    const error = await errorOf(withRetry(scripted(busy(3_600_000)), all).ask(requestOf(), {}));
    expect(error).toMatchObject({ code: 'model.unreachable', retryable: false });
    expect(error.message).toContain('Waiting 3600 s more');
    expect(slept).toEqual([]);
  });

  it('does not repeat what cannot succeed', async () => {
    const provider = scripted(new RedgreenError('model.auth', 'no key'));
    await errorOf(withRetry(provider, waits().all).ask(requestOf(), {}));
    expect(provider.asked).toHaveLength(1);
  });

  it('does not go on after a stop', async () => {
    const stop = new AbortController();
    const provider = scripted(busy());
    const { all } = waits({ sleep: async () => stop.abort() });
    await errorOf(withRetry(provider, all).ask(requestOf(), { signal: stop.signal }));
    expect(provider.asked).toHaveLength(1);
  });

  it('keeps name and price', async () => {
    const provider = withRetry(scripted(replyOf('x')));
    expect([provider.name, await provider.worstCase(requestOf(), 10)]).toEqual(['fake/model', 0.5]);
  });
});

describe('pause', () => {
  it('ends when it is stopped', async () => {
    const stop = new AbortController();
    const waiting = pause(3_600_000, stop.signal);
    stop.abort();
    await waiting;
    await pause(3_600_000, stop.signal);
  });
});
