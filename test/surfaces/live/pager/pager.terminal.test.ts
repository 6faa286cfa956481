import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pty from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../bundle.ts';

const CHILD = fileURLToPath(new URL('./pager-child.tsx', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'redgreen-pager-'));

let bundled = '';
beforeAll(async () => {
  bundled = await bundle(CHILD, folder);
});

const children: ReturnType<typeof pty.spawn>[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** The child in a real terminal, started by a shell that waits for a line before it and after it. */
function start(args: readonly string[], size = { cols: 100, rows: 20 }) {
  const terminal = new xterm.Terminal({ ...size, scrollback: 5000, allowProposedApi: true });
  const script = `tty; read begin; "$0" "$@"; code=$?; printf '\\nback in the shell\\n'; read end; exit $code`;
  const child = pty.spawn('/bin/sh', ['-c', script, process.execPath, bundled, ...args], {
    ...size,
    cwd: folder,
    env: { PATH: process.env['PATH'], TERM: 'xterm-256color' },
  });
  children.push(child);
  let raw = '';
  let code: number | null = null;
  child.onData((data) => {
    raw += data;
    terminal.write(data);
  });
  child.onExit(({ exitCode }) =>
    terminal.write('', () => {
      code = exitCode;
    }),
  );
  const rowsOf = (buffer: typeof terminal.buffer.active) =>
    Array.from({ length: buffer.length }, (_, i) => buffer.getLine(i)?.translateToString(true) ?? '');
  const screen = () => rowsOf(terminal.buffer.active).slice(-terminal.rows);
  const primary = () => rowsOf(terminal.buffer.normal);
  const until = async (what: string, is: () => boolean) => {
    const end = Date.now() + 20_000;
    while (!is()) {
      if (Date.now() > end) throw new Error(`never came: ${what}\n${screen().join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {
    screen,
    primary,
    until,
    sees: (text: string) => screen().some((row) => row.includes(text)),
    raw: () => raw,
    press: (keys: string) => child.write(keys),
    resize: (cols: number, rows: number) => {
      terminal.resize(cols, rows);
      child.resize(cols, rows);
    },
    inView: () => terminal.buffer.active.type === 'alternate',
    status: () => screen().at(-1) ?? '',
    /** Everything that a view could leave behind, beside text. */
    modes: () => ({
      buffer: terminal.buffer.active.type,
      cursor: [terminal.buffer.active.cursorX, terminal.buffer.active.cursorY],
      shown: raw.lastIndexOf('\u001b[?25h') > raw.lastIndexOf('\u001b[?25l'),
      paste: terminal.modes.bracketedPasteMode,
      mouse: terminal.modes.mouseTrackingMode,
      line: execFileSync('stty', ['-a', '-F', primary().find((row) => row.startsWith('/dev/')) ?? ''], { encoding: 'utf8' }),
    }),
    pid: () => Number(/process (\d+)/.exec(raw)?.[1]),
    /** The exit code, once the shell has it. */
    ended: async () => {
      await until('the shell', () => raw.includes('back in the shell'));
      child.write('\r');
      await until('the end', () => code !== null);
      return code;
    },
    /** The finished lines that the primary screen holds. */
    told: () => primary().filter((row) => /^(before|meanwhile|interrupted|terminated|ended)\b/.test(row)),
  };
}

type Session = ReturnType<typeof start>;

/** Lets the child begin; gives the modes before it. */
async function begin(s: Session) {
  await s.until('the shell', () => s.sees('/dev/'));
  const { line } = s.modes();
  s.press('\r');
  await s.until('the live part', () => s.sees('typed:'));
  return { ...HOME, line };
}

async function openView(s: Session) {
  s.press('v');
  await s.until('the view', () => s.inView() && s.sees('first line 1'));
}

const before = Array.from({ length: 40 }, (_, i) => `before ${i}`);
const HOME = { buffer: 'normal', shown: true, paste: false, mouse: 'none' };

describe('a view in a terminal', () => {
  it('leaves screen, scrollback, cursor and modes exactly as they were', async () => {
    const s = start(['quiet']);
    await begin(s);
    s.press('ab');
    await s.until('what was typed', () => s.sees('typed: ab'));
    const [rows, modes] = [s.primary(), s.modes()];
    expect([modes.paste, modes.shown]).toEqual([true, false]);
    await openView(s);
    expect(s.modes().mouse).toBe('none');
    s.press('G');
    await s.until('the end of the view', () => s.status().includes('end'));
    s.press('q');
    await s.until('the live part again', () => !s.inView() && s.sees('typed: ab'));
    expect(s.primary()).toEqual(rows);
    expect(s.modes()).toEqual(modes);
    s.press('cd');
    await s.until('typing goes on', () => s.sees('typed: abcd'));
    s.press('\u0003');
    expect(await s.ended()).toBe(0);
  });

  it('tells afterwards, once and in order, what came meanwhile', async () => {
    const s = start(['goes-on']);
    await begin(s);
    await openView(s);
    const told = s.told();
    const count = () => Number(/(\d+) told/.exec(s.status())?.[1] ?? 0);
    const first = count();
    await s.until('the status to go on', () => count() > first + 20);
    expect(s.told()).toEqual(told);
    s.press('q');
    await s.until('what came meanwhile', () => !s.inView() && s.told().length > told.length + 20);
    expect(s.told().slice(0, told.length)).toEqual(told);
    s.press('\u0003');
    await s.ended();
    const numbers = s.told().flatMap((row) => /(?:before|meanwhile) (\d+)/.exec(row)?.[1] ?? []);
    expect(numbers).toEqual(numbers.map((_, i) => String(i)));
    expect(s.told().at(-1)).toBe('interrupted: the last line');
  });

  for (const [how, why] of [
    ['the run ends', 'ended'],
    ['the process is asked to end', 'terminated'],
    ['Ctrl-C stops the run', 'interrupted'],
  ] as const) {
    it(`restores the terminal when ${how} while it is open`, async () => {
      const s = start([why === 'ended' ? 'ends' : 'quiet']);
      const home = await begin(s);
      await openView(s);
      if (why === 'terminated') process.kill(s.pid(), 'SIGTERM');
      if (why === 'interrupted') s.press('\u0003');
      await s.until('the shell', () => s.sees('back in the shell'));
      expect(s.told()).toEqual([...before, `${why}: the last line`]);
      expect(s.primary().filter((row) => row === 'closing words').length).toBe(1);
      expect(s.modes()).toMatchObject(home);
      expect(await s.ended()).toBe(0);
    });
  }

  it('restores the terminal when the process leaves at once', async () => {
    const s = start(['quits']);
    const home = await begin(s);
    await openView(s);
    process.kill(s.pid(), 'SIGTERM');
    await s.until('the shell', () => s.sees('back in the shell'));
    expect(s.modes()).toMatchObject(home);
    expect(s.told()).toEqual(before);
    expect(await s.ended()).toBe(130);
  });

  it('searches, turns pages and shows its keys', async () => {
    const s = start(['quiet']);
    await begin(s);
    await openView(s);
    s.press('/line 5');
    await s.until('what is typed', () => s.status() === '/line 5');
    s.press('\r');
    await s.until('the place', () => s.screen()[0] === 'first line 5');
    s.press('n');
    await s.until('the next place', () => s.sees('first line 60') && s.status().includes('line 42 of 60, end'));
    s.press('\t');
    await s.until('the next page', () => s.sees('second line 3') && s.status().startsWith('view · second (2 of 2)'));
    s.press('h');
    await s.until('the keys', () => s.sees('Keys of a view'));
    s.press('x');
    await s.until('the page again', () => s.sees('second line 3'));
    s.press('\u001b');
    await s.until('the live part', () => !s.inView());
  });

  it('takes no key out of what is pasted', async () => {
    const s = start(['quiet']);
    await begin(s);
    await openView(s);
    s.press('\u001b[200~q\u0003G\u001b[201~');
    s.press('j');
    await s.until('the key after it', () => s.screen()[0] === 'first line 2');
    s.press('/\u001b[200~line 9\u001b[201~');
    await s.until('what is pasted', () => s.status() === '/line 9');
  });

  it('keeps its columns with wide and combining characters, at every size', async () => {
    const s = start(['quiet']);
    await begin(s);
    await openView(s);
    await s.until('wide characters', () => s.screen()[7] === `first line 8 漢字${'e\u0301'.repeat(3)}|`);
    for (const [cols, rows] of [
      [17, 10],
      [120, 40],
      [40, 6],
      [60, 20],
    ] as const) {
      s.resize(cols, rows);
      await s.until(
        `a frame of ${cols} by ${rows}`,
        () => s.screen()[0] === 'first line 1' && s.status().trim() !== '' && s.screen().length === rows,
      );
      if (cols === 17) expect(s.screen().slice(7, 9)).toEqual(['first line 8 漢字', 'e\u0301e\u0301e\u0301|']);
      expect(s.screen().slice(0, 3)).toEqual(['first line 1', 'first line 2', 'first line 3']);
    }
    s.press('q');
    await s.until('the live part', () => !s.inView() && s.sees('typed:'));
    expect(s.told()).toEqual(before);
  });

  it('opens 100,000 lines and moves in them', async () => {
    const s = start(['quiet', '100000']);
    await begin(s);
    await openView(s);
    s.press('G');
    await s.until('the end', () => s.sees('first line 100000'));
    s.press('b'.repeat(20));
    await s.until('twenty windows above', () => s.screen()[0] === `first line ${100_000 - 18 - 20 * 19}`);
    s.press('g');
    await s.until('the beginning', () => s.screen()[0] === 'first line 1');
  });
});
