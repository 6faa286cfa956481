import { describe, expect, test } from 'vitest';
import { clip, extensionOf, fence, labelOf, oneLine, visible } from '../../src/core/prompt-text.ts';

describe('fence', () => {
  test('is longer than any run of backticks inside, so that the text cannot end it', () => {
    expect(fence('a')).toBe('```text\na\n```');
    expect(fence('a\n```\nb ````` c\n\n', 'md')).toBe('``````md\na\n```\nb ````` c\n``````');
  });

  test('takes only a plain word for a label', () => {
    expect(fence('a', 'ts\n# evil `')).toBe('```tsevil\na\n```');
  });
});

describe('visible', () => {
  test.each([
    ['colour \u001b[31mred\u001b[0m', 'colour red'],
    ['title \u001b]0;x\u0007y', 'title ␛y'],
    ['a\r\nb\rc', 'a\nb\nc'],
    ['zero\u200bwidth \u202ebidi', 'zero<U+200B>width <U+202E>bidi'],
    ['tag\u{e0041}', 'tag<U+E0041>'],
    ['nul\u0000bell\u0007', 'nul␀bell␇'],
    ['می\u200cخواهم, not a\u200cb', 'می\u200cخواهم, not a<U+200C>b'],
    ['\ttab stays, so does 👩‍👩‍👧 and नमस्ते', '\ttab stays, so does 👩‍👩‍👧 and नमस्ते'],
  ])('%j', (from, to) => expect(visible(from)).toBe(to));
});

test('oneLine folds white space and caps without splitting a character', () => {
  expect(oneLine('  a\n b\t c ')).toBe('a b c');
  expect(oneLine('ab👩cd', 4)).toBe('ab…');
});

test('clip keeps both ends and says how much is missing', () => {
  expect(clip('short', 10)).toBe('short');
  const clipped = clip(`${'a'.repeat(100)}${'b'.repeat(100)}`, 60);
  expect(clipped).toBe(`${'a'.repeat(40)}\n[… 140 characters left out …]\n${'b'.repeat(20)}`);
});

test('labels come from extensions', () => {
  expect([labelOf('a/b.ts'), labelOf('x.PY'), labelOf('Makefile'), labelOf('.env')]).toEqual(['ts', 'python', 'text', 'text']);
  expect([extensionOf('a.b/c'), extensionOf('a.test.ts'), extensionOf('.gitignore')]).toEqual(['', 'ts', '']);
});
