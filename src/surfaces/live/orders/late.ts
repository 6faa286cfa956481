// Remarks that a run does not take up any more become the next task.
import type { Remark, State } from '../../../core/state.ts';

export interface Late {
  /** The remarks that have become late since the last call. */
  take(state: State): readonly string[];
  /** At the end of the run: those that no repair has heard, either. */
  rest(state: State): readonly string[];
}

export function createLate(): Late {
  const taken = new Set<number>();
  const pick = (state: State, isWanted: (fate: Remark['fate']) => boolean) =>
    state.remarks.flatMap(({ text, fate }, at) => {
      if (!isWanted(fate) || taken.has(at)) return [];
      taken.add(at);
      return [text];
    });
  return {
    take: (state) => pick(state, (fate) => fate === 'late'),
    rest: (state) => pick(state, (fate) => fate === 'open' || fate === 'late'),
  };
}
