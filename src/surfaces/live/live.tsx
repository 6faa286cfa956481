// The live screen. Imported only when a person sits at a terminal, because ink is heavy.
import { render } from 'ink';
import { type Line, line, WHOLE } from '../line.ts';
import type { Surface } from '../surface.ts';
import { App, type AppProps } from './app.tsx';
import { type Bridge, type Hooks, patch, type Shown } from './bridge.ts';
import { createHelm, type Helm } from './orders/helm.ts';
import { createOrders } from './orders/orders.ts';
import { createPlanWait, type PlanWait } from './orders/plan-wait.ts';
import { createWishes, type Wish, type Wishes } from './orders/wishes.ts';
import { type Memory, openView, type ViewName } from './pager/views.ts';
import type { Painting } from './paint/paint.tsx';
import { createPrinter, type Printer } from './printer.ts';
import { deskOf, offered } from './prompt/desk.ts';
import { expanded } from './prompt/editor.ts';
import { MARK } from './prompt/prompt-frame.ts';
import { emptyView, type View } from './run/view.ts';
import { createRunSurface } from './run-surface.ts';
import { createStore, type Store } from './store.ts';
import { emptyUi, type Ui } from './ui.ts';
import { createWindow } from './window.ts';

export interface LiveOptions {
  readonly stdout: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  readonly painting: Painting;
  /** Whether the terminal wraps what is on the screen anew when it becomes narrower. */
  readonly reflows: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called for each wish to stop the run. */
  readonly interrupt: () => void;
  /** Milliseconds after which a plan is approved by itself; null for never. */
  readonly planMs: number | null;
  readonly hooks: Hooks;
  /** Several runs, one after the other, and a prompt between them; else one run, whose end is the end. */
  readonly session: boolean;
}

export interface Live {
  /** The screen of the run that begins now. */
  surface(): Surface;
  /** What the person wants next (sessions). */
  next(): Promise<Wish>;
  print(lines: readonly Line[]): void;
  /** The task could not begin: its text goes back to the prompt line. */
  takeBack(text: string): void;
  /** Says which branch the next task goes on with. */
  goesOn(branch: string | null): void;
  /** Ends the session as soon as nothing works. */
  leave(): void;
  /** Leaves a view or editor that is open. */
  leaveView(): void;
  /** Whether another program has the terminal. */
  isAway(): boolean;
  /** Restores the terminal; resolves when everything is written. Throws what broke the screen, if something did. */
  close(): Promise<void>;
}

type Suspend = Parameters<AppProps['onReady']>[0];

/** The app's parts, put together by `createLive`. */
interface Parts {
  readonly options: LiveOptions;
  readonly ui: Store<Ui>;
  readonly view: Store<View>;
  readonly printer: Printer;
  /** What changes while it runs. */
  readonly now: {
    suspend: Suspend | null;
    shown: Shown | null;
    memory: Memory | null;
    isAway: boolean;
    /** Ends the view or editor that is open. */
    leaving: AbortController;
    broken: { readonly thrown: unknown } | null;
  };
}

const FRAMES_PER_SECOND = 12;

export function createLive(options: LiveOptions): Live {
  const parts: Parts = {
    options,
    ui: createStore(emptyUi(deskOf(options.hooks.history), options.session), 0),
    view: createStore<View>(emptyView, 1000 / FRAMES_PER_SECOND),
    printer: createPrinter(),
    now: { suspend: null, shown: null, memory: null, isAway: false, leaving: new AbortController(), broken: null },
  };
  const { ui, view, now } = parts;
  const bridge = bridgeOf(parts);
  const plan = createPlanWait(bridge, options.planMs);
  const wishes = createWishes(bridge);
  const helm = steer(parts, bridge, plan, wishes);
  const app = open(parts, helm);
  let closed: Promise<void> | null = null;
  return {
    surface: () => {
      const onShown = (shown: Shown, memory: Memory) => Object.assign(now, { shown, memory });
      return createRunSurface({ bridge, view, plan, wishes, onShown });
    },
    next: wishes.next,
    print: bridge.print,
    takeBack: (text) => ui.set((u) => ({ ...u, phase: 'idle', stopping: false, held: u.queue.length > 0, desk: offered(u.desk, text) })),
    goesOn: (onto) => patch(bridge, { onto }),
    leave: wishes.leave,
    leaveView: () => {
      now.leaving.abort();
      now.leaving = new AbortController();
    },
    isAway: () => now.isAway,
    close: () => {
      closed ??= close(parts, app);
      return closed;
    },
  };
}

async function close({ ui, view, printer, now }: Parts, app: { close(): Promise<void> }): Promise<void> {
  const typed = expanded(ui.get().desk.editor).trim();
  if (typed !== '') printer.push([line('warn', 'not sent', typed, WHOLE)]);
  if (now.broken === null) await printer.drained();
  view.close();
  await app.close();
  if (now.broken !== null) throw now.broken.thrown;
}

/** Lends the terminal to another program. */
async function lend({ now }: Parts): Promise<{ resume(): Promise<void> }> {
  if (now.suspend === null) throw new Error('the app is not drawn yet');
  return now.suspend();
}

async function lent<T>(parts: Parts, work: () => Promise<T>): Promise<T> {
  const terminal = await lend(parts);
  try {
    return await work();
  } finally {
    await terminal.resume();
  }
}

function bridgeOf(parts: Parts): Bridge {
  const { options, ui, printer, now } = parts;
  return {
    ui,
    hooks: options.hooks,
    now: options.now,
    print: printer.push,
    interrupt: options.interrupt,
    shown: () => now.shown,
    edit: (text) => away(parts, () => lent(parts, () => options.hooks.edit(text, now.leaving.signal))),
    away: (work) => away(parts, work),
  };
}

async function away<T>({ printer, now }: Parts, work: () => Promise<T>): Promise<T> {
  now.isAway = true;
  await printer.hold();
  try {
    return await work();
  } finally {
    now.isAway = false;
    printer.release();
  }
}

/** Joins keys, commands and views. */
function steer(parts: Parts, bridge: Bridge, plan: PlanWait, wishes: Wishes): Helm {
  const { options, view, now } = parts;
  const { stdout, stdin, painting } = options;
  const stop = () => helm.stop();
  const open = async (name: ViewName, find: string) => {
    const suspend = () => lend(parts);
    const place = { stdout, stdin, painting, suspend, subscribe: view.subscribe, interrupt: stop, signal: now.leaving.signal };
    await openView(bridge, place, now.memory, name, find);
  };
  const orders = createOrders({ bridge, plan, wishes, stop, open });
  const redraw = () => void away(parts, () => lent(parts, async () => void stdout.write('\u001b[H\u001b[J')));
  const helm: Helm = createHelm({ bridge, plan, wishes, orders, width: () => (stdout.columns || 80) - MARK, redraw });
  return helm;
}

/** Draws the app. Its `close` restores the terminal. */
function open({ options, ui, view, printer, now }: Parts, helm: Helm): { close(): Promise<void> } {
  const { stdout, stdin, painting } = options;
  const onReady = (suspend: Suspend) => {
    now.suspend = suspend;
  };
  const window = createWindow(stdout, options.reflows, () => app.rerender(tree));
  const tree = (
    <App
      view={view}
      ui={ui}
      printer={printer}
      painting={painting}
      window={window}
      now={options.now}
      press={helm.press}
      paste={helm.paste}
      onReady={onReady}
    />
  );
  // Else the terminal would echo its answer to ink's question on the keyboard.
  stdin.setRawMode(true);
  const app = render(tree, {
    stdout: window.stdout,
    stdin,
    exitOnCtrlC: false,
    interactive: true,
    patchConsole: false,
    maxFps: FRAMES_PER_SECOND,
    isScreenReaderEnabled: painting.reader,
    kittyKeyboard: { mode: 'auto' },
  });
  const exited = app.waitUntilExit().catch((thrown: unknown) => {
    // Without its screen the run is stopped; its work is kept.
    now.broken = { thrown };
    options.interrupt();
  });
  return {
    close: async () => {
      if (now.broken !== null) return;
      window.close();
      await app.waitUntilRenderFlush();
      app.rerender(null);
      await app.waitUntilRenderFlush();
      app.unmount();
      await exited;
    },
  };
}
