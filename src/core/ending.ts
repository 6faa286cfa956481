// The way a run is set on its end.
import type { State } from './state.ts';

type Ending = NonNullable<State['ending']>;

/** Sets the run on its way to an end. The first reason stands; later ones change nothing. */
export function ending(s: State, outcome: Ending['outcome'], reason: string, code: Ending['code'] = null): State {
  return s.ending ? s : { ...s, ending: { outcome, reason, code } };
}
