// What the user says while a run works: remarks, an edited plan, a pause.
import { beginAmending } from './amend.ts';
import type { Plan } from './plan.ts';
import { isReady } from './rounds.ts';
import type { State } from './state.ts';

/** True while the run waits for the user's word on a plan: it is vetted and not approved, or it is the user's own and does not hold. */
export function awaitsPlan(s: State): boolean {
  const { candidate, vetted, edited, violations, remarks, remarksSeen } = s.planning;
  if (s.ending || s.ended || s.plan !== null || candidate === null || remarks.length !== remarksSeen) return false;
  return vetted || (edited && violations.length > 0);
}

/**
 * Files a remark. Before the plan is accepted it asks for another plan. After that the plan is amended, what its changed entries are about is
 * written again, and the remark goes into every prompt that is still asked for; where it changes nothing of the plan, a round of repair hears it
 * before the proof. Where code that exists is worked on there is no such plan: the next prompt tells it. When the code is green already it is late,
 * and a following run has to take it up.
 */
export function reduceRemark(s: State, text: string): State {
  const isPlanned = s.run === null || s.run.mode === 'new';
  if (isPlanned && s.plan === null && !s.ending && !s.ended) return sendBack(s, text);
  const isLate = s.ending !== null || s.ended !== null || (s.conversation === null && (isReady(s) || s.strength !== null));
  const next: State = { ...s, remarks: [...s.remarks, { text, fate: isLate ? 'late' : 'open' }] };
  return isLate || !isPlanned ? next : beginAmending(next, text);
}

/** A plan that the user sends back is asked for again with what they said. */
export function sendBack(s: State, remark: string): State {
  const planning = { ...s.planning, vetted: false, edited: false, refusals: 0, remarks: [...s.planning.remarks, remark] };
  return { ...s, planning };
}

/** The user's own version takes the candidate's place. Where nothing waits for it, nothing changes. */
export function reduceEdited(s: State, plan: Plan): State {
  if (!awaitsPlan(s)) return s;
  // Vetting is a command of its own for each version, so the version needs a number.
  const attempts = s.planning.attempts + 1;
  return { ...s, planning: { ...s.planning, attempts, candidate: plan, violations: [], vetted: false, approved: false, edited: true } };
}

/** Milliseconds that the run has worked by `now`: pauses, and the time between a stop and a resume, do not count. */
export function workedMs(s: State, now: number): number {
  if (s.startedAt === 0) return 0;
  const end = s.ended ? s.lastAt : (s.pausedAt ?? now);
  return Math.max(0, end - s.startedAt - s.pausedMs);
}
