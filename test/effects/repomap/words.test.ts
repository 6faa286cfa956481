import { expect, test } from 'vitest';
import { partsOf, stem, termsOfName, wholeOf } from '../../../src/effects/repomap/words.ts';

test('a name falls into its words', () => {
  expect(partsOf('parseHTTPRequest2')).toEqual(['parse', 'HTTP', 'Request', '2']);
  expect(partsOf('MAX_SIZE')).toEqual(['MAX', 'SIZE']);
  expect(partsOf('größeÄndern')).not.toEqual([]);
});

test.each([
  ['validate', 'validation', 'validator', 'validating', 'validates'],
  ['retry', 'retries', 'retried'],
  ['parse', 'parser', 'parsing', 'parsed'],
  ['stop', 'stopped', 'stopping', 'stops'],
])('forms of one word meet: %s', (first, ...forms) => {
  expect(new Set(forms.map(stem))).toEqual(new Set([stem(first)]));
});

test('different words stay apart', () => {
  expect(stem('route')).not.toBe(stem('root'));
  expect(stem('test')).not.toBe(stem('text'));
});

test('a name of several words is also one term', () => {
  expect(termsOfName('contentType')).toContain('contenttype');
  expect(wholeOf('content-type')).toBe(wholeOf('contentType'));
  expect(termsOfName('retry')).toEqual([stem('retry')]);
});
