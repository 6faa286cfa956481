// One run on the live screen: its events become the view, its finished lines go to the printer.
import type { Event } from '../../core/events.ts';
import { initialState, reduce } from '../../core/reduce.ts';
import type { TestReport } from '../../core/report.ts';
import { closing } from '../closing.ts';
import { line, WHOLE } from '../line.ts';
import type { Meeting, Result, Surface } from '../surface.ts';
import { type Bridge, patch, type Shown } from './bridge.ts';
import { createLate } from './orders/late.ts';
import type { PlanWait } from './orders/plan-wait.ts';
import type { Wishes } from './orders/wishes.ts';
import { createMemory, type Memory } from './pager/views.ts';
import { emptyView, taken, type View, viewCounts, viewEvent, viewReport, viewSignal } from './run/view.ts';
import type { Store } from './store.ts';

export interface RunSurfaceOptions {
  readonly bridge: Bridge;
  readonly view: Store<View>;
  readonly plan: PlanWait;
  readonly wishes: Wishes;
  /** Takes the run as it is after each event. */
  readonly onShown: (shown: Shown, memory: Memory) => void;
}

/** Outcomes after which the queue goes on by itself. */
const GOOD = new Set(['green', 'unproven']);
/** Outcomes after which the run can be resumed, and then hears what was said. */
const RESUMABLE = new Set(['interrupted', 'budget', 'failed']);

/** Events after which the files of a change may be others. */
const TOUCHING: ReadonlySet<Event['type']> = new Set(['surveyed', 'tools.done', 'checked', 'tested', 'admitted', 'resumed']);

/** The surface of the run that begins now. `close` resolves at once; the app goes on. */
export function createRunSurface({ bridge, view, plan, wishes, onShown }: RunSurfaceOptions): Surface {
  const { ui, print } = bridge;
  // What stands there is of the run before.
  view.set(() => emptyView);
  let memory = createMemory();
  let late = createLate();
  let meeting: Meeting | null = null;
  let last: Shown | null = null;
  let seen: View = emptyView;
  const show = (next: View) => {
    if (next.lines.length > 0) print(next.lines);
    seen = taken(next);
    view.set(() => seen);
  };
  const { session } = ui.get();
  /** What nobody has heard is for later, or said to be left. */
  const leave = (unheard: readonly string[]) => {
    if (session) for (const text of unheard) wishes.add(text);
    else print(unheard.map((text) => line('warn', 'not done', text, WHOLE)));
  };
  return {
    meet: (run) => {
      meeting = run;
    },
    recall: (events) => {
      let state = initialState;
      for (const event of events) {
        state = reduce(state, event);
        seen = taken(viewEvent(seen, event, state));
        memory.event(event, state);
      }
    },
    event: (event, state) => {
      // The next run of a series has the same screen.
      if (event.type === 'run.created' && last !== null) {
        leave(late.rest(last.state));
        seen = emptyView;
        memory = createMemory();
        late = createLate();
      }
      if (ui.get().phase !== 'working') patch(bridge, { phase: 'working', taped: state.run !== null && state.run.source !== 'live' });
      show(viewEvent(seen, event, state));
      memory.event(event, state);
      if (meeting === null) return;
      last = { meeting, state };
      onShown(last, memory);
      const paused = state.pausedAt !== null;
      if (ui.get().paused !== paused) patch(bridge, { paused });
      plan.event(event, state);
      if (session) for (const text of late.take(state)) wishes.add(text);
      if (state.change !== null && TOUCHING.has(event.type)) void readCounts(memory, last, (counts) => show(viewCounts(seen, counts)));
      if (event.type === 'tested' || event.type === 'proven') void readFrames(meeting, event, (report) => show(viewReport(seen, report)));
    },
    signal: (signal) => show(viewSignal(seen, signal)),
    finish: (result) => {
      plan.close();
      const unheard = last === null || RESUMABLE.has(result.outcome) ? [] : late.rest(last.state);
      if (session) leave(unheard);
      const lines = closing(result);
      if (lines.length > 0) print([line('plain', '', ''), ...lines]);
      if (!session) leave(unheard);
      end(bridge, result);
    },
    close: async () => undefined,
  };
}

function end(bridge: Bridge, { outcome }: Result): void {
  bridge.ui.set((ui) => ({
    ...ui,
    phase: ui.session ? 'idle' : ui.phase,
    stopping: false,
    paused: false,
    held: ui.queue.length > 0 && (ui.held || !GOOD.has(outcome)),
  }));
}

/** The lines that the files of a change gained and lost; what cannot be read is not counted. */
async function readCounts(memory: Memory, run: Shown, take: (counts: View['counts']) => void): Promise<void> {
  try {
    take(await memory.counts(run));
  } catch {
    // The screen then names the files alone.
  }
}

/** The files that the failures' frames name; what cannot be read is not marked. */
async function readFrames(
  meeting: Meeting,
  { report }: Extract<Event, { type: 'tested' | 'proven' }>,
  take: (report: TestReport) => void,
): Promise<void> {
  try {
    take(JSON.parse(await meeting.read(report)) as TestReport);
  } catch {
    // The screen then marks fewer files.
  }
}
