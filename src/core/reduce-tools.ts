// What a turn of tools changes: the code, or (while the tests' author is at work) the tests.
import { ending } from './ending.ts';
import type { Body, Change } from './events.ts';
import { askForTests, closeReproducing, openChange } from './reduce-change.ts';
import { closeCovering, left } from './reduce-cover.ts';
import { itemsOf } from './reduce-tests.ts';
import { GONE, type Tree } from './ref.ts';
import { maxTurns } from './rounds.ts';
import type { Conversation, Item, State } from './state.ts';

type ToolsDone = Extract<Body, { type: 'tools.done' }>;

/** Applies a turn's changes and files its results; a dispute sends the test file to its author. */
export function reduceTools(s: State, event: ToolsDone): State {
  const c = s.conversation;
  if (!c?.pending) return s;
  const turn = { reply: c.pending, results: event.results };
  const touched = [...new Set([...c.touched, ...event.changes.map((x) => x.path)])];
  const conversation = { ...c, turns: [...c.turns, turn], pending: null, touched };
  const next = { ...s, refused: s.refused + event.refused.length };
  if (s.cover && event.blocked !== null) return left({ ...next, conversation }, `its author gives up: ${event.blocked}`);
  const after = c.kind === 'reproduce' ? testsTurn(next, conversation, event) : codeTurn(next, conversation, event);
  if (s.cover && event.blocked !== null) return left(after, `its author gives up: ${event.blocked}`);
  return event.blocked === null ? after : ending(after, 'blocked', `the model says that it cannot be done: ${event.blocked}`);
}

function codeTurn(s: State, conversation: Conversation, event: ToolsDone): State {
  const disputed = event.dispute ? s.tests[event.dispute.path] : undefined;
  const accepted = event.dispute && disputed && disputed.disputed === null ? event.dispute : null;
  const done = accepted !== null || event.packages.length > 0 || event.targets === 'green' || event.turn >= maxTurns(s);
  const next: State = { ...s, conversation: { ...conversation, done }, sources: applyChanges(s, s.sources, event.changes) };
  const withPackages = event.packages.length > 0 ? requestPackages(next, event.packages) : next;
  if (!accepted || !disputed) return withPackages;
  const status = s.change ? ('drafted' as const) : ('planned' as const);
  const item: Item = { ...disputed, status, disputed: accepted.reason, before: disputed.blob, problems: [] };
  const open: State = { ...withPackages, tests: { ...s.tests, [item.path]: item }, red: { ...s.red, proven: false } };
  if (!s.change) return open;
  return askForTests(open, [{ where: item.path, message: `the author of the code disputes it: ${accepted.reason}` }]);
}

function testsTurn(s: State, conversation: Conversation, event: ToolsDone): State {
  const done = event.targets === 'red' || event.untestable !== undefined || event.turn >= maxTurns(s);
  const kept = Object.fromEntries(
    Object.entries(s.tests).filter(([path]) => !event.changes.some((c) => c.path === path && c.blob === null)),
  );
  const next: State = {
    ...s,
    conversation: { ...conversation, done },
    tests: { ...kept, ...writtenTests(s, event.changes) },
    change: s.change && {
      ...s.change,
      amended: [...s.change.amended, ...(event.amended ?? [])],
      untestable: event.untestable ?? s.change.untestable,
    },
  };
  if (!done) return next;
  if (s.cover) return closeCovering(next);
  return event.untestable === undefined ? closeReproducing(next) : openChange({ ...next, red: { ...next.red, proven: true } });
}

function writtenTests(s: State, changes: readonly Change[]): Readonly<Record<string, Item>> {
  const written = changes.flatMap(({ path, blob }) => (blob === null ? [] : [{ path, blob }]));
  const fresh = itemsOf(written);
  return Object.fromEntries(
    written.flatMap(({ path, blob }): [string, Item][] => {
      const item = s.tests[path] ?? fresh[path];
      return item ? [[path, { ...item, status: 'drafted', blob, problems: [] }]] : [];
    }),
  );
}

function applyChanges(s: State, tree: Tree, changes: readonly Change[]): Tree {
  const next: Record<string, string> = { ...tree };
  for (const { path, blob } of changes) {
    if (blob !== null) next[path] = blob;
    else if (s.change && s.run?.base.files.includes(path)) next[path] = GONE;
    else delete next[path];
  }
  return next;
}

function requestPackages(s: State, packages: readonly string[]): State {
  const extra = [...new Set([...s.installs.extra, ...packages])];
  return { ...s, installs: { ...s.installs, extra, done: false } };
}
