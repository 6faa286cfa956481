// The live region in words, for a screen reader: only what does not change with every second.
import { awaitsPlan } from '../../../core/reduce-words.ts';
import { oneLine } from '../../../core/sanitise.ts';
import { doing } from '../../doing.ts';
import { dollars } from '../../words.ts';
import { nameOf } from './round.ts';
import type { View } from './view.ts';

/** Failing tests that are named. */
const NAMED = 5;

/** Says the step that the run is at. Two views of one step give the same words, so that they are not read out again. */
export function stepWords({ state, grid }: View): string {
  const step =
    state.pausedAt !== null ? 'paused' : awaitsPlan(state) ? 'the plan waits for your word' : (state.ended?.outcome ?? doing(state));
  // While tests run, or nothing but red is known of them, there is nothing to count.
  if (grid.running !== null || grid.ids.length === 0 || state.last === null) return `${step}.`;
  const failing = state.last.tests.filter((t) => t.status !== 'passed');
  const names = failing.slice(0, NAMED).map((t) => oneLine(nameOf(t), 80));
  const more = failing.length > NAMED ? ` and ${failing.length - NAMED} more` : '';
  const said = failing.length === 0 ? '' : `, failing: ${names.join('; ')}${more}`;
  return `${step}. ${grid.counts.passed} of ${grid.ids.length} tests pass${said}. ${dollars(state.ledger.spent)} spent.`;
}

/** What tells one step from the next. */
export function stepKey({ state, grid }: View): string {
  const step = state.ended ? 'ended' : doing(state);
  return [step, state.round, state.pausedAt, awaitsPlan(state), grid.running].join('/');
}
