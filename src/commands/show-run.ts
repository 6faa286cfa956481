// One run on a surface, from its beginning to the result.
import { asError, type ErrorCode, RedgreenError } from '../core/errors.ts';
import type { OutcomeKind } from '../core/events.ts';
import { errorExit, exitCode } from '../core/outcome.ts';
import type { State } from '../core/state.ts';
import { type Earlier, resultOf } from '../surfaces/result.ts';
import type { DiffStat, Result, Surface } from '../surfaces/surface.ts';

/** How a run ended, as far as the command line wants to know. */
export interface End {
  readonly outcome: OutcomeKind;
  readonly reason: string;
  /** Why it failed, when it did. */
  readonly code: ErrorCode | null;
  readonly branch: string | null;
  readonly commit: string | null;
  readonly run?: string;
  /** The parts of a large task that were begun, and what all but the last of them cost. */
  readonly milestones?: NonNullable<Result['milestones']>;
  readonly earlier?: Earlier;
  /** The pull request that was opened; null when one was asked for and none could be. */
  readonly pullRequest?: string | null;
  readonly diff?: DiffStat;
}

export type Begin = (surface: Surface, signal: AbortSignal) => Promise<End>;

export interface Ran {
  readonly result: Result;
  /** Why it failed, also before it began; null when it did not. */
  readonly failure: RedgreenError | null;
}

/** Runs `begin` on `surface` and finishes it there. What `begin` throws becomes the result. */
export async function showRun(surface: Surface, signal: AbortSignal, begin: Begin): Promise<Ran> {
  const seen: { state: State | null } = { state: null };
  const watched: Surface = {
    ...surface,
    event: (event, state) => {
      seen.state = state;
      surface.event(event, state);
    },
  };
  const ran = await settled(() => begin(watched, signal), signal, seen);
  surface.finish(ran.result);
  return ran;
}

async function settled(begin: () => Promise<End>, signal: AbortSignal, seen: { readonly state: State | null }): Promise<Ran> {
  try {
    const end = await begin();
    const result = resultOf({ ...end, exitCode: end.pullRequest === null ? 2 : exitCode(end.outcome, end.code) }, seen.state);
    return { result, failure: end.outcome === 'failed' ? new RedgreenError(end.code ?? 'usage', end.reason) : null };
  } catch (thrown) {
    const failure = asError(thrown);
    const interrupted = signal.aborted;
    const how = {
      outcome: interrupted ? ('interrupted' as const) : ('failed' as const),
      exitCode: interrupted ? 130 : errorExit(failure.code),
    };
    return { result: resultOf({ ...how, reason: failure.message, branch: null, commit: null }, seen.state), failure };
  }
}
