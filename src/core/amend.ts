// A remark changes the accepted plan first, and then only what was written from the entries that changed.
import type { Violation } from './plan.ts';
import { freshItem } from './reduce-tests.ts';
import { ASKED_SINCE, settleRemarks } from './remarks.ts';
import { MAX_ATTEMPTS } from './rounds.ts';
import type { Item, State } from './state.ts';

/** Why a file is written again that nothing is wrong with. */
export const PLAN_CHANGED = 'the plan has changed since it was written';

type Items = Readonly<Record<string, Item>>;

/** The accepted plan is asked for again, with what the user said. */
export function beginAmending(s: State, remark: string): State {
  const remarks = [...s.planning.remarks, remark];
  return { ...s, planning: { ...s.planning, amends: true, candidate: s.plan, violations: [], refusals: 0, vetted: false, remarks } };
}

/** A changed plan that cannot be carried out goes back; after too many in a row the plan stands as it was. */
export function refuseAmended(s: State, violations: readonly Violation[]): State {
  const refusals = s.planning.refusals + 1;
  if (refusals < MAX_ATTEMPTS) return { ...s, planning: { ...s.planning, violations, vetted: false, refusals } };
  return dropAmended(s);
}

/** The plan stands as it was; a round of repair hears the remark. */
export function dropAmended(s: State): State {
  return { ...s, planning: { ...s.planning, amends: false, candidate: s.plan, violations: [], vetted: true, amended: [] } };
}

/** The changed plan is the plan. What its entries say as before is kept as it was written; the rest is written again. */
export function acceptAmended(s: State): State {
  const { plan: before } = s;
  const plan = s.planning.candidate;
  if (!before || !plan) return dropAmended(s);
  const isOther = plan.language !== before.language || plan.runner !== before.runner;
  const tests = carried(isOther ? [] : before.tests, plan.tests, s.tests);
  const files = carried(isOther ? [] : before.files, plan.files, s.files);
  const amended = [...changedPaths(s.tests, tests), ...changedPaths(s.files, files)];
  const planning = { ...s.planning, amends: false, vetted: true, violations: [], refusals: 0, amended };
  const installs = same(before.packages, plan.packages) && !isOther ? s.installs : { ...s.installs, done: false, deps: null, problems: [] };
  const next: State = { ...s, plan, planning, installs };
  if (amended.length === 0) return next;
  return {
    ...settleRemarks(next, 'planned'),
    epoch: s.epoch + 1,
    tests,
    files,
    sources: Object.fromEntries(Object.entries(s.sources).filter(([path]) => files[path] !== undefined || s.files[path] === undefined)),
    red: { ...s.red, proven: false },
    checks: { ...s.checks, round: 0 },
    last: s.last && { ...s.last, verdict: { kind: 'void', reason: ASKED_SINCE } },
    best: null,
    stale: 0,
    conversation: null,
  };
}

function carried<T extends { readonly path: string }>(before: readonly T[], now: readonly T[], items: Items): Items {
  const entries = now.map((entry): [string, Item] => {
    const old = items[entry.path];
    const fresh = freshItem(entry.path);
    if (!old) return [entry.path, fresh];
    if (before.some((other) => same(other, entry))) return [entry.path, old];
    return [entry.path, { ...fresh, blob: old.blob, problems: old.blob === null ? [] : [{ where: entry.path, message: PLAN_CHANGED }] }];
  });
  return Object.fromEntries(entries);
}

/** Paths that are written again or anew, or are gone. */
function changedPaths(before: Items, now: Items): readonly string[] {
  return [...new Set([...Object.keys(now), ...Object.keys(before)])].filter((path) => before[path] !== now[path]);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** True while the accepted plan is asked for again. */
export function isAmending(s: State): boolean {
  return s.planning.amends && s.plan !== null;
}
