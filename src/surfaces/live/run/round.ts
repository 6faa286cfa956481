// The round: what failed, what the repair does about it, and whether it helps.
import type { TestLine } from '../../../core/events.ts';
import { openRemarks } from '../../../core/remarks.ts';
import { oneLine } from '../../../core/sanitise.ts';
import type { State } from '../../../core/state.ts';
import type { Tint } from '../../views/styled.ts';
import { plural, size } from '../../words.ts';
import { type Pieces, widthOf } from '../paint/paint-spans.ts';
import type { Symbols } from '../paint/symbols.ts';
import type { View } from './view.ts';
import type { Deed, Turn } from './view-work.ts';

/** Failing tests that are named, and turns of the repair that are told. */
const NAMED = 5;
const TURNS = 2;

/** The round in at most `most` lines of `columns`; empty while there is nothing of the kind. */
export function roundRows(view: View, symbols: Symbols, columns: number, most: number): readonly Pieces[] {
  const title = titleOf(view);
  const rest = [...turnRows(view, symbols, columns), ...remarkRows(view.state, columns), ...planRows(view, symbols, columns)];
  if (title === null) return rest.slice(0, most);
  const failing = failingOf(view);
  // Where not all has room: first what fails, if only by its first, then what is done about it now.
  const last = rest.slice(Math.max(0, rest.length - Math.max(1, most - 1 - Math.min(2, failing.length))));
  return [title, ...failureRows(failing, view.state, symbols, columns, most - 1 - last.length), ...last].slice(0, most);
}

function titleOf({ state, grid, work }: View): Pieces | null {
  if (state.last === null && grid.running === null) return null;
  const strong = (text: string): Pieces[number] => ({ text, tone: 'strong' });
  if (grid.running === 'full') {
    if (grid.counts.failed === 0) return null;
    const name = Object.keys(state.inflight).some((id) => id.startsWith('prove/')) ? 'clean room' : `round ${state.round + 1}`;
    return [strong(name), { text: ` · ${plural(grid.counts.failed, 'failure')} so far`, tone: 'plain' }];
  }
  if (state.conversation === null || state.last === null) return null;
  const { tests, verdict } = state.last;
  const failing = tests.filter((t) => t.status !== 'passed').length;
  const count = failing === 0 ? oneLine(verdict.reason, 200) : `${failing} of ${tests.length} ${tests.length === 1 ? 'fails' : 'fail'}`;
  return [
    strong(state.round === 0 ? 'the code as it is' : `round ${state.round}`),
    { text: ` · ${count}`, tone: 'plain' },
    progressOf(state, work.before, failing),
  ];
}

/** How the last round compares with the one before. */
function progressOf(state: State, before: number | null, failing: number): Pieces[number] {
  const carried = state.carried.at(-1);
  if (carried?.reverted && carried.round === state.round)
    return { text: ` · its edits made ${carried.after} fail and were taken back`, tone: 'warn' };
  if (before === null || failing === before) return { text: before === null ? '' : ' · as before', tone: 'quiet' };
  return { text: ` · ${before} before`, tone: failing < before ? 'good' : 'warn' };
}

function failingOf({ state, grid, work }: View): readonly TestLine[] {
  if (grid.running === 'full') return work.failing;
  return state.last?.tests.filter((t) => t.status !== 'passed') ?? [];
}

function failureRows(failing: readonly TestLine[], state: State, symbols: Symbols, columns: number, room: number): readonly Pieces[] {
  if (room < 1) return [];
  // The last line may have to count the others.
  const fits = failing.length <= Math.min(NAMED, room);
  const named = failing.slice(0, fits ? failing.length : Math.min(NAMED, room - 1));
  const rows = named.map((test) => failureRow(test, state.tests[test.path] ? nameOf(test) : test.id, symbols, columns));
  const more = failing.length - named.length;
  return more === 0 ? rows : [...rows, [{ text: `   and ${more} more`, tone: 'quiet' }]];
}

function failureRow(test: TestLine, called: string, symbols: Symbols, columns: number): Pieces {
  const mark: Pieces = [{ text: ` ${symbols.failed} `, tone: 'bad' }];
  const why = oneLine(test.why, columns);
  const name = oneLine(called, why === '' ? columns - 3 : Math.max(12, Math.floor((columns - 3) * 0.55)));
  return [...mark, { text: name, tone: 'plain' }, ...(why === '' ? [] : [{ text: `  ${why}`, tone: 'quiet' } as const])];
}

/** A test without its file, which the tree names. */
export function nameOf({ id, path }: TestLine): string {
  return id.startsWith(`${path} › `) ? id.slice(path.length + 3) : id;
}

function turnRows({ work, state, tails, progress }: View, symbols: Symbols, columns: number): readonly Pieces[] {
  if (state.conversation === null || state.conversation.done) return [];
  const told = work.turns.slice(-TURNS).map((turn) => turnRow(turn, columns));
  const step = `${state.conversation.kind}/`;
  const id = Object.keys(state.inflight).find((x) => x.startsWith(step));
  if (id === undefined) return told;
  const tail = tails[id];
  const live = tail === undefined ? '' : tail.line.trim() === '' ? tail.before : tail.line;
  const received = progress.received[id] ?? 0;
  const head = `turn ${state.conversation.asked + 1}  `;
  const text = received === 0 ? 'thinking' : `${size(received)}  ${oneLine(live, columns)}`;
  return [
    ...told,
    [
      { text: ` ${symbols.drafting} `, tone: 'cyan' },
      { text: head, tone: 'quiet' },
      { text, tone: 'quiet' },
    ],
  ];
}

function turnRow(turn: Turn, columns: number): Pieces {
  const deeds = turn.deeds.map((deed) => sayDeed(deed, turn.done)).join(' · ');
  const refused = turn.refused.length === 0 ? '' : ` · ${oneLine(turn.refused.join(', '), columns)} is locked`;
  const tone: Tint = turn.refused.length > 0 ? 'warn' : 'plain';
  return [
    { text: `   turn ${turn.turn}  `, tone: 'quiet' },
    { text: oneLine(deeds, columns), tone: 'plain' },
    { text: refused, tone },
  ];
}

const DONE: Readonly<Record<string, string>> = {
  read: 'read',
  search: 'searched for',
  map: 'looked for',
  references: 'found uses of',
  edit: 'edited',
  amend_test: 'amended',
  patch: 'patched',
  write: 'wrote',
  delete: 'removed',
  refactor: 'did',
  run_tests: 'ran tests',
  type_check: 'checked types',
  request_package: 'asked for the package',
  dispute_test: 'disputes',
  untestable: 'says that no test can show it:',
  blocked: 'gives up',
};
const DOING: Readonly<Record<string, string>> = {
  ...DONE,
  read: 'reading',
  search: 'searching for',
  map: 'looking for',
  references: 'finding uses of',
  edit: 'editing',
  amend_test: 'amending',
  patch: 'patching',
  write: 'writing',
  delete: 'removing',
  refactor: 'doing',
  run_tests: 'running tests',
  type_check: 'checking types',
};

function sayDeed({ name, objects }: Deed, isDone: boolean): string {
  const verb = (isDone ? DONE : DOING)[name] ?? name;
  return [verb, objects.join(', ')].filter((part) => part !== '').join(' ');
}

/** What the user said and no prompt took up yet. */
function remarkRows(state: State, columns: number): readonly Pieces[] {
  return openRemarks(state)
    .slice(-1)
    .map((remark) => [
      { text: '   you said  ', tone: 'cyan' },
      { text: oneLine(remark.text, Math.max(8, columns - 34)), tone: 'plain' },
      { text: '  for the next prompt', tone: 'quiet' },
    ]);
}

/** A plan as it is written. */
function planRows({ state, tails, progress }: View, symbols: Symbols, columns: number): readonly Pieces[] {
  const id = Object.keys(state.inflight).find((x) => x.startsWith('plan/'));
  const tail = id === undefined ? undefined : tails[id];
  if (id === undefined || tail === undefined) return [];
  const head: Pieces = [
    { text: ` ${symbols.drafting} `, tone: 'cyan' },
    { text: `${size(progress.received[id] ?? 0)}  `, tone: 'quiet' },
  ];
  return [[...head, { text: oneLine(tail.line.trim() === '' ? tail.before : tail.line, columns - widthOf(head)), tone: 'quiet' }]];
}
