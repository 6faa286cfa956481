// Progress over rounds: which tree is best, when a strategy is used up, when to stop.
import type { Best, State } from './state.ts';

/** One line on what an earlier round tried, carried into the next prompt. */
export interface Carried {
  readonly round: number;
  /** Paths that the round changed. */
  readonly touched: readonly string[];
  readonly before: number;
  readonly after: number;
  readonly reverted: boolean;
}

/** Rounds without progress after which the strategy changes. */
export const STALE_ROUNDS = 2;

/**
 * What each strategy changes: 0 shows the failing code, 1 shows every source file and goes back to the best tree,
 * 2 also asks the role's next model and allows files to be rewritten whole.
 */
export const LAST_STRATEGY = 2;

/** Turns of one conversation; where code that exists has to be found before it is changed, more. */
export function maxTurns(s: State): number {
  return s.run?.mode === 'change' && s.conversation?.kind !== 'reproduce' ? 24 : 12;
}

/** Times that a model may be asked for the same plan, file or test file. */
export const MAX_ATTEMPTS = 3;

/** Proofs of one run that may end not green before it is given up. */
export const MAX_PROOFS = 3;

/** True when `a` is closer to green than `b`: fewer tests fail, or as many and fewer diagnostics. */
export function isBetter(a: Pick<Best, 'failing' | 'diagnostics'>, b: Pick<Best, 'failing' | 'diagnostics'> | null): boolean {
  if (!b) return true;
  if (a.failing.length !== b.failing.length) return a.failing.length < b.failing.length;
  return a.diagnostics < b.diagnostics;
}

/** True when a test that passes on the best tree fails now, or more tests fail: the round's edits are taken back. */
export function isWorse(a: Pick<Best, 'failing'>, b: Pick<Best, 'failing'> | null): boolean {
  return b !== null && a.failing.length > b.failing.length;
}

/** The last round is as good as it gets: green, and its diagnostics are gone or did not give way. */
export function isReady(s: State): boolean {
  if (s.last?.verdict.kind !== 'green') return false;
  return s.last.diagnostics.length === 0 || s.stale >= STALE_ROUNDS;
}
