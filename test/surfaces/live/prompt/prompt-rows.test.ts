import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columns } from '../../../../src/core/sanitise.ts';
import { EDITS, emptyEditor, insert, paste } from '../../../../src/surfaces/live/prompt/editor.ts';
import { caretIn, promptRows, vertical, windowOf } from '../../../../src/surfaces/live/prompt/prompt-rows.ts';

const texts = (text: string, width: number) => promptRows(insert(emptyEditor, text), width).map((row) => row.text);

describe('the rows of the prompt', () => {
  it('break where the window ends and where the text does, with room for the caret', () => {
    expect(texts('abcdef\nx', 5)).toEqual(['abcd', 'ef', 'x']);
    expect(texts('日本語', 6)).toEqual(['日本', '語']);
    expect(texts('abcd', 5)).toEqual(['abcd']);
    expect(caretIn(promptRows(insert(emptyEditor, 'abcd'), 5), 4)).toEqual({ row: 0, x: 4 });
    expect(caretIn(promptRows(insert(emptyEditor, 'abcde'), 5), 4)).toEqual({ row: 1, x: 0 });
  });

  it('show nothing that a terminal would obey, and a fold as its name', () => {
    expect(texts('a\u202eb', 40)).toEqual(['a<U+202E>b']);
    const folded = paste(insert(emptyEditor, 'see '), 'x\n'.repeat(9));
    expect(promptRows(folded, 40).map((row) => row.text)).toEqual(['see [pasted 9 lines]']);
    expect(caretIn(promptRows(folded, 40), folded.caret).x).toBe('see [pasted 9 lines]'.length);
  });

  it('are never wider than the window, and know a place for every caret', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 3, max: 30 }), (raw, width) => {
        const e = insert(emptyEditor, raw);
        const rows = promptRows(e, width);
        for (const row of rows) {
          for (const stop of row.stops) expect(stop.x).toBeLessThan(width);
          if (!/\p{M}|\u200d|\p{Emoji}/u.test(row.text)) expect(columns(row.text)).toBeLessThan(width);
        }
        const stops = new Set(rows.flatMap((row) => row.stops.map((s) => s.at)));
        for (let at = e; ; at = EDITS.left(at)) {
          expect(stops.has(at.caret)).toBe(true);
          if (at.caret === 0) break;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keep the column on the way up and down, and end at the first and last row', () => {
    const e = insert(emptyEditor, 'a long line\nx\nanother line');
    const up = vertical(e, 40, -1);
    expect(up?.caret).toBe('a long line\nx'.length);
    const top = up && vertical(up, 40, -1);
    expect(top?.caret).toBe('a long line'.length);
    expect(top && vertical(top, 40, -1)).toBeNull();
    expect(vertical(e, 40, 1)).toBeNull();
    const middle = top && vertical(top, 40, 1);
    expect(middle && vertical(middle, 40, 1)?.caret).toBe(e.caret);
  });

  it('show the part with the caret when there are too many', () => {
    expect(windowOf(3, 2, 8)).toEqual({ from: 0, to: 3 });
    expect(windowOf(20, 0, 8)).toEqual({ from: 0, to: 8 });
    expect(windowOf(20, 19, 8)).toEqual({ from: 12, to: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(49), fc.integer({ min: 1, max: 10 }), (count, row, most) => {
        const caret = Math.min(row, count - 1);
        const { from, to } = windowOf(count, caret, most);
        expect(from <= caret && caret < to && to - from <= most && to <= count).toBe(true);
      }),
    );
  });
});
