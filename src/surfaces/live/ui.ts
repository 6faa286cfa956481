// What the app shows besides the run: the line at hand, what waits, what the next key would do.
import { columns, oneLine } from '../../core/sanitise.ts';
import type { Span } from '../views/styled.ts';
import { plural } from '../words.ts';
import type { Lists } from './prompt/complete.ts';
import { type Desk, isEmpty } from './prompt/desk.ts';

/** `starting`: the run is asked for and has not begun. */
export type Phase = 'idle' | 'starting' | 'working';

export interface Ui {
  readonly desk: Desk;
  readonly lists: Lists;
  readonly session: boolean;
  readonly phase: Phase;
  readonly paused: boolean;
  /** The replies come from a tape, which hears nothing. */
  readonly taped: boolean;
  /** The run was asked to stop. */
  readonly stopping: boolean;
  /** A plan waits for a word; `until`: when it is approved by itself, in milliseconds since the epoch, or null for never. */
  readonly plan: { readonly until: number | null; readonly sound: boolean } | null;
  readonly queue: readonly string[];
  /** The queue goes on only when it is asked to. */
  readonly held: boolean;
  /** The branch that the next task goes on with. */
  readonly onto: string | null;
  /** What the next key of this kind would do, until when. */
  readonly armed: { readonly key: 'escape' | 'interrupt'; readonly until: number } | null;
  /** What a command works at; null when none does. */
  readonly busy: string | null;
}

export function emptyUi(desk: Desk, session: boolean): Ui {
  return {
    desk,
    lists: {},
    session,
    phase: session ? 'idle' : 'starting',
    paused: false,
    taped: false,
    stopping: false,
    plan: null,
    queue: [],
    held: false,
    onto: null,
    armed: null,
    busy: null,
  };
}

/** Whether anything on the screen depends on the time. */
export function isTicking(ui: Ui): boolean {
  return ui.phase !== 'idle' || ui.plan !== null || ui.armed !== null || ui.busy !== null;
}

/** What an empty line of `width` columns says: what can be done now. */
export function placeholder(ui: Ui, now: number, width: number): string {
  const hints = hintsOf(ui, now);
  return hints.find((one) => columns(one) <= width) ?? hints.at(-1) ?? '';
}

/** The hint at its longest, and shorter ones for narrow windows. */
function hintsOf(ui: Ui, now: number): readonly string[] {
  if (ui.stopping) return ['stopping; Ctrl-C again leaves at once', 'stopping'];
  if (ui.plan !== null) return planHints(ui.plan, now);
  if (ui.phase === 'starting') return ['starting · Ctrl-C stops'];
  if (ui.phase === 'working') return workHints(ui);
  if (ui.queue.length > 0 && ui.held) return ['Enter starts the next task of the queue · / for commands', 'Enter starts the next task'];
  return [`what shall ${ui.onto === null ? 'be built' : 'change'}? · / for commands`];
}

function workHints({ paused, taped }: Ui): readonly string[] {
  if (paused) return ['paused · Esc goes on · Ctrl-C stops', 'paused · Esc goes on'];
  const steer = taped ? 'a recorded run' : 'type to steer';
  return [`${steer} · / for commands · Esc pauses · Ctrl-C stops`, `${steer} · Esc pauses · Ctrl-C stops`, 'Esc pauses · Ctrl-C stops'];
}

function planHints({ until, sound }: NonNullable<Ui['plan']>, now: number): readonly string[] {
  if (!sound)
    return ['the plan does not hold: e edits it · type what to change · Ctrl-C stops', 'e edits it · type what to change', 'e edits it'];
  if (until === null)
    return [
      'go on? Enter: yes · e edits · type what to change · Ctrl-C stops',
      'go on? Enter: yes · e edits · Ctrl-C stops',
      'go on? Enter: yes',
    ];
  const soon = `starts in ${Math.max(0, Math.ceil((until - now) / 1000))} s`;
  return [
    `${soon}: Enter now · e edits · type what to change · Esc holds`,
    `${soon}: Enter now · e edits · Esc holds`,
    `${soon} · Esc holds`,
  ];
}

/** The line above the prompt, where there is something to say; null otherwise. */
export function statusOf(ui: Ui, now: number): readonly Span[] | null {
  const armed = ui.armed !== null && ui.armed.until > now ? ui.armed.key : null;
  if (armed === 'escape') return [{ text: 'Esc again clears the line', tone: 'warn' }];
  if (armed === 'interrupt') return [{ text: 'Ctrl-C again leaves', tone: 'warn' }];
  const parts = [
    ...(ui.busy === null ? [] : [ui.busy]),
    // An empty line says it by itself.
    ...(isEmpty(ui.desk) ? [] : typing(ui, now)),
    ...(ui.queue.length === 0 ? [] : [`${plural(ui.queue.length, 'task')} in the queue: ${oneLine(ui.queue[0] ?? '', 60)}`]),
    ...(ui.phase === 'idle' && ui.onto !== null ? [`goes on with ${oneLine(ui.onto, 60)} · /new begins another branch`] : []),
  ];
  return parts.length === 0 ? null : [{ text: parts.join(' · '), tone: ui.stopping ? 'warn' : 'quiet' }];
}

function typing(ui: Ui, now: number): readonly string[] {
  if (ui.stopping) return hintsOf(ui, now).slice(0, 1);
  if (ui.desk.editor.text.startsWith('/')) return [];
  if (ui.plan !== null) return ['Enter sends this as a change to the plan'];
  return ui.paused ? ['paused'] : [];
}
