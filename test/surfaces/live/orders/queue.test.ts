import { expect, it } from 'vitest';
import { queueWish } from '../../../../src/surfaces/live/orders/queue.ts';

it('never takes a drop without a number for a task, which would be bought', () => {
  expect(queueWish('drop')).toEqual({ type: 'unclear' });
  expect(queueWish('drop 2')).toEqual({ type: 'drop', number: 2 });
  expect(queueWish('drop the old format')).toEqual({ type: 'add', text: 'drop the old format' });
});
