import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPattern } from '../../src/core/oracle-pattern.ts';

const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\.', '\\p{L}', '1', ' ', 'ä', '😀', '(?:a)', '\\-');
const source = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    atom,
    fc.tuple(tie('node'), tie('node')).map((t) => t.join('')),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{0,}', '*?')).map(([a, q]) => `(${a})${q}`),
  ),
})).node;
const text = fc.array(fc.constantFrom('a', 'b', '1', '.', ' ', '-', 'ä', '😀', '\n'), { maxLength: 6 }).map((t) => t.join(''));

test('agrees with RegExp on every pattern and text that both know', () => {
  fc.assert(
    fc.property(source, fc.array(text, { minLength: 5, maxLength: 5 }), (pattern, texts) => {
      const read = readPattern(pattern);
      if ('problem' in read) throw new Error(read.problem);
      const native = new RegExp(`^(?:${pattern.replaceAll('\\-', '-')})$`, 'u');
      for (const one of texts) expect([pattern, one, read.pattern(one)]).toEqual([pattern, one, native.test(one)]);
    }),
    { numRuns: 300 },
  );
});

test('a pattern that would stop a backtracking engine takes its steps and no more', () => {
  for (const evil of ['(a+)+', '(a|a)*', '(.*)*x', 'a*a*a*a*a*a*b', '((a?){30}){5}']) {
    const read = readPattern(`^${evil}$`);
    expect('pattern' in read && read.pattern(`${'a'.repeat(20_000)}!`)).toBe(false);
  }
});

test.each([
  ['(a', 'a group is not closed'],
  ['a)', 'a bracket is closed'],
  ['*a', '* does not stand for a character here'],
  ['(?=a)b', 'only plain groups'],
  ['(?<n>a)', 'only plain groups'],
  ['(a)\\1', '\\1 does not stand'],
  ['a\\b', '\\b does not stand'],
  ['a{900}', 'is not a range'],
  ['[b-a]', 'is no class or escape'],
  ['((a{200}){200}){200}', 'too large'],
  ['^a^b', '^ does not stand'],
  [`a`.repeat(500), 'longer than'],
])('%s is refused in words', (pattern, words) => {
  expect((readPattern(pattern) as { problem: string }).problem).toContain(words);
});

test('anchors may be written; an escaped dollar at the end is a dollar', () => {
  const is = (pattern: string, one: string) => (readPattern(pattern) as { pattern: (t: string) => boolean }).pattern(one);
  expect([is('^ab$', 'ab'), is('ab', 'xab'), is('\\$', '$'), is('a\\\\$', 'a\\'), is('', ''), is('', 'a'), is('a|b', 'b')]).toEqual([
    true,
    false,
    true,
    true,
    true,
    false,
    true,
  ]);
});
