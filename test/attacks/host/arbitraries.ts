// What the fuzzers throw.
import fc from 'fast-check';
import { HOSTILE_PATHS } from './hostile.ts';

export const RUNS = { numRuns: 1_000 };
const PIECES = [
  '..',
  '.',
  '/',
  '\\',
  '.git',
  'GIT~1',
  '．．',
  '／',
  '‥',
  ':',
  'CON',
  ' ',
  '\u200b',
  '\u202e',
  'ſ',
  'ı',
  'İ',
  'ß',
  'ﬁ',
  '\u0301',
  '~',
  '-',
  'a',
  'B',
  '.ts',
  'K',
  '%2e',
  '\u0000',
  '\n',
  '\u001b',
  '<',
  '"',
  '*',
  'Ａ',
  '：',
  'é',
  'e\u0301',
  '한',
  '\u1112\u1161\u11ab',
];
export const anyText = fc.string({ unit: 'binary', maxLength: 200 });
/** Paths, most of them hostile. */
export const path = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join('')),
  fc.constantFrom(...Object.values(HOSTILE_PATHS).flat()).filter((one) => one.length < 500),
  anyText,
);
const HIDDEN = [
  '\u001b[31m',
  '\u001b]0;x\u0007',
  '\u009b2J',
  '\u202e',
  '\u200b',
  '\u200d',
  '\ufe0f',
  '\u{e0041}',
  '\r',
  '\r\n',
  '\u0000',
  '\ufeff',
  '\u0301'.repeat(6),
];
/** Text with much that hides or commands a terminal. */
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...HIDDEN, '<U+200B>', '<U+003C>', '<U+', '\n', '```', '👨', 'न', 'a', '#', '\t'), anyText), {
    maxLength: 30,
  })
  .map((parts) => parts.join(''));
