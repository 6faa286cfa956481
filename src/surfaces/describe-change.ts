// Lines of the events of a run that changes code which exists.
import { CHECK_PATH } from '../core/change.ts';
import type { Event } from '../core/events.ts';
import type { State } from '../core/state.ts';
import { type Line, line } from './line.ts';
import { plural, time } from './words.ts';

type Of<T extends Event['type']> = Extract<Event, { type: T }>;

export function surveyed(event: Of<'surveyed'>): readonly Line[] {
  const how = event.setups[0];
  return [line('plain', 'repo', event.line), ...(how ? [line('quiet', '', `tests by ${how.runner} (${how.why})`)] : [])];
}

export function based(event: Of<'based'>): readonly Line[] {
  if (event.remark !== '') return [line('warn', 'baseline', event.remark)];
  const failing = event.failing === 0 ? '' : `, ${event.failing} already ${event.failing === 1 ? 'fails' : 'fail'}`;
  return [
    line(
      'plain',
      'baseline',
      `${plural(event.passed, 'test')} of the repository ${event.passed === 1 ? 'passes' : 'pass'}${failing} · ${time(event.ms)}`,
    ),
  ];
}

/** The tests that show the task, on the base as it is. */
export function targets(event: Of<'red.proven'>): readonly Line[] {
  if (event.baseline.every((t) => t.path === CHECK_PATH))
    return [line('good', 'red', 'your command fails on the code as it is, as it must')];
  const failing = event.baseline.filter((t) => t.status !== 'passed').length;
  const passing = event.baseline.length - failing;
  const rest = passing === 0 ? '' : `; ${passing} pass already`;
  return [
    line(
      'good',
      'red',
      `${plural(failing, 'test')} ${failing === 1 ? 'fails' : 'fail'} on the code as it is, as ${failing === 1 ? 'it' : 'they'} must${rest}; locked`,
    ),
  ];
}

/** The files that a turn changed, by what became of them. */
export function deeds(event: Of<'tools.done'>, state: State): readonly Line[] {
  const who = event.id.startsWith('tools/tests-') ? 'tests' : 'change';
  const known = new Set(state.run?.base.files);
  const named = Map.groupBy(event.changes, ({ path, blob }) => (blob === null ? 'removed' : known.has(path) ? 'changed' : 'wrote'));
  const said = [...named].map(([verb, changes]) => `${verb} ${changes.map((c) => c.path).join(', ')}`);
  return said.length === 0 ? [] : [line('plain', who, said.join('; '))];
}

/** What a turn of tools adds where the run's own tests are run after it. */
export function turned(event: Of<'tools.done'>): readonly Line[] {
  return [
    ...(event.amended ?? []).map((a) => line('warn', 'amended', `${a.path}: ${a.why}`)),
    ...(event.untestable === undefined ? [] : [line('warn', 'tests', `nothing to prove red: ${event.untestable}`)]),
    ...(event.targets === 'green' ? [line('plain', '', 'the tests of the task pass')] : []),
  ];
}
