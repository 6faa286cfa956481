// What a server turned out not to take: an option is dropped once and stays dropped for the session.
import type { ModelRequest } from '../../core/model.ts';
import type { Said } from './failures.ts';

/** Something that a request may carry and a server may refuse. */
export interface Option {
  readonly name: string;
  /** Found in what the server said when it refuses this option. */
  readonly mentioned: RegExp;
  readonly inUse: (attempt: Attempt) => boolean;
}

/** One try of a request, with what is left out of it. */
export interface Attempt {
  readonly request: ModelRequest;
  readonly dropped: ReadonlySet<string>;
  /** Most tokens of the reply: what was asked for, or less where the server allows less. */
  readonly most: number;
}

/** What is known of one server and model. */
export interface Learned {
  readonly dropped: Set<string>;
  most: number;
}

/** Statuses that say nothing about options: keys, money, load. */
const NOT_ABOUT_OPTIONS = new Set([401, 402, 403, 408, 409, 429, 502, 503, 504, 529]);
const LEAST_REPLY = 256;

/**
 * Learns from a refusal. Returns the tokens to allow in the next try, or null when there is nothing to change and the
 * refusal stands.
 */
export function learn(said: Said, attempt: Attempt, learned: Learned, options: readonly Option[]): { readonly most: number } | null {
  if (said.status === null || NOT_ABOUT_OPTIONS.has(said.status)) return null;
  const limit = outputLimit(said.mention);
  if (limit !== null && limit.most >= LEAST_REPLY && limit.most < attempt.most) {
    if (limit.lasting) learned.most = Math.min(learned.most, limit.most);
    return { most: limit.most };
  }
  for (const option of options) {
    if (attempt.dropped.has(option.name) || !option.inUse(attempt) || !option.mentioned.test(said.mention)) continue;
    learned.dropped.add(option.name);
    return { most: attempt.most };
  }
  return null;
}

/**
 * The reply size that a server says it can give: its own limit (`lasting`), or what this request leaves of its context.
 * The sentences are those of Anthropic, OpenAI, vLLM, llama.cpp and Groq.
 */
function outputLimit(text: string): { readonly most: number; readonly lasting: boolean } | null {
  const sum = /context limit: (\d+) \+ \d+ > (\d+)/.exec(text);
  if (sum) return { most: Number(sum[2]) - Number(sum[1]), lasting: false };
  const left = /maximum context length is (\d+) tokens.{0,120}?(?:has (\d+) input|\((\d+) in the messages)/is.exec(text);
  if (left) return { most: Number(left[1]) - Number(left[2] ?? left[3]), lasting: false };
  if (!/max_(output_|completion_)?tokens/.test(text)) return null;
  const own = /> (\d+), which is the maximum|at most `?(\d+)`? (?:completion |output )?tokens|less than or equal to `?(\d+)/.exec(text);
  return own ? { most: Number(own[1] ?? own[2] ?? own[3]), lasting: true } : null;
}

/** How a schema is asked for, strictest first; each is an option that can be dropped. */
export type Format = 'strict' | 'schema' | 'object';

const FORMATS: readonly Format[] = ['strict', 'schema', 'object'];

/** The strictest way of asking for a schema that is left; null for none, or when the request has no schema. */
export function formatOf({ request, dropped }: Attempt): Format | null {
  return request.schema ? (FORMATS.find((format) => !dropped.has(format)) ?? null) : null;
}

/** The options that make up the ladder of formats. */
export function formatOptions(mentioned: RegExp): readonly Option[] {
  return FORMATS.map((name) => ({ name, mentioned, inUse: (attempt) => formatOf(attempt) === name }));
}

/** The system text; where the server cannot be given the schema itself, it stands there in words. */
export function systemText(attempt: Attempt, byServer: boolean): string {
  const { system, schema } = attempt.request;
  if (!schema || byServer) return system;
  return `${system}\n\nAnswer with one JSON object and nothing else. It has to fit this JSON Schema:\n${JSON.stringify(schema.schema)}`;
}
