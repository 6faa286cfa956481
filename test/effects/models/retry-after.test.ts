import { describe, expect, it } from 'vitest';
import { retryAfter } from '../../../src/effects/models/retry-after.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');

describe('retryAfter', () => {
  it.each([
    [{ 'retry-after': '20' }, '', 20_000],
    [{ 'retry-after': '0.5' }, '', 500],
    [{ 'retry-after': 'Mon, 23 Nov 2026 12:00:30 GMT' }, '', 30_000],
    [{ 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' }, '', 0],
    [{ 'retry-after-ms': '1250.4' }, '', 1_251],
    [{ 'retry-after': 'soon' }, '', undefined],
    [{ 'retry-after': '-5' }, '', undefined],
    [{ 'retry-after': '' }, 'Please try again in 1.2s. Visit us.', 1_200],
    [{}, 'Please try again in 350ms.', 350],
    [{}, 'Please try again in 6m0s.', 360_000],
    [{}, 'Try again in 1h2m3.5s', 3_723_500],
    [{}, 'Rate limited: retry after 20 seconds', 20_000],
    [{}, 'retry in 2 minutes', 120_000],
    [{}, '{"error":{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"17s"}]}}', 17_000],
    [{}, 'wait a while', undefined],
  ])('%o %s', (headers, text, expected) => {
    expect(retryAfter(new Headers(headers as Record<string, string>), text, NOW)).toBe(expected);
  });

  it('is quick on a long hostile text', () => {
    expect(retryAfter(null, `try again in ${'1 '.repeat(200_000)}`, NOW)).toBeUndefined();
  });
});
