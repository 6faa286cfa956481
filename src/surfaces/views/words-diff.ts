// What changed within a line.
import type { diffWordsWithSpace } from 'diff';
import { type Span, span } from './styled.ts';

/** `diffWordsWithSpace` of the package `diff`, which is loaded where a diff is shown. */
export type DiffWords = typeof diffWordsWithSpace;

/** Longest line in which words are compared, in characters. */
const MAX_LINE = 600;
/** Share of the longer line that two lines have in common when one became the other. */
const ALIKE = 0.4;

/** One line that became another, safe to show: each with the words that differ standing out; null when they have too little in common. */
export function pairOf(removed: string, added: string, diffWords: DiffWords): readonly [readonly Span[], readonly Span[]] | null {
  if (removed.length > MAX_LINE || added.length > MAX_LINE) return null;
  const parts = diffWords(removed, added);
  const same = parts.reduce((sum, part) => sum + (part.added || part.removed ? 0 : part.value.trim().length), 0);
  if (same < ALIKE * Math.max(removed.trim().length, added.trim().length)) return null;
  const old = parts.filter((part) => !part.added).map((part) => span(part.value, 'bad', part.removed));
  const now = parts.filter((part) => !part.removed).map((part) => span(part.value, 'good', part.added));
  return [old, now];
}
