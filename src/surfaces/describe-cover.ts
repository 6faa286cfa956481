// Lines of the events of a run that writes tests for code that exists.
import type { Event, Gauge } from '../core/events.ts';
import { gist } from '../core/gist.ts';
import type { State } from '../core/state.ts';
import { type Line, line } from './line.ts';
import { plural, time } from './words.ts';

type Of<T extends Event['type']> = Extract<Event, { type: T }>;

export function gauged(event: Of<'gauged'>): readonly Line[] {
  const head = line('plain', 'before', `${event.path}: ${figures(event.gauge)} · ${time(event.ms)}`);
  return event.remark === '' ? [head] : [head, line('warn', '', event.remark)];
}

/** What tests show of a file, in words. */
function figures({ mutants, killed, lines }: Gauge): string {
  const changes = mutants === 0 ? [] : [`${killed} of ${plural(mutants, 'small change')} noticed`];
  const reached = lines === null ? [] : [`${lines.all - lines.unreached.length} of ${plural(lines.all, 'line')} reached`];
  return [...changes, ...reached].join(', ') || 'nothing can be followed';
}

export function admitted(event: Of<'admitted'>, state: State): readonly Line[] {
  const unit = state.cover?.find((one) => one.path === event.path);
  if (unit?.done !== true) return event.problems.map((p, i) => line('warn', i === 0 ? 'sent back' : '', `${p.where}: ${gist(p.message)}`));
  const kept = event.tests.filter((t) => t.kept).length;
  const after = event.after === null ? '' : `; now ${figures(event.after)}`;
  return [
    line(
      kept > 0 ? 'good' : 'warn',
      'tests',
      `${event.path}: ${kept} of ${plural(event.tests.length, 'test')} kept${after} · ${time(event.ms)}`,
    ),
    ...event.tests.map((t) => line(t.kept ? 'plain' : 'quiet', '', `${t.kept ? 'kept' : 'dropped'}: ${t.id}: ${t.why}`)),
    ...event.suspects.map((t) => line('warn', 'bug?', `${t.id}: ${t.why}`)),
  ];
}
