import { expect, test } from 'vitest';
import { age } from '../../src/config/parse.ts';

test('an age is in hours or days, or none', () => {
  expect(['3d', '36h', ' 1 d ', '0h', 'none', null].map(age)).toEqual([259_200_000, 129_600_000, 86_400_000, 0, 0, 0]);
  for (const wrong of ['3', '3w', '-1d', '1.5d', '', 3, true, {}]) expect(() => age(wrong)).toThrow('a number of hours or days');
});
