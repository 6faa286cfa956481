// Lines of test runs: a round's, the trial of the tests on changed code, the proof's.
import type { Event, TestLine } from '../core/events.ts';
import type { State } from '../core/state.ts';
import { type Line, line } from './line.ts';
import { amount, paid, plural, time } from './words.ts';

type Of<T extends Event['type']> = Extract<Event, { type: T }>;

/** Failing tests that are named after a round. */
export const NAMED = 5;

export function tested(event: Of<'tested'>, state: State): readonly Line[] {
  const passed = event.tests.filter((t) => t.status === 'passed').length;
  const green = event.verdict.kind === 'green';
  const count = event.tests.length === 0 ? event.verdict.reason : `${passed} of ${event.tests.length} pass`;
  const odd = event.verdict.kind === 'flaky' || event.verdict.kind === 'tampered' ? `, ${event.verdict.kind}: ${event.verdict.reason}` : '';
  // What the round was compared with, where it changed something.
  const carried = state.carried.at(-1)?.round === event.round ? state.carried.at(-1) : undefined;
  const was = carried === undefined || event.tests.length === 0 ? '' : ` (${comparedWith(carried.before, event, state)})`;
  const also = event.alsoPassed && event.tests.length > 0 ? `, and ${amount(event.alsoPassed)} that passed before` : '';
  const head = line(green ? 'good' : 'bad', `round ${event.round}`, `${count}${was}${also}${odd} · ${time(event.ms)}${costSoFar(state)}`);
  const back = carried?.reverted
    ? [line('warn', '', `its edits are taken back: ${carried.after} tests failed instead of ${carried.before}`)]
    : [];
  const added = state.tests[state.strength?.path ?? ''];
  const judged =
    added?.disputed && added.status === 'planned' ? [line('warn', 'dispute', `${added.path}: its author judges it once more`)] : [];
  const loose = (event.unsteady ?? []).map((id) => line('warn', '', `unsteady, and counts no more: ${id}`));
  return [head, ...failures(event.tests), ...loose.slice(0, NAMED), ...back, ...judged];
}

/** Of a change as many tests are listed as fail, so that only the failing ones can be compared. */
function comparedWith(before: number, { tests }: Of<'tested'>, { change }: State): string {
  return change ? `${before} failed before` : `was ${Math.max(0, tests.length - before)}`;
}

/** A tape costs nothing. */
function costSoFar({ run, ledger }: State): string {
  return run !== null && run.source !== 'live' ? '' : ` · ${paid(ledger.spent, ledger.unpriced)} so far`;
}

function failures(tests: readonly TestLine[]): readonly Line[] {
  const failing = tests.filter((t) => t.status === 'failed');
  const named = failing.slice(0, NAMED).map((t) => line('bad', '', t.why === '' ? t.id : `${t.id}: ${t.why}`));
  return failing.length > NAMED ? [...named, line('quiet', '', `and ${failing.length - NAMED} more`)] : named;
}

/** Survivors that are named. */
const SHOWN = 3;

export function mutated(event: Of<'mutated'>, state: State): readonly Line[] {
  const score = state.strength;
  if (score === null || score.mutants === 0) return [];
  const head = `the tests notice ${score.killed} of ${plural(score.mutants, 'small change')} to the code`;
  const lines = [
    line(score.killed === score.mutants ? 'good' : 'plain', 'strength', `${head} · ${time(event.ms)}${event.cut ? ', cut short' : ''}`),
  ];
  const named = event.survivors
    .slice(0, SHOWN)
    .map((m) => line('quiet', '', `not noticed: ${m.inside} in ${m.path}:${m.line}, ${m.behaviour}`));
  const asking = state.strength?.done === false ? [line('plain', '', `asking for tests of these: ${state.strength.path}`)] : [];
  return [...lines, ...named, ...asking];
}

export function proven(event: Of<'proven'>, state: State): readonly Line[] {
  if (event.verdict.kind !== 'green') return [line('bad', 'proof', event.verdict.reason), ...failures(event.tests)];
  const runs = event.runs === 1 ? 'once' : `${event.runs} times`;
  const said = state.change ? event.verdict.reason : `${plural(event.tests.length, 'test')} passed ${runs}`;
  const dropped = state.strength?.dropped;
  return [
    ...(dropped ? [line('warn', 'strength', `the tests asked for because of that were given up: ${dropped}`)] : []),
    line('good', 'proof', `${said}${state.change ? ',' : ''} in a clean room, from the commit alone · ${time(event.ms)}`),
  ];
}
