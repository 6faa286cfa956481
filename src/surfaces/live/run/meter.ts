// What the run has used of its caps: money, tokens, time.
import { tokensOf } from '../../../core/budget.ts';
import { workedMs } from '../../../core/reduce-words.ts';
import type { State } from '../../../core/state.ts';
import type { Tint } from '../../views/styled.ts';
import { amount, dollars, plural, time } from '../../words.ts';
import { joined, type Pieces, widthOf } from '../paint/paint-spans.ts';
import type { Symbols } from '../paint/symbols.ts';

/** A cap and how much of it is gone. */
export interface Used {
  readonly name: 'money' | 'tokens' | 'requests' | 'time' | 'rounds';
  /** 0 to 1, and more when it is overshot. */
  readonly share: number;
  /** What requests under way may still take, as a share of the cap. */
  readonly held: number;
}

/** From which share on a cap is pointed out. */
const TIGHT = 0.8;
const HALF = 0.5;
const BAR = 8;

/** The meter in one line of at most `columns`; what matters less goes first when there is no room. */
export function meterRow(state: State, symbols: Symbols, columns: number, now: number): Pieces {
  const used = tightest(state, now);
  const bar = (name: Used['name']): Pieces => (used?.name === name ? barOf(used, symbols) : []);
  const rest = used?.name === 'rounds' || used?.name === 'requests' ? [...barOf(used, symbols), ...countOf(state, used.name)] : [];
  const parts = (whole: boolean) => ({
    money: [...bar('money'), ...money(state, whole)],
    tokens: [...bar('tokens'), ...tokens(state, whole)],
    clock: [...bar('time'), ...clock(state, now)],
  });
  const [long, short] = [parts(true), parts(false)];
  const ways = [
    [long.money, long.tokens, long.clock, rest],
    [short.money, long.tokens, short.clock, rest],
    [short.money, short.tokens, short.clock, rest],
    [short.money, short.clock, rest],
    [short.money, rest],
  ].map(joined);
  return ways.find((way) => widthOf(way) <= columns) ?? money(state, false);
}

const quiet = (text: string): Pieces[number] => ({ text, tone: 'quiet' });

function money({ ledger, run }: State, whole: boolean): Pieces {
  const cap = run?.limits.money == null ? '' : ` of ${dollars(run.limits.money)}`;
  const unknown =
    ledger.unpriced === 0 ? '' : whole ? `${plural(ledger.unpriced, 'answer')} of unknown price` : `${ledger.unpriced} unpriced`;
  if (run !== null && run.source !== 'live')
    return [{ text: 'nothing spent', tone: 'plain' }, quiet(whole && ledger.spent > 0 ? ` (recorded: ${dollars(ledger.spent)})` : '')];
  // What nobody knows the price of did not cost nothing.
  if (ledger.spent === 0 && unknown !== '') return [{ text: whole ? unknown : 'price unknown', tone: 'warn' }];
  const held = sum(ledger.reserved);
  return [
    { text: dollars(ledger.spent), tone: 'plain' },
    quiet(held > 0 ? ` (+${dollars(held)}${whole ? ' in flight' : ''})` : ''),
    quiet(cap),
    { text: unknown === '' ? '' : ` + ${unknown}`, tone: 'warn' },
  ];
}

function tokens({ ledger, run }: State, whole: boolean): Pieces {
  const cap = run?.limits.tokens == null ? '' : ` of ${amount(run.limits.tokens)}`;
  const cached = ledger.cached === 0 || !whole ? '' : ` (${amount(ledger.cached)} cached)`;
  return [quiet(`${amount(tokensOf(ledger))}${cap} tokens${cached}`)];
}

function clock(state: State, now: number): Pieces {
  const cap = state.run?.limits.wallMs;
  return [quiet(`${time(Math.floor(workedMs(state, now) / 1000) * 1000)}${cap == null ? '' : ` of ${time(cap)}`}`)];
}

function countOf({ round, ledger, run }: State, name: 'rounds' | 'requests'): Pieces {
  return [quiet(name === 'rounds' ? `${round} of ${run?.limits.rounds}` : `${ledger.requests} of ${run?.limits.requests}`)];
}

/** The cap that the bar is for: money, unless another one is at least half gone and more so; null when there is none. */
export function tightest(state: State, now: number): Used | null {
  const { ledger, run } = state;
  if (run === null) return null;
  const { money, tokens, requests, wallMs, rounds } = run.limits;
  const part = (name: Used['name'], used: number, held: number, cap: number | null): readonly Used[] =>
    cap === null || cap <= 0 ? [] : [{ name, share: used / cap, held: held / cap }];
  const all = [
    // A tape costs nothing.
    ...(run.source === 'live' ? part('money', ledger.spent, sum(ledger.reserved), money) : []),
    ...part('time', workedMs(state, now), 0, wallMs),
    ...part('tokens', tokensOf(ledger), sum(ledger.reservedTokens), tokens),
    ...part('requests', ledger.requests, Object.keys(ledger.reserved).length, requests),
    ...part('rounds', state.round, 0, rounds),
  ];
  const [first = null, ...others] = all;
  return others.reduce((most, one) => (one.share >= HALF && one.share > (most?.share ?? 0) ? one : most), first);
}

function sum(record: Readonly<Record<string, number>>): number {
  return Object.values(record).reduce((a, b) => a + b, 0);
}

/** The name of the cap and how much of it is gone: yellow when it is nearly used up, red when it is. */
function barOf({ name, share, held }: Used, symbols: Symbols): Pieces {
  const tone: Tint = share >= 1 ? 'bad' : share > TIGHT ? 'warn' : 'plain';
  const full = Math.min(BAR, Math.round(share * BAR));
  const kept = Math.min(BAR - full, Math.ceil(held * BAR));
  return [
    { text: `${name} `, tone: tone === 'plain' ? 'quiet' : tone },
    { text: symbols.bar.used.repeat(full), tone },
    quiet(`${symbols.bar.held.repeat(kept)}${symbols.bar.free.repeat(BAR - full - kept)} `),
    { text: tone === 'plain' ? '' : `${Math.floor(share * 100)} % `, tone },
  ];
}
