// Opens a view of the run that is shown, over the whole screen.
import type { Event } from '../../../core/events.ts';
import type { State } from '../../../core/state.ts';
import { doing } from '../../doing.ts';
import { line } from '../../line.ts';
import { costEvent, costView, noCosts } from '../../views/cost.ts';
import type { DiffMemory } from '../../views/diff.ts';
import type { Counts } from '../../views/diff-file.ts';
import { createLog } from '../../views/log.ts';
import type { Page } from '../../views/styled.ts';
import type { Bridge, Shown } from '../bridge.ts';
import type { PagerOptions } from './pager.tsx';

export type ViewName = 'plan' | 'diff' | 'tests' | 'log' | 'cost';

/** What views need to remember of a run, beyond its state. */
export interface Memory {
  event(event: Event, state: State): void;
  /** `now` is in milliseconds since the epoch. */
  pages(name: ViewName, run: Shown, now: number): Promise<readonly Page[]>;
  /** The lines that each file of the run gained and lost. Throws `RedgreenError('journal')`. */
  counts(run: Shown): Promise<Readonly<Record<string, Counts>>>;
}

export function createMemory(): Memory {
  const log = createLog();
  const diffs: DiffMemory = new Map();
  let costs = noCosts;
  return {
    event: (event, state) => {
      log.event(event, state);
      costs = costEvent(costs, event);
    },
    counts: async ({ meeting, state }) => (await import('../../views/diff.ts')).countLines(meeting, state, diffs),
    pages: async (name, { meeting, state }, now) => {
      switch (name) {
        case 'log':
          return log.pages();
        case 'cost':
          return costView(costs, state, now);
        case 'plan':
          return state.change === null
            ? (await import('../../views/plan.ts')).planView(state)
            : (await import('../../views/change.ts')).changeView(meeting, state, state.change);
        case 'diff':
          return (await import('../../views/diff.ts')).diffView(meeting, state, diffs);
        case 'tests':
          return (await import('../../views/tests.ts')).testsView(meeting, state);
        default: {
          const never: never = name;
          return never;
        }
      }
    },
  };
}

/** What a view needs of the app whose place it takes. */
export type PagerPlace = Pick<PagerOptions, 'stdout' | 'stdin' | 'painting' | 'suspend' | 'subscribe' | 'interrupt' | 'signal'>;

/** Opens `name`, at what `find` names; resolves when it is left. */
export async function openView(bridge: Bridge, place: PagerPlace, memory: Memory | null, name: ViewName, find: string): Promise<void> {
  const run = bridge.shown();
  if (run === null || memory === null) return bridge.print([line('quiet', name, 'there is no run yet')]);
  const { openPager } = await import('./pager.tsx');
  const latest = () => bridge.shown() ?? run;
  const open = () =>
    openPager({
      ...place,
      title: name,
      pages: () => memory.pages(name, latest(), bridge.now()),
      status: () => latest().state.ended?.outcome ?? doing(latest().state),
      print: bridge.print,
      ...(find === '' ? {} : { find }),
      ...(name === 'log' ? { atEnd: true } : {}),
    });
  // What is read out goes to the transcript, which must be free for it.
  await (place.painting.reader ? open() : bridge.away(open));
}
