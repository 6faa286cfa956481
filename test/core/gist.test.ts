import { expect, test } from 'vitest';
import { gist } from '../../src/core/gist.ts';

const equal = 'AssertionError: Expected values to be strictly equal:';
const deep = 'AssertionError: Expected values to be strictly deep-equal:\n+ actual - expected';
const long = 'x'.repeat(300);

/** Messages as the runners give them, without their frames where these do not matter. */
const table: [string, string, string][] = [
  ['node: equal', `${equal}\n\n'IIII' !== 'IV'\n\n    at TestContext.<anonymous> (test/a.test.ts:4:25)`, "'IIII' !== 'IV'"],
  ['node: a list', `${deep}\n\n  [\n    'X',\n+   '19'\n-   '20'\n  ]`, "got '19', expected '20'"],
  [
    'node: an object',
    `${deep}\n\n  {\n    a: 1,\n    b: {\n+     c: 3,\n-     c: 4,\n-     d: 'x'\n    }\n  }`,
    "got c: 3, expected c: 4, d: 'x'",
  ],
  ['node: too little', `${deep}\n\n  {\n    a: 1,\n-   b: 2\n  }`, 'b: 2 is missing'],
  ['node: too much', `${deep}\n\n  {\n    a: 1,\n+   b: 2\n  }`, 'b: 2 is too much'],
  [
    'node: long texts',
    `${equal}\n+ actual - expected\n\n+ '${long}a'\n- '${long}b'\n`,
    "got …xxxxxxxxxxxxxxxa', expected …xxxxxxxxxxxxxxxb'",
  ],
  ['node: own words', 'AssertionError: sums differ\n\n1 !== 2\n', 'AssertionError: sums differ: 1 !== 2'],
  [
    'node: match',
    "AssertionError: The input did not match the regular expression /x/. Input:\n\n'abc'\n",
    "AssertionError: The input did not match the regular expression /x/. Input: 'abc'",
  ],
  [
    'node: ok',
    'AssertionError: The expression evaluated to a falsy value:\n\n  assert.ok(0)\n',
    'AssertionError: The expression evaluated to a falsy value: assert.ok(0)',
  ],
  [
    'node: a file that cannot be loaded',
    "The process of this test file ended with exit code 1, before any test was reported.\n    throw new ERR_X(\n          ^\n\nError [ERR_MODULE_NOT_FOUND]: Cannot find module 'src/a.js'\n  code: 'X'",
    "Error [ERR_MODULE_NOT_FOUND]: Cannot find module 'src/a.js'",
  ],
  ['an error', 'TypeError: x is not a function\n    at f (src/a.ts:3:21)', 'TypeError: x is not a function'],
  [
    'vitest',
    'AssertionError: expected \'IIII\' to be \'IV\' // Object.is equality\n\nExpected: "IV"\nReceived: "IIII"',
    "AssertionError: expected 'IIII' to be 'IV' // Object.is equality",
  ],
  ['unittest', "AssertionError: 'IIII' != 'IV'\n- IIII\n+ IV\n", "AssertionError: 'IIII' != 'IV'"],
  ['pytest', "AssertionError: assert 'IIII' == 'IV'\n  - IV\n  + IIII", "AssertionError: assert 'IIII' == 'IV'"],
  ['pytest: own words', 'AssertionError: sums\nassert 1 == 2', 'AssertionError: sums: assert 1 == 2'],
  ['nothing', '\n \n', ''],
];

test.each(table)('%s', (_name, message, line) => {
  expect(gist(message)).toBe(line);
});

test('never more than 200 characters', () => {
  expect(gist(`Error: ${'y'.repeat(500)}`)).toHaveLength(200);
  expect(gist(`AssertionError: ${'y'.repeat(190)}:\nsomething else`)).toHaveLength(200);
});
