// The live app in this process, on an emulated terminal, with a run whose events the test decides.
import { PassThrough, Writable } from 'node:stream';
import xterm from '@xterm/headless';
import { nearest } from '../../../src/config/nearest.ts';
import { type Body, EVENT_VERSION, type Event } from '../../../src/core/events.ts';
import { initialState, reduce } from '../../../src/core/reduce.ts';
import type { State } from '../../../src/core/state.ts';
import { meetingOf } from '../../../src/run-talk.ts';
import type { Hooks } from '../../../src/surfaces/live/bridge.ts';
import { createLive, type LiveOptions } from '../../../src/surfaces/live/live.tsx';
import { unicodeSymbols } from '../../../src/surfaces/live/paint/symbols.ts';
import type { Surface } from '../../../src/surfaces/surface.ts';
import { START } from '../events.ts';

export interface StageOptions extends Partial<Pick<LiveOptions, 'session' | 'planMs'>> {
  readonly hooks?: Partial<Hooks>;
  readonly size?: { readonly columns: number; readonly rows: number };
}

export function stage(options: StageOptions = {}) {
  const size = { ...(options.size ?? { columns: 80, rows: 24 }) };
  const terminal = new xterm.Terminal({ cols: size.columns, rows: size.rows, scrollback: 500, allowProposedApi: true });
  let raw = '';
  const out = new Writable({
    write: (chunk: Buffer, _, done) => {
      raw += chunk.toString('utf8');
      // The emulator is no tty driver: a line feed alone would not go back to the first column.
      terminal.write(chunk.toString('utf8').replace(/\r?\n/g, '\r\n'), done);
    },
  });
  const stdout = Object.assign(out, { ...size, isTTY: true }) as unknown as NodeJS.WriteStream;
  const input = new PassThrough();
  const modes: boolean[] = [];
  const stdin = Object.assign(input, { isTTY: true, setRawMode: (on: boolean) => modes.push(on), ref: () => {}, unref: () => {} });
  const said: { interrupts: number; remembered: string[]; commands: [string, string][] } = { interrupts: 0, remembered: [], commands: [] };
  const hooks: Hooks = {
    command: async (name, args) => {
      said.commands.push([name, args]);
      return [];
    },
    list: async () => [],
    edit: async (text) => text,
    nearest,
    history: [],
    remember: (text) => said.remembered.push(text),
    ...options.hooks,
  };
  const live = createLive({
    stdout,
    stdin: stdin as unknown as NodeJS.ReadStream,
    reflows: true,
    painting: { color: false, symbols: unicodeSymbols, reader: false },
    now: Date.now,
    interrupt: () => (said.interrupts += 1),
    planMs: options.planMs ?? null,
    hooks,
    session: options.session ?? true,
  });
  const screen = () => {
    const buffer = terminal.buffer.active;
    return Array.from({ length: buffer.length }, (_, y) => buffer.getLine(y)?.translateToString(true) ?? '');
  };
  const sees = async (what: string | RegExp | (() => boolean)) => {
    const isThere =
      typeof what === 'function' ? what : () => screen().some((row) => (typeof what === 'string' ? row.includes(what) : what.test(row)));
    for (let tries = 0; tries < 250; tries++) {
      if (isThere()) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`not seen: ${what}\n${screen().join('\n')}`);
  };
  return {
    live,
    said,
    modes,
    screen,
    sees,
    raw: () => raw,
    /** Lines that are not empty. */
    shown: () => screen().filter((row) => row.trim() !== ''),
    cursor: () => ({ x: terminal.buffer.active.cursorX, row: screen()[terminal.buffer.active.baseY + terminal.buffer.active.cursorY] }),
    /** Presses keys one after the other, each in an event of its own. */
    press: async (...keys: readonly string[]) => {
      for (const key of keys) {
        stdin.write(key);
        // An escape alone is told from the beginning of a sequence by the time after it.
        await new Promise((resolve) => setTimeout(resolve, key === '\u001b' ? 60 : 15));
      }
    },
    resize: (columns: number, rows: number) => {
      Object.assign(stdout, { columns, rows });
      terminal.resize(columns, rows);
      stdout.emit('resize');
    },
  };
}

/** A run that does only what it is told: each body becomes an event on `surface`; what the screen says becomes one, too. */
export function puppet(surface: Surface) {
  let state: State = initialState;
  let seq = 0;
  const emit = (...bodies: readonly Body[]) => {
    for (const body of bodies) {
      const event: Event = { ...body, v: EVENT_VERSION, seq: ++seq, at: START + seq * 1000 };
      state = reduce(state, event);
      heard.push(body);
      surface.event(event, state);
    }
  };
  const heard: Body[] = [];
  const ports = { blobs: { get: async () => '{}' }, workspace: { readBase: async () => null } } as unknown as Parameters<
    typeof meetingOf
  >[0];
  surface.meet?.(
    meetingOf(
      ports,
      () => state,
      (body) => emit(body),
    ),
  );
  return { emit, heard, state: () => state };
}
