import { expect, test } from 'vitest';
import { lostLine } from '../../src/core/insertions.ts';

const BEFORE = "import { a } from './a.js';\n\ntest('one', () => {\n  a();\n});\n";

test.each([
  ['a new case', `${BEFORE}\ntest('two', () => {});\n`],
  ['a line between', BEFORE.replace('  a();', '  a();\n  a();')],
  ['an import that names more', BEFORE.replace('{ a }', '{ a, b }')],
  ['blank lines and white space at line ends', BEFORE.replace('\n\n', '\n\n\n').replace('a();', 'a();  ')],
])('%s only adds', (_, after) => expect(lostLine(BEFORE, after)).toBeNull());

test.each([
  ['a changed value', BEFORE.replace('  a();', '  b();'), { line: 4, text: 'a();' }],
  ['a case that is gone', "import { a } from './a.js';\n", { line: 3, text: "test('one', () => {" }],
  ['an import that names less', BEFORE.replace('{ a }', '{ b }'), { line: 1, text: "import { a } from './a.js';" }],
  ['another order', `${BEFORE.split('\n').slice(2).join('\n')}${BEFORE.split('\n')[0]}\n`, { line: 3, text: "test('one', () => {" }],
  ['nothing', '', { line: 1, text: "import { a } from './a.js';" }],
])('%s is told', (_, after, lost) => expect(lostLine(BEFORE, after)).toEqual(lost));

test('in a list a comma may be added', () => {
  expect(lostLine('[\n  1,\n  2\n]\n', '[\n  1,\n  2,\n  3\n]\n')).toBeNull();
});
