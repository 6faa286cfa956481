// What the pager shows: the rows of the view, and its status line below them.
import { columns, cut } from '../../../core/sanitise.ts';
import { marked, rowsOf, windowOf } from '../../views/layout.ts';
import { type Span, type Styled, span, styled } from '../../views/styled.ts';
import { HELP } from './pager-keys.ts';
import { lastTop, type Reading, type Size, topOf } from './pager-reading.ts';

/** The rows of the text, at most `size.rows` of them. Nothing but these is laid out. */
export function textRows(reading: Reading, size: Size): readonly (readonly Span[])[] {
  if (reading.help) return helpRows(size);
  const { line, row } = topOf(reading, size);
  const rows: (readonly Span[])[] = [];
  for (let i = line; i < reading.lines.length && rows.length < size.rows + row; i++) {
    const one = marked(reading.lines[i] ?? { spans: [] }, reading.typing?.kind === '&' ? reading.typing.text : reading.wanted);
    rows.push(...(reading.wraps ? rowsOf(one, size.columns) : [windowOf(one, reading.left, size.columns)]));
  }
  return rows.slice(row, row + size.rows);
}

function helpRows(size: Size): readonly (readonly Span[])[] {
  const rows: readonly Styled[] = [
    styled(span('Keys of a view', 'strong')),
    styled(),
    ...HELP.map(([keys, does]) => styled(span(`  ${keys.padEnd(22)}`, 'cyan'), span(does))),
    styled(),
    styled(span('Any key goes back to the view.', 'quiet')),
  ];
  return rows.slice(0, size.rows).map((one) => windowOf(one, 0, size.columns));
}

const KEYS = ' h keys · q back';

/** The last row: what is read and where one is, what the last key could not do, or what is typed; `cursor` is the column after that. */
export function statusRow(
  reading: Reading,
  title: string,
  status: string,
  size: Size,
): { readonly spans: readonly Span[]; readonly cursor: number | null } {
  if (reading.typing !== null) return typingRow(reading.typing, size);
  if (reading.note !== '') return { spans: ended([span(reading.note, 'warn')], size), cursor: null };
  const filter = reading.filter === '' ? '' : ` with "${cut(reading.filter, 20)}"`;
  const where = `${place(reading, size)}${filter}`;
  const room = size.columns - columns(where) - columns(KEYS) - 2;
  const name = nameOf(reading, title, room);
  const spare = room - columns(name) - 3;
  return {
    spans: ended(
      [
        ...(name === '' ? [] : [span(name, 'strong'), span('  ')]),
        span(where),
        ...(status === '' || spare < 8 ? [] : [span(` · ${cut(status, spare)}`, 'quiet')]),
      ],
      size,
    ),
    cursor: null,
  };
}

/** The pieces, and at the right what the most needed keys do, where there is room for it. */
function ended(spans: readonly Span[], size: Size): readonly Span[] {
  const text = spans.map((one) => one.text).join('');
  const gap = size.columns - columns(text) - columns(KEYS);
  return gap < 0 ? windowOf({ spans }, 0, size.columns) : [...spans, span(' '.repeat(gap)), span(KEYS, 'quiet')];
}

/** `view · page (1 of 3)` in at most `room` columns; empty when that is too little for any name. */
function nameOf(reading: Reading, title: string, room: number): string {
  const page = reading.pages[reading.page]?.title ?? '';
  const count = reading.pages.length > 1 ? ` (${reading.page + 1} of ${reading.pages.length})` : '';
  const left = room - columns(count);
  return left < 8 ? '' : `${cut(page === '' || page === title ? title : `${title} · ${page}`, left)}${count}`;
}

function typingRow(
  { kind, text }: NonNullable<Reading['typing']>,
  size: Size,
): { readonly spans: readonly Span[]; readonly cursor: number } {
  const hint = kind === '/' ? '/' : 'only lines with: ';
  // The end of what is typed stays in sight, and the cursor after it.
  const room = Math.max(1, size.columns - columns(hint) - 1);
  let shown = text;
  while (columns(shown) > room) shown = shown.slice([...shown][0]?.length ?? 1);
  return { spans: windowOf({ spans: [span(hint, 'cyan'), span(shown)] }, 0, size.columns), cursor: columns(hint) + columns(shown) };
}

/** `line 12 of 143, 8 %` */
function place(reading: Reading, size: Size): string {
  const count = reading.lines.length;
  if (count === 0) return reading.filter === '' ? 'empty' : 'no line';
  const top = topOf(reading, size);
  const last = lastTop(reading, size);
  const isEnd = top.line === last.line && top.row === last.row;
  if (isEnd && top.line === 0 && top.row === 0) return `${count} ${count === 1 ? 'line' : 'lines'}`;
  if (reading.follows) return `${count} lines, following`;
  return `line ${top.line + 1} of ${count}, ${isEnd ? 'end' : `${Math.floor((top.line / count) * 100)} %`}`;
}
