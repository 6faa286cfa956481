// The plan's files and how far each is.
import type { Plan } from '../../../core/plan.ts';
import { isReady } from '../../../core/rounds.ts';
import { oneLine } from '../../../core/sanitise.ts';
import type { Item, State } from '../../../core/state.ts';
import type { Counts } from '../../views/diff-file.ts';
import { plural, size } from '../../words.ts';
import { type Cell, cellAt, type Grid } from './grid-cells.ts';
import type { View } from './view.ts';

/** The states of a file, those that ask for attention first. */
export const FILE_STATES = ['failing', 'drafting', 'planned', 'drafted', 'checked', 'done'] as const;
export type FileState = (typeof FILE_STATES)[number];

export interface FileRow {
  readonly path: string;
  readonly state: FileState;
  /** A few words on it, sanitised. */
  readonly detail: string;
  /** The last line of what is being written, sanitised; empty when nothing is. */
  readonly live: string;
}

/** Longest detail that is worth the work, in columns. */
const LONG = 200;

/** Sources and then test files, in plan order; empty before a plan names them. */
export function fileRows(view: View): readonly FileRow[] {
  const { state } = view;
  if (state.plan === null) return proposed(view);
  const asked = askedFor(state);
  const wrong = failingSources(view, state.plan);
  const tests = testsByPath(view.grid);
  const added = Object.keys(state.sources).filter((path) => state.files[path] === undefined && state.tests[path] === undefined);
  if (state.change !== null)
    return [
      ...added.map((path) => touched(view, path, wrong.get(path))),
      ...Object.values(state.tests).map((item) => testFile(view, item, tests.get(item.path))),
    ];
  return [
    ...Object.values(state.files).map((item) => authored(view, item, asked) ?? source(view, item, wrong.get(item.path))),
    ...added.map(
      (path): FileRow => ({
        path,
        state: wrong.has(path) ? 'failing' : 'checked',
        detail: wrong.get(path) ?? 'added by a repair',
        live: '',
      }),
    ),
    ...Object.values(state.tests).map((item) => authored(view, item, asked) ?? testFile(view, item, tests.get(item.path))),
  ];
}

/** A file that a change has touched: what it gained and lost, or why it is likely wrong. */
function touched({ state, counts }: View, path: string, wrong: string | undefined): FileRow {
  const lines = countText(counts[path]);
  if (wrong !== undefined) return { path, state: 'failing', detail: [lines, wrong].filter((part) => part !== '').join(' · '), live: '' };
  return { path, state: isGreen(state) ? 'done' : 'drafted', detail: lines === '' ? 'changed' : lines, live: '' };
}

/** `+3 -1`, `new, +20`, `removed, -12`; empty for what was not compared yet. */
function countText(counts: Counts | undefined): string {
  if (counts === undefined) return '';
  const { kind, added, removed } = counts;
  if (kind === 'new') return `new, +${added}`;
  if (kind === 'deleted') return `removed, -${removed}`;
  return kind === 'same' ? 'as it was' : `+${added} -${removed}`;
}

/** A plan that streams in, or waits for its user. */
function proposed({ state, tails }: View): readonly FileRow[] {
  const plan = state.planning.candidate;
  const row = (path: string, detail: string): FileRow => ({ path, state: 'planned', detail: oneLine(detail, LONG), live: '' });
  if (plan !== null)
    return [...plan.files.map((f) => row(f.path, f.purpose)), ...plan.tests.map((t) => row(t.path, plural(t.checks.length, 'check')))];
  const tail = Object.entries(tails).find(([id]) => id.startsWith('plan/'));
  return tail === undefined ? [] : tail[1].paths.map((path) => row(path, ''));
}

/** The requests for authors that are under way, by path. */
function askedFor(state: State): ReadonlyMap<string, string> {
  const ids = Object.keys(state.inflight).filter((id) => /^(draft|tests)\//.test(id));
  return new Map(ids.map((id) => [id.slice(id.indexOf('/') + 1, id.lastIndexOf('/')), id]));
}

/** A file that its author still has to write, or writes; null for one that is written. */
function authored(view: View, item: Item, asked: ReadonlyMap<string, string>): FileRow | null {
  const id = asked.get(item.path);
  if (id !== undefined) return writing(view, item, id);
  if (item.status !== 'planned') return null;
  const reason =
    item.disputed !== null ? 'disputed' : item.problems[0] ? `sent back: ${item.problems[0].message}` : item.partial ? 'cut off' : '';
  return { path: item.path, state: 'planned', detail: oneLine(reason, LONG), live: '' };
}

function writing({ progress, tails }: View, item: Item, id: string): FileRow {
  const received = progress.received[id] ?? 0;
  const tail = tails[id];
  const live = tail === undefined ? '' : oneLine(tail.line.trim() === '' ? tail.before : tail.line, LONG);
  const again = item.disputed !== null ? 'judged again' : item.problems.length > 0 ? 'once more' : 'thinking';
  return {
    path: item.path,
    state: 'drafting',
    detail: received > 0 ? size(received) : progress.again[id] === undefined ? again : 'waits',
    live,
  };
}

function source(view: View, item: Item, wrong: string | undefined): FileRow {
  const { state, sizes } = view;
  const row = (at: FileState, detail: string): FileRow => ({ path: item.path, state: at, detail, live: '' });
  const grown = written(sizes, item.path);
  if (wrong !== undefined) return row('failing', wrong);
  if (item.status === 'drafted') return row('drafted', grown);
  if (state.conversation?.touched.includes(item.path)) return row('checked', 'edited');
  return row(isGreen(state) ? 'done' : 'checked', grown);
}

function written(sizes: View['sizes'], path: string): string {
  const count = sizes[path];
  return count === undefined ? '' : size(count);
}

function testFile(view: View, item: Item, tests: Counted | undefined): FileRow {
  const { state, sizes, counts } = view;
  const isAmended = state.change?.amended.some((one) => one.path === item.path) === true;
  const more = [countText(counts[item.path]), isAmended ? 'amended' : ''].filter((part) => part !== '');
  const row = (at: FileState, detail: string): FileRow => ({
    path: item.path,
    state: at,
    detail: [...more, detail].filter((part) => part !== '').join(' · '),
    live: '',
  });
  if (item.status !== 'frozen') return row('drafted', tests === undefined ? written(sizes, item.path) : plural(tests.all, 'test'));
  if (tests === undefined) return row('checked', 'locked');
  if (tests.failed > 0) return row('failing', `${tests.failed} of ${tests.all} fail`);
  if (tests.pending > 0) return row('drafted', `${tests.all - tests.pending} of ${tests.all} run`);
  if (tests.red === tests.all) return row('drafted', `${tests.all} red, locked`);
  if (state.change !== null && tests.red > 0) return row('drafted', `${tests.red} of ${tests.all} red, locked`);
  const passed = `${tests.passed} of ${tests.all} pass`;
  return tests.passed < tests.all ? row('checked', passed) : row(isGreen(state) ? 'done' : 'checked', passed);
}

function isGreen(state: State): boolean {
  return isReady(state) || state.proof?.verdict.kind === 'green';
}

type Counted = Readonly<Record<Cell | 'all', number>>;

function testsByPath(grid: Grid): ReadonlyMap<string, Counted> {
  const counted = new Map<string, Record<Cell | 'all', number>>();
  grid.ids.forEach((id, at) => {
    const path = id.split(' › ', 1)[0] ?? id;
    const one = counted.get(path) ?? { all: 0, failed: 0, red: 0, pending: 0, skipped: 0, passed: 0 };
    one.all += 1;
    one[cellAt(grid, at)] += 1;
    counted.set(path, one);
  });
  return counted;
}

/**
 * Sources that are likely wrong, with the reason: those with diagnostics, and those in the frames of failures; where the frames are not known,
 * those that the failing test files use.
 */
function failingSources({ state, frames }: View, plan: Plan): ReadonlyMap<string, string> {
  const wrong = new Map<string, string>();
  const failing = state.last?.verdict.kind === 'green' ? [] : (state.last?.tests ?? []).filter((t) => t.status === 'failed');
  const paths = new Set(failing.map((t) => t.path));
  for (const test of plan.tests.filter((t) => paths.has(t.path))) {
    const count = failing.filter((t) => t.path === test.path).length;
    for (const path of frames === null ? test.uses : [...frames].filter((x) => state.sources[x] !== undefined))
      if (!wrong.has(path)) wrong.set(path, frames === null ? `used by ${plural(count, 'failing test')}` : 'named by a failure');
  }
  for (const d of state.checks.diagnostics) wrong.set(d.path, oneLine(`line ${d.line}: ${d.message}`, LONG));
  return wrong;
}
