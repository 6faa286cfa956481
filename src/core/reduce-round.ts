// Rounds: what a check, a test run and a proof change.
import { ending } from './ending.ts';
import type { Body } from './events.ts';
import { testTree } from './kept.ts';
import { newConversation } from './reduce-change.ts';
import { comparableBest, contestStrength, dropUnproven } from './reduce-strength.ts';
import type { Tree } from './ref.ts';
import { ASKED_SINCE, openRemarks, settleRemarks } from './remarks.ts';
import type { TestId } from './report.ts';
import { type Carried, isBetter, isReady, isWorse, LAST_STRATEGY, MAX_PROOFS, STALE_ROUNDS } from './rounds.ts';
import type { Best, State } from './state.ts';
import { failingIds } from './verdict.ts';

/** Mended sources replace the drafts; the tree counts as checked. */
export function reduceChecked(s: State, event: Extract<Body, { type: 'checked' }>): State {
  const admitted = s.checks.done === 0 && !s.change ? draftsOf(s) : s.sources;
  const sources = { ...admitted, ...Object.fromEntries(event.mended.map((m) => [m.path, m.blob])) };
  const files = Object.fromEntries(Object.entries(s.files).map(([path, item]) => [path, { ...item, status: 'admitted' as const }]));
  return { ...s, files, sources, checks: { done: s.checks.done + 1, round: s.round + 1, diagnostics: event.diagnostics } };
}

/** The drafts as they came, before the first check. */
export function draftsOf(s: State): Tree {
  return Object.fromEntries(Object.entries(s.files).flatMap(([path, item]) => (item.blob ? [[path, item.blob]] : [])));
}

/** Compares the round with the best so far, takes worse edits back, and opens the next repair or ends the run. */
export function reduceTested(s: State, event: Extract<Body, { type: 'tested' }>): State {
  const last = { verdict: event.verdict, tests: event.tests, report: event.report, diagnostics: s.checks.diagnostics };
  const now: Best = {
    sources: s.sources,
    tests: testTree(s),
    last,
    failing: failingOf(event),
    diagnostics: last.diagnostics.length,
  };
  const before = comparableBest(s);
  const better = isBetter(now, before);
  const reverted = !better && isWorse(now, before);
  const best = better || !before ? now : before;
  const next: State = {
    ...s,
    change: withUnsteady(s, event.unsteady ?? []),
    round: event.round,
    best,
    last: reverted ? best.last : last,
    sources: reverted ? best.sources : s.sources,
    stale: s.best && !before ? s.stale : better ? 0 : s.stale + 1,
    carried: carry(s, event.round, now.failing.length, reverted),
  };
  if (isReady(next) && isIdle(next)) return askForChange(next);
  if (isReady(next)) return openRemarks(next).length === 0 ? { ...next, conversation: null } : hearRemarks(next);
  return contestStrength(next, failingIds(event.tests)) ?? openRound(next);
}

/** Opens a repair conversation on the last round's failures, or ends a run that no longer moves or has no rounds left. */
function openRound(s: State): State {
  const limit = s.run?.limits.rounds ?? 0;
  const left = s.best
    ? `${s.best.failing.length} ${s.best.failing.length === 1 ? 'test is' : 'tests are'} still failing`
    : `the clean-room run is not green: ${s.last?.verdict.reason ?? ''}`;
  if (s.round >= limit) return ending({ ...s, conversation: null }, 'budget', `${limit} rounds are used up; ${left}`);
  const stuck = s.stale >= STALE_ROUNDS;
  if (stuck && s.strategy >= LAST_STRATEGY) return ending({ ...s, conversation: null }, 'red', `no progress with any strategy; ${left}`);
  const from: Partial<Pick<State, 'sources' | 'last'>> = stuck && s.best ? { sources: s.best.sources, last: s.best.last } : {};
  return {
    ...s,
    ...from,
    stale: stuck ? 0 : s.stale,
    strategy: stuck ? s.strategy + 1 : s.strategy,
    conversation: newConversation('repair', s.round, from.sources ?? s.sources),
  };
}

/** No test shows the task, so that nothing fails, and nothing was changed either. */
function isIdle(s: State): boolean {
  return s.change !== null && s.change.untestable !== null && Object.keys(s.sources).length === 0;
}

/** Green without a change is the base as it was: the author is asked once more. */
function askForChange(s: State): State {
  if (s.round > 1 || s.round >= (s.run?.limits.rounds ?? 0))
    return ending({ ...s, best: null, conversation: null }, 'blocked', 'no test shows the task, and the model changed nothing');
  const message = 'nothing was changed: do what the task asks, with tool calls';
  const conversation = { ...newConversation('repair', s.round, s.sources), bad: [{ where: 'reply', message }] };
  const verdict = { kind: 'void', reason: 'nothing was changed' } as const;
  return { ...s, best: null, last: s.last && { ...s.last, verdict }, conversation };
}

/** The tests are green, but the user asked for something since: one more round hears it, where there is one left. */
function hearRemarks(s: State): State {
  if (s.round >= (s.run?.limits.rounds ?? 0)) return { ...settleRemarks(s, 'late'), conversation: null };
  const verdict = { kind: 'void', reason: ASKED_SINCE } as const;
  return { ...s, last: s.last && { ...s.last, verdict }, conversation: newConversation('repair', s.round, s.sources) };
}

/** A proof that is not green is a round like another: its failures go back, a few times at most. */
export function reduceProven(s: State, event: Extract<Body, { type: 'proven' }>): State {
  const { commit, tree, verdict, tests, statement } = event;
  const proofs = s.proofs + 1;
  const next: State = { ...s, proofs, proof: { commit, tree, verdict, statement } };
  if (verdict.kind === 'green') return next;
  // A broken lock is nobody's to repair.
  if (event.runs === 0) return ending(next, 'blocked', `the clean-room run was not made: ${verdict.reason}`);
  const { unreverted } = event;
  const without = dropUnproven(next, unreverted.length > 0 ? unreverted : failingIds(tests));
  if (without) return without;
  // Tests that pass without the code are locked: no repair of the code could change that.
  if (unreverted.length > 0 || proofs >= MAX_PROOFS) return ending(next, 'red', `the clean-room run is not green: ${verdict.reason}`);
  const last = { verdict, tests, report: event.report, diagnostics: s.checks.diagnostics };
  return openRound({ ...next, last, best: null, commits: {} });
}

function withUnsteady({ change }: State, ids: readonly TestId[]): State['change'] {
  return change && ids.length > 0 ? { ...change, unsteady: [...new Set([...change.unsteady, ...ids])] } : change;
}

function failingOf(event: Extract<Body, { type: 'tested' }>): readonly string[] {
  const failing = failingIds(event.tests);
  return failing.length === 0 && event.verdict.kind !== 'green' ? [event.verdict.reason] : failing;
}

function carry(s: State, round: number, after: number, reverted: boolean): readonly Carried[] {
  const touched = s.conversation?.touched ?? [];
  if (!s.best || touched.length === 0) return s.carried;
  return [...s.carried, { round, touched, before: s.best.failing.length, after, reverted }].slice(-6);
}
