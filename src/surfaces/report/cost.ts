// What the run cost: money and tokens over its own time, by kind of work and by model.
import type { Role } from '../../core/model.ts';
import { amount, dollars, plural } from '../words.ts';
import { type Html, h } from './html.ts';
import type { Material } from './material.ts';
import { workedOf } from './numbers.ts';
import { figures, section } from './parts.ts';
import { ROLES, type Spent } from './story-money.ts';

const ROLE_NAMES: Readonly<Record<Role, string>> = { plan: 'plan', tests: 'tests', draft: 'code', repair: 'repair' };

/** What the charts of money and tokens draw; times are seconds of the run's own time. */
export interface CostData {
  readonly t: readonly number[];
  /** US dollars, summed; null when no answer has a price. */
  readonly money: {
    readonly total: readonly number[];
    readonly roles: Readonly<Record<string, readonly number[]>>;
    readonly cap: readonly (number | null)[];
  } | null;
  readonly tokens: { readonly fresh: readonly number[]; readonly cached: readonly number[]; readonly output: readonly number[] };
}

export function costData(m: Material): CostData | null {
  const { points, caps } = m.story.money;
  const last = points.at(-1);
  if (!last) return null;
  // From nothing at the beginning to the end of the run.
  const none = { worked: 0, cost: { plan: 0, tests: 0, draft: 0, repair: 0 }, fresh: 0, cached: 0, output: 0 };
  const all = [none, ...points, { ...last, worked: Math.max(last.worked, workedOf(m)) }];
  const sum = (cost: Readonly<Record<Role, number>>) => ROLES.reduce((total, role) => total + cost[role], 0);
  const used = ROLES.filter((role) => last.cost[role] > 0);
  const capAt = (worked: number) => caps.findLast((c) => c.worked <= worked)?.limits.money ?? null;
  return {
    t: all.map((p) => p.worked / 1000),
    money:
      sum(last.cost) === 0
        ? null
        : {
            total: all.map((p) => sum(p.cost)),
            roles: Object.fromEntries(used.map((role) => [ROLE_NAMES[role], all.map((p) => p.cost[role])])),
            cap: all.map((p) => capAt(p.worked)),
          },
    tokens: { fresh: all.map((p) => p.fresh), cached: all.map((p) => p.cached), output: all.map((p) => p.output) },
  };
}

export function cost(m: Material): Html {
  const { money } = m.story;
  if (money.points.length === 0) return section('cost', 'Cost', h`<p>No model has answered yet.</p>`);
  const hasMoney = costData(m)?.money !== null;
  return section(
    'cost',
    'Cost',
    h`<p class="lead">${leadOf(m)}</p>
${hasMoney && h`<figure class="chart" data-chart="money"><figcaption>Money over the run’s time</figcaption><div class="canvas" role="img" aria-label="Lines: US dollars spent over time, in all and by kind of work; sums are in the table below" hidden></div></figure>`}
<figure class="chart" data-chart="tokens"><figcaption>Tokens over the run’s time</figcaption><div class="canvas" role="img" aria-label="Lines: tokens sent, read from a cache and received over time; sums are in the table below" hidden></div></figure>
${figures(
  'The sums',
  h`${spentTable(
    'By kind of work',
    'work',
    ROLES.map((role) => [ROLE_NAMES[role], money.roles[role]] as const),
  )}${spentTable('By model', 'model', Object.entries(money.models))}`,
)}`,
  );
}

function leadOf({ state }: Material): string {
  const { spent, unpriced, input, cached, cacheWrite, output, requests } = state.ledger;
  const sent = input + cached + cacheWrite;
  const tape =
    state.run?.source === 'live' ? '' : ' The replies came from a tape, so nothing was spent: these are the figures of the recording.';
  const price = unpriced === 0 ? '' : ` (${plural(unpriced, 'answer')} of unknown price not counted)`;
  return `${dollars(spent)}${price} for ${plural(requests, 'answer')}: ${amount(sent)} tokens sent, ${amount(cached)} of them read from a cache, and ${amount(output)} received.${tape}`;
}

function spentTable(caption: string, first: string, rows: readonly (readonly [string, Spent])[]): Html {
  return h`<div class="scroll"><table><caption>${caption}</caption><thead><tr><th scope="col">${first}</th><th scope="col">answers</th><th scope="col">tokens sent</th><th scope="col">from a cache</th><th scope="col">received</th><th scope="col">US dollars</th></tr></thead><tbody>
${rows
  .filter(([, s]) => s.answers > 0)
  .map(
    ([name, s]) =>
      h`<tr><th scope="row">${name}</th><td class="n">${s.answers}</td><td class="n">${(s.input + s.cacheWrite).toLocaleString('en')}</td><td class="n">${s.cached.toLocaleString('en')}</td><td class="n">${s.output.toLocaleString('en')}</td><td class="n">${priceOf(s)}</td></tr>\n`,
  )}</tbody></table></div>`;
}

function priceOf({ cost: sum, unpriced, answers }: Spent): string {
  if (unpriced === answers) return 'unknown';
  return unpriced === 0 ? dollars(sum) : `${dollars(sum)} and ${plural(unpriced, 'answer')} of unknown price`;
}
