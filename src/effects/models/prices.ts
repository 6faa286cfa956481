// What a request costs, from the price table of @pydantic/genai-prices and the user's own prices on top.
import type { ModelRequest, Usage } from '../../core/model.ts';
import { isLoopback } from './wire.ts';

/** US dollars for a million tokens. `cached` and `cacheWrite` default to `input`. */
export interface Rates {
  readonly input: number;
  readonly output: number;
  readonly cached?: number;
  readonly cacheWrite?: number;
}

/** The prices of one model at one server. US dollars; null when they are not known, never 0 for that. */
export interface Tariff {
  cost(usage: Usage): number | null;
  /**
   * The most that a request of so many characters can cost: two characters to a token (two tokens to a character outside ASCII),
   * all of it written to the cache, and a reply of the full length.
   */
  worst(request: ModelRequest, characters: number): number | null;
}

export interface Priced {
  /** Who makes the price: `openai`, `anthropic`, or anything else for a compatible server. */
  readonly provider: string;
  readonly model: string;
  readonly baseUrl: string;
  /** True for a server that was found running on this machine: it costs nothing. */
  readonly free?: boolean;
}

export interface Prices {
  tariff(priced: Priced): Tariff;
  /** Price of a usage by a `provider/model` name; null when unknown. */
  priceOf(name: string, usage: Usage): number | null;
}

/** Names that only OpenAI and Anthropic give to models, wherever a router offers them. */
const MAKERS: readonly (readonly [RegExp, string])[] = [
  [/^(gpt-\d|chatgpt-|o\d(-|$)|codex-)/, 'openai'],
  [/^claude-/, 'anthropic'],
];

/** The price of what needs no table, which is large: by the user's own rates, or of a model on this machine. Else null. */
export function plainTariff(own: Readonly<Record<string, Rates>>, { provider, model, baseUrl, free }: Priced): Tariff | null {
  const rates = own[`${provider}/${model}`] ?? own[model];
  if (rates) return tariffOf((usage) => byRates(rates, usage));
  if (free) return tariffOf(() => 0);
  const hosted = provider === 'openai' || provider === 'anthropic' || MAKERS.some(([name]) => name.test(model));
  return isLoopback(baseUrl) && !hosted ? tariffOf(() => 0) : null;
}

/**
 * Loads the table. `own` has the user's rates by `provider/model` or by the bare model name. A name that the table knows only by
 * its beginning (`claude-sonnet-5-5` for `claude-sonnet-5`) has the price of its family.
 * A model that costs nothing: one on this machine whose name is no hosted model's.
 */
export async function loadPrices(own: Readonly<Record<string, Rates>> = {}): Promise<Prices> {
  const { calcPrice, findProvider } = await import('@pydantic/genai-prices');
  const table = (providerId: string, model: string): ((usage: Usage) => number | null) => {
    return (usage) => {
      const input_tokens = usage.input + usage.cached + usage.cacheWrite;
      const counts = { input_tokens, cache_read_tokens: usage.cached, cache_write_tokens: usage.cacheWrite, output_tokens: usage.output };
      return calcPrice(counts, model, { providerId })?.total_price ?? null;
    };
  };
  const tariff = (priced: Priced): Tariff => {
    const plain = plainTariff(own, priced);
    if (plain) return plain;
    const { provider, model, baseUrl } = priced;
    if (provider === 'openai' || provider === 'anthropic') return tariffOf(table(provider, model));
    const seller = findProvider({ providerApiUrl: baseUrl })?.id;
    if (seller !== undefined) return tariffOf(table(seller, model));
    const maker = MAKERS.find(([name]) => name.test(model))?.[1];
    if (maker !== undefined) return tariffOf(table(maker, model));
    return tariffOf(() => null);
  };
  const priceOf = (name: string, usage: Usage): number | null => {
    const [provider = '', ...rest] = name.split('/');
    return tariff({ provider, model: rest.join('/'), baseUrl: '', free: provider === 'local' }).cost(usage);
  };
  return { tariff, priceOf };
}

function tariffOf(cost: (usage: Usage) => number | null): Tariff {
  return {
    cost,
    worst(request, characters) {
      const usage: Usage = {
        input: 0,
        cached: 0,
        cacheWrite: worstInput(request, characters),
        output: request.maxOutputTokens,
        reasoning: 0,
      };
      const plain = cost({ ...usage, input: usage.cacheWrite, cacheWrite: 0 });
      const written = cost(usage);
      return plain === null || written === null ? null : Math.max(plain, written);
    },
  };
}

function byRates(rates: Rates, usage: Usage): number {
  const read = usage.cached * (rates.cached ?? rates.input) + usage.cacheWrite * (rates.cacheWrite ?? rates.input);
  return (usage.input * rates.input + read + usage.output * rates.output) / 1e6;
}

function worstInput(request: ModelRequest, characters: number): number {
  const texts = request.messages.flatMap((message) =>
    message.role === 'user'
      ? message.parts.map((part) => part.text)
      : message.role === 'tool'
        ? message.results.map((r) => r.text)
        : [message.text],
  );
  const wide = texts.reduce((sum, text) => sum + text.replace(/[\x00-\x7f]+/g, '').length, 0);
  return Math.ceil(characters / 2) + Math.ceil(wide * 1.5);
}
