// The repository's own tests as one counter: only those that fail have a cell of their own.
import type { State } from '../../../core/state.ts';
import type { Tint } from '../../views/styled.ts';
import { amount } from '../../words.ts';
import type { Pieces } from '../paint/paint-spans.ts';
import type { View } from './view.ts';

/** `412 passed before`, and what the last round made of them. Empty where code is written anew, and before they were run. */
export function keptRow({ state, also, grid }: View): Pieces {
  const { change, inflight } = state;
  if (change === null) return [];
  const passed = change.baseline?.passed ?? 0;
  if (change.baseline === null && inflight['baseline/tests/1'])
    return [{ text: 'the repository’s own tests run for the first time', tone: 'quiet' }];
  if (passed === 0) return [];
  const lost = grid.running === 'full' ? 0 : lostOf(state);
  const isTried = also !== null && grid.running !== 'full';
  const [tone, still]: readonly [Tint, string] =
    lost > 0
      ? ['bad', `, ${amount(lost)} of them ${lost === 1 ? 'fails' : 'fail'} now`]
      : isTried
        ? ['good', ', and do still']
        : ['quiet', ''];
  const unsteady = change.unsteady.length === 0 ? '' : ` · ${amount(change.unsteady.length)} unsteady`;
  return [
    { text: `${amount(passed)} passed before${still}`, tone },
    { text: unsteady, tone: 'warn' },
  ];
}

function lostOf({ last, tests }: State): number {
  return last?.tests.filter((t) => t.status === 'failed' && tests[t.path] === undefined).length ?? 0;
}
