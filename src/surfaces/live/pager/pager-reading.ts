// Where a person is in a view, and what each key does to that: pure.
import { holds, rowsOf } from '../../views/layout.ts';
import { type Page, type Styled, textOf } from '../../views/styled.ts';

/** The first row on the screen: a line, and the row of that line. */
export interface Place {
  readonly line: number;
  readonly row: number;
}

/** Room for the text, in columns and rows. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Reading {
  readonly pages: readonly Page[];
  readonly page: number;
  /** The lines of the page that the filter lets through. */
  readonly lines: readonly Styled[];
  readonly top: Place;
  /** Columns that are cut off at the left; lines are cut and not wrapped while `wraps` is false. */
  readonly left: number;
  readonly wraps: boolean;
  /** The page grows at its end (a log): who reads its last row sees the next ones come. */
  readonly grows: boolean;
  /** The end stays in sight. */
  readonly follows: boolean;
  /** What was searched for last. */
  readonly wanted: string;
  /** The line that it was found in, until something else is done. */
  readonly hit: number | null;
  readonly filter: string;
  /** What is being typed: a search or a filter. */
  readonly typing: { readonly kind: '/' | '&'; readonly text: string } | null;
  readonly help: boolean;
  /** What the last key could not do; empty when it could. */
  readonly note: string;
}

const START: Place = { line: 0, row: 0 };

const closed: Reading = {
  pages: [],
  page: 0,
  lines: [],
  top: START,
  left: 0,
  wraps: true,
  grows: false,
  follows: false,
  wanted: '',
  hit: null,
  filter: '',
  typing: null,
  help: false,
  note: '',
};

/** The beginning of the first page, or its end where it `grows`. */
export function openReading(pages: readonly Page[], grows: boolean): Reading {
  return withLines({ ...closed, pages, grows, follows: grows });
}

/** The first page whose title holds `wanted`; when there is none, only the lines that hold it. */
export function find(reading: Reading, wanted: string): Reading {
  const page = reading.pages.findIndex((one) => one.title === wanted);
  const near = page === -1 ? reading.pages.findIndex((one) => holds(one.title, wanted)) : page;
  return near === -1 ? filtered(reading, wanted) : turned(reading, near);
}

/** The pages as they are now; who reads stays where they are. */
export function renewed(reading: Reading, pages: readonly Page[]): Reading {
  const title = reading.pages[reading.page]?.title;
  const same = pages.findIndex((one) => one.title === title);
  const page = same === -1 ? Math.max(0, Math.min(reading.page, pages.length - 1)) : same;
  return withLines({ ...reading, pages, page });
}

/** Another page, from its beginning. Pages follow each other in a circle. */
export function turned(reading: Reading, to: number): Reading {
  const count = reading.pages.length;
  if (count === 0) return reading;
  return withLines({ ...reading, page: ((to % count) + count) % count, top: START, left: 0, hit: null, follows: false });
}

/** Only the lines that hold `filter`; all of them when it is empty. */
export function filtered(reading: Reading, filter: string): Reading {
  return withLines({ ...reading, filter, top: START, hit: null, follows: reading.grows });
}

function withLines(reading: Reading): Reading {
  const all = reading.pages[reading.page]?.lines ?? [];
  return { ...reading, lines: reading.filter === '' ? all : all.filter((line) => holds(textOf(line), reading.filter)) };
}

function height(reading: Reading, line: number, size: Size): number {
  const one = reading.lines[line];
  return one === undefined || !reading.wraps ? 1 : rowsOf(one, size.columns).length;
}

/** The place from which the last row is on the last row of the window. */
export function lastTop(reading: Reading, size: Size): Place {
  let left = size.rows;
  for (let line = reading.lines.length - 1; line >= 0; line--) {
    const rows = height(reading, line, size);
    if (rows >= left) return { line, row: rows - left };
    left -= rows;
  }
  return START;
}

/** Where the window really begins: never beyond the end, whatever the window's size and the page have become. */
export function topOf(reading: Reading, size: Size): Place {
  const last = lastTop(reading, size);
  if (reading.follows) return last;
  const { line, row } = reading.top;
  if (line > last.line || (line === last.line && row > last.row)) return last;
  return { line, row: Math.min(row, height(reading, line, size) - 1) };
}

/** Moves by rows, down when positive. */
export function moved(reading: Reading, by: number, size: Size): Reading {
  let { line, row } = topOf(reading, size);
  row += by;
  while (row < 0 && line > 0) row += height(reading, --line, size);
  while (row >= height(reading, line, size) && line < reading.lines.length - 1) row -= height(reading, line++, size);
  const wanted: Reading = { ...reading, follows: false, hit: null, top: { line, row: Math.max(0, row) } };
  const top = topOf(wanted, size);
  const isAtEnd = isSame(top, lastTop(wanted, size));
  return {
    ...wanted,
    top,
    follows: reading.grows && by > 0 && isAtEnd,
    note: by > 0 && isSame(top, topOf(reading, size)) ? 'the end' : '',
  };
}

export function atStart(reading: Reading): Reading {
  return { ...reading, follows: false, hit: null, top: START };
}

export function atEnd(reading: Reading, size: Size): Reading {
  return { ...reading, follows: reading.grows, hit: null, top: lastTop(reading, size) };
}

function isSame(a: Place, b: Place): boolean {
  return a.line === b.line && a.row === b.row;
}

/**
 * Goes to a line that holds `wanted`: the next one below the last hit or from the first row on, with `step` −1 the next one above; on this page, then
 * on the others, in a circle.
 */
export function sought(reading: Reading, wanted: string, step: 1 | -1, size: Size): Reading {
  if (wanted === '') return { ...reading, note: 'nothing to search for yet: / asks' };
  const count = reading.pages.length;
  const { line: top } = topOf(reading, size);
  const first = reading.hit !== null ? reading.hit + step : step === 1 ? top : top - 1;
  for (let i = 0; i <= count; i++) {
    const page = i === 0 ? reading : turned(reading, reading.page + step * i);
    const line = lineWith(page.lines, wanted, i === 0 ? first : step === 1 ? 0 : page.lines.length - 1, step);
    if (line === -1) continue;
    const isRound = i === count || (page.page - reading.page) * step < 0;
    return { ...page, wanted, hit: line, follows: false, top: { line, row: 0 }, note: isRound ? 'found from the other end' : '' };
  }
  return { ...reading, wanted, hit: null, note: `not found: ${wanted}` };
}

function lineWith(lines: readonly Styled[], wanted: string, from: number, step: 1 | -1): number {
  for (let i = from; i >= 0 && i < lines.length; i += step) {
    const line = lines[i];
    if (line && holds(textOf(line), wanted)) return i;
  }
  return -1;
}
