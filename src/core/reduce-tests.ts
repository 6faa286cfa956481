// Test files from draft to lock: the red proof's effect on state.
import { ending } from './ending.ts';
import type { Body } from './events.ts';
import { testsNothingNew } from './kept.ts';
import type { Violation } from './plan.ts';
import { isVacuous } from './redproof.ts';
import { MAX_ATTEMPTS } from './rounds.ts';
import type { Item, State } from './state.ts';

/** Fresh items for planned files or tests. */
export function itemsOf(planned: readonly { readonly path: string }[]): Readonly<Record<string, Item>> {
  return Object.fromEntries(planned.map(({ path }) => [path, freshItem(path)]));
}

/** The item of a file that nothing is written of. */
export function freshItem(path: string): Item {
  return { path, status: 'planned', attempts: 0, blob: null, partial: null, problems: [], disputed: null, before: null };
}

/**
 * Freezes the test files that are proven red and sends the others back to their author. One that was sent back too often is
 * frozen all the same when at least one of its tests is red (the rest are kept as vacuous, and said so); else the run is blocked.
 * Where every test passes on the base, none of them tests the change, and the run is blocked, too.
 * An amendment after a dispute must be proven red as a whole: else the file stands as it was, and is proven once more.
 */
export function reduceRed(s: State, event: Extract<Body, { type: 'red.proven' }>): State {
  let next: State = { ...s, red: { ...s.red, attempts: event.attempt, tests: event.tests, baseline: event.baseline } };
  const tests: Record<string, Item> = { ...s.tests };
  for (const [path, item] of Object.entries(s.tests)) {
    const mended = event.mended.find((m) => m.path === path);
    const problems = event.problems.filter((p) => p.where === path);
    const current = mended ? { ...item, blob: mended.blob } : item;
    if (problems.length === 0 || item.status === 'frozen') tests[path] = { ...current, status: 'frozen', problems: [] };
    else if (item.attempts < MAX_ATTEMPTS + (item.disputed ? 1 : 0)) tests[path] = { ...current, status: 'planned', problems };
    else if (item.before !== null && item.blob !== item.before)
      tests[path] = { ...item, status: 'drafted', blob: item.before, problems: [] };
    else if (event.tests.some((t) => t.path === path && !isVacuous(t)) && !testsNothingNew(event.baseline))
      tests[path] = { ...current, status: 'frozen', problems: [] };
    else next = ending(next, 'blocked', noProof(path, problems));
  }
  const proven = Object.values(tests).every((t) => t.status === 'frozen');
  return { ...next, tests, red: { ...next.red, proven } };
}

function noProof(path: string, problems: readonly Violation[]): string {
  return `the tests of ${path} could not be proven red: ${problems[0]?.message ?? 'no reason given'}`;
}
