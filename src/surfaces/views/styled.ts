// What a view is made of: pages of lines, each line in pieces with a meaning. Everything in it is sanitised already.
import { sanitise } from '../../core/sanitise.ts';
import type { Tone } from '../line.ts';

/** What a piece of text means; colour follows from it and from nothing else. */
export type Tint = Tone | 'strong' | 'cyan';

export interface Span {
  readonly text: string;
  readonly tone: Tint;
  /** Stands out from its neighbours of the same tone. */
  readonly bold?: boolean;
}

export interface Styled {
  readonly spans: readonly Span[];
  /** Prose: it breaks between words, and its further rows begin at this column. Left out, a line breaks where the window ends, as code must. */
  readonly indent?: number;
}

/** A file of a diff, a failing test: what is read as one. */
export interface Page {
  readonly title: string;
  readonly lines: readonly Styled[];
}

/** Longest line that is shown, in characters. */
const MAX_LINE = 10_000;
const TAB = 4;

/** A piece of the harness's own words. */
export function span(text: string, tone: Tint = 'plain', bold = false): Span {
  return bold ? { text, tone, bold } : { text, tone };
}

/** A line of sanitised pieces. */
export function styled(...spans: readonly Span[]): Styled {
  return { spans };
}

/** A line of prose whose further rows begin at column `indent`. */
export function prose(indent: number, ...spans: readonly Span[]): Styled {
  return { spans, indent };
}

export const EMPTY: Styled = { spans: [] };

/** One line of foreign text, safe to show: sanitised, tabs as spaces, cut where it is longer than anybody reads. */
export function safe(text: string): string {
  const head = text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}… and ${text.length - MAX_LINE} more characters` : text;
  const clean = sanitise(head).replaceAll('\n', ' ');
  return clean.includes('\t') ? withoutTabs(clean) : clean;
}

function withoutTabs(text: string): string {
  let out = '';
  for (const [i, part] of text.split('\t').entries()) {
    if (i > 0) out += ' '.repeat(TAB - (out.length % TAB));
    out += part;
  }
  return out;
}

/** The lines of a foreign text, each safe to show. A last line break ends the text and begins no line. */
export function safeLines(text: string): readonly string[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines.map(safe);
}

/** A line's text without its meaning. */
export function textOf(line: Styled): string {
  const [first] = line.spans;
  return line.spans.length === 1 && first ? first.text : line.spans.map((one) => one.text).join('');
}
