// What became of one file, as lines.
import type { structuredPatch } from 'diff';
import { plural, size } from '../words.ts';
import { type Styled, safe, span, styled } from './styled.ts';
import { type DiffWords, pairOf } from './words-diff.ts';

/** The parts of the package `diff` that are used. */
export interface DiffLibrary {
  readonly structuredPatch: typeof structuredPatch;
  readonly diffWordsWithSpace: DiffWords;
}

/** What became of a file, and how many lines it gained and lost. */
export interface Counts {
  readonly kind: 'new' | 'changed' | 'deleted' | 'same';
  readonly added: number;
  readonly removed: number;
}

export interface FileDiff extends Counts {
  readonly lines: readonly Styled[];
}

/** Largest text that is compared, in characters. */
const MAX_TEXT = 400_000;
/** Lines that may differ before a comparison is given up: it costs their square. */
const MAX_EDITS = 1_000;
const CONTEXT = 3;

/** Compares a file before and after; null is a file that is not there. */
export function diffFile(path: string, before: string | null, after: string | null, lib: DiffLibrary): FileDiff {
  const kind = before === null ? 'new' : after === null ? 'deleted' : before === after ? 'same' : 'changed';
  const [old, now] = [before ?? '', after ?? ''];
  const count = { added: lineCount(now), removed: lineCount(old) };
  const unshown = whyNotShown(old, now);
  if (unshown !== null) return { kind, ...count, lines: [styled(span(unshown, 'quiet'))] };
  const patch = lib.structuredPatch(path, path, old, now, '', '', { context: CONTEXT, maxEditLength: MAX_EDITS });
  const hunks = patch?.hunks ?? [whole(old, now)];
  const all = hunks.flatMap((hunk) => hunk.lines);
  return {
    kind,
    added: all.filter((line) => line.startsWith('+')).length,
    removed: all.filter((line) => line.startsWith('-')).length,
    lines: hunks.flatMap((hunk) => [styled(span(headOf(hunk), 'cyan')), ...hunkLines(hunk.lines, lib.diffWordsWithSpace)]),
  };
}

interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly lines: readonly string[];
}

function lineCount(text: string): number {
  return text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function whyNotShown(old: string, now: string): string | null {
  if (old.includes('\0') || now.includes('\0')) return 'This file is no text, and is not shown.';
  if (old.length + now.length <= MAX_TEXT) return null;
  return `This file is too large to be shown here: ${size(now.length)} in ${plural(lineCount(now), 'line')}${old === '' ? '' : `, before ${size(old.length)}`}.`;
}

/** A file that became another one in nearly every line. */
function whole(old: string, now: string): Hunk {
  const side = (mark: string, text: string) => text.split('\n', lineCount(text)).map((line) => `${mark}${line}`);
  const lines = [...side('-', old), ...side('+', now)];
  return { oldStart: 1, oldLines: lineCount(old), newStart: 1, newLines: lineCount(now), lines };
}

function headOf({ oldStart, oldLines, newStart, newLines }: Hunk): string {
  // A side without lines stands before its first one, as in git.
  const side = (start: number, count: number) => `${count === 0 ? start - 1 : start},${count}`;
  return `@@ -${side(oldStart, oldLines)} +${side(newStart, newLines)} @@`;
}

function hunkLines(lines: readonly string[], diffWords: DiffWords): readonly Styled[] {
  const out: Styled[] = [];
  for (let at = 0; at < lines.length; ) {
    const removed = runOf(lines, at, '-');
    const added = runOf(lines, at + removed.length, '+');
    if (removed.length === 0 && added.length === 0) {
      out.push(contextLine(lines[at] ?? ''));
      at += 1;
      continue;
    }
    out.push(...changed(removed, added, diffWords));
    at += removed.length + added.length;
  }
  return out;
}

/** Safe texts of the lines from `at` on that bear the mark. */
function runOf(lines: readonly string[], at: number, mark: string): readonly string[] {
  let end = at;
  while (lines[end]?.startsWith(mark)) end += 1;
  return lines.slice(at, end).map((line) => safe(line.slice(1)));
}

function contextLine(line: string): Styled {
  return line.startsWith('\\') ? styled(span(safe(line), 'quiet')) : styled(span(` ${safe(line.slice(1))}`));
}

/** Removed lines, then added ones; where as many came as went, each may be another form of its counterpart. */
function changed(removed: readonly string[], added: readonly string[], diffWords: DiffWords): readonly Styled[] {
  const pairs = removed.map((line, i) => (removed.length === added.length ? pairOf(line, added[i] ?? '', diffWords) : null));
  return [
    ...removed.map((line, i) => styled(span('-', 'bad'), ...(pairs[i]?.[0] ?? [span(line, 'bad')]))),
    ...added.map((line, i) => styled(span('+', 'good'), ...(pairs[i]?.[1] ?? [span(line, 'good')]))),
  ];
}
