// Which part of a run has how many lines of the live region.

import type { Pieces } from '../paint/paint-spans.ts';
import type { Symbols } from '../paint/symbols.ts';
import { gridHeight, gridRows } from './grid.ts';
import { headerRows } from './header.ts';
import { keptRow } from './kept-row.ts';
import { meterRow } from './meter.ts';
import { roundRows } from './round.ts';
import { treeHeight, treeRows } from './tree.ts';
import { fileRows } from './tree-files.ts';
import type { View } from './view.ts';

export interface Window {
  readonly columns: number;
  readonly rows: number;
}

/** Rows of a window in which the grid takes three lines at most. */
const USUAL = 24;
const EMPTY: Pieces = [];

/** Everything that is shown of a run, at most `rows` lines: what it is, its files, its tests, its round, and what it costs. */
export function screenRows(view: View, symbols: Symbols, { columns, rows }: Window, now: number): readonly Pieces[] {
  const header = headerRows(view, symbols, columns, now, rows < 4 ? 1 : rows < 8 ? 2 : 3);
  const meter = rows < 2 ? [] : [meterRow(view.state, symbols, columns, now)];
  const gaps = gapsOf(rows);
  const room = rows - header.length - meter.length - Object.values(gaps).filter(Boolean).length;
  const { tree, grid, round } = bodyRows(view, symbols, columns, rows, room);
  const below = [...grid, ...(gaps.round && grid.length > 0 && round.length > 0 ? [EMPTY] : []), ...round];
  return [
    ...header,
    ...(gaps.header ? [EMPTY] : []),
    ...tree,
    ...(gaps.tests && tree.length > 0 && below.length > 0 ? [EMPTY] : []),
    ...below,
    ...(gaps.meter && tree.length + below.length > 0 ? [EMPTY] : []),
    ...meter,
  ];
}

/** Where a line is left free: only where there is room for it. */
function gapsOf(rows: number): Readonly<Record<'header' | 'tests' | 'round' | 'meter', boolean>> {
  return { header: rows >= 11, tests: rows >= 15, round: rows >= 21, meter: rows >= 15 };
}

interface Body {
  readonly tree: readonly Pieces[];
  readonly grid: readonly Pieces[];
  readonly round: readonly Pieces[];
}

/** Files, grid and round in at most `room` lines. */
function bodyRows(view: View, symbols: Symbols, columns: number, rows: number, room: number): Body {
  if (room < 1) return { tree: [], grid: [], round: [] };
  const files = fileRows(view);
  const most = Math.max(1, Math.min(rows <= USUAL ? 3 : Math.floor(rows / 8), room));
  const kept = keptRow(view);
  const cells = gridRows(view.grid, symbols, columns, Math.min(most, gridHeight(view.grid, columns)));
  const grid = kept.length === 0 || room < 3 ? cells : [...cells, kept];
  const left = room - grid.length;
  const wanted = roundRows(view, symbols, columns, left);
  // Neither the files nor the round may take all from the other; while something fails, the round is what matters.
  const forRound = Math.max(left - Math.min(treeHeight(files), left), Math.ceil(left * (view.state.conversation === null ? 0.5 : 0.7)));
  const round = wanted.length <= forRound ? wanted : roundRows(view, symbols, columns, forRound);
  return { tree: treeRows(files, symbols, columns, left - round.length), grid, round };
}
