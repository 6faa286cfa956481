// What all providers share: one request from the first byte to a ModelReply, whatever its protocol.
import { asError, RedgreenError } from '../../core/errors.ts';
import type { ModelReply, ModelRequest, Stop } from '../../core/model.ts';
import type { AskOptions, Provider } from '../../core/ports.ts';
import { callOf } from './calls.ts';
import { connectionError, isFiltered, type Said, saidBy, serverError, type Where } from './failures.ts';
import { type Attempt, type Learned, learn, type Option } from './learn.ts';
import type { Tariff } from './prices.ts';
import { normalUsage, type RawUsage } from './usage.ts';
import { openWire, patientFetch, shownUrl, tooLarge, type Wire } from './wire.ts';

type Fetch = typeof globalThis.fetch;

/** One model at one server. */
export interface Setup {
  /** `provider/model`, as it stands in replies and reports. */
  readonly label: string;
  /** The name that the server knows the model by. */
  readonly model: string;
  /** Who serves it, for messages: `OpenAI`. */
  readonly service: string;
  readonly baseUrl: string;
  readonly key: string | null;
  /** The environment variable that the key comes from, for messages. */
  readonly keyName: string;
  /** Prices, loaded when they are first needed. */
  readonly tariff: () => Promise<Tariff>;
  /** Milliseconds without a byte after which an answer is given up; default 180,000. */
  readonly idleMs?: number;
  /** Most bytes of an answer; default 50 MB. */
  readonly maxReplyBytes?: number;
  /** Most characters of text and tool arguments; default 8 million. */
  readonly maxReplyCharacters?: number;
}

/** What was heard of an answer. `stop` is null as long as its end did not come. */
export interface Heard {
  readonly text: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly raw: string }[];
  readonly stop: Stop | null;
  readonly usage: RawUsage | null;
  /** What has to go back unchanged in the next turn. */
  readonly carry?: unknown;
}

/** Where a listener puts what it hears; throws when the answer grows too large. */
export interface Sink {
  text(delta: string): void;
  grow(characters: number): void;
}

export interface Listener<E> {
  hear(event: E): void;
  heard(): Heard;
}

/** A protocol: how a request is sent, and how its events are understood. */
export interface Dialect<E> {
  readonly options: readonly Option[];
  send(attempt: Attempt, fetch: Fetch, signal: AbortSignal | undefined): Promise<AsyncIterable<E>>;
  listen(sink: Sink): Listener<E>;
}

type Outcome = { readonly heard: Heard } | { readonly said: Said };

const MOST_TRIES = 12;

/** What one provider keeps between its requests. */
interface Session<E> {
  readonly setup: Setup;
  readonly dialect: Dialect<E>;
  readonly where: Where;
  readonly idleMs: number;
  readonly fetch: Fetch;
  readonly learned: Learned;
}

/** A provider that speaks `dialect`. Nothing is imported or opened before the first `ask`. */
export function speaking<E>(setup: Setup, dialect: Dialect<E>): Provider {
  const idleMs = setup.idleMs ?? 180_000;
  const where: Where = {
    place: `${setup.service} at ${shownUrl(setup.baseUrl)}`,
    model: setup.model,
    keyName: setup.keyName,
    secrets: setup.key ? [setup.key] : [],
  };
  const learned: Learned = { dropped: new Set(), most: Number.POSITIVE_INFINITY };
  const session: Session<E> = { setup, dialect, where, idleMs, fetch: patientFetch(idleMs), learned };
  return {
    name: setup.label,
    ask: (request, options) => answer(session, request, options),
    worstCase: async (request, characters) => (await setup.tariff()).worst(request, characters),
  };
}

/** Asks until the server takes the request: what it refuses is left out. */
async function answer<E>(session: Session<E>, request: ModelRequest, options: AskOptions): Promise<ModelReply> {
  const { setup, dialect, learned, where } = session;
  let most = Math.min(request.maxOutputTokens, learned.most);
  for (let tries = 1; ; tries++) {
    const attempt: Attempt = { request, dropped: new Set(learned.dropped), most };
    const outcome = await once(session, attempt, options);
    if ('heard' in outcome) return replyOf(outcome.heard, request, setup, await setup.tariff());
    if (isFiltered(outcome.said)) return refusedReply(setup, await setup.tariff());
    const lesson = tries < MOST_TRIES ? learn(outcome.said, attempt, learned, dialect.options) : null;
    if (lesson === null) throw serverError(outcome.said, where, Date.now());
    most = lesson.most;
  }
}

async function once<E>({ setup, dialect, where, idleMs, fetch }: Session<E>, attempt: Attempt, options: AskOptions): Promise<Outcome> {
  const maxBytes = setup.maxReplyBytes ?? 50 * 1024 * 1024;
  const wire = openWire({ place: where.place, idleMs, maxBytes, maxLineBytes: Math.min(maxBytes, 16 * 1024 * 1024), fetch });
  const listener = dialect.listen(sinkOf(setup, where.place, options.onDelta));
  try {
    for await (const event of await dialect.send(attempt, wire.fetch, options.signal)) listener.hear(event);
  } catch (thrown) {
    const said = isWhole(listener, wire, options.signal) ? null : judge(thrown, wire, where, options.signal);
    if (said) return said;
  } finally {
    wire.close();
  }
  const failure = stopped(options.signal) ?? wire.failure();
  if (failure && !isWhole(listener, wire, options.signal)) throw failure;
  const heard = listener.heard();
  if (heard.stop === null) {
    throw new RedgreenError('model.unreachable', `${where.place} ended its answer before it was complete.`, { retryable: true });
  }
  return { heard };
}

/** True when the end of the answer was heard: a connection that breaks or hangs after it takes nothing away. */
function isWhole(listener: Listener<never>, wire: Wire, signal: AbortSignal | undefined): boolean {
  return listener.heard().stop !== null && !signal?.aborted && wire.failure()?.retryable !== false;
}

/** Says what an exception was: throws the error that it means, or returns what the server said. */
function judge(thrown: unknown, wire: Wire, where: Where, signal: AbortSignal | undefined): { readonly said: Said } {
  const known = stopped(signal) ?? wire.failure() ?? (thrown instanceof RedgreenError ? thrown : null);
  if (known) throw known;
  const refusal = wire.refusal();
  if (refusal !== null || isErrorEvent(thrown)) return { said: saidBy(refusal, thrown, where.secrets) };
  if (!wire.used()) throw asError(thrown);
  if (thrown instanceof SyntaxError) {
    throw new RedgreenError('model.bad-reply', `${where.place} sent a broken event stream.`, { cause: thrown, retryable: true });
  }
  throw connectionError(thrown, where);
}

function stopped(signal: AbortSignal | undefined): RedgreenError | null {
  if (!signal?.aborted) return null;
  return new RedgreenError('model.unreachable', 'The request was stopped.', { cause: signal.reason });
}

/** The SDKs throw an error event of a stream with its body in `error`. */
function isErrorEvent(thrown: unknown): boolean {
  const body = thrown instanceof Error ? (thrown as Error & { error?: unknown }).error : undefined;
  return body !== undefined && body !== null;
}

function sinkOf(setup: Setup, place: string, onDelta: AskOptions['onDelta']): Sink {
  const most = setup.maxReplyCharacters ?? 8 * 1024 * 1024;
  let size = 0;
  const grow = (characters: number) => {
    size += characters;
    if (size > most) throw tooLarge(place, most);
  };
  return {
    grow,
    text(delta) {
      grow(delta.length);
      if (delta !== '') onDelta?.(delta);
    },
  };
}

function replyOf(heard: Heard, request: ModelRequest, setup: Setup, tariff: Tariff): ModelReply {
  const characters = heard.text.length + heard.calls.reduce((sum, call) => sum + call.name.length + call.raw.length, 0);
  const usage = normalUsage(heard.usage, request, characters);
  const calls = heard.calls.map(callOf);
  const stop = heard.stop === 'end' && calls.length > 0 ? 'tool' : (heard.stop ?? 'other');
  const carry = heard.carry === undefined ? {} : { carry: { provider: setup.label, items: heard.carry } };
  return { text: heard.text, calls, stop, usage, model: setup.label, cost: tariff.cost(usage), ...carry };
}

/** A request that was refused for its content before anything was written: nothing is billed for it. */
function refusedReply(setup: Setup, tariff: Tariff): ModelReply {
  const usage = { input: 0, cached: 0, cacheWrite: 0, output: 0, reasoning: 0 };
  return { text: '', calls: [], stop: 'filter', usage, model: setup.label, cost: tariff.cost(usage) };
}

/** The headers that name run and step on every request. */
export function stepHeaders(request: ModelRequest): Record<string, string> {
  return { 'x-redgreen-run': request.run, 'x-redgreen-step': request.step };
}

/** The items that this very model gave with a turn, or null: another model's are not to be shown to it. */
export function carriedItems(message: { readonly carry?: { readonly provider: string; readonly items: unknown } }, label: string): unknown {
  return message.carry?.provider === label ? message.carry.items : null;
}

/** For the SDKs, which must not write to a screen that is drawn on. */
export const SILENT = { error() {}, warn() {}, info() {}, debug() {} };
