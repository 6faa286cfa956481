// The fold: state and an event give the next state.
import { acceptAmended, isAmending, refuseAmended } from './amend.ts';
import { lose, loseReserved, settle, tokensIn } from './budget.ts';
import { ending } from './ending.ts';
import type { Body, Event } from './events.ts';
import { reduceAnswer, refusePlan } from './reduce-answer.ts';
import { reduceBased, reduceSurveyed, reduceTargets } from './reduce-change.ts';
import { reduceAdmitted, reduceCoverProven, reduceGauged } from './reduce-cover.ts';
import { reduceChecked, reduceProven, reduceTested } from './reduce-round.ts';
import { reduceMutated, withoutStrength } from './reduce-strength.ts';
import { itemsOf, reduceRed } from './reduce-tests.ts';
import { reduceTools } from './reduce-tools.ts';
import { reduceEdited, reduceRemark, sendBack } from './reduce-words.ts';
import { settleRemarks } from './remarks.ts';
import { MAX_ATTEMPTS } from './rounds.ts';
import type { State } from './state.ts';

/** The state of a run of which nothing has happened. */
export const initialState: State = {
  run: null,
  startedAt: 0,
  lastAt: 0,
  box: null,
  inflight: {},
  done: {},
  planning: {
    attempts: 0,
    refusals: 0,
    candidate: null,
    reply: null,
    violations: [],
    remarks: [],
    remarksTold: 0,
    remarksSeen: 0,
    amends: false,
    amended: null,
    edited: false,
    vetted: false,
    approved: false,
  },
  slices: null,
  slicing: { attempts: 0, violations: [] },
  change: null,
  cover: null,
  plan: null,
  epoch: 0,
  installs: { attempts: 0, done: false, files: {}, deps: null, memberDeps: {}, stamp: null, extra: [], problems: [] },
  tests: {},
  files: {},
  red: { attempts: 0, tests: [], baseline: [], proven: false },
  sources: {},
  checks: { done: 0, round: 0, diagnostics: [] },
  round: 0,
  last: null,
  conversation: null,
  best: null,
  stale: 0,
  strategy: 0,
  carried: [],
  strength: null,
  remarks: [],
  pausedAt: null,
  pausedMs: 0,
  refused: 0,
  proofs: 0,
  commits: {},
  made: [],
  proof: null,
  shipped: null,
  ledger: {
    spent: 0,
    reserved: {},
    reservedTokens: {},
    requests: 0,
    lost: { requests: 0, dollars: 0, tokens: 0 },
    unpriced: 0,
    input: 0,
    cached: 0,
    cacheWrite: 0,
    output: 0,
    sentCharacters: 0,
  },
  ending: null,
  ended: null,
};

/** Returns the state after `event`. Pure: the same events always give the same state. */
export function reduce(state: State, event: Event): State {
  return withoutStrength(state, fold(state, event), event);
}

function fold(state: State, event: Event): State {
  const s = settleCommand({ ...state, lastAt: event.at }, event);
  switch (event.type) {
    case 'run.created':
      return { ...s, run: event, startedAt: event.at };
    case 'box.chosen':
      return { ...s, box: { rung: event.rung, safe: event.safe } };
    case 'started':
      return reduceStarted(s, event);
    case 'answered':
      return reduceAnswer({ ...s, ledger: settle(s.ledger, event.id, event.usage, event.cost, event.sentCharacters) }, event);
    case 'surveyed':
      return reduceSurveyed(s, event);
    case 'based':
      return reduceBased(s, event);
    case 'gauged':
      return reduceGauged(s, event);
    case 'admitted':
      return reduceAdmitted(s, event);
    case 'plan.vetted':
      return reduceVetted(s, event.violations);
    case 'plan.approved':
      return acceptIfReady({ ...s, planning: { ...s.planning, approved: true } });
    case 'plan.rejected':
      return sendBack(s, event.remark);
    case 'plan.edited':
      return reduceEdited(s, event.plan);
    case 'remark':
      return reduceRemark(s, event.text);
    case 'paused':
      return s.pausedAt === null ? { ...s, pausedAt: event.at } : s;
    case 'continued':
      return goOn(s, event.at);
    case 'limits':
      return { ...s, run: s.run && { ...s.run, limits: event.limits } };
    case 'installed':
      return reduceInstalled(s, event);
    case 'red.proven':
      return s.change ? reduceTargets(s, event) : reduceRed(s, event);
    case 'checked':
      return reduceChecked(s, event);
    case 'tested':
      return reduceTested(s, event);
    case 'tools.done':
      return reduceTools(s, event);
    case 'mutated':
      return reduceMutated(s, event);
    case 'committed':
      return reduceCommitted(s, event);
    case 'proven':
      return s.cover ? reduceCoverProven(s, event) : reduceProven(s, event);
    case 'shipped':
      return { ...s, shipped: { branch: event.branch, commit: event.commit, checkedOut: event.checkedOut } };
    case 'stopped':
      return ending(s, 'interrupted', event.reason);
    case 'deadline':
      return ending(s, 'budget', 'the time for this run is over');
    case 'budget.reached':
      return ending(s, 'budget', event.reason);
    case 'failed':
      return reduceFailed(s, event);
    case 'resumed':
      return reduceResumed(
        { ...goOn(s, state.lastAt), pausedMs: s.pausedMs + Math.max(0, event.at - (s.pausedAt ?? state.lastAt)) },
        event,
      );
    case 'broke':
      return { ...s, ledger: lose(s.ledger, 1, event.cost ?? 0, tokensIn(event.usage)) };
    case 'suspended':
      return { ...s, pausedMs: s.pausedMs + (s.pausedAt === null ? event.ms : 0) };
    case 'waiting':
    case 'note':
      return s;
    case 'ended':
      return { ...s, ended: event };
    default: {
      const never: never = event;
      return never;
    }
  }
}

function goOn(s: State, at: number): State {
  return s.pausedAt === null ? s : { ...s, pausedAt: null, pausedMs: s.pausedMs + Math.max(0, at - s.pausedAt) };
}

function reduceStarted(state: State, event: Extract<Body, { type: 'started' }>): State {
  const s = told(state, event);
  const inflight = { ...s.inflight, [event.id]: true as const };
  if (event.reserved === null && event.reservedTokens === 0) return { ...s, inflight };
  const reserved = { ...s.ledger.reserved, [event.id]: event.reserved ?? 0 };
  const reservedTokens = { ...s.ledger.reservedTokens, [event.id]: event.reservedTokens };
  return { ...s, inflight, ledger: { ...s.ledger, reserved, reservedTokens } };
}

/** What the user said so far is in the prompt of a plan or a repair that is asked for now. */
function told(s: State, { kind, step }: Extract<Body, { type: 'started' }>): State {
  if (kind !== 'ask') return s;
  if (step === 'plan') return { ...s, planning: { ...s.planning, remarksTold: s.planning.remarks.length } };
  return step === 'repair' || step === 'reproduce' ? settleRemarks(s, 'heard') : s;
}

/** An event that carries a command's id ends that command. */
function settleCommand(s: State, event: Event): State {
  if (event.type === 'started' || event.type === 'waiting' || event.type === 'broke' || !('id' in event)) return s;
  const inflight = { ...s.inflight };
  delete inflight[event.id];
  return { ...s, inflight, done: { ...s.done, [event.id]: true } };
}

function reduceVetted(s: State, violations: Extract<Body, { type: 'plan.vetted' }>['violations']): State {
  if (isAmending(s)) return violations.length > 0 ? refuseAmended(s, violations) : acceptAmended(s);
  if (violations.length > 0) return s.planning.edited ? { ...s, planning: { ...s.planning, violations } } : refusePlan(s, violations);
  return acceptIfReady({ ...s, planning: { ...s.planning, violations: [], vetted: true } });
}

function acceptIfReady(s: State): State {
  const { candidate, vetted, approved } = s.planning;
  if (!candidate || !vetted || (s.run?.approve && !approved)) return s;
  return {
    ...s,
    plan: candidate,
    epoch: s.epoch + 1,
    planning: { ...s.planning, refusals: 0, amends: false, amended: null },
    tests: itemsOf(candidate.tests),
    files: itemsOf(candidate.files),
    installs: { ...initialState.installs, attempts: s.installs.attempts },
  };
}

function reduceInstalled(s: State, event: Extract<Body, { type: 'installed' }>): State {
  const installs = { ...s.installs, attempts: event.attempt, problems: event.problems };
  if (event.problems.length === 0) {
    const { files, deps, memberDeps = {}, stamp = null } = event;
    return { ...s, installs: { ...installs, done: true, files, deps, memberDeps, stamp } };
  }
  if (s.installs.extra.length > 0) return { ...s, installs: { ...installs, extra: [], done: true } };
  if (event.attempt >= MAX_ATTEMPTS)
    return ending({ ...s, installs }, 'blocked', `the packages cannot be installed after ${event.attempt} attempts: ${event.problems[0]}`);
  if (s.change) return ending({ ...s, installs }, 'blocked', `the packages cannot be installed: ${event.problems[0]}`);
  const violations = event.problems.map((message) => ({ where: 'packages', message }));
  return refusePlan({ ...s, installs, plan: null, tests: {}, files: {}, planning: { ...s.planning, approved: false } }, violations);
}

function reduceCommitted(s: State, { name, commit, tree }: Extract<Body, { type: 'committed' }>): State {
  const made = name === 'final' || name === 'best' ? [...s.made, commit] : s.made;
  return { ...s, made, commits: { ...s.commits, [name]: { commit, tree } } };
}

function reduceResumed(s: State, event: Extract<Body, { type: 'resumed' }>): State {
  const run = s.run ? { ...s.run, limits: event.limits } : null;
  const ledger = { ...loseReserved(s.ledger, event.lost), reserved: {}, reservedTokens: {} };
  const again = { ...s, run, inflight: {}, ending: null, ended: null, ledger };
  // Cut off or stopped on its way: what was committed and proven stands, and is not made a second time.
  if (s.ended?.outcome === 'green' || s.ending === null || s.ending.outcome === 'interrupted') return again;
  // What is made anew does not count as done.
  const done = Object.fromEntries(Object.entries(s.done).filter(([id]) => !/^(commit|prove|ship|deadline)\//.test(id)));
  return { ...again, done, shipped: null, commits: {}, proof: null };
}

function reduceFailed(s: State, event: Extract<Body, { type: 'failed' }>): State {
  const reserved = { ...s.ledger.reserved };
  const reservedTokens = { ...s.ledger.reservedTokens };
  delete reserved[event.id];
  delete reservedTokens[event.id];
  const done = { ...s.done };
  delete done[event.id];
  const settled = { ...s, done, ledger: { ...s.ledger, reserved, reservedTokens } };
  // What keeps the best tree on the way out is not tried again: the run would never end.
  const lost = /^(commit|ship)\//.test(event.id);
  return ending(lost ? { ...settled, ending: null } : settled, 'failed', event.message, event.code);
}
