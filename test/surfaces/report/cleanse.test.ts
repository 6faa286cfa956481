import { expect, test } from 'vitest';
import { createCleanser } from '../../../src/surfaces/report/cleanse.ts';

const token = ['gh', 'p_abcdefghijklmnopqrst'].join('');

test('every string of plain data is cleaned, names of fields too, and nothing else is changed', () => {
  const cleanser = createCleanser('/home/ana');
  const data = {
    '/home/ana/x': [1, null, true, `at /home/ana/src/a.ts:1 and /home/anabel/b, /home/ana`],
    nested: { text: `a\u202eb\u001b[31mred\u001b[0m ${token}`, __proto__x: undefined },
  };
  expect(cleanser.clean(data)).toEqual({
    '~/x': [1, null, true, 'at ~/src/a.ts:1 and /home/anabel/b, ~'],
    nested: { text: 'a<U+202E>bred [redacted]', __proto__x: undefined },
  });
  expect(cleanser.found()).toEqual({ key: 1 });
});

test('colours inside a key do not hide it, and a field named __proto__ is only a field', () => {
  const cleanser = createCleanser(null);
  expect(cleanser.clean(`${token.slice(0, 8)}\u001b[1m${token.slice(8)}`)).toBe('[redacted]');
  const cleaned = cleanser.clean(JSON.parse('{"__proto__":{"x":"y"}}') as Record<string, unknown>);
  expect(Object.keys(cleaned)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(cleaned)).toBe(Object.prototype);
});

test('a home folder that is the root, or none, shortens nothing', () => {
  for (const home of ['/', '', null]) expect(createCleanser(home).clean('/etc/passwd')).toBe('/etc/passwd');
});
