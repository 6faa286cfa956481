import { expect, it } from 'vitest';
import { satisfies } from '../../../src/effects/deps/ranges.ts';

// Expected values are those of npm's own semver 7.
it.each<[string, string, boolean]>([
  ['1.2.3', '^1.2.0', true],
  ['2.0.0', '^1.2.0', false],
  ['2.0.0-beta.1', '^1.2.0', false],
  ['0.2.9', '^0.2.3', true],
  ['0.3.0', '^0.2.3', false],
  ['0.0.4', '^0.0.3', false],
  ['0.9.0', '^0', true],
  ['1.2.9', '~1.2.3', true],
  ['1.3.0', '~1.2.3', false],
  ['1.9.0', '~1', true],
  ['1.2.3', '1.x', true],
  ['1.2.3', '1.2', true],
  ['1.3.0', '1.2.*', false],
  ['1.2.3', '', true],
  ['1.2.3', '*', true],
  ['1.2.3-rc.1', '*', false],
  ['1.2.3', '>=1.0.0 <2', true],
  ['2.0.0', '>=1.0.0 <2', false],
  ['3.1.0', '^1 || >= 3', true],
  ['2.3.0', '1.2.3 - 2.3', true],
  ['2.4.0', '1.2.3 - 2.3', false],
  ['3.0.0-alpha', '>2', false],
  ['3.0.0', '>2', true],
  ['1.0.0-beta.2', '^1.0.0-beta.1', true],
  ['1.0.0-beta.10', '>1.0.0-beta.9', true],
  ['1.0.1-beta.2', '^1.0.0-beta.1', false],
  ['1.0.0-alpha', '1.0.0-alpha', true],
  ['v1.2.3', '=v1.2.3', true],
  ['1.2.3', 'latest', false],
  ['1.2', '^1', false],
  ['1.2.3', 'git+https://x/y.git', false],
])('%s in "%s": %s', (version, range, expected) => {
  expect(satisfies(version, range)).toBe(expected);
});
