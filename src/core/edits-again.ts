// What is told of an edit that was not made, and the edit made whole when only what failed of it is sent again.
import type { FailedHunk, Hunk } from './edits.ts';

/** Hunks that a file waits for: all that were sent, and which of them (from 0) did not fit. */
export interface Held {
  readonly hunks: readonly Hunk[];
  readonly failed: readonly number[];
}

/**
 * The hunks that are meant by what is sent after a failure: as many as had failed stand for those, in their order; any other number stands for itself.
 */
export function again(held: Held | null, sent: readonly Hunk[]): readonly Hunk[] {
  if (held === null || sent.length !== held.failed.length || sent.length === held.hunks.length) return sent;
  return held.hunks.map((hunk, i) => sent[held.failed.indexOf(i)] ?? hunk);
}

/** For the model: which edits of a file did not fit and why, with the nearest lines, and that the others are kept (edits count from 1). */
export function sayFailed(path: string, count: number, failed: readonly FailedHunk[]): string {
  const each = failed.map(({ index, problem, nearest }) => {
    const head = count === 1 ? problem : `edit ${index + 1} of ${count}: ${problem}`;
    return [head, ...nearest.map(({ line, text }) => `${line}: ${text}`)].join('\n');
  });
  const others = count - failed.length;
  const rest =
    others === 0
      ? ''
      : `\nThe other ${others === 1 ? 'edit fits and is' : `${others} edits fit and are`} kept: send only ${failed.length === 1 ? 'this one' : `these ${failed.length}`} again.`;
  return `nothing in ${path} was changed: ${each.join('\n')}${rest}`;
}
