// redgreen in a real pseudo-terminal whose bytes are drawn by a headless emulator: what a person types, and what a person sees.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pty from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { type Modes, modesAfter } from './bytes.ts';
import { below, type Process, remaining } from './processes.ts';
import { MODERN } from './unicode.ts';

const ROOT = join(import.meta.dirname, '../..');
const PATIENCE = 40_000;

export interface TerminalOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly home: string;
  /** Joins PATH, HOME, TERM and LANG; an empty value takes one of them away. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cols?: number;
  readonly rows?: number;
  /** Whether the terminal speaks the kitty keyboard protocol. */
  readonly kitty?: boolean;
}

/** How a cell is drawn. */
export interface Style {
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
  /** Number of the colour in the terminal's palette (1 red, 2 green, 3 yellow, 6 cyan); null for the default. */
  readonly colour: number | null;
}

export interface Terminal {
  /** The window's rows from the top, without trailing blanks. */
  screen(): readonly string[];
  /** What scrolled off the top of the primary screen, oldest first. */
  scrollback(): readonly string[];
  /** Scrollback and primary screen, also while a view is open. */
  everything(): readonly string[];
  cursor(): { readonly x: number; readonly y: number };
  modes(): Modes;
  /** Style of the first cell of `text` in the window. Throws when it is not there. */
  style(text: string): Style;
  /** Every byte that came. */
  raw(): string;
  /** Types keys, one after the other, as they are. */
  press(...keys: readonly string[]): Promise<void>;
  /** Pastes, bracketed where the program asked for that. */
  paste(text: string): Promise<void>;
  resize(cols: number, rows: number): Promise<void>;
  /** Resolves when `seen` is on the screen, is matched by it or answers true. Fails with the screen. */
  waitFor(seen: string | RegExp | (() => boolean), ms?: number): Promise<void>;
  /** Resolves when nothing has come and nothing was pressed for `ms`; only where no clock is on the screen. */
  quiet(ms?: number): Promise<void>;
  /** Sends a signal to redgreen itself. */
  signal(name: NodeJS.Signals): void;
  /** Closes the window, as a person does with the mouse. */
  hangUp(): void;
  /** Resolves to the exit code once the user's shell has its prompt again. */
  ended(ms?: number): Promise<number>;
  /** The terminal's line settings (`stty -g`) before the start and after the end. */
  settings(): { readonly before: string; readonly after: string };
  /** Processes that outlived redgreen; waits a moment for those that are just going. */
  left(): Promise<readonly string[]>;
  /** The screen with a frame, the cursor and the modes, for messages. */
  picture(): string;
  close(): Promise<void>;
}

/** Starts `bin/redgreen` with `args`. `close` ends it and all that it started. */
export function openTerminal(options: TerminalOptions): Terminal {
  const size = { cols: options.cols ?? 80, rows: options.rows ?? 24 };
  const note = join(options.home, 'terminal', String(process.hrtime.bigint()));
  mkdirSync(note, { recursive: true });
  const env = Object.fromEntries(
    Object.entries({
      PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
      HOME: options.home,
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      REDGREEN_MUTANTS: '0',
      ...options.env,
    }).filter(([, value]) => value !== ''),
  );
  const emulator = new xterm.Terminal({ ...size, scrollback: 20_000, allowProposedApi: true });
  emulator.unicode.register(MODERN);
  emulator.unicode.activeVersion = MODERN.version;
  const shell = pty.spawn('/bin/sh', [join(import.meta.dirname, 'user.sh'), note, join(ROOT, 'bin/redgreen'), ...options.args], {
    ...size,
    name: env['TERM'] ?? '',
    cwd: options.cwd,
    env,
  });
  const known = new Map<number, Process>();
  const look = () => {
    for (const one of below(shell.pid)) known.set(one.pid, one);
  };
  let raw = '';
  let drawn = 0;
  let came = Date.now();
  let open = true;
  shell.onData((data) => {
    raw += data;
    came = Date.now();
    emulator.write(data, () => {
      drawn += data.length;
    });
  });
  shell.onExit(() => {
    open = false;
  });
  // A terminal answers what it is asked: where the cursor is, what it is.
  emulator.onData((answer) => open && shell.write(answer));
  if (options.kitty === true)
    emulator.parser.registerCsiHandler({ prefix: '?', final: 'u' }, () => {
      if (open) shell.write('\u001b[?0u');
      return true;
    });

  const rowsOf = (buffer: typeof emulator.buffer.active, from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => buffer.getLine(from + i)?.translateToString(true) ?? '');
  const { normal } = emulator.buffer;
  const screen = () => {
    const buffer = emulator.buffer.active;
    return rowsOf(buffer, buffer.baseY, buffer.baseY + emulator.rows);
  };
  const cursor = () => ({ x: emulator.buffer.active.cursorX, y: emulator.buffer.active.cursorY });
  const picture = () => {
    const { x, y } = cursor();
    const edge = `+${'-'.repeat(emulator.cols)}+`;
    const rows = screen().map((row, i) => `|${row}${i === y ? `   <- cursor at ${x}` : ''}`);
    return [edge, ...rows, edge, JSON.stringify(modesAfter(raw)), `last bytes: ${JSON.stringify(raw.slice(-400))}`].join('\n');
  };
  const waitUntil = async (true_: () => boolean, what: string, ms: number) => {
    const end = Date.now() + ms;
    while (drawn < raw.length || !true_()) {
      if (Date.now() > end) throw new Error(`Waited ${ms / 1000} s for ${what}; the screen was:\n${picture()}`);
      await pause(20);
    }
  };
  const exitCode = () => /\[exit (\d+)\]\$ $/.exec(raw)?.[1];
  return {
    screen,
    scrollback: () => rowsOf(normal, 0, normal.baseY),
    everything: () => rowsOf(normal, 0, normal.baseY + emulator.rows),
    cursor,
    modes: () => modesAfter(raw),
    style: (text) => {
      const buffer = emulator.buffer.active;
      const y = screen().findIndex((row) => row.includes(text));
      const line = buffer.getLine(buffer.baseY + y);
      if (y < 0 || !line) throw new Error(`"${text}" is not on the screen:\n${picture()}`);
      const cell = line.getCell(columnOf(line, text));
      if (!cell) throw new Error(`"${text}" has no cell:\n${picture()}`);
      return {
        bold: cell.isBold() !== 0,
        dim: cell.isDim() !== 0,
        inverse: cell.isInverse() !== 0,
        colour: cell.isFgDefault() ? null : cell.getFgColor(),
      };
    },
    raw: () => raw,
    press: async (...keys) => {
      look();
      for (const key of keys) {
        shell.write(key);
        // A person is no faster, and what belongs to one key must come alone.
        await pause(30);
        came = Date.now();
      }
    },
    paste: async (text) => {
      shell.write(modesAfter(raw).paste ? `\u001b[200~${text}\u001b[201~` : text);
      await pause(30);
      came = Date.now();
    },
    resize: async (cols, rows) => {
      await waitUntil(() => true, 'the screen to be drawn', PATIENCE);
      emulator.resize(cols, rows);
      shell.resize(cols, rows);
      await pause(30);
      came = Date.now();
    },
    waitFor: async (seen, ms = PATIENCE) => {
      const is = typeof seen === 'function' ? seen : () => matches(screen().join('\n'), seen);
      await waitUntil(is, String(seen), ms);
      look();
    },
    quiet: async (ms = 300) => waitUntil(() => Date.now() - came > ms, `${ms} ms without output`, PATIENCE),
    signal: (name) => {
      look();
      const redgreen = below(shell.pid).find((p) => p.parent === shell.pid);
      if (redgreen) process.kill(redgreen.pid, name);
    },
    hangUp: () => {
      look();
      (shell as unknown as { destroy(): void }).destroy();
    },
    ended: async (ms = PATIENCE) => {
      await waitUntil(() => exitCode() !== undefined, 'the end', ms);
      return Number(exitCode());
    },
    settings: () => {
      const read = (name: string) => (existsSync(join(note, name)) ? readFileSync(join(note, name), 'utf8') : '');
      return { before: read('before'), after: read('after') };
    },
    left: async () => {
      const still = () =>
        remaining(known.values(), options.home).filter((p) => p.pid !== shell.pid && !p.command.includes('screen/user.sh'));
      for (let i = 0; i < 40 && still().length > 0; i++) await pause(50);
      return still().map((p) => `${p.pid} ${p.command}`);
    },
    picture,
    close: async () => {
      look();
      if (open) shell.kill('SIGKILL');
      for (const one of remaining(known.values(), options.home)) end(one.pid);
      emulator.dispose();
    },
  };
}

function matches(text: string, seen: string | RegExp): boolean {
  return typeof seen === 'string' ? text.includes(seen) : seen.test(text);
}

/** Column in which `text` begins; wide characters take two. */
function columnOf(
  line: { readonly length: number; translateToString(trim: boolean, from: number, to: number): string },
  text: string,
): number {
  for (let x = 0; x < line.length; x++) if (line.translateToString(true, x, line.length).startsWith(text)) return x;
  return 0;
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
