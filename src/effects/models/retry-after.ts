// How long a server asks us to wait, in all the ways servers say it.

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds to wait before the next try, or undefined when the server said nothing usable.
 * Read from `retry-after-ms`, `retry-after` (seconds or an HTTP date), Google's `retryDelay`, and words like
 * `Please try again in 1.2s`, `in 6m0s`, `in 350ms`, `retry after 20 seconds`.
 */
export function retryAfter(headers: Headers | null, text: string, now: number): number | undefined {
  const ms = number(headers?.get('retry-after-ms'));
  if (ms !== undefined) return Math.ceil(ms);
  const after = headers?.get('retry-after')?.trim();
  if (after) {
    const seconds = number(after);
    if (seconds !== undefined) return Math.ceil(seconds * 1000);
    const date = /GMT|UTC|T\d\d:/.test(after) ? Date.parse(after) : Number.NaN;
    if (!Number.isNaN(date)) return Math.max(0, date - now);
  }
  return fromWords(text);
}

function number(text: string | null | undefined): number | undefined {
  if (!text || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined;
  return Number(text);
}

function fromWords(text: string): number | undefined {
  const span =
    /(?:again in|retry in|retry after|retryDelay"?\s*:\s*"?)\s*((?:\d+(?:\.\d+)?\s*(?:ms|milliseconds?|seconds?|minutes?|hours?|s|m|h)\s*)+)/i.exec(
      text,
    )?.[1];
  if (span === undefined) return undefined;
  let total = 0;
  for (const [, count, unit] of span.matchAll(/(\d+(?:\.\d+)?)\s*(ms|milli|[smh])/gi)) {
    const name = unit?.toLowerCase() ?? '';
    total += Number(count) * (UNITS[name === 'milli' ? 'ms' : name] ?? 0);
  }
  return Math.ceil(total);
}
