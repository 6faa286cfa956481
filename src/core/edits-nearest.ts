// The lines of a text that are most like a block that was not found in it.

/** A line of the text and its number, from 1. */
export interface NearLine {
  readonly line: number;
  readonly text: string;
}

/** Lines compared at most, in the text and in the block, and characters compared of each. */
const MAX_TEXT_LINES = 20_000;
const MAX_BLOCK_LINES = 40;
const MAX_CHARS = 200;
/** Likeness (0 to 1) below which a place is not worth showing. */
const LEAST = 0.45;

type Grams = ReadonlyMap<string, number>;

/** Pairs of neighbouring characters, white space and case aside. */
function grams(line: string): Grams {
  const text = line.slice(0, MAX_CHARS).replace(/\s+/g, '').toLowerCase();
  const found = new Map<string, number>();
  for (let i = 0; i < text.length - 1; i++) {
    const pair = text.slice(i, i + 2);
    found.set(pair, (found.get(pair) ?? 0) + 1);
  }
  if (text.length === 1) found.set(text, 1);
  return found;
}

function size(of: Grams): number {
  let sum = 0;
  for (const count of of.values()) sum += count;
  return sum;
}

/** Sørensen–Dice coefficient of two lines. */
function likeness(a: Grams, b: Grams): number {
  const total = size(a) + size(b);
  if (total === 0) return 1;
  let shared = 0;
  for (const [pair, count] of a) shared += Math.min(count, b.get(pair) ?? 0);
  return (2 * shared) / total;
}

/** The line of the block that tells most: the longest. */
function anchorOf(block: readonly string[]): number {
  let best = 0;
  for (const [i, line] of block.entries()) if (line.trim().length > (block[best] ?? '').trim().length) best = i;
  return best;
}

/**
 * The window of `text` most like `find`, as numbered lines (each cut at 200 characters, at most 40 lines); none when nothing is like it.
 * The block's longest line is looked for first, then the windows around the best of its likes are compared whole.
 */
export function nearestLines(text: string, find: string): readonly NearLine[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n').slice(0, MAX_TEXT_LINES);
  const block = find
    .replaceAll('\r\n', '\n')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, MAX_BLOCK_LINES);
  if (block.length === 0 || text.trim() === '') return [];
  const anchor = anchorOf(block);
  const wanted = block.map(grams);
  const anchorGrams = wanted[anchor] ?? new Map<string, number>();
  const candidates = lines
    .map((line, i) => ({ i, score: line.trim() === '' ? 0 : likeness(anchorGrams, grams(line)) }))
    .filter((candidate) => candidate.score > LEAST * 0.7)
    .sort((a, b) => b.score - a.score)
    .slice(0, 12);
  let best = { start: 0, score: LEAST };
  for (const { i } of candidates) {
    const start = Math.max(0, i - anchor);
    const score = wanted.reduce((sum, line, k) => sum + likeness(line, grams(lines[start + k] ?? '')), 0) / wanted.length;
    const weighed = Math.max(score, likeness(anchorGrams, grams(lines[i] ?? '')) * 0.8);
    if (weighed > best.score) best = { start, score: weighed };
  }
  if (best.score === LEAST) return [];
  const from = Math.max(0, best.start - 1);
  return lines.slice(from, best.start + block.length + 1).map((line, k) => ({ line: from + k + 1, text: line.slice(0, MAX_CHARS) }));
}
