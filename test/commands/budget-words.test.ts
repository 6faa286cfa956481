import { expect, it } from 'vitest';
import { budgetOf } from '../../src/commands/budget-words.ts';
import { caps } from '../../src/surfaces/describe.ts';

it('reads caps as people say them', () => {
  expect(budgetOf('5')).toEqual({ flags: { budget: '5' }, limits: ['money'] });
  expect(budgetOf('$2.50, 1h30m 8 rounds')).toEqual({
    flags: { budget: '$2.50', time: '1h30m', rounds: '8' },
    limits: ['money', 'wallMs', 'rounds'],
  });
  expect(budgetOf('tokens 500k none time')).toEqual({ flags: { tokens: '500k', time: 'none' }, limits: ['tokens', 'wallMs'] });
  expect(budgetOf('none')).toEqual({ flags: { budget: 'none' }, limits: ['money'] });
  expect(budgetOf(' ')).toEqual({ flags: {}, limits: [] });
});

it('refuses what says a cap twice', () => {
  expect(() => budgetOf('5 6')).toThrow('Say each cap once');
  expect(() => budgetOf('lots')).toThrow('"lots" is no cap');
  expect(budgetOf('none').flags).toEqual({ budget: 'none' });
});

it('says caps in words', () => {
  expect(caps({ money: null, tokens: 500_000, requests: 1, rounds: 1, wallMs: null })).toBe(
    'no cap on money · 500k tokens · 1 request · no cap on time · 1 round',
  );
});
