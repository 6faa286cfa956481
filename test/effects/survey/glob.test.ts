import { matchesGlob } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatcher, rooted } from '../../../src/effects/survey/glob.ts';

it.each([
  ['test/*.js', 'test/a.js', true],
  ['test/*.js', 'test/sub/a.js', false],
  ['**/*.test.{js,mjs}', 'a.test.mjs', true],
  ['**/*.test.{js,mjs}', 'deep/er/a.test.js', true],
  ['**/__tests__/**/*.?([mc])[jt]s?(x)', 'src/__tests__/sub/a.mts', true],
  ['**/__tests__/**/*.?([mc])[jt]s?(x)', 'src/__tests__/a.tsx', true],
  ['**/__tests__/**/*.?([mc])[jt]s?(x)', 'src/tests/a.tsx', false],
  ['test/+(http2|h2)*.js', 'test/h2-client.js', true],
  ['**/?(*.)+(spec|test).[jt]s', 'spec.ts', true],
  ['src/**', 'src/a/b.c', true],
  ['src/**/test.ts', 'src/test.ts', true],
  ['[!a]bc.js', 'abc.js', false],
  ['x[0-9].py', 'x7.py', true],
  ['{a,{b,c}/d}.ts', 'c/d.ts', true],
  ['a{b', 'a{b', true],
  ['test_*.py', 'test_.py', true],
])('%s on %s: %s', (glob, path, fits) => {
  expect(globMatcher([glob])(path)).toBe(fits);
});

it('agrees with Node on plain globs', () => {
  const word = fc.constantFrom('a', 'b', 'ab', 'a.b', 'ba');
  const piece = fc.constantFrom('*', '?', 'a', 'b', '.', '{a,b}', '[ab]', '*.b');
  const segment = fc.oneof(
    { arbitrary: fc.array(piece, { minLength: 1, maxLength: 3 }).map((p) => p.join('')), weight: 4 },
    fc.constant('**'),
  );
  const glob = fc
    .array(segment, { minLength: 1, maxLength: 4 })
    .filter((parts) => parts.at(-1) !== '**' && !parts.some((p) => p === '.' || p === '..' || (p.length > 2 && p.startsWith('.'))));
  const path = fc.array(word, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(glob, path, (parts, names) => {
      expect(globMatcher([parts.join('/')])(names.join('/'))).toBe(matchesGlob(names.join('/'), parts.join('/')));
    }),
    { numRuns: 1_000 },
  );
});

it('answers for globs that were made to take for ever', () => {
  const hostile = [
    `${'*a'.repeat(200)}b`,
    `${'**/'.repeat(60)}x`,
    '{a,b}'.repeat(60),
    `${'{'.repeat(200)}${'}'.repeat(200)}`,
    `${'@('.repeat(150)}`,
    '[a'.repeat(200),
  ];
  const long = `${'a/'.repeat(100)}${'a'.repeat(3_000)}`;
  expect(hostile.map((glob) => globMatcher([glob])(long))).toEqual(hostile.map(() => false));
});

describe('rooted', () => {
  it.each([
    ['', './test/', 'test'],
    ['packages/a', '../b/*.ts', 'packages/b/*.ts'],
    ['', '.', '**'],
    ['a', 'x/@(b|c/d)/e', 'a/x/@(b|c/d)/e'],
    ['', '../x', null],
    ['a', '../../x', null],
    ['', '/etc/passwd', null],
    ['', 'a\u0000b', null],
    ['', '~/x', null],
    ['', '**/../x', null],
  ])('%s + %s = %s', (dir, glob, expected) => {
    expect(rooted(dir, glob)).toBe(expected);
  });
});
