// What a model's answer changes.
import { dropAmended, isAmending, refuseAmended } from './amend.ts';
import { ending } from './ending.ts';
import type { Body } from './events.ts';
import type { Violation } from './plan.ts';
import { closeReproducing } from './reduce-change.ts';
import { closeCovering } from './reduce-cover.ts';
import { MAX_ATTEMPTS, maxTurns } from './rounds.ts';
import type { Item, State } from './state.ts';

type Answered = Extract<Body, { type: 'answered' }>;

/** Files the answer under its step. An answer for what is no longer wanted (an item of an earlier plan) changes nothing but the ledger. */
export function reduceAnswer(s: State, event: Answered): State {
  if (event.content.kind === 'blocked' && event.step === 'plan' && isAmending(s)) return dropAmended(s);
  if (event.content.kind === 'blocked') {
    const says = event.step === 'tests' ? 'their author finds nothing to test' : 'the model says that it cannot be done';
    return ending(s, 'blocked', `${says}: ${event.content.reason}`);
  }
  switch (event.step) {
    case 'slices':
      return slicesAnswer(s, event);
    case 'plan':
      return planAnswer(s, event);
    case 'tests':
      return itemAnswer(s, 'tests', event);
    case 'draft':
      return itemAnswer(s, 'files', event);
    case 'repair':
    case 'reproduce':
      return closed(s, turnAnswer(s, event));
    default: {
      const never: never = event.step;
      return never;
    }
  }
}

function slicesAnswer(s: State, event: Answered): State {
  if (event.content.kind === 'slices') return { ...s, slices: event.content.slices };
  const violations = violationsOf(event);
  const next = { ...s, slicing: { attempts: event.attempt, violations } };
  if (event.attempt < MAX_ATTEMPTS) return next;
  return ending(next, 'blocked', `the task could not be divided into milestones: ${violations[0]?.message ?? 'no reason given'}`);
}

function planAnswer(s: State, event: Answered): State {
  const planning = {
    ...s.planning,
    attempts: event.attempt,
    reply: event.reply,
    remarksSeen: s.planning.remarksTold,
    edited: false,
    vetted: false,
    approved: s.planning.amends && s.planning.approved,
  };
  if (event.content.kind === 'plan') return { ...s, planning: { ...planning, candidate: event.content.plan, violations: [] } };
  if (isAmending(s)) return refuseAmended({ ...s, planning: { ...planning, candidate: s.plan } }, violationsOf(event));
  return refusePlan({ ...s, planning: { ...planning, candidate: null } }, violationsOf(event));
}

/** Sends a plan back with what is wrong with it; after too many in a row the run is blocked. */
export function refusePlan(s: State, violations: readonly Violation[]): State {
  const refusals = s.planning.refusals + 1;
  const next = { ...s, planning: { ...s.planning, violations, vetted: false, refusals } };
  if (refusals < MAX_ATTEMPTS) return next;
  const first = violations[0];
  return ending(
    next,
    'blocked',
    `no usable plan after ${refusals} attempts: ${first ? `${first.where}: ${first.message}` : 'no reason given'}`,
  );
}

/** Pieces that one file may be received in when replies are cut off. */
const MAX_PIECES = 8;

function itemAnswer(s: State, kind: 'tests' | 'files', event: Answered): State {
  const item = s[kind][event.subject];
  if (item?.status !== 'planned' || event.attempt !== attemptOf(s, item)) return s;
  const next = { ...item, attempts: item.attempts + 1 };
  const put = (i: Item): State => ({ ...s, [kind]: { ...s[kind], [i.path]: i } });
  if (event.content.kind === 'file') {
    const drafted = put({ ...next, status: 'drafted', blob: event.content.blob, partial: null, problems: [] });
    // After the first check the sources are what is checked and tested.
    return kind === 'tests' || s.checks.done === 0 ? drafted : { ...drafted, sources: { ...s.sources, [item.path]: event.content.blob } };
  }
  if (event.content.kind === 'cut' && next.attempts < MAX_PIECES) return put({ ...next, partial: event.content.partial, problems: [] });
  const problems = violationsOf(event);
  const state = put({ ...next, partial: null, problems });
  if (next.attempts < MAX_ATTEMPTS) return state;
  return ending(
    state,
    'blocked',
    `no usable reply for ${item.path} after ${next.attempts} attempts: ${problems[0]?.message ?? 'no reason given'}`,
  );
}

/** The number of the next attempt at an item; those of a second plan start at 11, so that no id is used twice. */
export function attemptOf(s: State, item: Item): number {
  return (s.epoch - 1) * 10 + item.attempts + 1;
}

function turnAnswer(s: State, event: Answered): State {
  const c = s.conversation;
  if (!c) return s;
  if (event.content.kind !== 'turn') {
    return { ...s, conversation: { ...c, asked: event.attempt, bad: violationsOf(event), done: event.attempt >= maxTurns(s) } };
  }
  if (event.content.calls.length === 0) return { ...s, conversation: { ...c, asked: event.attempt, bad: [], done: true } };
  return { ...s, conversation: { ...c, asked: event.attempt, bad: [], pending: event.reply } };
}

/** The author of the tests has nothing more to say: what they wrote is looked at. */
export function closed(before: State, s: State): State {
  const ended = s.conversation?.kind === 'reproduce' && s.conversation.done && before.conversation?.done === false;
  if (!ended) return s;
  return s.cover ? closeCovering(s) : closeReproducing(s);
}

function violationsOf(event: Answered): readonly Violation[] {
  return event.content.kind === 'bad'
    ? event.content.violations
    : [{ where: 'reply', message: 'the reply is not of the form that was asked for' }];
}
