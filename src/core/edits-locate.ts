// Where a block of text stands in another, strictly or with a known tolerance.
import { indentOf, type Shift } from './edits-indent.ts';
import { withoutNumbers } from './edits-numbers.ts';

/** What was overlooked to find the place. */
export type Tolerance =
  | 'line ends'
  | 'trailing white space'
  | 'blank lines at the edges'
  | 'quotes and dashes'
  | 'indentation'
  | 'white space'
  | 'letter case'
  | 'line numbers';

/** `start` to `end` (UTF-16 units) of the text is what is to be replaced. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly shift: Shift | null;
}

/** Where it stands; more than one place means that it must not be replaced. `replace` is the replacement as it fits that tolerance. */
export interface Found {
  readonly places: readonly Place[];
  readonly tolerance: Tolerance | null;
  readonly replace: string;
}

interface Level {
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
const LADDER: readonly Level[] = [
  STRICT,
  { ...STRICT, tolerance: 'trailing white space', trailing: true },
  { ...STRICT, tolerance: 'blank lines at the edges', trailing: true, edges: true },
  { ...STRICT, tolerance: 'quotes and dashes', trailing: true, edges: true, quotes: true },
  { ...STRICT, tolerance: 'indentation', trailing: true, edges: true, quotes: true, indent: true },
  { ...STRICT, tolerance: 'white space', trailing: true, edges: true, quotes: true, indent: true, inner: true, least: 10 },
  { ...STRICT, tolerance: 'letter case', trailing: true, edges: true, quotes: true, indent: true, fold: true, least: 16 },
];

/** More places than this are not counted. */
const MAX_PLACES = 100;
/** Up to this length `indexOf` is fast whatever the text. */
const SHORT = 64;

const TYPOGRAPHY: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201a': "'",
  '\u201b': "'",
  '\u2032': "'",
  '\u00b4': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u201e': '"',
  '\u201f': '"',
  '\u2033': '"',
  '\u00ab': '"',
  '\u00bb': '"',
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2015': '-',
  '\u2212': '-',
  '\u00a0': ' ',
  '\u2002': ' ',
  '\u2003': ' ',
  '\u2007': ' ',
  '\u2009': ' ',
  '\u200a': ' ',
  '\u202f': ' ',
  '\u3000': ' ',
};

/** A text as a level sees it; `from` and `to` are where each of its characters stands in the original. */
interface Seen {
  readonly chars: string;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

function isSpace(char: string): boolean {
  return char.trim() === '';
}

function see(text: string, level: Level): Seen {
  const chars: string[] = [];
  const from = new Uint32Array(text.length);
  const to = new Uint32Array(text.length);
  const push = (char: string, start: number, end: number) => {
    from[chars.length] = start;
    to[chars.length] = end;
    chars.push(char);
  };
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const next = newline === -1 ? text.length : newline + 1;
    let end = newline === -1 ? next : newline;
    if (text[end - 1] === '\r' && end > at) end--;
    const lineEnd = end;
    let start = at;
    if (level.trailing) while (end > start && isSpace(text.charAt(end - 1))) end--;
    if (level.indent) while (start < end && isSpace(text.charAt(start))) start++;
    for (let i = start; i < end; i++) {
      const raw = text.charAt(i);
      if (level.inner && isSpace(raw)) continue;
      const char = level.quotes ? (TYPOGRAPHY[raw] ?? raw) : raw;
      // Only folds that keep the length, so that positions stay true.
      const folded = level.fold ? char.toLowerCase() : char;
      push(folded.length === 1 ? folded : char, i, i + 1);
    }
    if (newline !== -1 && !level.inner) push('\n', lineEnd, next);
    at = next;
  }
  return { chars: chars.join(''), from, to };
}

/** Drops blank lines from the front, at most `most`; says how many. */
function dropFront(text: string, most: number): { readonly left: string; readonly count: number } {
  let at = 0;
  let count = 0;
  for (let end = text.indexOf('\n'); end !== -1 && count < most && text.slice(at, end).trim() === ''; end = text.indexOf('\n', at)) {
    at = end + 1;
    count++;
  }
  return { left: text.slice(at), count };
}

/** Drops blank lines (or only the final line end) from the back, at most `most`; says how many. */
function dropBack(text: string, most: number): { readonly left: string; readonly count: number } {
  let end = text.length;
  let count = 0;
  for (let at = text.lastIndexOf('\n'); at > 0 && count < most && text.slice(at, end).trim() === ''; at = text.lastIndexOf('\n', end - 1)) {
    end = at;
    count++;
  }
  return { left: text.slice(0, end), count };
}

/** `find` and `replace` without the blank lines at the edges of `find`; of `replace` no more are taken than of `find`. */
function trimEdges(find: string, replace: string): { find: string; replace: string } {
  const front = dropFront(find, Number.POSITIVE_INFINITY);
  const back = dropBack(front.left, Number.POSITIVE_INFINITY);
  return { find: back.left, replace: dropBack(dropFront(replace, front.count).left, back.count).left };
}

/** How far a match of the first `i` characters of `find` can be carried over: the failure function of Knuth, Morris and Pratt. */
function carryOver(find: string): Uint32Array {
  const carry = new Uint32Array(find.length + 1);
  let length = 0;
  for (let i = 1; i < find.length; i++) {
    while (length > 0 && find.charCodeAt(i) !== find.charCodeAt(length)) length = carry[length] ?? 0;
    if (find.charCodeAt(i) === find.charCodeAt(length)) length++;
    carry[i + 1] = length;
  }
  return carry;
}

/** Every start of `find` in `text`, overlapping ones too, up to a limit. Linear: `indexOf` took a second on hostile repetitions. */
function positions(text: string, find: string): number[] {
  const found: number[] = [];
  if (find.length <= SHORT) {
    for (let i = text.indexOf(find); i !== -1 && found.length < MAX_PLACES; i = text.indexOf(find, i + 1)) found.push(i);
    return found;
  }
  const carry = carryOver(find);
  let length = 0;
  for (let i = 0; i < text.length && found.length < MAX_PLACES; i++) {
    while (length > 0 && text.charCodeAt(i) !== find.charCodeAt(length)) length = carry[length] ?? 0;
    if (text.charCodeAt(i) === find.charCodeAt(length)) length++;
    if (length === find.length) {
      found.push(i - length + 1);
      length = carry[length] ?? 0;
    }
  }
  return found;
}

/** Places that start and end with a line count before those inside lines. */
function preferWholeLines(seen: Seen, length: number, at: readonly number[]): readonly number[] {
  const whole = at.filter(
    (i) => (i === 0 || seen.chars[i - 1] === '\n') && (i + length === seen.chars.length || seen.chars[i + length] === '\n'),
  );
  return whole.length > 0 ? whole : at;
}

function place(text: string, seen: Seen, at: number, length: number, level: Level, find: string): Place {
  let start = seen.from[at] ?? 0;
  let end = seen.to[at + length - 1] ?? text.length;
  const stop = text.indexOf('\n', end);
  const rest = text.slice(end, stop === -1 ? text.length : stop);
  if (level.trailing && text[end - 1] !== '\n' && rest.trim() === '') end += rest.endsWith('\r') ? rest.length - 1 : rest.length;
  if (!level.indent) return { start, end, shift: null };
  const lineStart = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
  const inline = text.slice(lineStart, start).trim() !== '';
  const base = indentOf(text.slice(lineStart, start));
  const findLines = find.split('\n');
  const textLines = text.slice(lineStart, end).split('\n');
  const pairs: [string, string][] = [[indentOf(findLines[0] ?? ''), base]];
  if (!level.inner) {
    for (let i = 1; i < findLines.length; i++) {
      const line = findLines[i] ?? '';
      if (line.trim() !== '') pairs.push([indentOf(line), indentOf(textLines[i] ?? '')]);
    }
  }
  if (!inline) start = lineStart;
  return { start, end, shift: { pairs, inline } };
}

function tryLevel(text: string, find: string, replace: string, level: Level): Found | null {
  const lf = { find: find.replaceAll('\r\n', '\n'), replace: replace.replaceAll('\r\n', '\n') };
  const edged = level.edges ? trimEdges(lf.find, lf.replace) : lf;
  const wanted = see(edged.find, level).chars;
  if (wanted.replace(/\s+/g, '').length < level.least) return null;
  const seen = see(text, level);
  const all = positions(seen.chars, wanted);
  if (all.length === 0) return null;
  const chosen = level.indent && !level.inner ? preferWholeLines(seen, wanted.length, all) : all;
  const trimmed = level.trailing && /[^\S\n]$/.test(edged.find) ? edged.replace.trimEnd() : edged.replace;
  return {
    places: chosen.map((at) => place(text, seen, at, wanted.length, level, edged.find)),
    tolerance: level.tolerance,
    replace: trimmed,
  };
}

/** The block without line numbers, on the ladder or as it is. */
function locateNumbered(text: string, find: string, replace: string): Found | null {
  const bare = withoutNumbers(find);
  if (bare === null || bare.trim() === '') return null;
  const fitting = withoutNumbers(replace) ?? replace;
  const found = locateStrictly(text, bare, fitting) ?? climb(text, bare, fitting);
  return found === null ? null : { ...found, tolerance: 'line numbers' };
}

function locateStrictly(text: string, find: string, replace: string): Found | null {
  const at = positions(text, find);
  if (at.length === 0) return null;
  return { places: at.map((start) => ({ start, end: start + find.length, shift: null })), tolerance: null, replace };
}

function climb(text: string, find: string, replace: string): Found | null {
  for (const level of LADDER) {
    const found = tryLevel(text, find, replace, level);
    if (found !== null) return found;
  }
  return null;
}

/**
 * The places of `find` in `text`: byte for byte when there is any, else at the first level of the ladder that has some. Null when it is nowhere.
 * No level after one with a place is tried, so a looser reading never hides an ambiguous stricter one.
 */
export function locate(text: string, find: string, replace: string): Found | null {
  return locateStrictly(text, find, replace) ?? locateNumbered(text, find, replace) ?? climb(text, find, replace);
}
