import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Generator, Property } from '../../src/core/oracle.ts';
import { inputsOf, randomOf, shuffled } from '../../src/core/oracle-generate.ts';
import { argumentsOf, firstJobs } from '../../src/core/oracle-jobs.ts';
import { readOracle } from '../../src/core/oracle-read.ts';
import { holds } from '../../src/core/oracle-relation.ts';
import type { Value } from '../../src/core/oracle-value.ts';

const property = (over: Partial<Property>): Property => ({
  name: 'p',
  holds: 'returns',
  module: 'a.ts',
  call: 'a',
  by: null,
  given: [],
  pattern: null,
  range: null,
  error: null,
  ...over,
});

describe('inputs', () => {
  const given: readonly Generator[] = [
    { kind: 'int', from: -5, to: 4_000 },
    { kind: 'text', alphabet: ['a', '😀'], from: 1, to: 6 },
    { kind: 'list', item: { kind: 'float', from: 0, to: 2 }, from: 0, to: 5 },
    { kind: 'record', fields: { k: { kind: 'oneOf', values: ['x', null] } } },
  ];

  test('lie in their ranges, for any seed', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const made = inputsOf(given, randomOf(seed, 'p')) as [number, string, number[], { k: Value }][];
        expect(made.length).toBeGreaterThan(50);
        for (const [n, text, list, record] of made) {
          expect(Number.isInteger(n) && n >= -5 && n <= 4_000 && !Object.is(n, -0)).toBe(true);
          expect([...text].length >= 1 && [...text].length <= 6 && /^(?:a|😀)*$/u.test(text)).toBe(true);
          expect(list.length <= 5 && list.every((x) => x >= 0 && x <= 2)).toBe(true);
          expect(['x', null]).toContain(record.k);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('are the same under one seed, others under another, and reach the ends of a range', () => {
    const of = (seed: number) => JSON.stringify(argumentsOf(property({ given }), seed));
    expect(of(1)).toBe(of(1));
    expect(of(1)).not.toBe(of(2));
    const numbers = inputsOf([{ kind: 'int', from: 1, to: 3_999 }], randomOf(7, 'p')).flat();
    expect(numbers).toEqual(expect.arrayContaining([1, 3_999]));
    expect(Math.max(...(numbers.slice(0, 10) as number[]).filter((n) => n < 3_998))).toBeLessThan(1_000);
  });

  test('a property without arguments is asked once', () => {
    expect(argumentsOf(property({}), 1)).toEqual([[]]);
  });
});

test('an order is a permutation that the seed decides', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 20 }), fc.nat(), (items, seed) => {
      const mixed = shuffled(items, randomOf(seed, 'o'));
      expect(mixed.toSorted()).toEqual(items.toSorted());
      expect(mixed).toEqual(shuffled(items, randomOf(seed, 'o')));
    }),
  );
});

test('no question holds an expectation', () => {
  const cases = [
    { name: 'secret name 1', module: 'a.ts', call: 'a', args: [1], returns: 'SECRET' },
    { name: 'secret name 2', module: 'a.ts', call: 'a', args: [1], throws: { name: 'SECRET', message: 'SECRET' } },
    { name: 'secret name 3', argv: ['a.ts'], exit: 77, stdout: 'SECRET', stderr: 'SECRET', after: { 'a.txt': 'SECRET' } },
    {
      name: 'secret name 4',
      serve: ['a.ts', '{port}'],
      requests: [{ path: '/', expect: { status: 477, headers: { a: 'SECRET' }, json: 'SECRET', text: 'SECRET' } }],
    },
  ];
  const properties = [
    { name: 'secret name 5', module: 'a.ts', call: 'a', holds: 'matches', pattern: 'SECRET' },
    { name: 'secret name 6', module: 'a.ts', call: 'a', holds: 'between', range: [777, 778] },
    { name: 'secret name 7', module: 'a.ts', call: 'a', holds: 'throws', error: 'SECRET' },
  ];
  const reading = readOracle(JSON.stringify({ cases, properties }));
  if (!('oracle' in reading)) throw new Error(reading.problems.join());
  expect(JSON.stringify(firstJobs(reading.oracle, 1))).not.toMatch(/SECRET|77|secret name|matches|between/);
});

test.each<[Partial<Property>, Value[], Value, Value | null, boolean]>([
  [{ holds: 'inverse' }, [3], 'III', 3, true],
  [{ holds: 'inverse' }, [3], 'III', '3', false],
  [{ holds: 'inverse' }, [3], 'III', null, false],
  [{ holds: 'idempotent' }, [' a '], 'a', 'a', true],
  [{ holds: 'commutative' }, [1, 2], -1, 1, false],
  [{ holds: 'sorted' }, [[2, 1]], [1, 2, 2], null, true],
  [{ holds: 'sorted' }, [[2, 1]], [2, 1], null, false],
  [{ holds: 'sorted' }, [[]], [1, 'a'], null, false],
  [{ holds: 'permutation' }, [[1, 1, 2]], [1, 2, 1], null, true],
  [{ holds: 'permutation' }, [[1, 1, 2]], [1, 2, 2], null, false],
  [{ holds: 'subset' }, [[1, 2, 3]], [3, 1], null, true],
  [{ holds: 'subset' }, [[1, 2, 3]], [1, 1], null, false],
  [{ holds: 'sameLength' }, ['a😀'], ['x', 'y'], null, true],
  [{ holds: 'concatenates' }, [[1, 2, 3]], [[1, 2], [3]], null, true],
  [{ holds: 'concatenates' }, ['abc'], ['ab', 'c'], null, true],
  [{ holds: 'concatenates' }, [[1, 2]], [[2], [1]], null, false],
  [{ holds: 'sums' }, [1000], { a: 334, b: [333, 333] }, null, true],
  [
    { holds: 'sums' },
    [1000],
    {
      $map: [
        ['a', 500],
        [7, 499],
      ],
    },
    null,
    false,
  ],
  [{ holds: 'sums' }, [0.3], [0.1, 0.2], null, true],
  [{ holds: 'matches', pattern: '^a+$' }, [], 'aab', null, false],
  [{ holds: 'between', range: [0, 1] }, [], 1, null, true],
  [{ holds: 'between', range: [0, 1] }, [], { $number: 'NaN' }, null, false],
  [{ holds: 'throws' }, [], 1, null, false],
])('%j of %j giving %j and %j: %s', (over, args, first, second, good) => {
  const p = property(over);
  expect(holds(p, { args, first: { value: first }, second: second === null ? null : { value: second } })).toBe(good);
});

test('an error is no value, but what "throws" waits for', () => {
  const thrown = { thrown: { error: { $error: { names: ['TypeError', 'Error'], message: '' } }, stack: '' } };
  const seen = { args: [], first: thrown, second: null };
  expect([
    holds(property({}), seen),
    holds(property({ holds: 'throws', error: 'Error' }), seen),
    holds(property({ holds: 'throws', error: 'RangeError' }), seen),
  ]).toEqual([false, true, false]);
});
