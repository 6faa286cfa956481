// From a model's name to a provider, and the models that are used when none is named.
import { RedgreenError } from '../../core/errors.ts';
import type { RoleModels } from '../../core/events.ts';
import type { Provider } from '../../core/ports.ts';
import { anthropic } from './anthropic.ts';
import type { Setup } from './asking.ts';
import { chooseModel, type LocalServer, listModels } from './discover.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';
import { loadPrices, type Prices, plainTariff, type Rates } from './prices.ts';
import { isLoopback, shownUrl } from './wire.ts';

/** Keys and addresses, as the user configured them; null or left out for none. */
export interface Endpoints {
  readonly openaiKey?: string | null;
  readonly anthropicKey?: string | null;
  /** A bearer token for a gateway that speaks Anthropic's protocol. */
  readonly anthropicToken?: string | null;
  /** An OpenAI-compatible server; `api.openai.com` when it is left out. */
  readonly openaiBaseUrl?: string | null;
  readonly anthropicBaseUrl?: string | null;
  /** A server that was found on this machine. */
  readonly local?: Pick<LocalServer, 'name' | 'baseUrl'> | null;
}

export interface ProviderOptions extends Endpoints {
  /** `openai/…`, `anthropic/…`, `local/…`, `compatible/…`, or a bare model name. */
  readonly spec: string;
  /** Which of OpenAI's interfaces: by the address, unless it is said. */
  readonly api?: 'auto' | 'responses' | 'chat';
  /** Silence in milliseconds after which an answer is given up; default 180,000, and 600,000 for a server on this machine. */
  readonly idleMs?: number;
  readonly maxReplyBytes?: number;
  readonly maxReplyCharacters?: number;
  /** The user's own prices by `provider/model` or model. */
  readonly prices?: Readonly<Record<string, Rates>>;
}

/** One model at one server, before anything is opened. */
export interface Target {
  readonly kind: 'openai' | 'anthropic' | 'compatible';
  /** `provider/model`, as it stands in replies. */
  readonly label: string;
  readonly model: string;
  readonly service: string;
  readonly baseUrl: string;
  readonly key: string | null;
  /** True for a server that was found by itself. */
  readonly free: boolean;
}

const OPENAI = 'https://api.openai.com/v1';
const ANTHROPIC = 'https://api.anthropic.com';
/** Routers whose own model names begin with the maker: `openai/gpt-…`. */
const NAMES_WITH_MAKER = /(^|\.)(openrouter\.ai|ai-gateway\.vercel\.sh)$/;

/** Makes the provider for `spec`. Throws `RedgreenError('model.auth')` without a key for it, `'config'` for a bad address. */
export function createProvider(options: ProviderOptions): Provider {
  const target = resolveModel(options.spec, options);
  let prices: Promise<Prices> | null = null;
  const tariff: Setup['tariff'] = async () => {
    const provider = target.kind === 'compatible' ? target.label.slice(0, target.label.indexOf('/')) : target.kind;
    const named = compatibleName(target, provider);
    const priced = { provider: named, model: target.model, baseUrl: target.baseUrl, free: target.free };
    const plain = plainTariff(options.prices ?? {}, priced);
    if (plain) return plain;
    prices ??= loadPrices(options.prices);
    return (await prices).tariff(priced);
  };
  const near = isLoopback(target.baseUrl) && target.kind === 'compatible';
  const setup: Setup = {
    label: target.label,
    model: target.model,
    service: target.service,
    baseUrl: target.baseUrl,
    key: target.key,
    keyName: target.kind === 'anthropic' ? 'ANTHROPIC_API_KEY' : 'OPENAI_API_KEY',
    tariff,
    idleMs: options.idleMs ?? (near ? 600_000 : 180_000),
    ...(options.maxReplyBytes === undefined ? {} : { maxReplyBytes: options.maxReplyBytes }),
    ...(options.maxReplyCharacters === undefined ? {} : { maxReplyCharacters: options.maxReplyCharacters }),
  };
  if (target.kind === 'anthropic') {
    const token = options.anthropicKey ? null : options.anthropicToken;
    return anthropic({ ...setup, ...(token ? { token } : {}) });
  }
  const own = target.kind === 'openai';
  const api = options.api === undefined || options.api === 'auto' ? (own ? 'responses' : 'chat') : options.api;
  return api === 'responses' ? openaiResponses(setup) : openaiChat({ ...setup, ownServer: own });
}

/** A compatible server is priced by its address and the model's name, not by the word before the slash. */
function compatibleName(target: Target, provider: string): string {
  return target.kind === 'compatible' && (provider === 'openai' || provider === 'anthropic') ? 'compatible' : provider;
}

/**
 * Resolves a name. `claude-…` is Anthropic's, `gpt-…` and `o1…` are OpenAI's, anything else belongs to the compatible server, the
 * configured one before the one that was found. A name with a slash whose first word is no provider that is configured
 * (`meta-llama/…`, or `anthropic/…` at a router) is a compatible server's own name.
 */
export function resolveModel(spec: string, endpoints: Endpoints): Target {
  const slash = spec.indexOf('/');
  const prefix = slash < 0 ? '' : spec.slice(0, slash);
  const rest = spec.slice(slash + 1);
  if (spec.trim() === '' || rest === '') throw new RedgreenError('config', `"${spec}" is no model's name; write provider/model.`);
  const compatible = compatibleUrl(endpoints);
  const hasAnthropic = Boolean(endpoints.anthropicKey || endpoints.anthropicToken || endpoints.anthropicBaseUrl);
  if (prefix === 'anthropic' && (hasAnthropic || compatible === null)) return anthropicTarget(rest, endpoints);
  if (prefix === '' && /^claude-/.test(spec) && (hasAnthropic || compatible === null)) return anthropicTarget(spec, endpoints);
  if (prefix === 'openai' || prefix === 'local' || prefix === 'compatible') {
    if (prefix === 'openai' && compatible === null) return openaiTarget(rest, endpoints);
    return compatibleTarget(prefix === 'openai' && namesWithMaker(compatible) ? spec : rest, prefix, endpoints);
  }
  if (prefix === '' && /^(gpt-|o\d|chatgpt-)/.test(spec) && compatible === null) return openaiTarget(spec, endpoints);
  return compatibleTarget(spec, '', endpoints);
}

function openaiTarget(model: string, { openaiKey, openaiBaseUrl }: Endpoints): Target {
  if (!openaiKey) {
    throw new RedgreenError(
      'model.auth',
      `There is no key for OpenAI's ${model}: set OPENAI_API_KEY, or OPENAI_BASE_URL for another server.`,
    );
  }
  const baseUrl = address(openaiBaseUrl ?? OPENAI, '/v1');
  return { kind: 'openai', label: `openai/${model}`, model, service: 'OpenAI', baseUrl, key: openaiKey, free: false };
}

function anthropicTarget(model: string, { anthropicKey, anthropicToken, anthropicBaseUrl }: Endpoints): Target {
  const key = anthropicKey || anthropicToken || null;
  if (key === null && !(anthropicBaseUrl && isLoopback(anthropicBaseUrl))) {
    throw new RedgreenError('model.auth', `There is no key for Anthropic's ${model}: set ANTHROPIC_API_KEY.`);
  }
  // The SDK adds /v1/messages itself.
  const baseUrl = address(anthropicBaseUrl ?? ANTHROPIC, '').replace(/\/v1$/, '');
  return { kind: 'anthropic', label: `anthropic/${model}`, model, service: 'Anthropic', baseUrl, key, free: false };
}

function compatibleTarget(model: string, prefix: string, endpoints: Endpoints): Target {
  const configured = compatibleUrl(endpoints);
  const baseUrl = configured ?? endpoints.local?.baseUrl;
  if (!baseUrl) {
    throw new RedgreenError(
      'config',
      `The model ${model} needs a server: set OPENAI_BASE_URL (or --base-url), or start Ollama or another local one.`,
    );
  }
  const name = prefix || (isLoopback(baseUrl) ? 'local' : 'compatible');
  const free = configured === null;
  const service = free ? (endpoints.local?.name ?? 'The local server') : 'The server';
  const label = model.startsWith(`${name}/`) ? model : `${name}/${model}`;
  return {
    kind: 'compatible',
    label,
    model,
    service,
    baseUrl: address(baseUrl, '/v1'),
    key: free ? null : endpoints.openaiKey || null,
    free,
  };
}

/** The configured server that is not OpenAI's own; null when there is none. */
function compatibleUrl({ openaiBaseUrl }: Endpoints): string | null {
  return openaiBaseUrl && new URL(address(openaiBaseUrl, '/v1')).hostname !== 'api.openai.com' ? openaiBaseUrl : null;
}

function namesWithMaker(baseUrl: string | null): boolean {
  return baseUrl !== null && NAMES_WITH_MAKER.test(new URL(baseUrl).hostname);
}

/** An address without a slash at its end; one without a path gets `path`. */
function address(text: string, path: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new RedgreenError('config', `"${shownUrl(text)}" is no base URL; write it like http://127.0.0.1:11434/v1.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new RedgreenError('config', `The base URL ${shownUrl(text)} has to begin with http:// or https://.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new RedgreenError('config', `The base URL ${shownUrl(text)} must not hold a user or password; give the key in its own variable.`);
  }
  const plain = text.replace(/\/+$/, '');
  return url.pathname === '/' && url.search === '' ? `${plain}${path}` : plain;
}

/**
 * OpenAI's default: the newest name in the type `ChatModel` (openai 7.57, resources/shared.d.ts) that the price table knows and calls
 * a "model for complex coding and agentic workflows". `gpt-6.1-sol` is newer but has no known price, so no cap in money could hold it.
 */
export const OPENAI_MODELS = { strong: 'openai/gpt-6-sol', fallback: 'openai/gpt-5.6-sol' } as const;

/**
 * Anthropic's defaults, from the type `Model` (@anthropic-ai/sdk 1.12, resources/messages/messages.d.ts): Opus for what decides a
 * run, Sonnet at half the price for the many files that are drafted at the same time.
 */
export const ANTHROPIC_MODELS = { strong: 'anthropic/claude-opus-5-5', draft: 'anthropic/claude-sonnet-5' } as const;

export interface DefaultsOptions extends Endpoints {
  /** Servers that were found on this machine. */
  readonly servers?: readonly LocalServer[];
}

/**
 * The models for each role when none is named, best first; null when nothing is configured or found. A configured base URL wins
 * (its first model, asked for with `GET /models`), then keys (the cheaper of the two strong models first, the other its fallback),
 * then a server on this machine. Throws `RedgreenError('config')` when a base URL's server does not say what it offers.
 */
export async function defaultModels(options: DefaultsOptions): Promise<RoleModels | null> {
  const compatible = compatibleUrl(options);
  if (compatible !== null) {
    const baseUrl = address(compatible, '/v1');
    const model = chooseModel(await listModels({ baseUrl, key: options.openaiKey ?? null }), baseUrl);
    return everyRole([`${isLoopback(baseUrl) ? 'local' : 'compatible'}/${model}`]);
  }
  const hasAnthropic = Boolean(options.anthropicKey || options.anthropicToken);
  const { strong, draft } = ANTHROPIC_MODELS;
  if (options.openaiKey) return everyRole([OPENAI_MODELS.strong, hasAnthropic ? strong : OPENAI_MODELS.fallback]);
  if (hasAnthropic) return { plan: [strong, draft], tests: [strong, draft], draft: [draft, strong], repair: [strong, draft] };
  const found = options.servers?.[0];
  if (!found) return null;
  return everyRole([`local/${chooseModel(found.models, found.baseUrl)}`]);
}

function everyRole(models: readonly string[]): RoleModels {
  return { plan: models, tests: models, draft: models, repair: models };
}
