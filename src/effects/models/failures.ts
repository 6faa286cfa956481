// Turns what a server or the network did into a RedgreenError that says what is wrong, where, and what to do.
import { RedgreenError } from '../../core/errors.ts';
import { retryAfter } from './retry-after.ts';
import type { Refusal } from './wire.ts';

/** What a message about a failure needs to know. */
export interface Where {
  /** `OpenAI at https://api.openai.com/v1` */
  readonly place: string;
  readonly model: string;
  /** The environment variable that holds the key. */
  readonly keyName: string;
  /** Values that no message may show. */
  readonly secrets: readonly string[];
}

/** A failure in the server's own words. */
export interface Said {
  readonly status: number | null;
  readonly headers: Headers | null;
  /** One line, redacted, at most 400 characters. */
  readonly detail: string;
  /** The body's `code` and `type` words, joined. */
  readonly codes: string;
  /** The parameter that the server named, and its sentence: what an option's name is looked for in. */
  readonly mention: string;
  /** The whole body, where a waiting time may stand. Never shown. */
  readonly raw: string;
}

type Kind = 'auth' | 'unknown' | 'limit' | 'context' | 'busy' | 'rejected';

const UNKNOWN_MODEL =
  /\bmodel\b.{0,120}(not found|does not exist|not exist|unknown|not a valid|not available)|not a valid model|no such model|unknown model/i;
const NO_CREDIT = /credit balance is too low|exceeded your current quota|insufficient (funds|credits?|balance|quota)|billing hard limit/i;
const CONTEXT =
  /context[ _-]?(length|window|size)|maximum context|max(imum)? context|prompt is too long|input is too long|too many (input )?tokens in|exceeds? the (available |maximum )?context|request too large for model/i;
const BUSY_CODES =
  /overloaded|api_error|server_error|rate_limit|too_many_requests|timeout|internal_error|service_unavailable|engine_overloaded/;

/** Reads a refusal by status, or the error object of a stream's error event. */
export function saidBy(refusal: Refusal | null, thrown: unknown, secrets: readonly string[]): Said {
  const body = refusal === null ? field(thrown, 'error') : parsed(refusal.text);
  const inner = field(body, 'error') ?? body;
  const words = [field(inner, 'code'), field(inner, 'type'), field(field(inner, 'details'), 'error_code')];
  const codes = words.filter((word) => typeof word === 'string' || typeof word === 'number').join(' ');
  const said =
    textOf(inner) ?? textOf(body) ?? (refusal === null ? messageOf(thrown) : refusal.text.slice(0, 2_000).replace(/<[^>]*>/g, ' '));
  const line = redact(oneLine(said.slice(0, 8_000)), secrets);
  return {
    status: refusal?.status ?? null,
    headers: refusal?.headers ?? (headersOf(thrown) as Headers | null),
    detail: line.slice(0, 400),
    codes,
    mention: `${field(inner, 'param') ?? ''} ${line}`.slice(0, 4_000),
    raw: refusal?.text ?? line,
  };
}

/** True when the request was refused for its content: a stop, not an error. */
export function isFiltered(said: Said): boolean {
  return /content_filter|content_policy|bio_policy|cyber_policy|misalignment_policy/.test(said.codes);
}

/** The error for a server's answer. `now` is milliseconds since the epoch. */
export function serverError(said: Said, where: Where, now: number): RedgreenError {
  const { status, detail, headers } = said;
  const by = status === null ? '' : ` (${status})`;
  const words = detail === '' ? '' : ` It said: ${detail}`;
  const cause = new Error(`${status ?? 'error in the stream'} ${said.codes} ${detail}`.replace(/\s+/g, ' ').trim());
  switch (kindOf(said)) {
    case 'auth':
      return new RedgreenError('model.auth', `${where.place} refused the key${by}. Check ${where.keyName} and the base URL.${words}`, {
        cause,
      });
    case 'unknown':
      return new RedgreenError(
        'model.unknown',
        `${where.place} does not know the model ${where.model}${by}. Choose another with --model, or check the base URL.${words}`,
        { cause },
      );
    case 'limit':
      return new RedgreenError('model.limit', `The account at ${where.place} has no credit or quota left${by}.${words}`, { cause });
    case 'context':
      return new RedgreenError('model.context', `The request is too long for ${where.model} at ${where.place}${by}.${words}`, { cause });
    case 'busy': {
      const retryAfterMs = retryAfter(headers, said.raw, now);
      const retryable = headers?.get('x-should-retry') !== 'false';
      const message = `${where.place} is busy or failing${by}.${words}`;
      return new RedgreenError('model.unreachable', message, { cause, retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
    }
    case 'rejected':
      return new RedgreenError('model.rejected', `${where.place} rejected the request${by}.${words}`, { cause });
  }
}

function kindOf({ status, detail, codes }: Said): Kind {
  if (/insufficient_quota|billing_error|billing_hard_limit|spend_limit/.test(codes) || status === 402 || NO_CREDIT.test(detail))
    return 'limit';
  if (/model_not_found/.test(codes)) return 'unknown';
  if (/context_length_exceeded|exceed_context_size|context_window/.test(codes) || status === 413 || /request_too_large/.test(codes))
    return 'context';
  if (status === 401 || status === 403 || /invalid_api_key|authentication_error|permission_error/.test(codes)) return 'auth';
  if (status !== 429 && CONTEXT.test(detail)) return 'context';
  if (status === 404 || /not_found_error/.test(codes) || (status === 400 && UNKNOWN_MODEL.test(detail))) return 'unknown';
  if (status === null) return /invalid_request|invalid_prompt/.test(codes) ? 'rejected' : 'busy';
  if ([408, 409, 425, 429].includes(status) || (status >= 500 && status !== 501 && status !== 505)) return 'busy';
  return BUSY_CODES.test(codes) ? 'busy' : 'rejected';
}

/** The error for a connection that was refused, broke, or could not be made. */
export function connectionError(thrown: unknown, where: Where): RedgreenError {
  const chain: string[] = [];
  const codes: string[] = [];
  for (let at = thrown, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++) {
    chain.push(at.message);
    const code = field(at, 'code');
    if (typeof code === 'string') codes.push(code);
    if (at instanceof AggregateError) codes.push(...at.errors.map((each) => String(field(each, 'code') ?? '')));
  }
  const code = codes.find((each) => each !== '') ?? '';
  const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code);
  const why = redact(reasonOf(code, chain.at(-1) ?? String(thrown)), where.secrets);
  const cause = new Error(redact(chain.join(': '), where.secrets));
  return new RedgreenError(
    'model.unreachable',
    `${where.place} cannot be reached: ${why}. Check that it runs, the network and the base URL.`,
    { cause, retryable: !certificate },
  );
}

function reasonOf(code: string, message: string): string {
  if (code === 'ECONNREFUSED') return 'nothing listens there (ECONNREFUSED)';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the host name is not known (${code})`;
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return `the connection broke (${code})`;
  const plain = oneLine(message).replace(/\.$/, '').slice(0, 200);
  return code === '' ? plain : `${plain} (${code})`;
}

/** A text without line breaks and control characters, which a terminal would obey. */
function oneLine(text: string): string {
  return text.replace(/[\s\x00-\x1f\x7f-\x9f]+/g, ' ').trim();
}

/** Replaces secret values, and what looks like a key that a server quoted back in part. */
function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, '[key]');
  return clean.replace(/\b(sk|pk|gsk|xai)-[\w*.-]{6,}/g, '[key]');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Record<string, unknown>)[name] ?? undefined;
}

function headersOf(thrown: unknown): unknown {
  const headers = field(thrown, 'headers');
  return headers instanceof Headers ? headers : null;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The sentence in an error body: `message`, `detail`, a list of such, or the text itself. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((each) => textOf(each) ?? '').join('; ') || undefined;
  for (const name of ['message', 'detail', 'msg', 'error']) {
    const found = field(value, name);
    if (found !== undefined) return textOf(found) ?? JSON.stringify(found);
  }
  return undefined;
}
