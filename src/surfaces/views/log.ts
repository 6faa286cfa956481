// The log: everything that happened, with the run's time.
import type { Event } from '../../core/events.ts';
import { workedMs } from '../../core/reduce-words.ts';
import type { State } from '../../core/state.ts';
import { describe } from '../describe.ts';
import { type Line, line, WHOLE } from '../line.ts';
import { afterWait, noWait } from '../waits.ts';
import { amount, dollars } from '../words.ts';
import { type Page, prose, type Styled, span, styled } from './styled.ts';

export interface Log {
  /** Takes what happened; `state` is the one after it. */
  event(event: Event, state: State): void;
  /** The one page of the log, the last lines of it. */
  pages(): readonly Page[];
}

/** Lines that are kept; earlier ones are in the run's journal. */
const KEPT = 5_000;
const LABEL = 9;

/** A log that holds what it was told, at most its last 5,000 lines. */
export function createLog(): Log {
  let lines: Styled[] = [];
  let dropped = 0;
  let wait = noWait;
  return {
    event: (event, state) => {
      const told = afterWait(wait, event);
      wait = told.wait;
      const said = told.isNew ? describe(event, state) : [];
      const all = [...said, ...more(event, said.length > 0)];
      lines.push(...all.map((one, i) => logLine(one, i === 0 ? clock(workedMs(state, event.at)) : '')));
      if (lines.length < KEPT * 2) return;
      dropped += lines.length - KEPT;
      lines = lines.slice(-KEPT);
    },
    pages: () => {
      const gone = dropped + Math.max(0, lines.length - KEPT);
      const first = gone === 0 ? [] : [styled(span(`${gone} earlier lines are left out; the report has them all`, 'quiet'))];
      return [{ title: 'log', lines: [...first, ...lines.slice(-KEPT)] }];
    },
  };
}

/** What the lines of the screen leave out, because it stands elsewhere there: what an answer took, and the end. */
function more(event: Event, isNamed: boolean): readonly Line[] {
  if (event.type === 'ended') return [line(event.outcome === 'green' ? 'good' : 'bad', 'end', `${event.outcome}: ${event.reason}`, WHOLE)];
  if (event.type !== 'answered') return [];
  const { input, cached, cacheWrite, output } = event.usage;
  const sent = `${amount(input + cached + cacheWrite)} in${cached > 0 ? ` (${amount(cached)} cached)` : ''}, ${amount(output)} out`;
  const what = isNamed ? '' : `${event.step}${event.subject === event.step ? '' : ` ${event.subject}`} · `;
  return [
    line('quiet', 'answer', `${what}${event.model} · ${sent} · ${event.cost === null ? 'price unknown' : dollars(event.cost)}`, WHOLE),
  ];
}

function logLine({ tone, label, text }: Line, at: string): Styled {
  const head = span(`${at.padStart(7)}  `, 'quiet');
  return prose(9 + LABEL + 1, head, span(`${label.padEnd(LABEL)} `, tone), span(text, tone));
}

/** `0:05`, `12:34`, `1:02:03` from milliseconds. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return h === 0 ? `${m}:${two(s)}` : `${h}:${two(m)}:${two(s)}`;
}
