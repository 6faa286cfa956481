// What a run cost: by model and step, all together as the ledger has it, what is held for requests under way, and the caps.
import type { Event, Limits } from '../../core/events.ts';
import { workedMs } from '../../core/reduce-words.ts';
import type { Ledger, State } from '../../core/state.ts';
import { plural, time } from '../words.ts';
import { EMPTY, type Page, prose, type Styled, safe, span, styled } from './styled.ts';

/** What the answers to one step's requests took from one model. Tokens are each counted once, as in the ledger. */
export interface CostRow {
  readonly model: string;
  readonly step: string;
  readonly requests: number;
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
  /** US dollars of the answers whose price is known. */
  readonly spent: number;
  readonly unpriced: number;
}

/** A row for each step and model, by a name made of both. */
export type Costs = ReadonlyMap<string, CostRow>;

export const noCosts: Costs = new Map();

/** The costs after `event`. */
export function costEvent(costs: Costs, event: Event): Costs {
  if (event.type !== 'answered') return costs;
  const { model, step, usage, cost } = event;
  const key = `${model}\n${step}`;
  const row = costs.get(key) ?? { model, step, requests: 0, input: 0, cached: 0, cacheWrite: 0, output: 0, spent: 0, unpriced: 0 };
  return new Map(costs).set(key, {
    ...row,
    requests: row.requests + 1,
    input: row.input + usage.input,
    cached: row.cached + usage.cached,
    cacheWrite: row.cacheWrite + usage.cacheWrite,
    output: row.output + usage.output,
    spent: row.spent + (cost ?? 0),
    unpriced: row.unpriced + (cost === null ? 1 : 0),
  });
}

/** The page of costs. `now` is in milliseconds since the epoch. */
export function costView(costs: Costs, state: State, now: number): readonly Page[] {
  const { ledger, run } = state;
  const byModel = [...Map.groupBy(costs.values(), (row) => row.model)];
  const lines = [
    ...(run === null || run.source === 'live'
      ? []
      : [styled(span('Nothing is spent: the replies come from a tape. These are the costs of the recording.', 'warn')), EMPTY]),
    styled(span(HEAD, 'quiet')),
    ...byModel.flatMap(([model, rows]) => [styled(span(safe(model), 'cyan')), ...rows.map((row) => styled(span(cells(row.step, row))))]),
    styled(span(cells('all', ledger), 'strong')),
    ...unknown(ledger),
    ...held(ledger),
    ...(run === null ? [] : caps(run.limits, state, now)),
  ];
  return [{ title: 'cost', lines }];
}

const WIDTHS = [9, 10, 11, 10, 9] as const;
const HEAD = `  ${'step'.padEnd(8)}${['requests', 'in', 'cached', 'out', 'dollars'].map((name, i) => name.padStart(WIDTHS[i] ?? 0)).join('')}`;

type Sums = Pick<CostRow, 'requests' | 'input' | 'cached' | 'cacheWrite' | 'output' | 'spent' | 'unpriced'>;

/** Tokens written to a prompt cache are sent, too. */
function cells(name: string, sums: Sums): string {
  const numbers = [sums.requests, sums.input + sums.cacheWrite, sums.cached, sums.output].map(grouped);
  return `  ${name.padEnd(8)}${[...numbers, price(sums)].map((cell, i) => cell.padStart(WIDTHS[i] ?? 0)).join('')}`;
}

/** `12,345` */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

function price({ spent, unpriced, requests }: Sums): string {
  if (unpriced === 0) return spent.toFixed(4);
  return unpriced === requests ? 'unknown' : `${spent.toFixed(4)}+?`;
}

function unknown({ unpriced }: Ledger): readonly Styled[] {
  if (unpriced === 0) return [];
  const words = `${plural(unpriced, 'answer')} of unknown price: the true sum is higher, and a cap on dollars does not hold ${unpriced === 1 ? 'it' : 'them'}.`;
  return [EMPTY, prose(2, span(`  ${words}`, 'warn'))];
}

/** What the requests under way may cost at most. */
function held({ reserved, reservedTokens }: Ledger): readonly Styled[] {
  const ids = Object.keys(reserved);
  if (ids.length === 0) return [];
  const dollars = Object.values(reserved).reduce((sum, n) => sum + n, 0);
  const tokens = Object.values(reservedTokens).reduce((sum, n) => sum + n, 0);
  return [
    EMPTY,
    styled(
      span(`reserved for ${plural(ids.length, 'request')} under way: at most $${dollars.toFixed(4)}, ${grouped(tokens)} tokens`, 'cyan'),
    ),
    ...ids.map((id) => {
      const most = reserved[id] ?? 0;
      return prose(
        4,
        span(`  ${safe(id)}  `),
        span(`${most === 0 ? 'no known price' : `$${most.toFixed(4)}`}, ${grouped(reservedTokens[id] ?? 0)} tokens`, 'quiet'),
      );
    }),
  ];
}

function caps(limits: Limits, state: State, now: number): readonly Styled[] {
  const { ledger } = state;
  const tokens = ledger.input + ledger.cached + ledger.cacheWrite + ledger.output;
  const worked = workedMs(state, now);
  return [
    EMPTY,
    styled(span('caps', 'cyan')),
    cap('dollars', ledger.spent, limits.money, (n) => `$${n.toFixed(2)}`),
    cap('time', worked, limits.wallMs, (ms) => time(Math.floor(ms / 1000) * 1000)),
    cap('rounds', state.round, limits.rounds, String),
    cap('tokens', tokens, limits.tokens, grouped),
    cap('requests', ledger.requests, limits.requests, grouped),
  ];
}

function cap(name: string, used: number, most: number | null, say: (n: number) => string): Styled {
  const head = span(`  ${name.padEnd(10)}${say(used)}`);
  if (most === null) return styled(head, span('  no cap', 'quiet'));
  const share = most === 0 ? 100 : Math.floor((used / most) * 100);
  return styled(head, span(` of ${say(most)}`), span(`  ${share} %`, share >= 100 ? 'bad' : share >= 80 ? 'warn' : 'quiet'));
}
