import { expect, test } from 'vitest';
import { lineOfTest } from '../../src/core/test-place.ts';

const TEXT = `describe('res', () => {
  describe('when it is long', () => {
    it('is cut', () => {});
  });
  describe('when it is short', () => {
    it('is cut', () => {});
    it('has no header equal to ' + encoding, () => {});
  });
});
`;

test.each([
  ['t.js › res › when it is short › is cut', 6],
  ['t.js › res › when it is long › is cut #2', 3],
  ['t.js › res › when it is short › has no header equal to gzip', 7],
  ['t.js › res › when it is short › something generated', 5],
  ['t.js › nothing of it', null],
  ['t.js', null],
])('%s', (id, line) => expect(lineOfTest(TEXT, id)).toBe(line));

test('a case of pytest is found by its function', () => {
  expect(lineOfTest('def test_one():\n    pass\n\ndef test_two(n):\n    pass\n', 't.py › test_two[3-4]')).toBe(4);
});
