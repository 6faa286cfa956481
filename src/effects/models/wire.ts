// The guarded door to the network that the SDKs are given as their `fetch`: no redirects, a cap on bytes, an end to silence.
import { RedgreenError } from '../../core/errors.ts';

type Fetch = typeof globalThis.fetch;

export interface WireOptions {
  /** The server as people know it: `OpenAI at https://api.openai.com/v1`. */
  readonly place: string;
  /** Milliseconds without a byte, from the request on, after which the answer is given up. */
  readonly idleMs: number;
  /** Most bytes of one answer, after decompression. */
  readonly maxBytes: number;
  /** Most bytes without a line break, so that no endless line is collected in memory. */
  readonly maxLineBytes: number;
  readonly fetch: Fetch;
}

/** An answer that was no success, as it came. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Wire {
  readonly fetch: Fetch;
  /** What this side gave up for; the SDKs may hide it as a plain end of the stream. */
  failure(): RedgreenError | null;
  refusal(): Refusal | null;
  /** True when a request went out. */
  used(): boolean;
  close(): void;
}

const MAX_REFUSAL_BYTES = 64 * 1024;
const LINE_FEED = 10;
const MB = 1024 * 1024;

/** A door for one request. `close` ends its timer. */
export function openWire(options: WireOptions): Wire {
  const { place, idleMs } = options;
  const controller = new AbortController();
  let failed: RedgreenError | null = null;
  let refused: Refusal | null = null;
  const fail = (error: RedgreenError): RedgreenError => {
    failed ??= error;
    controller.abort(failed);
    return failed;
  };
  const timer = setTimeout(() => fail(silence(place, idleMs)), idleMs);

  let used = false;
  const guarded: Fetch = async (input, init) => {
    used = true;
    timer.refresh();
    const signal = init?.signal ? AbortSignal.any([init.signal, controller.signal]) : controller.signal;
    const response = await options.fetch(input, { ...init, redirect: 'manual', signal });
    timer.refresh();
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw fail(redirected(place, response.headers.get('location')));
    }
    if (!response.ok) {
      refused = { status: response.status, headers: response.headers, text: await head(response) };
      return new Response(refused.text, { status: response.status, headers: response.headers });
    }
    if (/json|html/i.test(response.headers.get('content-type') ?? '')) throw fail(noStream(place, response, await head(response)));
    return new Response(response.body?.pipeThrough(meter(options, () => timer.refresh(), fail)) ?? null, { headers: response.headers });
  };
  return { fetch: guarded, failure: () => failed, refusal: () => refused, used: () => used, close: () => clearTimeout(timer) };
}

/**
 * Node's own fetch gives up after five minutes without headers or bytes. For a longer patience it needs a dispatcher of the
 * class that is built into Node; it is taken from the global one, because undici is no dependency of ours.
 */
export function patientFetch(idleMs: number): Fetch {
  if (idleMs < 290_000) return (input, init) => globalThis.fetch(input, init);
  let dispatcher: Promise<object | null> | null = null;
  return async (input, init) => {
    dispatcher ??= builtInDispatcher(idleMs + 10_000);
    const own = await dispatcher;
    return globalThis.fetch(input, own === null ? init : ({ ...init, dispatcher: own } as RequestInit));
  };
}

async function builtInDispatcher(ms: number): Promise<object | null> {
  // Reading it loads undici, which puts its dispatcher there.
  void globalThis.Response;
  const shared = (globalThis as Record<symbol, unknown>)[Symbol.for('undici.globalDispatcher.1')];
  const Kind = (shared as { constructor?: new (options: object) => object } | undefined)?.constructor;
  return Kind === undefined ? null : new Kind({ headersTimeout: ms, bodyTimeout: ms });
}

function meter({ place, maxBytes, maxLineBytes }: WireOptions, heard: () => void, fail: (error: RedgreenError) => RedgreenError) {
  let bytes = 0;
  let line = 0;
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      heard();
      bytes += chunk.length;
      const end = chunk.lastIndexOf(LINE_FEED);
      line = end < 0 ? line + chunk.length : chunk.length - end - 1;
      if (bytes > maxBytes) controller.error(fail(tooLarge(place, maxBytes)));
      else if (line > maxLineBytes) controller.error(fail(tooLarge(place, maxLineBytes)));
      else controller.enqueue(chunk);
    },
  });
}

/** The error for a reply above a cap, in bytes or characters. */
export function tooLarge(place: string, limit: number): RedgreenError {
  return new RedgreenError(
    'model.rejected',
    `The reply of ${place} is larger than ${Math.round((limit / MB) * 10) / 10} MB and was cut off.`,
  );
}

/** The cause of the error for a server that sent nothing: five such tries would take a quarter of an hour and more. */
export const SILENCE = 'silence';

function silence(place: string, idleMs: number): RedgreenError {
  const seconds = Math.round(idleMs / 1000);
  return new RedgreenError('model.unreachable', `${place} sent nothing for ${seconds} s. A slow server may need a longer --idle-timeout.`, {
    cause: SILENCE,
    retryable: true,
  });
}

function redirected(place: string, location: string | null): RedgreenError {
  const target = location === null ? 'elsewhere' : `to ${shownUrl(location)}`;
  return new RedgreenError(
    'model.rejected',
    `${place} redirects ${target}; that is not followed, because the key and the prompt would go there. If you trust it, set it as the base URL.`,
  );
}

function noStream(place: string, response: Response, text: string): RedgreenError {
  const type = response.headers.get('content-type');
  const said = text
    .slice(0, 200)
    .replace(/[\s\x00-\x1f\x7f-\x9f]+/g, ' ')
    .trim();
  return new RedgreenError(
    'model.rejected',
    `${place} answered with ${type} instead of an event stream; is the base URL right? It said: ${said}`,
  );
}

/** The first bytes of a body as text; a broken body gives what came before the break. */
async function head(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let bytes = 0; bytes < MAX_REFUSAL_BYTES; ) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.length;
      text += decoder.decode(value, { stream: true });
    }
    void reader.cancel().catch(() => undefined);
  } catch {
    // What came so far has to do.
  }
  return text;
}

/** An address without user, password, query and fragment, fit to be shown. */
export function shownUrl(address: string): string {
  try {
    const { origin, pathname } = new URL(address);
    return `${origin}${pathname.replace(/\/$/, '')}`;
  } catch {
    return 'an invalid address';
  }
}

/** True for an address of this machine. */
export function isLoopback(address: string): boolean {
  try {
    const host = new URL(address).hostname;
    return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
  } catch {
    return false;
  }
}
