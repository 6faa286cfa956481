import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pty from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../bundle.ts';

const CHILD = fileURLToPath(new URL('../../commands/play-child.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'redgreen-terminal-'));

let script = '';
beforeAll(async () => {
  script = await bundle(CHILD, folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Seen {
  readonly code: number;
  /** The screen and what scrolled off it, as text. */
  readonly lines: readonly string[];
  readonly raw: string;
}

type Key = string | ((child: pty.IPty) => void);

/** Runs the child in a real terminal; types `keys` one after the other when `mark` is on the screen. */
function inTerminal(what: string, size: { cols: number; rows: number }, mark = '', keys: readonly Key[] = []): Promise<Seen> {
  const screen = new xterm.Terminal({ ...size, scrollback: 500, allowProposedApi: true });
  const child = pty.spawn(process.execPath, [script, what], {
    ...size,
    cwd: folder,
    env: { PATH: process.env['PATH'], TERM: 'xterm-256color' },
  });
  let raw = '';
  let typed = keys.length === 0;
  child.onData((data) => {
    raw += data;
    screen.write(data);
    if (typed || !raw.includes(mark)) return;
    typed = true;
    for (const [i, key] of keys.entries()) setTimeout(() => (typeof key === 'string' ? child.write(key) : key(child)), i * 200);
  });
  return new Promise((resolve) => {
    child.onExit(({ exitCode }) =>
      screen.write('', () => {
        const buffer = screen.buffer.active;
        const lines = Array.from({ length: buffer.length }, (_, i) => buffer.getLine(i)?.translateToString(true) ?? '');
        resolve({ code: exitCode, lines: lines.join('\n').trimEnd().split('\n'), raw });
      }),
    );
  });
}

/** Everything that ink and we may send: colours, cursor moves, clearing, synchronised output, marked pastes, the question for the kitty keyboard. */
const OURS = /\u001b\[(\?2026[hl]|\?25[hl]|\?2004[hl]|\?u|[0-9;]*m|[0-9]*[ABCDGJK]|[0-9;]*H)/g;

describe('the live screen in a terminal', () => {
  it('leaves the whole story and the closing lines behind, and the cursor on', async () => {
    const { code, lines, raw } = await inTerminal('green', { cols: 80, rows: 24 });
    expect(code).toBe(0);
    expect(lines.filter((line) => /^[^\s━=]/.test(line)).map((line) => line.split(/ {2,}/)[0])).toEqual([
      'task',
      'run',
      'models',
      'limits',
      'box',
      'plan',
      'draft',
      'wait',
      'draft',
      'tests',
      'red',
      'check',
      'round 1',
      'repair',
      'refused',
      'round 2',
      'proof',
      'branch',
      '✓ GREEN',
      'look',
    ]);
    expect(raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(raw.lastIndexOf('\u001b[?25l'));
  });

  it('sends no escape sequence but its own, whatever a test prints', async () => {
    const { raw } = await inTerminal('green', { cols: 60, rows: 20 });
    expect(raw).toContain('␛');
    expect(raw.replace(OURS, '')).not.toMatch(/[\u001b\u0007\u009b]/);
  });

  it('stops cleanly on Ctrl-C, and at once on the second', async () => {
    const clean = await inTerminal('wait', { cols: 80, rows: 24 }, 'Ctrl-C', ['\u0003']);
    expect([clean.code, clean.lines.at(-1)]).toEqual([130, 'go on    redgreen resume 20261123-120000-ab12']);
    const stuck = await inTerminal('stuck', { cols: 80, rows: 24 }, 'Ctrl-C', ['\u0003', '\u0003']);
    expect(stuck.code).toBe(130);
    expect(stuck.raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stuck.raw.lastIndexOf('\u001b[?25l'));
  });

  it('gives the terminal back when the process crashes, and on SIGTERM', async () => {
    const { code, raw } = await inTerminal('crash', { cols: 80, rows: 24 });
    expect(code).not.toBe(0);
    expect(raw).toContain('a bug');
    expect(raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(raw.lastIndexOf('\u001b[?25l'));
    expect(raw.lastIndexOf('\u001b[?2004l')).toBeGreaterThan(raw.lastIndexOf('\u001b[?2004h'));
    const ended = await inTerminal('wait', { cols: 80, rows: 24 }, 'Ctrl-C', [(child) => child.kill('SIGTERM')]);
    expect([ended.code, ended.lines.at(-1)]).toEqual([130, 'go on    redgreen resume 20261123-120000-ab12']);
    expect(ended.raw.lastIndexOf('\u001b[?2004l')).toBeGreaterThan(ended.raw.lastIndexOf('\u001b[?2004h'));
  });
});
