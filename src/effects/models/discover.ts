// Finds the model servers that run on this machine, and the models that a server offers.
import { RedgreenError } from '../../core/errors.ts';
import { connectionError } from './failures.ts';
import { isLoopback, shownUrl } from './wire.ts';

/** A model server that answered on this machine. */
export interface LocalServer {
  /** `Ollama` */
  readonly name: string;
  /** Base URL for Chat Completions. */
  readonly baseUrl: string;
  readonly models: readonly string[];
}

export interface DiscoverOptions {
  /** Milliseconds for each probe. */
  readonly timeoutMs?: number;
  /** The ports to look at; only for tests is this anything but the usual ones. */
  readonly places?: readonly Place[];
}

export interface Place {
  readonly name: string;
  readonly port: number;
  /** What is asked for: Ollama's own list, or the list of OpenAI's interface. */
  readonly path: '/api/tags' | '/v1/models';
}

const USUAL: readonly Place[] = [
  { name: 'Ollama', port: 11434, path: '/api/tags' },
  { name: 'LM Studio', port: 1234, path: '/v1/models' },
  { name: 'llama.cpp', port: 8080, path: '/v1/models' },
  { name: 'vLLM', port: 8000, path: '/v1/models' },
];

const MOST_BYTES = 4 * 1024 * 1024;
/** A list longer than this is a router's: none of its models can be meant without being named. */
const MOST_TO_CHOOSE_FROM = 50;
const NO_WRITER = /embed|rerank|whisper|tts|\bbge\b|clip|moderation|minilm/i;

/**
 * Asks the usual ports of 127.0.0.1, all at once. Only what answers with a well-formed list of at least one model counts, so that
 * another program on such a port is not taken for a model server. To be called only when neither key nor base URL is configured.
 */
export async function discoverServers(options: DiscoverOptions = {}): Promise<readonly LocalServer[]> {
  const { timeoutMs = 300, places = USUAL } = options;
  const found = await Promise.all(places.map((place) => probe(place, timeoutMs)));
  return found.filter((server) => server !== null);
}

async function probe({ name, port, path }: Place, timeoutMs: number): Promise<LocalServer | null> {
  const origin = `http://127.0.0.1:${port}`;
  try {
    const list = await getJson(`${origin}${path}`, {}, timeoutMs);
    const models = path === '/api/tags' ? tagsOf(list) : idsOf(list, true);
    const writers = models?.filter((model) => !NO_WRITER.test(model)) ?? [];
    return writers.length > 0 ? { name, baseUrl: `${origin}/v1`, models: writers } : null;
  } catch {
    return null;
  }
}

/** Ollama's list (docs/api.md, "List Local Models"): `{models: [{name, model, digest, …}]}`. */
function tagsOf(list: unknown): string[] | null {
  const models = (list as { models?: unknown } | null)?.models;
  if (!Array.isArray(models)) return null;
  const names = models.map((each) => (each as { name?: unknown; digest?: unknown } | null) ?? {});
  return names.every((each) => typeof each.name === 'string' && typeof each.digest === 'string')
    ? names.map((each) => String(each.name))
    : null;
}

/** OpenAI's list: `{object: 'list', data: [{id, object: 'model', …}]}`. */
function idsOf(list: unknown, strict: boolean): string[] | null {
  const { object, data } = (list ?? {}) as { object?: unknown; data?: unknown };
  if (!Array.isArray(data) || (strict && object !== 'list')) return null;
  const models = data.map((each) => (each as { id?: unknown; object?: unknown } | null) ?? {});
  const wellFormed = models.every((each) => typeof each.id === 'string' && each.id !== '' && (!strict || each.object === 'model'));
  return wellFormed ? models.map((each) => String(each.id)) : null;
}

export interface ListOptions {
  readonly baseUrl: string;
  readonly key: string | null;
  readonly timeoutMs?: number;
}

/**
 * The models that an OpenAI-compatible server offers (`GET /models`).
 * Throws `RedgreenError('model.unreachable')` or `('model.auth')` when it cannot be asked, `('config')` when it does not say: then the
 * user has to name one.
 */
export async function listModels({ baseUrl, key, timeoutMs = 10_000 }: ListOptions): Promise<readonly string[]> {
  const place = shownUrl(baseUrl);
  const name = 'Name the model with --model.';
  try {
    const headers: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
    const models = idsOf(await getJson(`${baseUrl.replace(/\/+$/, '')}/models`, headers, timeoutMs), false);
    if (models !== null && models.length > 0) return models;
  } catch (thrown) {
    throw (
      unasked(thrown, `The server at ${place}`, timeoutMs) ??
      new RedgreenError('config', `${place} does not say which models it has (${whyNot(thrown)}). ${name}`)
    );
  }
  throw new RedgreenError('config', `${place} offers no models. ${name}`);
}

/** The error of a server that would answer nothing else either, or null. */
function unasked(thrown: unknown, place: string, timeoutMs: number): RedgreenError | null {
  if (!(thrown instanceof Error)) return null;
  const cause = thrown.cause;
  if (cause === 401 || cause === 403)
    return new RedgreenError('model.auth', `${place} refused the key (${cause}). Check OPENAI_API_KEY and the base URL.`);
  if (thrown.name === 'TimeoutError')
    return new RedgreenError(
      'model.unreachable',
      `${place} sent nothing for ${Math.round(timeoutMs / 1000)} s. Check that it runs, and the base URL.`,
    );
  const broken = cause instanceof Error && 'code' in cause;
  return broken ? connectionError(thrown, { place, model: '', keyName: '', secrets: [] }) : null;
}

function whyNot(thrown: unknown): string {
  if (thrown instanceof SyntaxError) return 'its answer is no JSON';
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? thrown.cause.message : thrown.message;
}

/** The model to use when none is named: the only one, or the first that writes text. A router's long list is an error. */
export function chooseModel(models: readonly string[], baseUrl: string): string {
  const writers = models.filter((model) => !NO_WRITER.test(model));
  const [first] = writers;
  if (first !== undefined && (writers.length <= MOST_TO_CHOOSE_FROM || isLoopback(baseUrl))) return first;
  const some = writers.slice(0, 3).join(', ');
  const offer = first === undefined ? 'none that writes text' : `${writers.length} models, among them ${some}`;
  throw new RedgreenError('config', `${shownUrl(baseUrl)} offers ${offer}. Name the model with --model.`);
}

async function getJson(url: string, headers: Record<string, string>, timeoutMs: number): Promise<unknown> {
  const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new Error(`status ${response.status}`, { cause: response.status });
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error('the list is too long');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
}
