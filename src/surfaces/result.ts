import { tokensOf } from '../core/budget.ts';
import type { Change } from '../core/change.ts';
import { type Cover, coverCounts } from '../core/cover.ts';
import type { Gauge, OutcomeKind } from '../core/events.ts';
import { workedMs } from '../core/reduce-words.ts';
import type { State } from '../core/state.ts';
import type { CoverResult, DiffStat, Result } from './surface.ts';

/** What the runs of a series before the last one have used. */
export type Earlier = Pick<Result, 'cost' | 'unpriced' | 'tokens' | 'rounds' | 'ms'>;

const NOTHING: Earlier = { cost: 0, unpriced: 0, tokens: 0, rounds: 0, ms: 0 };

/** The result of a run from how it ended and the last state that was seen (null when it never began). */
export function resultOf(
  end: {
    readonly outcome: OutcomeKind;
    readonly reason: string;
    readonly branch: string | null;
    readonly commit: string | null;
    readonly exitCode: number;
    readonly milestones?: NonNullable<Result['milestones']>;
    readonly earlier?: Earlier;
    readonly pullRequest?: string | null;
    readonly diff?: DiffStat;
  },
  state: State | null,
): Result {
  const ledger = state?.ledger;
  const { earlier = NOTHING } = end;
  return {
    type: 'result',
    outcome: end.outcome,
    reason: end.reason,
    branch: end.branch,
    commit: end.commit,
    source: state?.run?.source ?? 'live',
    cost: earlier.cost + (ledger?.spent ?? 0),
    unpriced: earlier.unpriced + (ledger?.unpriced ?? 0),
    tokens: earlier.tokens + (ledger === undefined ? 0 : tokensOf(ledger)),
    rounds: earlier.rounds + (state?.round ?? 0),
    ...(state?.change ? { change: changeResult(state.change, end.diff ?? null) } : {}),
    ...(state?.cover ? { cover: coverResult(state.cover) } : {}),
    proof: (end.outcome === 'green' && state?.proof?.statement?.digest) || null,
    mutants: state?.strength && state.strength.mutants > 0 ? { tried: state.strength.mutants, noticed: state.strength.killed } : null,
    refused: state?.refused ?? 0,
    ...(end.milestones === undefined ? {} : { milestones: end.milestones }),
    ...(end.pullRequest === undefined ? {} : { pullRequest: end.pullRequest }),
    run: state?.run?.run ?? null,
    dir: state?.run?.dir ?? null,
    ms: earlier.ms + (state === null ? 0 : workedMs(state, state.lastAt)),
    exitCode: end.exitCode,
  };
}

function changeResult({ baseline, amended, unsteady, untestable }: Change, diff: DiffStat | null): NonNullable<Result['change']> {
  return { diff, passedBefore: baseline?.passed ?? null, amended, unsteady, untestable };
}

function coverResult(cover: Cover): CoverResult {
  return {
    ...coverCounts(cover),
    files: cover.map(({ path, why, before, after }) => ({ path, why, before: figures(before), after: figures(after) })),
    tests: cover.flatMap((unit) => unit.tests),
    suspects: cover.flatMap((unit) => unit.suspects),
  };
}

function figures(gauge: Gauge | null): CoverResult['files'][number]['before'] {
  return gauge && { mutants: gauge.mutants, killed: gauge.killed, lines: gauge.lines };
}
