// The grid of tests as lines: from red to green.
import type { Tint } from '../../views/styled.ts';
import { plural } from '../../words.ts';
import { type Pieces, padded } from '../paint/paint-spans.ts';
import type { Symbols } from '../paint/symbols.ts';
import { CELLS, type Cell, cellAt, type Grid } from './grid-cells.ts';

const TONES: Readonly<Record<Cell, Tint>> = { failed: 'bad', red: 'bad', pending: 'quiet', skipped: 'warn', passed: 'good' };
/** Columns left of the cells; more where one line has to say all. */
const LABEL = 18;
const LONG_LABEL = 28;
/** Marks on a line at least, for a grid to say more than its count. */
const FEWEST = 10;

/** The count of the tests, and beside it a mark for each, in at most `most` lines of `columns`. Empty before any is known. */
export function gridRows(grid: Grid, symbols: Symbols, columns: number, most: number): readonly Pieces[] {
  const total = grid.ids.length;
  if (total === 0 || most < 1) return [];
  const label = most === 1 && total > columns - LABEL ? LONG_LABEL : LABEL;
  const width = columns - label;
  if (width < FEWEST) return [countOf(grid)];
  const each = Math.ceil(total / (width * most));
  const marks = marksOf(grid, each);
  const lines = Math.ceil(marks.length / width);
  const labels = labelsOf(grid, each, most);
  return Array.from({ length: Math.max(lines, Math.min(labels.length, most)) }, (_, line) => [
    ...padded(labels[line] ?? [], label),
    ...runsOf(marks.slice(line * width, (line + 1) * width), symbols),
  ]);
}

/** Lines that the grid would take with a mark for each test. */
export function gridHeight(grid: Grid, columns: number): number {
  return Math.ceil(grid.ids.length / Math.max(1, columns - LABEL));
}

function labelsOf(grid: Grid, each: number, most: number): readonly Pieces[] {
  if (each === 1) return [countOf(grid)];
  if (most > 1) return [countOf(grid), [{ text: `1 mark = ${plural(each, 'test')}`, tone: 'quiet' }]];
  return [[...countOf(grid), { text: ` (${each} each)`, tone: 'quiet' }]];
}

/** `31 of 46 pass`, or how many are red where nothing else was tried yet. */
function countOf({ counts, ids, running }: Grid): Pieces {
  if (running === 'red' && counts.passed === 0) return [{ text: `${counts.red + counts.failed} red so far`, tone: 'plain' }];
  if (counts.red === ids.length) return [{ text: `${plural(ids.length, 'red test')}`, tone: 'plain' }];
  const tone = counts.passed === ids.length ? 'good' : 'plain';
  return [{ text: `${counts.passed} of ${ids.length} pass`, tone }];
}

/** A mark for each `each` tests: the worst of them. */
function marksOf(grid: Grid, each: number): readonly Cell[] {
  const marks: Cell[] = [];
  for (let from = 0; from < grid.ids.length; from += each) {
    let worst = cellAt(grid, from);
    for (let at = from + 1; at < Math.min(from + each, grid.ids.length); at += 1) {
      const cell = cellAt(grid, at);
      if (CELLS.indexOf(cell) < CELLS.indexOf(worst)) worst = cell;
    }
    marks.push(worst);
  }
  return marks;
}

/** Neighbours of one kind as one piece. */
function runsOf(marks: readonly Cell[], symbols: Symbols): Pieces {
  const runs: { text: string; tone: Tint }[] = [];
  let before: Cell | null = null;
  for (const cell of marks) {
    const last = runs.at(-1);
    if (last !== undefined && cell === before) last.text += symbols[cell];
    else runs.push({ text: symbols[cell], tone: TONES[cell] });
    before = cell;
  }
  return runs;
}
