// What trying the existing tests of a file, and those that were written for it, changes.
import { type Cover, type CoverUnit, coverWords, currentUnit, MAX_ASKED } from './cover.ts';
import { ending } from './ending.ts';
import type { Body } from './events.ts';
import { askForTests } from './reduce-change.ts';
import { itemsOf } from './reduce-tests.ts';
import { MAX_PROOFS } from './rounds.ts';
import type { Item, State } from './state.ts';
import { failingIds } from './verdict.ts';

type Of<T extends Body['type']> = Extract<Body, { type: T }>;

/** What the existing tests show: their author is asked for more, where there is something left to show. */
export function reduceGauged(s: State, event: Of<'gauged'>): State {
  const unit = currentUnit(s);
  if (unit?.path !== event.path) return s;
  const { gauge } = event;
  const next = put(s, { ...unit, before: gauge });
  const isBlind = gauge.mutants === 0 && gauge.lines === null;
  if (isBlind)
    return left(next, event.remark || 'neither changes to it nor its lines can be followed here, so no test of it can be judged');
  if (gauge.survivors.length === 0 && !gauge.lines?.unreached.length)
    return left(next, 'its tests already notice every change that was tried, and reach every line that can be followed');
  return ask(next, []);
}

/** Opens a conversation about the file that is worked on. */
function ask(s: State, problems: Of<'admitted'>['problems']): State {
  const unit = currentUnit(s);
  return unit ? askForTests(put(s, { ...unit, asked: unit.asked + 1 }), problems) : s;
}

/** The tests' author is done: without a test there is nothing to try. */
export function closeCovering(s: State): State {
  const { untestable } = s.change ?? {};
  if (untestable)
    return left({ ...s, change: s.change && { ...s.change, untestable: null } }, `its author says that it cannot be tested: ${untestable}`);
  return Object.values(s.tests).some(isDraft) ? s : left(s, 'its author wrote no test');
}

function isDraft(item: Item): boolean {
  return item.status === 'drafted' && item.blob !== null;
}

/** Nothing more is done about the file that is worked on; what was written for it and not tried is let go. */
export function left(s: State, why: string): State {
  const unit = currentUnit(s);
  return unit ? settle(put(s, { ...unit, why, done: true })) : s;
}

/** Tests were tried: they go back once, or what is worth it is kept. */
export function reduceAdmitted(s: State, event: Of<'admitted'>): State {
  const unit = currentUnit(s);
  if (unit?.path !== event.path) return s;
  if (event.problems.length > 0 && unit.asked < MAX_ASKED) return ask(put(s, { ...unit, doubts: event.suspects }), event.problems);
  const kept = event.tests
    .filter((t) => t.kept)
    .map(({ id, path }) => ({ id, path, throwing: 'missing' as const, wrong: 'missing' as const }));
  const { tests, suspects, files, after } = event;
  const frozen = Object.fromEntries(
    Object.entries(files).flatMap(([path, blob]): [string, Item][] => {
      const item = s.tests[path] ?? itemsOf([{ path }])[path];
      return item ? [[path, { ...item, status: 'frozen', blob, problems: [] }]] : [];
    }),
  );
  const next = put(s, { ...unit, tests, suspects, files, after, done: true });
  return settle({ ...next, red: { ...s.red, tests: [...s.red.tests, ...kept] } }, frozen);
}

/** Only what was kept stays. When no file is left and nothing was kept the run is over. */
function settle(s: State, fresh: Readonly<Record<string, Item>> = {}): State {
  const kept = Object.fromEntries(Object.entries(s.tests).filter(([, item]) => item.status === 'frozen'));
  const next: State = { ...s, tests: { ...kept, ...fresh }, conversation: null };
  return currentUnit(next) ? next : endIfEmpty(next);
}

function endIfEmpty(s: State): State {
  return s.red.tests.length > 0 ? s : ending(s, 'blocked', reasonOf(s.cover ?? []));
}

function reasonOf(cover: Cover): string {
  const why = cover.filter((unit) => unit.why !== '').map((unit) => `${unit.path}: ${unit.why}`);
  const dropped = cover.flatMap((unit) => unit.tests.filter((t) => !t.kept).map((t) => `${t.id}: ${t.why}`));
  const first = [...dropped, ...why];
  const more = first.length > MOST_SAID ? [`and ${first.length - MOST_SAID} more`] : [];
  return [`nothing was kept: ${coverWords(cover)}`, ...first.slice(0, MOST_SAID), ...more].join('\n');
}

const MOST_SAID = 12;

/** Where the proof is not green because of some of the kept tests, their files go, and the rest is proven anew. */
export function reduceCoverProven(s: State, event: Of<'proven'>): State {
  const { commit, tree, verdict, tests, statement } = event;
  const next: State = { ...s, proofs: s.proofs + 1, proof: { commit, tree, verdict, statement } };
  if (verdict.kind === 'green') return next;
  const own = new Set(s.red.tests.map((t) => t.path));
  const failing = tests.filter((t) => failingIds(tests).includes(t.id) && own.has(t.path));
  if (failing.length === 0 || next.proofs >= MAX_PROOFS) return ending(next, 'red', `the clean-room run is not green: ${verdict.reason}`);
  return endIfEmpty(without(next, new Set(failing.map((t) => t.path)), verdict.reason));
}

function without(s: State, paths: ReadonlySet<string>, reason: string): State {
  const why = `it was not green in the clean room: ${reason}`;
  const cover = s.cover?.map((unit) => ({
    ...unit,
    tests: unit.tests.map((t) => (t.kept && paths.has(t.path) ? { ...t, kept: false, stage: 'built' as const, why } : t)),
    files: Object.fromEntries(Object.entries(unit.files).filter(([path]) => !paths.has(path))),
  }));
  const tests = Object.fromEntries(Object.entries(s.tests).filter(([path]) => !paths.has(path)));
  const red = { ...s.red, tests: s.red.tests.filter((t) => !paths.has(t.path)) };
  return { ...s, ...(cover ? { cover } : {}), tests, red, commits: {} };
}

function put(s: State, unit: CoverUnit): State {
  return { ...s, cover: s.cover?.map((one) => (one.path === unit.path ? unit : one)) ?? null };
}
