// What the live screen shows, as data: a fold over events and signals. What a piece of a reply costs does not depend on what came before.
import type { Event, Signal } from '../../../core/events.ts';
import { type Role, roleOf } from '../../../core/model.ts';
import { initialState } from '../../../core/reduce.ts';
import type { TestReport } from '../../../core/report.ts';
import type { State } from '../../../core/state.ts';
import { describe } from '../../describe.ts';
import { noProgress, type Progress, progressEvent, progressSignal } from '../../doing.ts';
import type { Line } from '../../line.ts';
import type { Counts } from '../../views/diff-file.ts';
import { afterWait, noWait, type Wait } from '../../waits.ts';
import { type Grid, gridEvent, gridTest, noGrid } from './grid-cells.ts';
import { type Tails, tailsDelta, tailsEvent } from './view-tails.ts';
import { noWork, type Work, workEvent, workTest } from './view-work.ts';

export interface View {
  readonly state: State;
  /** Finished lines that nobody took yet (see `taken`), oldest first. */
  readonly lines: readonly Line[];
  readonly progress: Progress;
  readonly wait: Wait;
  readonly tails: Tails;
  readonly grid: Grid;
  readonly work: Work;
  /** The model that answered last, by role. */
  readonly models: Readonly<Partial<Record<Role, string>>>;
  /** Characters of each file as its author wrote it. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Lines that each file of a change gained and lost, as far as they were compared (see `viewCounts`). */
  readonly counts: Readonly<Record<string, Counts>>;
  /** Tests of the repository that passed before and that the last round tried again, of which so many still pass; null before that. */
  readonly also: number | null;
  /** Files in the frames of the last round's failures; null while its report was not given (see `viewReport`). */
  readonly frames: ReadonlySet<string> | null;
}

export const emptyView: View = {
  state: initialState,
  lines: [],
  progress: noProgress,
  wait: noWait,
  tails: {},
  grid: noGrid,
  work: noWork,
  models: {},
  sizes: {},
  counts: {},
  also: null,
  frames: null,
};

/** The view after a journaled event; `state` is the one after it. */
export function viewEvent(view: View, event: Event, state: State): View {
  const { isNew, wait } = afterWait(view.wait, event);
  const lines = isNew ? describe(event, state) : [];
  return {
    ...view,
    state,
    wait,
    lines: lines.length === 0 ? view.lines : [...view.lines, ...lines],
    progress: progressEvent(view.progress, event),
    tails: tailsEvent(view.tails, event),
    grid: gridEvent(view.grid, event, state),
    work: workEvent(view.work, event),
    models: event.type === 'answered' ? { ...view.models, [roleOf(event.step)]: event.model } : view.models,
    sizes:
      event.type === 'answered' && event.content.kind === 'file'
        ? { ...view.sizes, [event.subject]: event.content.characters }
        : view.sizes,
    also: event.type === 'tested' ? (event.alsoPassed ?? 0) || null : view.also,
    frames: event.type === 'tested' || event.type === 'proven' ? null : view.frames,
  };
}

/** The view after what is seen and never journaled. */
export function viewSignal(view: View, signal: Signal): View {
  if (signal.type === 'test')
    return { ...view, grid: gridTest(view.grid, signal.id, signal.line), work: workTest(view.work, signal.id, signal.line) };
  const next = { ...view, progress: progressSignal(view.progress, signal) };
  return signal.type === 'delta' ? { ...next, tails: tailsDelta(view.tails, signal.id, signal.text) } : next;
}

/** The view when its finished lines were taken. */
export function taken(view: View): View {
  return view.lines.length === 0 ? view : { ...view, lines: [] };
}

/** The view with the lines that each file of a change gained and lost. */
export function viewCounts(view: View, counts: View['counts']): View {
  return { ...view, counts };
}

/** The view with the report of the last round (the blob `state.last.report`), which names the files in its failures' frames. */
export function viewReport(view: View, report: Pick<TestReport, 'tests' | 'fileFailures'>): View {
  const failures = [...report.tests, ...report.fileFailures].flatMap((t) => t.failure ?? []);
  return { ...view, frames: new Set(failures.flatMap((failure) => failure.frames.map((frame) => frame.path))) };
}
