import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columns, cut, oneLine, sanitise } from '../../src/core/sanitise.ts';

const ESC = '\u001b';

describe('sanitise', () => {
  it.each([
    ['plain text\n\twith tab ü 日本 🚀', 'plain text\n\twith tab ü 日本 🚀'],
    ['a\r\nb\rc', 'a\nb␍c'],
    [`${ESC}[31mred${ESC}[0m`, 'red'],
    ['\u009b31mred', 'red'],
    [`a${ESC}[2Jb${ESC}[1;1Hc`, 'a␛b␛c'],
    [`a${ESC}]0;title\u0007b`, 'a␛b'],
    [`a${ESC}]52;c;aGFjaw==${ESC}\\b`, 'a␛b'],
    ['a\u009d8;;http://x\u009cb', 'a␛b'],
    [`a${ESC}P$q m${ESC}\\b${ESC}_apc${ESC}\\c${ESC}^pm${ESC}\\d${ESC}Xsos${ESC}\\e`, 'a␛b␛c␛d␛e'],
    [`a${ESC}]0;never closed\nb`, 'a␛0;never closed\nb'],
    [`a${ESC}[201~b${ESC}[?1000hc${ESC}[>1ud`, 'a␛b␛c␛d'],
    [`a${ESC}cb${ESC}(0c${ESC}`, 'a␛b␛c␛'],
    ['a\u0000b\u0008c\u007fd\u0085e', 'a␀b␈c␡d\\x85e'],
    ['a\u202eb\u200bc\ufeffd\u2066e\u2028f', 'a<U+202E>b<U+200B>c<U+FEFF>d<U+2066>e<U+2028>f'],
    ['\u{e0041}\u{e0042}', '<U+E0041><U+E0042>'],
    ['\ud800x', '\ufffdx'],
    ['👩\u200d\ufe0f', '👩<U+200D><U+FE0F>'],
    ['👩\u200d💻 ❤\ufe0f 1\ufe0f\u20e3', '👩\u200d💻 ❤\ufe0f 1\ufe0f\u20e3'],
    ['a\u200db', 'a<U+200D>b'],
    ['f\u00adoo', 'f<U+00AD>oo'],
    [`e${'\u0301'.repeat(50)}!`, `e${'\u0301'.repeat(4)}!`],
  ])('%j', (hostile, shown) => expect(sanitise(hostile)).toBe(shown));

  const nasty = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        ESC,
        '[',
        ']',
        'P',
        '\\',
        '\u0007',
        '\u009b',
        '\u009d',
        '\u009c',
        'm',
        ';',
        '0',
        '\r',
        '\n',
        '\u200d',
        '\ufe0f',
        '👩',
        '\u202e',
        '\u0301',
        '\ud83d',
        'a',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    maxLength: 60,
  });

  it('leaves nothing that a terminal obeys, and is stable', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const shown = sanitise(text);
        expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\ufeff]/);
        expect(shown.isWellFormed()).toBe(true);
        expect(sanitise(shown)).toBe(shown);
      }),
      { numRuns: 3_000 },
    );
  });

  it('copes with huge hostile input', () => {
    for (const unit of [`${ESC}]`, '\u009d', `${ESC}[`, '\u0301', '\u202e', '\r', `${ESC}P${'x'.repeat(5_000)}`, '👩\u200d', '\ud83d']) {
      const text = unit.repeat(Math.ceil(200_000 / unit.length));
      expect(sanitise(text).length).toBeGreaterThan(0);
    }
  });
});

describe('oneLine, cut and columns', () => {
  it('makes one line of the given width', () => {
    expect(oneLine('  a\n\n b\tc ', 20)).toBe('a b c');
    expect(oneLine('abcdefgh', 5)).toBe('abcd…');
    expect(oneLine('日本語日本語', 5)).toBe('日本…');
    expect(oneLine(`x${ESC}]0;t\u0007y`, 10)).toBe('x␛y');
    expect(oneLine('', 5)).toBe('');
    expect(oneLine('abc', 0)).toBe('');
    expect(oneLine('x'.repeat(1_000_000), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(columns('日a🚀e\u0301')).toBe(6);
    expect(columns('\u1100\u1161\u11a8')).toBe(2);
  });

  it('never exceeds the width and never splits a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 30 }), (text, max) => {
        const line = oneLine(text, max);
        expect(columns(line)).toBeLessThanOrEqual(max);
        expect(line.isWellFormed()).toBe(true);
        expect(line).not.toContain('\n');
        const whole = sanitise(text);
        expect(cut(whole, 1_000)).toBe(whole);
      }),
    );
  });
});
