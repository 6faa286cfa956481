import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, differ, isError, resolve, show, type Value } from '../../src/core/oracle-value.ts';

/** Plain JSON without tags: no key begins with `$`. */
const plain = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((key) => !key.startsWith('$')),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;

describe('comparison', () => {
  test('a value is itself, also after a trip through JSON', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const copy = JSON.parse(JSON.stringify(value)) as Value;
        expect(differ(value, copy)).toBe(null);
        expect(canonical(value)).toBe(canonical(copy));
      }),
    );
  });

  test('two values differ exactly when their canonical texts do', () => {
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        expect(differ(a, b) === null).toBe(canonical(a) === canonical(b));
        expect(differ(a, b) === null).toBe(differ(b, a) === null);
      }),
    );
  });

  test('a change deep inside is found at its place', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const wrap = (inner: Value) => ({ a: [1, { 'b c': inner }] });
        const found = differ(wrap(value), wrap({ no: ['such', value] }));
        expect(found?.where.startsWith('.a[1]["b c"]')).toBe(true);
      }),
    );
  });

  test.each<[string, Value, Value | undefined, boolean]>([
    ['a missing property is undefined', { a: 1, b: { $undefined: true } }, { a: 1 }, true],
    ['and the other way round', { a: 1 }, { a: 1, b: { $undefined: true } }, true],
    ['null is not undefined', { a: null }, {}, false],
    ['nothing came', 1, undefined, false],
    ['-0 is 0', 0, { $number: '-0' }, true],
    ['unless -0 is asked for', { $number: '-0' }, 0, false],
    ['a set in another order', { $set: [1, [2], 'x'] }, { $set: ['x', 1, [2]] }, true],
    ['a set with something twice', { $set: [1, 1, 2] }, { $set: [1, 2, 2] }, false],
    [
      'a map in another order',
      {
        $map: [
          [1, 'a'],
          [2, 'b'],
        ],
      },
      {
        $map: [
          [2, 'b'],
          [1, 'a'],
        ],
      },
      true,
    ],
    ['a number is not a text', 1, '1', false],
    ['a bigint is not a number', { $bigint: '1' }, 1, false],
    ['one instant in two spellings', { $date: '2024-01-02' }, { $date: '2024-01-02T00:00:00.000Z' }, true],
    ['another instant', { $date: '2024-01-02' }, { $date: '2024-01-02T00:00:00.001Z' }, false],
    ['near', { $near: [0.3, 1e-9] }, 0.1 + 0.2, true],
    ['not near', { $near: [0.3, 1e-9] }, 0.31, false],
    ['near is no text', { $near: [1, 1] }, '1', false],
    ['contains all parts', { $contains: ['a', 'c'] }, 'abc', true],
    ['contains an item', { $contains: { a: 1 } }, [0, { a: 1 }], true],
    ['matches as a whole', { $matches: '[a-z]+' }, 'abc1', false],
    ['includes', { $includes: { a: { $any: true } } }, { a: 1, b: 2 }, true],
    ['includes what is not there', { $includes: { a: { $any: true } } }, { b: 2 }, false],
    ['an object with a key like a tag', { $object: { $any: 1 } }, { $object: { $any: 1 } }, true],
    ['a tag of the box is no matcher', 5, { $any: true }, false],
    ['a longer list', [1], [1, 2], false],
    ['__proto__ is a key like others', JSON.parse('{"__proto__": 1}') as Value, {}, false],
  ])('%s', (_, expected, actual, same) => {
    expect(differ(expected, actual) === null).toBe(same);
  });

  test('what was saved counts as data, also when it looks like a matcher', () => {
    const saved = new Map<string, Value>([['a', { $any: true }]]);
    expect(differ(resolve([{ $ref: 'a' }], saved), [7])).not.toBe(null);
    expect(differ(resolve([{ $ref: 'a' }], saved), [{ $any: true }])).toBe(null);
    expect(differ(resolve({ $ref: 'none' }, saved), 7)).not.toBe(null);
  });

  test('errors by class and message', () => {
    const error: Value = { $error: { names: ['RangeError', 'Error'], message: 'from 1 to 9' } };
    expect(isError({ name: 'Error' }, error)).toBe(true);
    expect(isError({ name: 'TypeError' }, error)).toBe(false);
    expect(isError({ message: { $contains: 'to 9' } }, error)).toBe(true);
    expect(isError({ message: 'from 1' }, error)).toBe(false);
    expect(isError({}, { message: 'plain object' })).toBe(false);
  });
});

test('what is shown is short, on one line, for any value', () => {
  fc.assert(fc.property(plain, (value) => void expect(show(value)).not.toMatch(/\n/)));
  expect(show(Array.from({ length: 100_000 }, (_, i) => i)).length).toBeLessThanOrEqual(600);
  expect(show({ a: { $undefined: true }, b: [{ $number: 'NaN' }, { $bigint: '5' }], c: { $date: '2024' } })).toBe(
    '{ a: undefined, b: [NaN, 5n], c: date 2024 }',
  );
});
