// The one window of a text that differs from a block in a few characters, and from nothing else as little.
import { indentOf } from './edits-indent.ts';
import { plainType } from './edits-view.ts';

/** Characters (without white space) that a block must have to be found by likeness, and lines. */
const LEAST_CHARS = 40;
const LEAST_LINES = 3;
const MOST_LINES = 200;
/** Likeness (0 to 1) of each line that differs, and the share of lines that may. */
const LEAST_LIKENESS = 0.8;
const MOST_DIFFERENT = 0.34;
/** More windows with the same first and last line than this, and none is taken. */
const MOST_WINDOWS = 20;
const MOST_LINE = 400;

/** A window: offsets in the text, and `[in the block, in the text]` for the indentation of each line that is not blank. */
export interface Near {
  readonly start: number;
  readonly end: number;
  readonly pairs: readonly (readonly [string, string])[];
}

/**
 * The window that starts and ends with the lines that the block starts and ends with (one of them says something), has as many lines, and differs in at most
 * a third of them, each of those by little. Null when there is no other or more than one window with those edges.
 */
export function fuzzyPlace(text: string, block: string): Near | null {
  const wanted = block.split('\n');
  const keys = wanted.map(key);
  const first = keys[0] ?? '';
  const last = keys.at(-1) ?? '';
  const weight = keys.reduce((sum, line) => sum + line.replace(/\s+/g, '').length, 0);
  if (weight < LEAST_CHARS || keys.length < LEAST_LINES || keys.length > MOST_LINES) return null;
  if (!telling(first) && !telling(last)) return null;
  const lines = text.split('\n');
  const seen = lines.map(key);
  const windows: number[] = [];
  for (let i = seen.indexOf(first); i !== -1 && windows.length <= MOST_WINDOWS; i = seen.indexOf(first, i + 1))
    if (seen[i + keys.length - 1] === last) windows.push(i);
  const [at] = windows;
  if (windows.length !== 1 || at === undefined) return null;
  if (!alike(keys, seen.slice(at, at + keys.length))) return null;
  const start = lines.slice(0, at).reduce((sum, line) => sum + line.length + 1, 0);
  const there = lines.slice(at, at + wanted.length);
  const end = start + there.join('\n').length - (there.at(-1)?.endsWith('\r') === true ? 1 : 0);
  const pairs = wanted.flatMap((line, i) => (line.trim() === '' ? [] : [[indentOf(line), indentOf(there[i] ?? '')] as const]));
  return { start, end, pairs };
}

function key(line: string): string {
  return plainType(line).trim();
}

function telling(line: string): boolean {
  return line.replace(/[^\p{L}\p{N}]+/gu, '').length >= 6;
}

function alike(wanted: readonly string[], seen: readonly string[]): boolean {
  const different = wanted.flatMap((line, i) => (line === seen[i] ? [] : [[line, seen[i] ?? ''] as const]));
  if (different.length > Math.max(1, wanted.length * MOST_DIFFERENT)) return false;
  return different.every(([a, b]) => a.length <= MOST_LINE && b.length <= MOST_LINE && likeness(a, b) >= LEAST_LIKENESS);
}

/** 1 minus the edit distance (Levenshtein) by the longer length. */
function likeness(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  if (longest === 0) return 1;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return 1 - (row[b.length] ?? 0) / longest;
}
