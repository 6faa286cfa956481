// What must hold of every session in a terminal, whatever was done in it.
import { expect } from 'vitest';
import { flickers, foreign, modesAfter, tallest, wipes } from './bytes.ts';
import type { Terminal } from './terminal.ts';

/** Only our bytes, no wiped window, nothing drawn taller than the window less two lines, no flicker. */
export function expectManners(terminal: Terminal, rows: number): void {
  const raw = terminal.raw();
  expect(foreign(raw)).toEqual([]);
  expect(wipes(raw)).toEqual([]);
  expect(tallest(raw)).toBeLessThanOrEqual(rows - 2);
  expect(flickers(raw)).toEqual([]);
}

/** The terminal as it was found: modes, line settings, the shell's prompt on a line of its own, no process left. */
export async function expectRestored(terminal: Terminal): Promise<void> {
  expect(modesAfter(terminal.raw())).toEqual({ cursor: true, paste: false, alternate: false, synchronised: false, kitty: 0 });
  const { before, after } = terminal.settings();
  expect(after).toBe(before);
  expect(terminal.screen()[terminal.cursor().y]).toMatch(/^\[exit \d+\]\$ $/);
  expect(await terminal.left()).toEqual([]);
}

/** Watches the scrollback grow: what stands in it never changes. Answers with what was wrong, once it is stopped. */
export function watchScrollback(terminal: Terminal): () => readonly string[] {
  let seen: readonly string[] = [];
  const wrong: string[] = [];
  const timer = setInterval(() => {
    const now = terminal.scrollback();
    const at = seen.findIndex((row, i) => now[i] !== row);
    if (at >= 0) wrong.push(`row ${at} was ${JSON.stringify(seen[at])} and became ${JSON.stringify(now[at])}`);
    seen = now;
  }, 200);
  return () => {
    clearInterval(timer);
    return wrong;
  };
}
