import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admit, settle, worstTokens } from '../../src/core/budget.ts';
import { initialState } from '../../src/core/reduce.ts';
import type { Ledger } from '../../src/core/state.ts';

const none = { money: null, tokens: null, requests: null, rounds: 12, wallMs: null };
const empty = initialState.ledger;
const asked = (dollars: number | null, characters = 300, maxOutputTokens = 100) => ({ dollars, characters, maxOutputTokens });

test('a request is admitted while its worst case and all that is reserved fit', () => {
  const limits = { ...none, money: 1 };
  expect(admit(empty, limits, asked(1))).toBeNull();
  expect(admit({ ...empty, spent: 0.6 }, limits, asked(0.5))?.cap).toBe('money');
  expect(admit({ ...empty, reserved: { other: 0.6 } }, limits, asked(0.5))?.reason).toBe(
    'the next request may cost up to $0.50; $0.00 is spent and $0.60 reserved of $1.00',
  );
});

test('an unknown price is held against tokens and requests, not against money', () => {
  expect(admit(empty, { ...none, money: 0 }, asked(null))).toBeNull();
  expect(admit(empty, { ...none, tokens: 199 }, asked(null))?.cap).toBe('tokens');
  expect(admit({ ...empty, requests: 1, reserved: { other: 0 } }, { ...none, requests: 2 }, asked(null))?.cap).toBe('requests');
});

test('no cap is overshot, whatever is asked in parallel and however it is settled', () => {
  const request = fc.record({
    dollars: fc.double({ min: 0, max: 1, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    characters: fc.nat(9_000),
    maxOutputTokens: fc.nat(3_000),
    settleFirst: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 60 }), (requests) => {
      const limits = { ...none, money: 2, tokens: 20_000 };
      let ledger: Ledger = empty;
      const open: { id: string; dollars: number; tokens: number; share: number }[] = [];
      const close = () => {
        const done = open.shift();
        if (!done) return;
        const usage = { input: Math.floor(done.tokens * done.share), cached: 0, cacheWrite: 0, output: 0, reasoning: 0 };
        ledger = settle(ledger, done.id, usage, done.dollars * done.share, 1);
      };
      for (const [i, r] of requests.entries()) {
        if (r.settleFirst) close();
        if (admit(ledger, limits, r) !== null) continue;
        const id = String(i);
        ledger = {
          ...ledger,
          reserved: { ...ledger.reserved, [id]: r.dollars },
          reservedTokens: { ...ledger.reservedTokens, [id]: worstTokens(r) },
        };
        open.push({ id, dollars: r.dollars, tokens: worstTokens(r), share: r.share });
      }
      while (open.length > 0) close();
      expect(ledger.spent).toBeLessThanOrEqual(2 + 1e-9);
      expect(ledger.input).toBeLessThanOrEqual(20_000);
    }),
  );
});
