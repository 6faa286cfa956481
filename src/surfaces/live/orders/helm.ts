// What each key does beyond the line: sends words to where they belong, pauses, stops, leaves.
import type { State } from '../../../core/state.ts';
import { line } from '../../line.ts';
import { type Bridge, patch } from '../bridge.ts';
import { sourceOf } from '../prompt/complete.ts';
import { type Act, cleared, isEmpty, offered, pasted, press } from '../prompt/desk.ts';
import { isKept } from '../prompt/history.ts';
import type { Press } from '../prompt/keys.ts';
import { unknownSlash } from './orders.ts';
import type { PlanWait } from './plan-wait.ts';
import { parseSlash, type SlashName, type Source } from './slash.ts';
import type { Wishes } from './wishes.ts';

/** Milliseconds within which a second Esc or Ctrl-C counts as one. */
const TWICE = 2000;
/** Milliseconds after which a lone `e` is a key and not the beginning of a word. */
const LONE = 350;

export interface HelmOptions {
  readonly bridge: Bridge;
  readonly plan: PlanWait;
  readonly wishes: Wishes;
  readonly orders: (name: SlashName, args: string) => void;
  /** Columns for the prompt's text. */
  readonly width: () => number;
  /** Draws the screen anew. */
  readonly redraw: () => void;
}

export interface Helm {
  press(key: Press): void;
  paste(text: string): void;
  /** Stops the run as Ctrl-C does. */
  stop(): void;
}

export function createHelm(options: HelmOptions): Helm {
  const { bridge, plan, wishes } = options;
  const { ui, now } = bridge;
  let needed: Source | null = null;
  const stop = () => {
    patch(bridge, { stopping: true });
    bridge.interrupt();
  };
  /** Esc and Ctrl-C that count only when they come twice; true the second time. */
  const isSecond = (key: 'escape' | 'interrupt'): boolean => {
    const { armed } = ui.get();
    const second = armed?.key === key && armed.until > now();
    patch(bridge, { armed: second ? null : { key, until: now() + TWICE } });
    if (!second)
      setTimeout(() => ui.set((u) => (u.armed !== null && u.armed.until <= now() ? { ...u, armed: null } : u)), TWICE + 20).unref();
    return second;
  };
  const send = (text: string) => {
    if (text.trim() === '') return sendNothing(options);
    const parsed = parseSlash(text);
    if (parsed.kind === 'words') return sendWords(options, text.trim());
    if (parsed.kind === 'unknown') return bridge.print([unknownSlash(parsed.name, ui.get().session, bridge.hooks.nearest)]);
    options.orders(parsed.name, parsed.args);
  };
  const onEscape = () => {
    const { desk, phase, paused, plan: waits } = ui.get();
    if (!isEmpty(desk)) {
      if (isSecond('escape')) ui.set((u) => ({ ...u, desk: cleared(u.desk) }));
    } else if (waits === null && phase === 'working') options.orders(paused ? 'continue' : 'pause', '');
  };
  const onInterrupt = () => {
    const { desk, phase } = ui.get();
    if (!isEmpty(desk)) ui.set((u) => ({ ...u, desk: cleared(u.desk) }));
    else if (phase !== 'idle') stop();
    else if (isSecond('interrupt')) wishes.leave();
  };
  const act = (wanted: Act) => {
    if (wanted.type === 'send') send(wanted.text);
    else if (wanted.type === 'escape') onEscape();
    else if (wanted.type === 'interrupt') onInterrupt();
    else if (wanted.type === 'redraw') options.redraw();
    else if (ui.get().phase === 'idle') wishes.leave();
  };
  const complete = async () => {
    const source = sourceOf(ui.get().desk.editor);
    if (source === needed) return;
    needed = source;
    if (source === null) return;
    const names = namesOf(source, bridge.shown()?.state) ?? (await bridge.hooks.list(source).catch(() => []));
    ui.set((u) => ({ ...u, lists: { ...u.lists, [source]: names } }));
  };
  return {
    press: (key) => {
      if (key.type !== 'enter') plan.hold();
      if (ui.get().armed !== null && key.type !== ui.get().armed?.key) patch(bridge, { armed: null });
      if (opensEditor(options, key)) return;
      const before = ui.get();
      const { desk, act: wanted } = press(before.desk, key, { width: options.width(), session: before.session, lists: before.lists });
      patch(bridge, { desk });
      if (wanted?.type === 'send' && isKept(before.desk.history, wanted.text)) bridge.hooks.remember(wanted.text);
      if (wanted !== null) act(wanted);
      void complete();
    },
    paste: (text) => {
      plan.hold();
      ui.set((u) => ({ ...u, armed: null, desk: pasted(u.desk, text) }));
    },
    stop,
  };
}

/** Enter on an empty line: yes to a plan, or the next task of a queue that was held. */
function sendNothing({ bridge, plan, wishes }: HelmOptions): void {
  const { plan: waits, phase, queue } = bridge.ui.get();
  if (waits?.sound === true) plan.approve();
  else if (phase === 'idle' && queue.length > 0) wishes.goOn();
}

/** Words are a task, a change to the plan that waits, or a remark on the run that works. */
function sendWords(options: HelmOptions, text: string): void {
  const { phase, plan: waits } = options.bridge.ui.get();
  if (phase === 'idle') options.wishes.give({ type: 'task', text });
  else if (waits !== null) options.plan.reject(text);
  else remark(options, text);
}

/** In a session nothing that was said too early or too late is lost: it becomes a task. */
function remark({ bridge, wishes }: HelmOptions, text: string): void {
  const { phase, session } = bridge.ui.get();
  const run = bridge.shown();
  const wrong = phase === 'working' && run !== null ? run.meeting.say({ type: 'remark', text }) : 'The run has not begun.';
  if (wrong === null) return;
  if (session) {
    wishes.add(text);
    return;
  }
  bridge.print([line('warn', '', wrong)]);
  bridge.ui.set((u) => ({ ...u, desk: offered(u.desk, text) }));
}

/** While a plan waits, `e` on an empty line opens the editor, unless a word follows at once. */
function opensEditor({ bridge, plan }: HelmOptions, key: Press): boolean {
  const { ui } = bridge;
  if (ui.get().plan === null || !isEmpty(ui.get().desk) || key.type !== 'text' || key.text !== 'e') return false;
  ui.set((u) => ({ ...u, desk: offered(u.desk, 'e') }));
  setTimeout(() => {
    if (ui.get().plan === null || ui.get().desk.editor.text !== 'e') return;
    ui.set((u) => ({ ...u, desk: { ...u.desk, editor: { ...u.desk.editor, text: '', caret: 0 } } }));
    void plan.edit();
  }, LONE);
  return true;
}

function namesOf(source: Source, state: State | undefined): readonly string[] | null {
  if (source === 'files') return state === undefined ? [] : Object.keys({ ...state.files, ...state.tests });
  if (source === 'tests') return state?.last?.tests.filter((t) => t.status === 'failed').map((t) => t.id) ?? [];
  return null;
}
