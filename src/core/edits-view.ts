// A text as a tolerance sees it, and the way back to where each of its characters stands.

/** What was overlooked to find the place. */
export type Tolerance =
  | 'line ends'
  | 'trailing white space'
  | 'blank lines at the edges'
  | 'quotes and dashes'
  | 'indentation'
  | 'white space'
  | 'letter case'
  | 'line numbers'
  | 'escapes'
  | 'elided lines'
  | 'small differences'
  | 'outer context';

/** What a tolerance overlooks. */
export interface Level {
  readonly tolerance: Tolerance;
  readonly trailing: boolean;
  readonly edges: boolean;
  readonly quotes: boolean;
  readonly indent: boolean;
  readonly inner: boolean;
  readonly fold: boolean;
  /** Fewest characters that are not white space for this level to be trusted. */
  readonly least: number;
}

const STRICT: Level = {
  tolerance: 'line ends',
  trailing: false,
  edges: false,
  quotes: false,
  indent: false,
  inner: false,
  fold: false,
  least: 1,
};
const INDENT: Level = { ...STRICT, tolerance: 'indentation', trailing: true, edges: true, quotes: true, indent: true };

/** From strict to loose. */
export const LADDER: readonly Level[] = [
  STRICT,
  { ...STRICT, tolerance: 'trailing white space', trailing: true },
  { ...STRICT, tolerance: 'blank lines at the edges', trailing: true, edges: true },
  { ...STRICT, tolerance: 'quotes and dashes', trailing: true, edges: true, quotes: true },
  INDENT,
  { ...INDENT, tolerance: 'white space', inner: true, least: 10 },
  { ...INDENT, tolerance: 'letter case', fold: true, least: 4 },
];

const QUOTES = /[\u2018\u2019\u201a\u201b\u2032\u00b4]/g;
const DOUBLE_QUOTES = /[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]/g;
const DASHES = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g;
const SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;
const TYPOGRAPHY = /[\u00a0\u00ab\u00b4\u00bb\u2000-\u2015\u2018-\u201f\u202f\u2032\u2033\u205f\u2212\u3000\ufe58\ufe63\uff0d]/;

/** Plain quotes, dashes and spaces for typographic ones, each one character for one. */
export function plainType(text: string): string {
  if (!TYPOGRAPHY.test(text)) return text;
  return text.replace(QUOTES, "'").replace(DOUBLE_QUOTES, '"').replace(DASHES, '-').replace(SPACES, ' ');
}

/** Lower case, but only where that keeps the length, so that positions stay true. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (part) => part.toLowerCase());
}

/** A text as a level sees it. `from` and `to` say where each of its characters starts and ends in the original. */
export interface View {
  readonly chars: string;
  from(at: number): number;
  to(at: number): number;
}

/** Where each line starts: as seen, and in the original (after its indentation where that is overlooked), and where its end mark is. */
interface Lines {
  readonly seen: number[];
  readonly start: number[];
  readonly end: number[];
  readonly next: number[];
}

/** The text as `level` sees it. Takes time linear in the text. */
export function view(text: string, level: Level): View {
  const lines: Lines = { seen: [], start: [], end: [], next: [] };
  const parts: string[] = [];
  let length = 0;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const next = newline === -1 ? text.length : newline + 1;
    const mark = newline === -1 ? next : newline - (newline > at && text[newline - 1] === '\r' ? 1 : 0);
    const raw = text.slice(at, mark);
    const cut = level.trailing ? raw.trimEnd() : raw;
    const line = level.indent ? cut.trimStart() : cut;
    const shown = look(line, level) + (newline === -1 || level.inner ? '' : '\n');
    lines.seen.push(length);
    lines.start.push(at + cut.length - line.length);
    lines.end.push(mark);
    lines.next.push(next);
    parts.push(shown);
    length += shown.length;
    at = next;
  }
  const where = (at: number, after: boolean): number => original(text, lines, level, at, after);
  return { chars: parts.join(''), from: (at) => where(at, false), to: (at) => where(at, true) };
}

function look(line: string, level: Level): string {
  const plain = level.quotes ? plainType(line) : line;
  const packed = level.inner ? plain.replace(/\s+/g, '') : plain;
  return level.fold ? fold(packed) : packed;
}

function original(text: string, lines: Lines, level: Level, at: number, after: boolean): number {
  let low = 0;
  let high = lines.seen.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    // Of lines that show nothing, the last one that starts here is the one that holds the character.
    if ((lines.seen[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  const start = lines.start[low] ?? text.length;
  const end = lines.end[low] ?? text.length;
  let offset = at - (lines.seen[low] ?? 0);
  if (!level.inner) {
    const shown = (lines.seen[low + 1] ?? Number.POSITIVE_INFINITY) - (lines.seen[low] ?? 0) - 1;
    if (offset >= shown && (lines.next[low] ?? 0) > end) return after ? (lines.next[low] ?? text.length) : end;
    return start + offset + (after ? 1 : 0);
  }
  let i = start;
  for (; i < end; i++) if (!/\s/.test(text.charAt(i)) && offset-- === 0) break;
  return i + (after ? 1 : 0);
}
