// What the live screen shows, as data: a fold over events and signals.
import type { Event, Signal, TestLine } from '../../core/events.ts';
import { initialState } from '../../core/reduce.ts';
import type { TestStatus } from '../../core/report.ts';
import type { State } from '../../core/state.ts';
import { describe } from '../describe.ts';
import { noProgress, type Progress, progressEvent, progressSignal } from '../doing.ts';
import type { Line } from '../line.ts';
import { afterWait, noWait, type Wait } from '../waits.ts';

export interface View {
  readonly state: State;
  /** What happened, oldest first; only ever appended to. */
  readonly lines: readonly Line[];
  readonly progress: Progress;
  readonly wait: Wait;
  /** Status of each test of the test run under way or of the last one, in order. */
  readonly grid: ReadonlyMap<string, TestStatus>;
}

export const emptyView: View = { state: initialState, lines: [], progress: noProgress, wait: noWait, grid: new Map() };

export function viewEvent(view: View, event: Event, state: State): View {
  const { isNew, wait } = afterWait(view.wait, event);
  const lines = isNew ? describe(event, state) : [];
  const progress = progressEvent(view.progress, event);
  const next = { ...view, state, progress, wait, lines: lines.length === 0 ? view.lines : [...view.lines, ...lines] };
  switch (event.type) {
    case 'started':
      return event.kind === 'test' || event.kind === 'red' || event.kind === 'prove' ? { ...next, grid: new Map() } : next;
    case 'tested':
    case 'proven':
      return { ...next, grid: gridOf(event.tests) };
    case 'red.proven':
      return { ...next, grid: new Map(event.tests.map((t) => [t.id, t.throwing === 'missing' ? 'todo' : t.throwing])) };
    default:
      return next;
  }
}

export function viewSignal(view: View, signal: Signal): View {
  if (signal.type === 'delta') return { ...view, progress: progressSignal(view.progress, signal) };
  return { ...view, grid: new Map(view.grid).set(signal.line.id, signal.line.status) };
}

function gridOf(tests: readonly TestLine[]): ReadonlyMap<string, TestStatus> {
  return new Map(tests.map((t) => [t.id, t.status]));
}

/** A planned file as the tree shows it. */
export interface Row {
  readonly path: string;
  readonly status: 'waiting' | 'writing' | 'done';
  readonly characters: number;
}

/** The plan's files and test files in plan order; empty once every file is written. */
export function fileRows(view: View): readonly Row[] {
  const { state } = view;
  const items = [...Object.values(state.tests), ...Object.values(state.files)];
  const ids = Object.keys(state.inflight);
  const rows = items.map((item): Row => {
    const id = ids.find((x) => x.startsWith(`tests/${item.path}/`) || x.startsWith(`draft/${item.path}/`));
    if (id !== undefined) return { path: item.path, status: 'writing', characters: view.progress.received[id] ?? 0 };
    return { path: item.path, status: item.status === 'planned' ? 'waiting' : 'done', characters: 0 };
  });
  return rows.every((row) => row.status === 'done') ? [] : rows;
}

/** The rows that fit into `most` lines: in plan order when all do, else what is being written first. `hidden` counts the others. */
export function fitRows(rows: readonly Row[], most: number): { readonly shown: readonly Row[]; readonly hidden: number } {
  if (rows.length <= most) return { shown: rows, hidden: 0 };
  const order = { writing: 0, waiting: 1, done: 2 };
  const shown = [...rows].sort((a, b) => order[a.status] - order[b.status]).slice(0, Math.max(0, most - 1));
  return { shown, hidden: rows.length - shown.length };
}
