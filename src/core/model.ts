// What is said to a model and what comes back, in no provider's words.
import type { Ref } from './ref.ts';

/** Which kind of work a request is for; sent as the header `x-redgreen-step`. */
export type Step = 'slices' | 'plan' | 'tests' | 'draft' | 'repair' | 'reproduce';

/** The roles that models are chosen for. */
export type Role = Exclude<Step, 'slices' | 'reproduce'>;

/** Whose work a step is: a large task is divided by who plans, tests that reproduce a task on code that exists are written by the tests' author. */
export function roleOf(step: Step): Role {
  if (step === 'slices') return 'plan';
  return step === 'reproduce' ? 'tests' : step;
}

/** A piece of text; `cache` marks the end of a part that other requests share byte for byte. */
export interface Part {
  readonly text: string;
  readonly cache?: boolean;
}

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema (an object, `additionalProperties: false`, every property required). */
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** Parsed arguments, or null when they were no JSON (`raw` has the text). */
  readonly args: Readonly<Record<string, unknown>> | null;
  readonly raw: string;
}

export interface ToolResult {
  readonly id: string;
  readonly text: string;
  readonly isError: boolean;
}

/** Opaque provider items (reasoning, signatures) that must go back unchanged within a conversation. */
export interface Carry {
  readonly provider: string;
  readonly items: unknown;
}

export type Message =
  | { readonly role: 'user'; readonly parts: readonly Part[] }
  | { readonly role: 'assistant'; readonly text: string; readonly calls: readonly ToolCall[]; readonly carry?: Carry }
  | { readonly role: 'tool'; readonly results: readonly ToolResult[] };

export interface ModelRequest {
  readonly run: string;
  readonly step: Step;
  readonly subject: string;
  readonly attempt: number;
  readonly system: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  /** Asked for by the provider's structured output where it has one; the reply is validated on our side in any case. */
  readonly schema?: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
  /** Upper bound on the reply, in tokens (reasoning included). */
  readonly maxOutputTokens: number;
  /** Ask the role's next model first: the one that was asked so far makes no progress. */
  readonly alternate?: boolean;
}

/** Tokens, each counted once: `input` excludes what was read from or written to a prompt cache; `output` includes `reasoning`. */
export interface Usage {
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

export type Stop = 'end' | 'tool' | 'length' | 'refusal' | 'filter' | 'context' | 'other';

export interface ModelReply {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly stop: Stop;
  readonly usage: Usage;
  /** `provider/model` that answered. */
  readonly model: string;
  /** US dollars; null when the price is not known. */
  readonly cost: number | null;
  readonly carry?: Carry;
}

/** The blobs a rendered request is made from: kept in state instead of texts. */
export interface Turn {
  readonly reply: Ref;
  readonly results: Ref | null;
}
