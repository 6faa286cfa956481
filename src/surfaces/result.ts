import type { OutcomeKind } from '../core/events.ts';
import { workedMs } from '../core/reduce-words.ts';
import type { State } from '../core/state.ts';
import type { Result } from './surface.ts';

/** The result of a run from how it ended and the last state that was seen (null when it never began). */
export function resultOf(
  end: {
    readonly outcome: OutcomeKind;
    readonly reason: string;
    readonly branch: string | null;
    readonly commit: string | null;
    readonly exitCode: number;
  },
  state: State | null,
): Result {
  const ledger = state?.ledger;
  return {
    type: 'result',
    outcome: end.outcome,
    reason: end.reason,
    branch: end.branch,
    commit: end.commit,
    source: state?.run?.source ?? 'live',
    cost: ledger?.spent ?? 0,
    unpriced: ledger?.unpriced ?? 0,
    tokens: ledger === undefined ? 0 : ledger.input + ledger.cached + ledger.cacheWrite + ledger.output,
    rounds: state?.round ?? 0,
    proof: (end.outcome === 'green' && state?.proof?.statement?.digest) || null,
    mutants: state?.strength && state.strength.mutants > 0 ? { tried: state.strength.mutants, noticed: state.strength.killed } : null,
    refused: state?.refused ?? 0,
    run: state?.run?.run ?? null,
    dir: state?.run?.dir ?? null,
    ms: state === null ? 0 : workedMs(state, state.lastAt),
    exitCode: end.exitCode,
  };
}
