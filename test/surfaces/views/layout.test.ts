import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columns } from '../../../src/core/sanitise.ts';
import { holds, marked, rowsOf, windowOf } from '../../../src/surfaces/views/layout.ts';
import { prose, type Span, safe, span, styled, textOf } from '../../../src/surfaces/views/styled.ts';

const joined = (spans: readonly Span[]) => spans.map((one) => one.text).join('');
const rows = (line: ReturnType<typeof styled>, width: number) => rowsOf(line, width).map(joined);
const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '漢', 'e\u0301', '😀', '\u0301', '-'), maxLength: 80 }).map(safe);
const line = fc.array(text, { maxLength: 4 }).map((parts) => styled(...parts.map((part, i) => span(part, i % 2 === 0 ? 'plain' : 'good'))));

describe('a line in a window', () => {
  it('is on rows that are no wider than the window and hold all of it', () => {
    fc.assert(
      fc.property(line, fc.integer({ min: 2, max: 40 }), (one, width) => {
        const shown = rows(one, width);
        expect(shown.join('')).toBe(textOf(one));
        for (const row of shown) expect(columns(row)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('as prose breaks between words, and loses nothing but the spaces there', () => {
    fc.assert(
      fc.property(line, fc.integer({ min: 2, max: 60 }), (one, width) => {
        const shown = rows({ ...one, indent: 4 }, width);
        expect(shown.join('').replaceAll(' ', '')).toBe(textOf(one).replaceAll(' ', ''));
        for (const row of shown.slice(0, -1)) expect(columns(row)).toBeLessThanOrEqual(width);
        expect(columns(shown.at(-1)?.trimEnd() ?? '')).toBeLessThanOrEqual(width);
      }),
    );
    expect(rows(prose(4, span('ab  one two three'), span(' four', 'good')), 31)).toEqual(['ab  one two three four']);
    expect(rows(prose(2, span('a long sentence of several words that goes on')), 30)).toEqual([
      'a long sentence of several',
      '  words that goes on',
    ]);
  });

  it('is cut at both sides without taking a character apart', () => {
    expect(joined(windowOf(styled(span('abcdefgh')), 2, 3))).toBe('cde');
    expect(joined(windowOf(styled(span('a漢字b')), 2, 3))).toBe(' 字');
    expect(joined(windowOf(styled(span('ab')), 5, 3))).toBe('');
    fc.assert(
      fc.property(line, fc.integer({ min: 0, max: 90 }), fc.integer({ min: 1, max: 40 }), (one, left, width) => {
        expect(columns(joined(windowOf(one, left, width)))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('shows what is searched for, across pieces of other meanings', () => {
    const found = marked(styled(span('one tw', 'good'), span('o three', 'bad')), 'two');
    expect(found.spans).toEqual([span('one ', 'good'), span('two', 'warn', true), span(' three', 'bad')]);
    expect(textOf(marked(styled(span('aaaa')), 'aa'))).toBe('aaaa');
  });

  it('holds a word in any case, unless the word has capitals', () => {
    expect([holds('An Error', 'error'), holds('an error', 'Error'), holds('an Error', 'Error')]).toEqual([true, false, true]);
    expect(marked(styled(span('İİ error')), 'error').spans.length).toBe(1);
  });
});

describe('foreign text', () => {
  it('is one line without tabs, and as long as anybody reads', () => {
    expect(safe('a\tb')).toBe('a   b');
    expect(safe('a\u001b[2Jb\u202ec')).toBe('a␛b<U+202E>c');
    expect(safe('x'.repeat(50_000)).length).toBeLessThan(10_050);
  });
});
