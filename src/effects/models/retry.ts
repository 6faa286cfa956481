// Tries again what may succeed on another try: as often as allowed, and as late as the server asks.
import { asError, RedgreenError } from '../../core/errors.ts';
import type { ModelRequest } from '../../core/model.ts';
import type { Provider } from '../../core/ports.ts';
import { SILENCE } from './wire.ts';

export interface RetryOptions {
  /** Tries in all; a wait that the server asked for does not count as one, one that ended in silence counts as three. Default 5. */
  readonly attempts?: number;
  /** Milliseconds of waiting in all, after which the error stands. Default 10 minutes. */
  readonly maxWaitMs?: number;
  /** Called before each wait with its length in milliseconds, the reason in words, and what is asked. */
  readonly onWait?: (ms: number, reason: string, request: ModelRequest) => void;
  /** Waits; ends early, without an error, when the signal is aborted. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** A number from 0 to 1, for the jitter. */
  readonly random?: () => number;
}

const FIRST_WAIT = 1_000;
const LONGEST_BACKOFF = 60_000;
/** Tries that the server postponed, however patient the caller is. */
const MOST_POSTPONED = 100;

/**
 * A provider that asks `provider` again after a retryable error. It waits as long as the server asked for (and a little more, so
 * that parallel requests do not come back at once), otherwise 1, 2, 4 … seconds with jitter. Throws the last error.
 */
export function withRetry(provider: Provider, options: RetryOptions = {}): Provider {
  const { attempts = 5, maxWaitMs = 600_000, onWait, sleep = pause, random = Math.random } = options;
  return {
    name: provider.name,
    worstCase: (request, characters) => provider.worstCase(request, characters),
    async ask(request, ask) {
      let waited = 0;
      let failures = 0;
      for (let tries = 1; ; tries++) {
        try {
          return await provider.ask(request, ask);
        } catch (thrown) {
          const error = asError(thrown);
          const asked = error.retryAfterMs;
          if (asked === undefined) failures += error.cause === SILENCE ? 3 : 1;
          if (!error.retryable || ask.signal?.aborted || failures >= attempts || tries >= MOST_POSTPONED) throw error;
          const ms = Math.ceil(asked === undefined ? backoff(failures, random()) : asked + random() * Math.min(1_000, 100 + asked / 10));
          if (waited + ms > maxWaitMs) throw tooLong(error, ms, maxWaitMs);
          onWait?.(ms, error.message, request);
          await sleep(ms, ask.signal);
          waited += ms;
          if (ask.signal?.aborted) throw error;
        }
      }
    },
  };
}

function backoff(failures: number, random: number): number {
  const full = Math.min(LONGEST_BACKOFF, FIRST_WAIT * 2 ** (failures - 1));
  return full / 2 + (random * full) / 2;
}

function tooLong(error: RedgreenError, ms: number, maxWaitMs: number): RedgreenError {
  const seconds = Math.round(ms / 1000);
  const message = `${error.message} Waiting ${seconds} s more would exceed the ${Math.round(maxWaitMs / 1000)} s that a request may wait.`;
  return new RedgreenError(error.code, message, {
    cause: error,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  });
}

/** Waits `ms` milliseconds, or until the signal is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
