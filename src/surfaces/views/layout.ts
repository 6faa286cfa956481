// Lines laid out in a window: which part of a line stands on which row. Only what is visible is ever laid out.
import { columns } from '../../core/sanitise.ts';
import type { Span, Styled } from './styled.ts';
import { textOf } from './styled.ts';

const PRINTABLE = /^[\x20-\x7e]*$/;
/** A window narrower than this breaks prose without an indent. */
const NARROW = 30;

/** The rows of a line in a window of `width` columns; an empty line has one. */
export function rowsOf(line: Styled, width: number): readonly (readonly Span[])[] {
  const text = textOf(line);
  if (fits(text, width)) return [line.spans];
  const indent = line.indent === undefined || width < NARROW ? 0 : Math.min(line.indent, Math.floor(width / 2));
  const starts = line.indent === undefined ? hardStarts(text, width) : softStarts(text, width, indent);
  return starts.map((from, i) => {
    const to = starts[i + 1];
    // The spaces between two words are where the row ends.
    const end = to === undefined ? text.length : line.indent === undefined ? to : text.slice(0, to).trimEnd().length;
    const row = slice(line.spans, from, end);
    return i === 0 || indent === 0 ? row : [{ text: ' '.repeat(indent), tone: 'plain' }, ...row];
  });
}

/** The columns from `left` of a line, at most `width` of them. */
export function windowOf(line: Styled, left: number, width: number): readonly Span[] {
  const text = textOf(line);
  if (left === 0 && fits(text, width)) return line.spans;
  let column = 0;
  let from = -1;
  let at = 0;
  let gap = 0;
  for (const char of text) {
    if (from === -1 && column >= left && columns(char) > 0) {
      from = at;
      gap = column - left;
    }
    column += columns(char);
    if (column - left > width) break;
    at += char.length;
  }
  if (from === -1) return [];
  const shown = slice(line.spans, from, at);
  // A wide character that the left edge cuts in two leaves its second half blank.
  return gap === 0 ? shown : [{ text: ' '.repeat(gap), tone: 'plain' }, ...shown];
}

function fits(text: string, width: number): boolean {
  if (text.length * 2 <= width) return true;
  return PRINTABLE.test(text) ? text.length <= width : text.length <= width * 8 && columns(text) <= width;
}

/** Where each row begins when a row is as full as it can be. */
function hardStarts(text: string, width: number): readonly number[] {
  if (PRINTABLE.test(text)) return Array.from({ length: Math.ceil(text.length / width) }, (_, i) => i * width);
  const starts = [0];
  let used = 0;
  let at = 0;
  for (const char of text) {
    const wide = columns(char);
    if (used + wide > width && used > 0) {
      starts.push(at);
      used = 0;
    }
    used += wide;
    at += char.length;
  }
  return starts;
}

/** Where each row begins when rows end after a word, wherever one ends in them; further rows are `indent` columns shorter. */
function softStarts(text: string, width: number, indent: number): readonly number[] {
  const starts = [0];
  let used = 0;
  let at = 0;
  let word = { at: 0, used: 0 };
  for (const char of text) {
    const wide = columns(char);
    const room = starts.length === 1 ? width : width - indent;
    if (char === ' ') word = { at: at + 1, used: used + 1 };
    else if (used + wide > room && used > 0) {
      // A word that a further row has no room for either is taken apart here.
      const isWord = word.at > (starts.at(-1) ?? 0) && used - word.used + wide <= width - indent;
      starts.push(isWord ? word.at : at);
      used = isWord ? used - word.used : 0;
    }
    used += wide;
    at += char.length;
  }
  return starts;
}

/** The pieces of a line between two places of its text. */
function slice(spans: readonly Span[], from: number, to: number): readonly Span[] {
  const out: Span[] = [];
  let at = 0;
  for (const one of spans) {
    const text = one.text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (text !== '') out.push(text.length === one.text.length ? one : { ...one, text });
    at += one.text.length;
    if (at >= to) break;
  }
  return out;
}

/** The line with every place that holds `wanted` standing out. */
export function marked(line: Styled, wanted: string): Styled {
  const places = placesOf(textOf(line), wanted);
  if (places.length === 0) return line;
  const spans: Span[] = [];
  let at = 0;
  for (const place of places) {
    spans.push(...slice(line.spans, at, place), { text: textOf(line).slice(place, place + wanted.length), tone: 'warn', bold: true });
    at = place + wanted.length;
  }
  return { ...line, spans: [...spans, ...slice(line.spans, at, Number.POSITIVE_INFINITY)] };
}

/** Whether a text holds `wanted`; capitals count only where `wanted` has some. */
export function holds(text: string, wanted: string): boolean {
  return ignoresCase(wanted) ? text.toLowerCase().includes(wanted) : text.includes(wanted);
}

function placesOf(text: string, wanted: string): readonly number[] {
  if (wanted === '') return [];
  const source = ignoresCase(wanted) ? text.toLowerCase() : text;
  // Lower case may have another length (İ): then no place in it is one in the text.
  if (source.length !== text.length) return [];
  const places: number[] = [];
  for (let at = source.indexOf(wanted); at !== -1; at = source.indexOf(wanted, at + wanted.length)) places.push(at);
  return places;
}

function ignoresCase(wanted: string): boolean {
  return wanted === wanted.toLowerCase();
}
