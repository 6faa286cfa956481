// What `/budget …` says, as flags.
import { RedgreenError } from '../core/errors.ts';
import type { Limits } from '../core/events.ts';
import type { Flags } from './context.ts';

/** The flag of each cap, and what it limits. */
const CAPS: Readonly<Record<string, { readonly flag: string; readonly limit: keyof Limits }>> = {
  dollars: { flag: 'budget', limit: 'money' },
  money: { flag: 'budget', limit: 'money' },
  time: { flag: 'time', limit: 'wallMs' },
  tokens: { flag: 'tokens', limit: 'tokens' },
  rounds: { flag: 'rounds', limit: 'rounds' },
  requests: { flag: 'requests', limit: 'requests' },
};

const PART =
  /^(?:(dollars|money|time|tokens|rounds|requests)\s+([^\s,]+)|([^\s,]+)\s+(dollars|money|time|tokens|rounds|requests)|([^\s,]+))(?:[\s,]+|$)/i;

export interface Budget {
  readonly flags: Flags;
  /** The limits that it names. */
  readonly limits: readonly (keyof Limits)[];
}

/** Reads `5`, `$2.50`, `30m`, `500k tokens`, `rounds 8`, `none time`, several of them. Values are checked where flags are. Throws `('usage')`. */
export function budgetOf(words: string): Budget {
  const flags: Record<string, string> = {};
  const limits: (keyof Limits)[] = [];
  let rest = words.trim();
  while (rest !== '') {
    const [all = rest, before, after, value, unit, alone] = PART.exec(rest) ?? [];
    const name = before ?? unit ?? (/^[\d.]+(ms|s|m|h)([\d.]|$)/.test(alone ?? '') ? 'time' : 'dollars');
    if (alone !== undefined && !/^(?:\$?[\d.]|none$)/i.test(alone))
      throw new RedgreenError('usage', `"${alone}" is no cap; /budget takes some like $2, 30m, 500k tokens, 8 rounds or none time.`);
    const cap = CAPS[name.toLowerCase()];
    if (cap === undefined || limits.includes(cap.limit))
      throw new RedgreenError('usage', `Say each cap once, like /budget $2 30m 8 rounds.`);
    flags[cap.flag] = after ?? value ?? alone ?? '';
    limits.push(cap.limit);
    rest = rest.slice(all.length);
  }
  return { flags, limits };
}
