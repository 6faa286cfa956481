// Which provider answers which step of a run, from the settings.
import type { Config, Values } from './config.ts';
import { RedgreenError } from './core/errors.ts';
import type { RoleModels } from './core/events.ts';
import type { ModelRequest, Role } from './core/model.ts';
import type { Provider } from './core/ports.ts';
import { discoverServers, type LocalServer } from './effects/models/discover.ts';
import { withFallback } from './effects/models/fallback.ts';
import { createProvider, defaultModels, type Endpoints } from './effects/models/registry.ts';
import { withRetry } from './effects/models/retry.ts';
import { createRoles } from './effects/models/roles.ts';

const ROLES: readonly Role[] = ['plan', 'tests', 'draft', 'repair'];

/** What happens on the way to an answer, for the screens. */
export interface ModelNews {
  readonly onWait: (ms: number, reason: string, request: ModelRequest) => void;
  readonly onFallback: (from: string, to: string, reason: string) => void;
}

/** Keys and addresses from the settings, and the servers found on this machine when nothing else is there or a model of theirs is named. */
export async function findEndpoints(values: Values, named: RoleModels): Promise<{ endpoints: Endpoints; servers: readonly LocalServer[] }> {
  const endpoints: Endpoints = {
    openaiKey: values.openaiKey,
    anthropicKey: values.anthropicKey,
    anthropicToken: values.anthropicToken,
    openaiBaseUrl: values.baseUrl,
    anthropicBaseUrl: values.anthropicBaseUrl,
  };
  const configured = [values.openaiKey, values.anthropicKey, values.anthropicToken, values.baseUrl, values.anthropicBaseUrl].some(Boolean);
  const wantsLocal =
    values.baseUrl === null &&
    Object.values(named)
      .flat()
      .some((name) => name.startsWith('local/'));
  const servers = configured && !wantsLocal ? [] : await discoverServers();
  return { endpoints: { ...endpoints, local: servers[0] ?? null }, servers };
}

/**
 * The models of each role: what the user named, else the defaults for what is there.
 * Throws `RedgreenError('config')` with the three ways on when there is nothing to ask.
 */
async function chooseModels(named: RoleModels, endpoints: Endpoints, servers: readonly LocalServer[]): Promise<RoleModels> {
  if (ROLES.every((role) => named[role].length > 0)) return named;
  const defaults = await defaultModels({ ...endpoints, servers });
  if (!defaults) {
    throw new RedgreenError(
      'config',
      'There is no model to ask: set OPENAI_API_KEY or ANTHROPIC_API_KEY, or start a local server (Ollama, LM Studio, llama.cpp, vLLM), or run redgreen demo, which needs neither.',
    );
  }
  const pick = (role: Role) => (named[role].length > 0 ? named[role] : defaults[role]);
  return { plan: pick('plan'), tests: pick('tests'), draft: pick('draft'), repair: pick('repair') };
}

/** The provider of a live run: retries around each model, fallbacks around them, a role for each step. */
function liveModels(models: RoleModels, endpoints: Endpoints, values: Values, news: ModelNews): Provider {
  const made = new Map<string, Provider>();
  const one = (spec: string): Provider => {
    const known =
      made.get(spec) ??
      withRetry(
        createProvider({ ...endpoints, spec, api: values.api, ...(values.idleTimeout === null ? {} : { idleMs: values.idleTimeout }) }),
        { onWait: news.onWait },
      );
    made.set(spec, known);
    return known;
  };
  const chain = (specs: readonly string[]) =>
    withFallback(specs.map(one), { onFallback: (from, to, error) => news.onFallback(from, to, error.message) });
  const role = (name: Role) => {
    const [first, ...rest] = models[name];
    const specs = first === undefined ? [] : [first, ...rest];
    return { usual: chain(specs), alternate: chain(rest.length > 0 ? [...rest, first ?? ''] : specs) };
  };
  return createRoles({ plan: role('plan'), tests: role('tests'), draft: role('draft'), repair: role('repair') });
}

/** The models of a live run, and the provider over them. */
export interface Live {
  readonly models: RoleModels;
  readonly provider: (news: ModelNews) => Provider;
}

/** Finds what can be asked, from the settings; `before` are the models of a run that goes on. */
export async function prepareModels(config: Config, before?: RoleModels): Promise<Live> {
  const { endpoints, servers } = await findEndpoints(config.values, config.models);
  const named = before && Object.values(config.models).every((m) => m.length === 0) ? before : config.models;
  const models = await chooseModels(named, endpoints, servers);
  return { models, provider: (news) => liveModels(models, endpoints, config.values, news) };
}
