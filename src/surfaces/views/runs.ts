// The list of runs.

import type { Tone } from '../line.ts';
import { plural, time } from '../words.ts';
import { EMPTY, type Page, prose, type Styled, safe, span, styled } from './styled.ts';

/** A run as the list shows it. */
export interface RunEntry {
  readonly run: string;
  /** An outcome, or `running`, `cut off`, `unreadable`. */
  readonly state: string;
  readonly title: string;
  readonly branch: string | null;
  /** Why it ended, or why it cannot be read; empty when there is nothing to say. */
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** The runs in the order given. `now` is in milliseconds since the epoch. */
export function runsView(runs: readonly RunEntry[], now: number): readonly Page[] {
  const lines = runs.flatMap((one, i) => [...(i === 0 ? [] : [EMPTY]), ...entry(one, now)]);
  return [{ title: plural(runs.length, 'run'), lines: lines.length === 0 ? [styled(span('No runs yet.', 'quiet'))] : lines }];
}

function entry({ run, state, title, branch, reason, startedAt }: RunEntry, now: number): readonly Styled[] {
  return [
    prose(2, span(`${state}  `, toneOf(state), true), span(safe(title), 'strong')),
    prose(
      2,
      span(`  ${run}  ${time(Math.max(0, now - startedAt))} ago`, 'quiet'),
      ...(branch === null ? [] : [span(`  ${safe(branch)}`, 'cyan')]),
    ),
    ...(reason === '' ? [] : [prose(2, span(`  ${safe(reason)}`))]),
  ];
}

function toneOf(state: string): Tone {
  if (state === 'green') return 'good';
  if (state === 'red' || state === 'failed') return 'bad';
  return state === 'running' ? 'plain' : 'warn';
}
