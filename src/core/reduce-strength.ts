// How strong the tests are: what mutants change, and the tests that are asked for because of survivors.
import type { Body } from './events.ts';
import type { Plan } from './plan.ts';
import { itemsOf } from './reduce-tests.ts';
import type { TestId } from './report.ts';
import { STALE_ROUNDS } from './rounds.ts';
import type { State, Strength } from './state.ts';

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
    dropped: first?.dropped ?? false,
    done: true,
  };
  if (first !== null || event.survivors.length === 0 || !s.plan || !hasRoom(s)) return { ...s, strength: score };
  const path = strengthPath(s.plan, new Set([...Object.keys(s.tests), ...(s.run?.base.files ?? [])]));
  const checks = event.survivors
    .slice(0, MOST_TOLD)
    .map((m) => `${m.inside === 'module' ? m.path : `\`${m.inside}\` of ${m.path}`}: ${m.behaviour}`);
  const uses = [...new Set(event.survivors.map((m) => m.path))];
  return {
    ...s,
    strength: { ...score, path, done: false },
    plan: { ...s.plan, tests: [...s.plan.tests, { path, checks, uses }] },
    tests: { ...s.tests, ...itemsOf([{ path }]) },
    red: { ...s.red, proven: false },
    last: s.last && { ...s.last, verdict: { kind: 'void', reason: 'stale: tests were added since' } },
  };
}

/**
 * What happens when nothing but the added tests fails: first their author judges them (a dispute); later, when repairs got
 * nowhere either, they are given up, because the code has passed every test that the task asked for. Null when this is no such case.
 */
export function contestStrength(s: State, failing: readonly TestId[]): State | null {
  const path = s.strength?.path;
  const item = path ? s.tests[path] : undefined;
  if (!path || !item || failing.length === 0 || !failing.every((id) => isOf(id, path))) return null;
  if (item.disputed === null) {
    const reason = `the code, which passes every other test, fails here: ${reasonsOf(s, failing)}`;
    return {
      ...s,
      conversation: null,
      tests: { ...s.tests, [path]: { ...item, status: 'planned', disputed: reason, problems: [] } },
      red: { ...s.red, proven: false },
    };
  }
  return s.stale >= STALE_ROUNDS ? dropStrength(s) : null;
}

/** Gives the added test file up; the tree is tested once more without it. */
export function dropStrength(s: State): State {
  const path = s.strength?.path;
  if (!path || !s.strength || !s.plan) return s;
  const { [path]: _, ...tests } = s.tests;
  return {
    ...s,
    conversation: null,
    stale: 0,
    best: null,
    strength: { ...s.strength, dropped: true, done: true },
    plan: { ...s.plan, tests: s.plan.tests.filter((t) => t.path !== path) },
    tests,
    red: { ...s.red, tests: s.red.tests.filter((t) => t.path !== path), proven: true },
    last: s.last && { ...s.last, verdict: { kind: 'void', reason: 'stale: tests were taken out since' } },
  };
}

function isOf(id: TestId, path: string): boolean {
  return id === path || id.startsWith(`${path} › `);
}

function reasonsOf(s: State, failing: readonly TestId[]): string {
  const lines = (s.last?.tests ?? []).filter((t) => failing.includes(t.id));
  return lines
    .slice(0, 5)
    .map((t) => `"${t.id}" (${t.why})`)
    .join('; ');
}

function hasRoom(s: State): boolean {
  const limits = s.run?.limits;
  if (!limits) return false;
  const l = s.ledger;
  const room = (used: number, cap: number | null) => cap === null || used <= cap * ROOM;
  return (
    room(l.spent, limits.money) &&
    room(l.input + l.output, limits.tokens) &&
    room(l.requests, limits.requests) &&
    room(s.lastAt - s.startedAt, limits.wallMs) &&
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
