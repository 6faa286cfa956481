import { expect, test } from 'vitest';
import { wrongData } from '../../src/core/wrong-data.ts';

test('JSON keeps its shape and says something else in every value', () => {
  const text = JSON.stringify({ a: 1, b: ['x', true, null], c: { d: '' } });
  expect(JSON.parse(wrongData('data.json', text))).toEqual({ a: 2, b: ['x~', false, 0], c: { d: '~' } });
});

test('anything else is empty', () => {
  expect(wrongData('words.txt', 'one two')).toBe('');
  expect(wrongData('broken.json', '{')).toBe('');
});
