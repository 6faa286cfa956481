// Several models in a row: the next one is asked when one cannot be.
import { asError, type ErrorCode, RedgreenError } from '../../core/errors.ts';
import type { ModelRequest } from '../../core/model.ts';
import type { Provider } from '../../core/ports.ts';

export interface FallbackOptions {
  /** Called when `to` is asked in the place of `from`, with why. */
  readonly onFallback?: (from: string, to: string, error: RedgreenError, request: ModelRequest) => void;
  /** Milliseconds for which a model that could not be reached is passed over. Default 5 minutes. */
  readonly restMs?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const FOR_GOOD: readonly ErrorCode[] = ['model.auth', 'model.unknown'];
const FOR_A_WHILE: readonly ErrorCode[] = ['model.unreachable', 'model.limit', 'model.bad-reply'];

/**
 * A provider that asks the first of `providers` that works. One whose key or name is refused is left out from then on; one that is
 * out of reach (after its own retries) or out of credit rests for a while. Throws the first error when none answers.
 */
export function withFallback(providers: readonly Provider[], options: FallbackOptions = {}): Provider {
  const [first] = providers;
  if (first === undefined) throw new RedgreenError('config', 'No model is configured.');
  if (providers.length === 1) return first;
  const { onFallback, restMs = 300_000, now = Date.now } = options;
  const restsUntil = new Map<Provider, number>();
  /** Those that may be asked; all of them, when every one rests. */
  const usable = () => {
    const ready = providers.filter((each) => (restsUntil.get(each) ?? 0) <= now());
    return ready.length > 0 ? ready : providers;
  };
  return {
    name: first.name,
    async worstCase(request, characters) {
      const worst = await Promise.all(providers.map((each) => each.worstCase(request, characters)));
      const known = worst.filter((price) => price !== null);
      return known.length > 0 ? Math.max(...known) : null;
    },
    async ask(request, ask) {
      const queue = usable();
      let firstError: RedgreenError | null = null;
      for (const [at, provider] of queue.entries()) {
        try {
          return await provider.ask(request, ask);
        } catch (thrown) {
          const error = asError(thrown);
          const forGood = FOR_GOOD.includes(error.code);
          if (ask.signal?.aborted || !(forGood || FOR_A_WHILE.includes(error.code))) throw error;
          restsUntil.set(provider, forGood ? Number.POSITIVE_INFINITY : now() + restMs);
          firstError ??= error;
          const next = queue[at + 1];
          if (next) onFallback?.(provider.name, next.name, error, request);
        }
      }
      throw firstError ?? new RedgreenError('internal', 'No model was asked.');
    },
  };
}
