// The tests as cells, in the order in which they became known: a fold over events and signals.
import type { Event, TestLine } from '../../../core/events.ts';
import type { TestId } from '../../../core/report.ts';
import type { State } from '../../../core/state.ts';

/** What is known of a test, the worst first. */
export const CELLS = ['failed', 'red', 'pending', 'skipped', 'passed'] as const;
export type Cell = (typeof CELLS)[number];

export interface Grid {
  readonly ids: readonly TestId[];
  readonly at: ReadonlyMap<TestId, number>;
  /** Each test's cell, as an index of `CELLS`. */
  readonly cells: Uint8Array;
  /** How many tests there are of each. */
  readonly counts: Readonly<Record<Cell, number>>;
  /** A run of the tests is under way: without the code (`red`), or with it (`full`). */
  readonly running: 'red' | 'full' | null;
}

const NONE: Readonly<Record<Cell, number>> = { failed: 0, red: 0, pending: 0, skipped: 0, passed: 0 };
export const noGrid: Grid = { ids: [], at: new Map(), cells: new Uint8Array(), counts: NONE, running: null };

/** The grid after `event`; `state` is the one after it. */
export function gridEvent(grid: Grid, event: Event, state: State): Grid {
  switch (event.type) {
    case 'started':
      if (event.kind === 'red') return { ...grid, running: 'red' };
      return event.kind === 'test' || event.kind === 'prove' ? begun(grid) : grid;
    case 'red.proven':
      return state.change === null ? locked(grid, event.tests, event.baseline) : gridOf(event.baseline.map(onBase));
    case 'tested':
      // What the round broke was taken back: the last tests of the state are those of the tree as it is.
      return made(grid, state.last?.tests ?? event.tests);
    case 'proven':
      return event.tests.length === 0 ? settled(grid, state) : made(grid, event.tests);
    case 'failed':
    case 'ended':
    case 'resumed':
      return settled(grid, state);
    default:
      return grid;
  }
}

/** The grid after the result of one test. Mutants are meant to fail: their runs are left out. */
export function gridTest(grid: Grid, id: string, line: TestLine): Grid {
  if (id.startsWith('mutate/')) return grid;
  const cell = cellOf(line.status);
  if (grid.running !== 'red') return put(grid, line.id, cell);
  // What a test does with the code says more than what it does without.
  const at = grid.at.get(line.id);
  if (at !== undefined && cellAt(grid, at) !== 'red') return grid;
  return put(grid, line.id, cell === 'failed' ? 'red' : cell);
}

function cellOf(status: TestLine['status']): Cell {
  return status === 'passed' || status === 'failed' ? status : 'skipped';
}

function put(grid: Grid, id: TestId, cell: Cell): Grid {
  const at = grid.at.get(id);
  if (at === undefined) {
    const known = { ids: [...grid.ids, id], at: new Map(grid.at).set(id, grid.ids.length) };
    const cells = new Uint8Array(grid.cells.length + 1);
    cells.set(grid.cells);
    cells[grid.cells.length] = CELLS.indexOf(cell);
    return { ...grid, ...known, cells, counts: { ...grid.counts, [cell]: grid.counts[cell] + 1 } };
  }
  const before = cellAt(grid, at);
  if (before === cell) return grid;
  const cells = grid.cells.slice();
  cells[at] = CELLS.indexOf(cell);
  return { ...grid, cells, counts: { ...grid.counts, [before]: grid.counts[before] - 1, [cell]: grid.counts[cell] + 1 } };
}

/** The cell of the test at `at`. */
export function cellAt(grid: Grid, at: number): Cell {
  return CELLS[grid.cells[at] ?? 0] ?? 'failed';
}

function begun(grid: Grid): Grid {
  const cells = new Uint8Array(grid.ids.length).fill(CELLS.indexOf('pending'));
  return { ...grid, cells, counts: { ...NONE, pending: cells.length }, running: 'full' };
}

/** A test of a change on the code as it is: what fails there is red. */
function onBase({ id, status }: TestLine): { readonly id: TestId; readonly cell: Cell } {
  const cell = cellOf(status);
  return { id, cell: cell === 'failed' ? 'red' : cell };
}

/** The tests that the red proof knows, red from now on; one that the code passed or failed already keeps that. */
function locked(grid: Grid, tests: readonly { readonly id: TestId }[], baseline: readonly TestLine[]): Grid {
  const own = new Set(tests.map((t) => t.id));
  const known = (id: TestId): Cell => {
    const at = grid.at.get(id);
    const cell = at === undefined ? 'red' : cellAt(grid, at);
    return cell === 'pending' || cell === 'skipped' ? 'red' : cell;
  };
  const kept = baseline.filter((t) => !own.has(t.id)).map((t) => ({ id: t.id, cell: cellOf(t.status) }));
  return gridOf([...tests.map(({ id }) => ({ id, cell: known(id) })), ...kept]);
}

/** The grid of a finished run, each test where it was. */
function made(grid: Grid, lines: readonly TestLine[]): Grid {
  const byId = new Map(lines.map((line) => [line.id, line]));
  const before = grid.ids.flatMap((id) => byId.get(id) ?? []);
  const fresh = lines.filter((line) => !grid.at.has(line.id));
  return gridOf([...before, ...fresh].map(({ id, status }) => ({ id, cell: cellOf(status) })));
}

/** A run that was cut off showed nothing: what was known before it is shown again. */
function settled(grid: Grid, state: State): Grid {
  if (grid.running === null && grid.counts.pending === 0) return grid;
  if (state.last !== null && state.last.tests.length > 0) return made(grid, state.last.tests);
  const { tests, baseline } = state.red;
  return state.change === null ? { ...locked(noGrid, tests, baseline), running: null } : gridOf(baseline.map(onBase));
}

function gridOf(tests: readonly { readonly id: TestId; readonly cell: Cell }[]): Grid {
  const counts: Record<Cell, number> = { ...NONE };
  for (const { cell } of tests) counts[cell] += 1;
  return {
    ids: tests.map((t) => t.id),
    at: new Map(tests.map((t, at) => [t.id, at])),
    cells: Uint8Array.from(tests, (t) => CELLS.indexOf(t.cell)),
    counts,
    running: null,
  };
}
