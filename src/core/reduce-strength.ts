// How strong the tests are: what mutants change, and the tests that are asked for because of survivors.
import { tokensOf } from './budget.ts';
import type { Body, Survivor } from './events.ts';
import { testTree } from './kept.ts';
import type { Plan } from './plan.ts';
import { itemsOf } from './reduce-tests.ts';
import { workedMs } from './reduce-words.ts';
import type { TestId } from './report.ts';
import { STALE_ROUNDS } from './rounds.ts';
import type { Best, State, Strength } from './state.ts';
import { worstFirst } from './survivors.ts';

/** Survivors that the tests' author is told of. */
const MOST_TOLD = 8;

/** Share of a cap that may be spent when tests are still asked for: a run that is green must not end on its budget because of them. */
const ROOM = 0.7;

/** Files the score; the first time, asks for one more test file when something survived and there is room for it. */
export function reduceMutated(s: State, event: Extract<Body, { type: 'mutated' }>): State {
  const first = s.strength;
  const score: Strength = {
    attempts: event.attempt,
    mutants: first?.mutants ?? event.mutants,
    killed: (first?.killed ?? 0) + event.killed,
    survivors: event.survivors,
    ms: (first?.ms ?? 0) + event.ms,
    cut: (first?.cut ?? false) || event.cut,
    path: first?.path ?? null,
    before: s.sources,
    dropped: first?.dropped ?? null,
    done: true,
  };
  if (first !== null || s.change || event.survivors.length === 0 || !s.plan || !hasRoom(s)) return { ...s, strength: score };
  const path = strengthPath(s.plan, new Set([...Object.keys(s.tests), ...(s.run?.base.files ?? [])]));
  const told = worstFirst(event.survivors, s.plan).slice(0, MOST_TOLD);
  const uses = [...new Set(told.map((m) => m.path))];
  return {
    ...s,
    strength: { ...score, path, done: false },
    plan: { ...s.plan, tests: [...s.plan.tests, { path, checks: told.map(checkOf), uses }] },
    tests: { ...s.tests, ...itemsOf([{ path }]) },
    red: { ...s.red, proven: false },
    last: s.last && { ...s.last, verdict: { kind: 'void', reason: 'stale: tests were added since' } },
  };
}

function checkOf({ path, inside, behaviour }: Survivor): string {
  return `${inside === 'module' ? path : `\`${inside}\` of ${path}`}: ${behaviour}`;
}

/** The path of the added test file while it may still be given up; null when there is none or it is settled. */
function openPath(s: State): string | null {
  return s.strength && !s.strength.done ? s.strength.path : null;
}

/** The best tree so far, where it was tried with the tests that there are now; null when they differ. */
export function comparableBest(s: State): Best | null {
  const now = testTree(s);
  const then = s.best?.tests ?? {};
  const isSame = Object.keys(now).length === Object.keys(then).length && Object.entries(now).every(([path, ref]) => then[path] === ref);
  return isSame ? s.best : null;
}

/**
 * What happens when nothing but the added tests can be at fault: first their author judges them (a dispute); later, when repairs got
 * nowhere either, they are given up, because the code has passed every test that the task asked for. Null when this is no such case.
 */
export function contestStrength(s: State, failing: readonly TestId[]): State | null {
  const path = openPath(s);
  const item = path ? s.tests[path] : undefined;
  if (!path || !item || !(isUntouched(s) || failing.every((id) => isOf(id, path)))) return null;
  if (item.disputed === null) {
    const reason = `the code, which passes every other test, fails here: ${reasonsOf(s, path)}`;
    return {
      ...s,
      conversation: null,
      tests: { ...s.tests, [path]: { ...item, status: 'planned', disputed: reason, before: item.blob, problems: [] } },
      red: { ...s.red, proven: false },
    };
  }
  return s.stale >= STALE_ROUNDS ? dropStrength(s, 'the code fails them, their author holds to them, and no repair satisfied both') : null;
}

/** The code is still what passed all other tests: whatever fails now fails because of the added ones. */
function isUntouched(s: State): boolean {
  const before = s.strength?.before ?? {};
  const paths = new Set([...Object.keys(before), ...Object.keys(s.sources)]);
  return [...paths].every((path) => before[path] === s.sources[path]);
}

/**
 * Keeps the added tests from ending a run that was green without them: where the run would end now because of a cap, a refusal or an
 * error, they are given up instead, and it goes on with the code that passed.
 */
export function withoutStrength(before: State, after: State, event: Body): State {
  if (before.ending || !after.ending || !openPath(before) || event.type === 'stopped' || event.type === 'deadline') return after;
  return dropStrength({ ...after, ending: null }, after.ending.reason);
}

/** Gives the added tests up when it is they alone that do not hold in the clean room; null when it is not so. */
export function dropUnproven(s: State, failing: readonly TestId[]): State | null {
  const path = s.strength?.path;
  if (!path || !s.tests[path] || !failing.every((id) => isOf(id, path))) return null;
  return dropStrength(s, 'they did not hold in the clean room');
}

/** Gives the added test file up, for `reason`: the code goes back to what passed without it, and is tested once more where it was run with it. */
function dropStrength(s: State, reason: string): State {
  const path = s.strength?.path;
  if (!path || !s.strength || !s.plan) return s;
  const { [path]: _, ...tests } = s.tests;
  // What was green before they were added, and was never run with them, still is.
  const green = s.best?.last.verdict.kind === 'green' && !s.best.last.tests.some((t) => isOf(t.id, path)) ? s.best.last : null;
  return {
    ...s,
    conversation: null,
    sources: s.strength.before,
    best: s.best && { ...s.best, sources: s.strength.before },
    commits: {},
    strength: { ...s.strength, dropped: reason, done: true },
    plan: { ...s.plan, tests: s.plan.tests.filter((t) => t.path !== path) },
    tests,
    red: { ...s.red, tests: s.red.tests.filter((t) => t.path !== path), proven: true },
    last: green ?? (s.last && { ...s.last, verdict: { kind: 'void', reason: 'stale: tests were taken out since' } }),
  };
}

function isOf(id: TestId, path: string): boolean {
  return id === path || id.startsWith(`${path} › `);
}

function reasonsOf(s: State, path: string): string {
  const lines = (s.last?.tests ?? []).filter((t) => t.status !== 'passed' && isOf(t.id, path));
  if (lines.length === 0) return s.last?.verdict.reason ?? 'no reason given';
  return lines
    .slice(0, 5)
    .map((t) => `"${t.id}" (${t.why})`)
    .join('; ');
}

function hasRoom(s: State): boolean {
  const limits = s.run?.limits;
  if (!limits) return false;
  const room = (used: number, cap: number | null) => cap === null || used <= cap * ROOM;
  return (
    room(s.ledger.spent, limits.money) &&
    room(tokensOf(s.ledger), limits.tokens) &&
    room(s.ledger.requests, limits.requests) &&
    room(workedMs(s, s.lastAt), limits.wallMs) &&
    s.round + 2 <= limits.rounds
  );
}

/** A free name beside the first test file, in its style: `test/strength.test.ts`, `tests/test_strength.py`. */
export function strengthPath(plan: Plan, taken: ReadonlySet<string>): string {
  const model = plan.tests.find((t) => !t.path.endsWith('.json'))?.path ?? 'test/a.test.ts';
  const folder = model.slice(0, model.lastIndexOf('/') + 1);
  const name = model.slice(folder.length);
  for (let n = 1; ; n++) {
    const word = n === 1 ? 'strength' : `strength_${n}`;
    const own = name.endsWith('.py')
      ? name.startsWith('test_')
        ? `test_${word}.py`
        : `${word}_test.py`
      : word + name.slice(name.indexOf('.'));
    if (!taken.has(folder + own)) return folder + own;
  }
}
