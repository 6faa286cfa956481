// Token counts as providers report them, made safe and counted once.
import type { ModelRequest, Usage } from '../../core/model.ts';

/** Counts as a provider gave them, each already apart from the others (see core/model.ts); anything may be missing or absurd. */
export type RawUsage = { readonly [K in keyof Usage]?: unknown };

const MOST = 1e9;
const CHARACTERS_PER_TOKEN = 4;

/** Characters of a request: system, messages, tools and schema. */
function charactersOf(request: ModelRequest): number {
  let sum = request.system.length + JSON.stringify(request.tools).length;
  if (request.schema) sum += JSON.stringify(request.schema.schema).length;
  for (const message of request.messages) {
    if (message.role === 'user') for (const part of message.parts) sum += part.text.length;
    else if (message.role === 'tool') for (const result of message.results) sum += result.text.length;
    else sum += message.text.length + message.calls.reduce((n, call) => n + call.name.length + call.raw.length, 0);
  }
  return sum;
}

/**
 * A usage to reckon with. A count that is missing, negative, no number or above 1e9 is replaced: input and output by an estimate
 * of four characters a token, the rest by 0. A server that claims to have read or written nothing is not believed either.
 */
export function normalUsage(raw: RawUsage | null, request: ModelRequest, replyCharacters: number): Usage {
  const cached = sane(raw?.cached) ?? 0;
  const cacheWrite = sane(raw?.cacheWrite) ?? 0;
  const given = sane(raw?.input);
  const nothingRead = given === undefined || given + cached + cacheWrite === 0;
  const input = nothingRead ? Math.ceil(charactersOf(request) / CHARACTERS_PER_TOKEN) : given;
  const written = sane(raw?.output) ?? 0;
  const output = written > 0 ? written : Math.ceil(replyCharacters / CHARACTERS_PER_TOKEN);
  return { input, cached, cacheWrite, output, reasoning: Math.min(sane(raw?.reasoning) ?? 0, output) };
}

function sane(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= MOST ? Math.round(value) : undefined;
}

/** `total` less its parts, never below zero; undefined when `total` is no usable count. */
export function without(total: unknown, ...parts: readonly unknown[]): number | undefined {
  const whole = sane(total);
  if (whole === undefined) return undefined;
  return Math.max(0, whole - parts.reduce<number>((sum, part) => sum + (sane(part) ?? 0), 0));
}
