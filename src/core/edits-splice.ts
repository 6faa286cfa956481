// Putting a replacement into its place: its line ends, its indentation, and the lines that it leaves as they are.
import { reindent } from './edits-indent.ts';
import type { Found, Place } from './edits-locate.ts';
import { fold, plainType } from './edits-view.ts';

/** Lines by lines that are compared to find what a replacement keeps; beyond it only its first and last lines are. */
const MOST_CELLS = 1_000_000;

/** The text with every given place of `found` replaced; the places do not overlap. */
export function spliceAll(text: string, changes: readonly { readonly found: Found; readonly place: Place }[]): string {
  const eol = lineEnds(text);
  let out = '';
  let at = 0;
  for (const { found, place } of [...changes].sort((a, b) => a.place.start - b.place.start)) {
    const { start, end, put } = fitting(text, found, place, eol);
    out += text.slice(at, Math.max(at, start)) + put;
    at = end;
  }
  return out + text.slice(at);
}

type LineEnd = '\r\n' | '\n' | null;

/** The line end that most lines have; null in a text of one line. */
function lineEnds(text: string): LineEnd {
  let windows = 0;
  let all = 0;
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) {
    all++;
    if (text[i - 1] === '\r') windows++;
  }
  return all === 0 ? null : windows > 0 && windows * 2 >= all ? '\r\n' : '\n';
}

function fitting(text: string, found: Found, place: Place, eolOfText: LineEnd): { start: number; end: number; put: string } {
  const region = text.slice(place.start, place.end);
  const eol = region.includes('\n') ? lineEnds(region) : eolOfText;
  const moved = place.shift === null ? found.replace : reindent(found.replace, place.shift);
  let put = moved;
  if (eol === '\r\n') put = moved.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n');
  else if (eol === '\n' && found.tolerance !== null) put = moved.replaceAll('\r\n', '\n');
  if (found.tolerance !== null && found.aligned) put = keepLines(found, region, put);
  if (put !== '' || place.start === place.end) return { start: place.start, end: place.end, put };
  return { ...wholeLines(text, place.start, place.end), put };
}

/** The replacement with the lines that `find` and `replace` share as the text has them, byte for byte. */
function keepLines(found: Found, region: string, put: string): string {
  const find = found.find.split('\n');
  const there = region.split('\n');
  const lines = put.split('\n');
  const replace = found.replace.split('\n');
  if (find.length !== there.length || replace.length !== lines.length) return put;
  for (const [i, j] of sharedLines(find, replace)) {
    const own = there[i] ?? '';
    const last = j === lines.length - 1;
    if (key(own) !== key(lines[j] ?? '')) continue;
    // A line that is last on one side only has another line end there, or none.
    if (last === (i === there.length - 1)) lines[j] = own;
    else lines[j] = own.replace(/\r$/, '') + ((lines[j] ?? '').endsWith('\r') ? '\r' : '');
  }
  return lines.join('\n');
}

function key(line: string): string {
  return fold(plainType(line.trimEnd()));
}

/** Pairs of indexes of lines that are the same in both, in order, as many as there are. */
function sharedLines(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const pairs: [number, number][] = [];
  let front = 0;
  while (front < a.length && front < b.length && a[front] === b[front]) pairs.push([front, front++]);
  let back = 0;
  while (back < a.length - front && back < b.length - front && a[a.length - 1 - back] === b[b.length - 1 - back]) back++;
  for (let k = 1; k <= back; k++) pairs.push([a.length - k, b.length - k]);
  const [n, m] = [a.length - front - back, b.length - front - back];
  if (n > 0 && m > 0 && n * m <= MOST_CELLS) pairs.push(...longest(a.slice(front, front + n), b.slice(front, front + m), front));
  return pairs;
}

/** The longest common subsequence of two lists of lines; `from` is added to the indexes. */
function longest(a: readonly string[], b: readonly string[], from: number): [number, number][] {
  const width = b.length + 1;
  const best = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => best[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      best[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([from + i++, from + j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

/** Lines that are deleted whole take their line end with them. */
function wholeLines(body: string, start: number, end: number): { start: number; end: number } {
  const lineStart = start === 0 ? 0 : body.lastIndexOf('\n', start - 1) + 1;
  const partial = body.slice(lineStart, start).trim() !== '' || /[\r\n]/.test(body[start] ?? '') || body[end - 1] === '\n';
  if (partial) return { start, end };
  if (body.startsWith('\r\n', end)) return { start: lineStart, end: end + 2 };
  if (body.startsWith('\n', end)) return { start: lineStart, end: end + 1 };
  return { start, end };
}
