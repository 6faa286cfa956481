// The lines of a hunk in a diff: kept, removed and added.
import type { Hunk } from '../edits.ts';

/** What a hunk's lines say. */
export interface HunkLines {
  readonly find: readonly string[];
  readonly replace: readonly string[];
  readonly context: readonly [number, number];
}

/**
 * Reads the lines of a hunk: `-` removed, `+` added, everything else kept (with or without the blank before it, which models forget).
 * Empty lines at the end are not part of it. Null when nothing is added or removed.
 */
export function hunkLines(lines: readonly string[]): HunkLines | null {
  const find: string[] = [];
  const replace: string[] = [];
  let front = 0;
  let back = 0;
  let changed = false;
  for (const line of lines.slice(0, lines.findLastIndex((each) => each !== '') + 1)) {
    if (line.startsWith('\\')) continue;
    if (line.startsWith('+') || line.startsWith('-')) {
      (line.startsWith('+') ? replace : find).push(line.slice(1));
      changed = true;
      back = 0;
      continue;
    }
    const kept = line.startsWith(' ') ? line.slice(1) : line;
    find.push(kept);
    replace.push(kept);
    if (changed) back++;
    else front++;
  }
  return changed ? { find, replace, context: [front, back] } : null;
}

/** A hunk of the matcher, from lines of which some are kept or removed. */
export function toHunk({ find, replace, context }: HunkLines): Hunk {
  // One blank line is not nothing.
  const end = replace.length === 1 && replace[0] === '' ? '\n' : '';
  return { find: find.join('\n') + end, replace: replace.join('\n') + end, context };
}
