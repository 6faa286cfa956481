// Which of the changes that no test noticed a tests' author is told of first.
import type { Survivor } from './events.ts';
import type { Plan } from './plan.ts';

/** What decides something comes before what makes a value, and texts come last. */
const WORTH: readonly (readonly string[])[] = [
  ['boundary', 'logic', 'guard', 'copy', 'case'],
  ['condition', 'equality', 'negation', 'verdict', 'arithmetic', 'statement', 'swap', 'catch'],
  ['chain', 'twin', 'assignment', 'index', 'number', 'pattern', 'count', 'boolean', 'fallback', 'default'],
];

/** Survivors of one function that come before those of the next. */
const MOST_OF_ONE = 3;

/**
 * The survivors, the worst first: in functions that a contract names before others (their author can call those), decisions before values.
 * Survivors of one function stand together, a few of each before the rest.
 */
export function worstFirst(survivors: readonly Survivor[], plan: Plan): readonly Survivor[] {
  const groups = new Map<string, Survivor[]>();
  for (const one of survivors) groups.set(`${one.path} ${one.inside}`, [...(groups.get(`${one.path} ${one.inside}`) ?? []), one]);
  const score = (one: Survivor | undefined) => (one ? scoreOf(one, plan) : 0);
  const sorted = [...groups].map(([key, group]) => ({ key, group: group.sort((a, b) => score(a) - score(b) || a.line - b.line) }));
  const order = sorted.sort((a, b) => score(a.group[0]) - score(b.group[0]) || (a.key < b.key ? -1 : 1)).map(({ group }) => group);
  return [...order.flatMap((group) => group.slice(0, MOST_OF_ONE)), ...order.flatMap((group) => group.slice(MOST_OF_ONE))];
}

function scoreOf({ path, inside, operator }: Survivor, plan: Plan): number {
  const contract = plan.files.find((f) => f.path === path)?.contract ?? '';
  const name = inside.split('.').at(-1) ?? inside;
  const known = new RegExp(`(?<![\\w$#])${name.replace(/[^\w]/g, '\\$&')}(?![\\w$])`).test(contract);
  const worth = WORTH.findIndex((group) => group.includes(operator));
  return (known ? 0 : 10) + (worth === -1 ? WORTH.length : worth);
}
