import { expect, test } from 'vitest';
import { createEnds } from '../../../src/surfaces/report/ends.ts';

test('the first and the last items stay, and what went from the middle is given and counted', () => {
  const ends = createEnds<number>(4);
  const gone = [1, 2, 3, 4, 5, 6, 7].map((n) => ends.add(n));
  expect(ends.items).toEqual([1, 2, 6, 7]);
  expect([gone, ends.dropped]).toEqual([[null, null, null, null, 3, 4, 5], 3]);
  ends.replaceLast(9);
  expect(ends.items).toEqual([1, 2, 6, 9]);
});
