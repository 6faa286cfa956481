import { expect, test } from 'vitest';
import { type Drawn, redrawn } from '../../../src/surfaces/live/window.ts';

// As ink writes them: the frame before is erased from its end, text, the way up to the caret.
const ERASE = '\u001b[?25l\u001b[1B\u001b[1G\u001b[2K\u001b[1A\u001b[2K\u001b[1A\u001b[2K\u001b[G';
const TEXT = '\u001b[1mredgreen\u001b[22m  \u001b[36m日本\u001b[39m\n\n› typed\nchoice\n';
const CARET = '\u001b[2A\u001b[8G\u001b[?25h';
const up = (rows: number) => `\u001b[?25l${rows > 0 ? `\u001b[${rows}A` : ''}\u001b[1G\u001b[J`;
const drawn: Drawn = { widths: [14, 0, 7, 6, 0], caret: 2 };

test('a frame is known by the widths of its lines and by its caret', () => {
  expect(redrawn(TEXT + CARET, null, 80)).toEqual({ text: TEXT + CARET, drawn });
  expect(redrawn(ERASE + TEXT + CARET, drawn, 80)).toEqual({ text: up(2) + TEXT + CARET, drawn });
});

test('what the window wraps is erased with it', () => {
  expect(redrawn(ERASE + TEXT + CARET, drawn, 5).text).toBe(up(3 + 1) + TEXT + CARET);
  expect(redrawn(ERASE + TEXT + CARET, drawn, 14).text).toBe(up(2) + TEXT + CARET);
  expect(redrawn('\u001b[?25l\u001b[9A\u001b[1G\u001b[J', drawn, 7)).toEqual({ text: up(2 + 1), drawn: null });
});

test('a caret that moves alone is followed', () => {
  const move = '\u001b[?25l\u001b[2B\u001b[1G\u001b[4A\u001b[1G\u001b[?25h';
  expect(redrawn(move, drawn, 80)).toEqual({ text: move, drawn: { ...drawn, caret: 0 } });
});

test('finished lines, modes and unknown frames are left as they are', () => {
  for (const other of ['a finished line\n', '\u001b[?2026h', '\u001b[?2004l'])
    expect(redrawn(other, drawn, 5)).toEqual({ text: other, drawn });
  expect(redrawn(`${ERASE}\n`, drawn, 80)).toEqual({ text: `${up(2)}\n`, drawn: null });
  expect(redrawn(`${ERASE}text\n`, null, 80)).toEqual({ text: `${ERASE}text\n`, drawn: null });
});
