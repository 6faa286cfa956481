// Caps: checked and reserved before each request, settled after it.
import type { Limits } from './events.ts';
import type { Usage } from './model.ts';
import type { Ledger } from './state.ts';

/** Characters a token stands for at least, so that an estimate of the input is never too low for text and code. */
const CHARACTERS_PER_TOKEN = 3;

export interface Asked {
  /** Worst-case US dollars; null when the model's price is not known. */
  readonly dollars: number | null;
  readonly characters: number;
  readonly maxOutputTokens: number;
}

/**
 * Says whether a request may be made: the worst case of it and of all that is in flight must fit under every cap.
 * Returns null when it may, else the cap and a sentence. An unknown price cannot be held against a money cap.
 */
export function admit(ledger: Ledger, limits: Limits, asked: Asked): { cap: keyof Limits; reason: string } | null {
  const reserved = Object.values(ledger.reserved).reduce((sum, n) => sum + n, 0);
  if (limits.money !== null && asked.dollars !== null && ledger.spent + ledger.lost.dollars + reserved + asked.dollars > limits.money) {
    return {
      cap: 'money',
      reason: `the next request may cost up to $${asked.dollars.toFixed(2)}; $${ledger.spent.toFixed(2)} is spent${reserved > 0 ? ` and $${reserved.toFixed(2)} reserved` : ''} of $${limits.money.toFixed(2)}`,
    };
  }
  if (limits.requests !== null && ledger.requests + Object.keys(ledger.reserved).length + 1 > limits.requests) {
    return { cap: 'requests', reason: `${ledger.requests} of ${limits.requests} requests are made` };
  }
  const tokens = worstTokens(asked);
  if (limits.tokens !== null && tokensOf(ledger) + ledger.lost.tokens + reservedTokens(ledger) + tokens > limits.tokens) {
    return { cap: 'tokens', reason: `${tokensOf(ledger)} of ${limits.tokens} tokens are used, and the next request may take ${tokens}` };
  }
  return null;
}

/** Every token of a ledger, each counted once. */
export function tokensOf(ledger: Ledger): number {
  return ledger.input + ledger.cached + ledger.cacheWrite + ledger.output;
}

/** The tokens of one answer, each counted once. */
export function tokensIn(usage: Usage): number {
  return usage.input + usage.cached + usage.cacheWrite + usage.output;
}

/** The ledger after answers that were or may have been paid for and never came whole. */
export function lose(ledger: Ledger, requests: number, dollars: number, tokens: number): Ledger {
  const { lost } = ledger;
  return { ...ledger, lost: { requests: lost.requests + requests, dollars: lost.dollars + dollars, tokens: lost.tokens + tokens } };
}

/** The ledger after a crash in which the requests `ids` were under way: each counts with its worst case. */
export function loseReserved(ledger: Ledger, ids: readonly string[]): Ledger {
  return ids.reduce((l, id) => lose(l, 1, l.reserved[id] ?? 0, l.reservedTokens[id] ?? 0), ledger);
}

/** The ledger after an answer: its reservation is released, its usage and price added. */
export function settle(ledger: Ledger, id: string, usage: Usage, cost: number | null, sentCharacters: number): Ledger {
  const reserved = { ...ledger.reserved };
  const tokens = { ...ledger.reservedTokens };
  delete reserved[id];
  delete tokens[id];
  return {
    spent: ledger.spent + (cost ?? 0),
    reserved,
    reservedTokens: tokens,
    requests: ledger.requests + 1,
    lost: ledger.lost,
    unpriced: ledger.unpriced + (cost === null ? 1 : 0),
    input: ledger.input + usage.input,
    cached: ledger.cached + usage.cached,
    cacheWrite: ledger.cacheWrite + usage.cacheWrite,
    output: ledger.output + usage.output,
    sentCharacters: ledger.sentCharacters + sentCharacters,
  };
}

/** The worst case in tokens of a request, as it is reserved. */
export function worstTokens(asked: Asked): number {
  return Math.ceil(asked.characters / CHARACTERS_PER_TOKEN) + asked.maxOutputTokens;
}

function reservedTokens(ledger: Ledger): number {
  return Object.values(ledger.reservedTokens).reduce((sum, n) => sum + n, 0);
}
