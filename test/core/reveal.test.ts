import { expect, test } from 'vitest';
import { applyShownEdit } from '../../src/core/edits.ts';
import { reveal, unreveal, writeOut } from '../../src/core/reveal.ts';

test.each([
  ['plain text\twith a tab\r\n', 'plain text\twith a tab\r\n'],
  ['a\u200bb', 'a<U+200B>b'],
  ['\ufeffconst a = 1;\n', '<U+FEFF>const a = 1;\n'],
  ['\u001b[31mred\u001b[0m', '<U+001B>[31mred<U+001B>[0m'],
  ['one\rtwo\r\n', 'one<U+000D>two\r\n'],
  ['// \u202e evil \u2066', '// <U+202E> evil <U+2066>'],
  ['tag\u{e0041}', 'tag<U+E0041>'],
  ['👨‍👩‍👧 ❤️ नमस्‍ते', '👨‍👩‍👧 ❤️ नमस्‍ते'],
  // What looks written out is told apart only where something is.
  ['the text <U+200B> itself', 'the text <U+200B> itself'],
  ['<U+200B> and \u200b', '<U+003C>U+200B> and <U+200B>'],
  [`a${'\u0301'.repeat(6)}`, `a${'\u0301'.repeat(4)}<U+0301><U+0301>`],
])('%j is shown as %j and comes back', (text, shown) => {
  expect(reveal(text)).toBe(shown);
  if (shown !== text) expect(unreveal(shown)).toBe(text);
  expect(writeOut(shown)).toBe(shown);
});

test('an edit of a text with hidden characters may repeat them as shown or as they are, and changes nothing else', () => {
  const text = "const zero = '\u200b';\nconst esc = '\u001b[0m';\nconst both = '<U+200B>\u200b';\n";
  const shown = "const zero = '\u200b';\nconst esc = 'reset';\nconst both = '<U+200B>\u200b';\n";
  for (const find of ["'<U+001B>[0m'", "'\u001b[0m'"])
    expect(applyShownEdit(text, find, "'reset'")).toEqual({ text: shown, tolerance: null });
  expect(applyShownEdit(text, 'const zero', 'const ZERO = 0;\nconst zero')).toMatchObject({
    text: expect.stringContaining("'<U+200B>\u200b'"),
  });
  expect(applyShownEdit('a <U+200B> b', '<U+200B>', 'x')).toEqual({ text: 'a x b', tolerance: null });
});

test('a number that is no character stays as it is', () => expect(unreveal('<U+110000> <U+41> <U+0041>')).toBe('<U+110000> <U+41> A'));
