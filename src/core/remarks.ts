// What the user said since the plan was accepted, and what became of it.
import type { Remark, State } from './state.ts';

/** Why the verdict on green tests does not stand any more. */
export const ASKED_SINCE = 'stale: the user asked for something since';

/** Remarks that no round of repair has heard. */
export function openRemarks(s: State): readonly Remark[] {
  return s.remarks.filter((r) => r.fate === 'open');
}

/** Gives every open remark another fate. */
export function settleRemarks(s: State, fate: 'planned' | 'heard' | 'late'): State {
  return s.remarks.some((r) => r.fate === 'open') ? { ...s, remarks: s.remarks.map((r) => (r.fate === 'open' ? { ...r, fate } : r)) } : s;
}
