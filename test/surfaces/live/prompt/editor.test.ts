import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EDITS,
  type Edit,
  type Editor,
  emptyEditor,
  expanded,
  foldName,
  insert,
  load,
  paste,
} from '../../../../src/surfaces/live/prompt/editor.ts';
import { graphemes, widthOf } from '../../../../src/surfaces/live/prompt/graphemes.ts';

const typed = (...texts: readonly string[]) => texts.reduce(insert, emptyEditor);
const done = (e: Editor, ...edits: readonly Edit[]) => edits.reduce((now, name) => EDITS[name](now), e);
const around = ({ text, caret }: Editor) => `${text.slice(0, caret)}|${text.slice(caret)}`;

const anyEdit = fc.oneof(
  fc.constantFrom(...(Object.keys(EDITS) as Edit[])).map((name) => (e: Editor) => EDITS[name](e)),
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => (e: Editor) => insert(e, text)),
  fc.string({ unit: 'binary', maxLength: 4 }).map((text) => (e: Editor) => insert(e, text)),
  fc.integer({ min: 7, max: 30 }).map((lines) => (e: Editor) => paste(e, 'x\n'.repeat(lines))),
  fc.constantFrom('\u0301', '\u200d', '🏽', '👩', '日', 'क्ष').map((text) => (e: Editor) => insert(e, text)),
);

describe('the prompt’s text', () => {
  it('has its caret at a boundary of characters, whatever is pressed', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 40 }), (edits) => {
        let e = emptyEditor;
        for (const edit of edits) {
          e = edit(e);
          let at = 0;
          const boundaries = new Set([0, ...graphemes(e.text).map((one) => (at += one.length))]);
          expect(boundaries.has(e.caret)).toBe(true);
          expect(e.text).not.toMatch(/[\r\u001b]/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('loses nothing that is cut: Ctrl-Y puts it back', () => {
    const cuts = ['cutToStart', 'cutToEnd', 'cutBlankWord', 'cutWordLeft', 'cutWordRight', 'clear'] as const;
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.nat(30), fc.constantFrom(...cuts), (text, steps, cut) => {
        let e = typed(text);
        for (let i = 0; i < steps; i++) e = EDITS.left(e);
        const after = EDITS[cut](e);
        if (after.text !== e.text) expect(EDITS.putBack(after).text).toBe(e.text);
      }),
    );
  });

  it('moves and deletes by what a person takes for one character', () => {
    const family = '👩‍👩‍👧‍👦';
    expect(around(done(typed(`a${family}e\u0301`), 'left'))).toBe(`a${family}|e\u0301`);
    expect(around(done(typed(`a${family}e\u0301`), 'left', 'left'))).toBe(`a|${family}e\u0301`);
    expect(around(done(typed(`a${family}`), 'backspace'))).toBe('a|');
    expect(around(done(typed('日本語'), 'left', 'backspace'))).toBe('日|語');
    expect([widthOf(family), widthOf('日'), widthOf('e\u0301'), widthOf('a')]).toEqual([2, 2, 1, 1]);
  });

  it('moves by words and lines', () => {
    const e = typed('make src/money.ts faster\nplease');
    expect(around(done(e, 'wordLeft', 'wordLeft'))).toBe('make src/money.ts |faster\nplease');
    expect(around(done(e, 'home', 'left', 'home', 'wordRight', 'wordRight'))).toBe('make src|/money.ts faster\nplease');
    expect(around(done(e, 'home', 'left', 'cutBlankWord'))).toBe('make src/money.ts |\nplease');
    expect(around(done(e, 'home', 'cutToStart'))).toBe('make src/money.ts faster\n|please');
    expect(around(done(e, 'home', 'left', 'cutToEnd'))).toBe('make src/money.ts faster|please');
    expect(around(done(e, 'clear', 'putBack'))).toBe('make src/money.ts faster\nplease|');
  });

  it('folds a large paste, shows what it is, and gives it in full', () => {
    const log = Array.from({ length: 214 }, (_, i) => `line ${i}`).join('\n');
    const e = insert(paste(insert(emptyEditor, 'see '), log), ' and mend it');
    expect(graphemes(e.text)).toHaveLength('see '.length + 1 + ' and mend it'.length);
    expect(
      graphemes(e.text)
        .map((one) => foldName(one, e.pastes) ?? one)
        .join(''),
    ).toBe('see [pasted 214 lines] and mend it');
    expect(expanded(e)).toBe(`see ${log} and mend it`);
    expect(expanded(paste(emptyEditor, 'two\r\nlines'))).toBe('two\nlines');
    expect(foldName(paste(emptyEditor, 'x'.repeat(5000)).text, ['x'.repeat(5000)])).toBe('[pasted 5000 characters]');
    const gone = EDITS.backspace(paste(insert(emptyEditor, 'a'), log));
    expect(expanded(gone)).toBe('a');
  });

  it('keeps no control characters, and no rest of an escape sequence', () => {
    expect(typed('\u001b[31mred\u001b[0m').text).toBe('red');
    expect(typed('a\u001b]52;c;aGk=\u0007b').text).toBe('a␛b');
    expect(expanded(load(emptyEditor, 'a\rb'))).toBe('a\nb');
    // Nobody can type what stands for a paste.
    expect(expanded(typed('\u{100000}x'))).toBe('\ufffdx');
  });
});
