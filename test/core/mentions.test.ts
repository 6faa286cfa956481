import { expect, test } from 'vitest';
import { inParts, testsOf } from '../../src/core/mentions.ts';

const FILES = {
  'src/money.ts': 'export const cents = 1;',
  'src/split.ts': "import { cents } from './money.ts';",
  'src/cli.ts': "const { run } = await import('./split.js');",
  'src/moneybag.ts': '// money is not spoken of here as a module: from money to bag',
  'test/money.test.ts': 'import { cents } from "../src/money.ts";',
  'test/split.test.ts': "import { split } from '../src/split';",
  'test/cli.test.ts': "spawnSync(process.execPath, ['src/cli.ts'])",
  'test/bag.test.ts': "import { bag } from '../src/moneybag.ts';",
};
const TESTS = Object.keys(FILES).filter((path) => path.startsWith('test/'));

test('tests come to a module by naming it, or a file that does', () => {
  expect([...testsOf(FILES, TESTS, 'src/money.ts')]).toEqual([
    ['test/money.test.ts', 1],
    ['test/split.test.ts', 2],
    ['test/cli.test.ts', 3],
  ]);
  expect([...testsOf(FILES, TESTS, 'src/cli.ts').keys()]).toEqual(['test/cli.test.ts']);
});

test('every test counts where none is seen to come to the module', () => {
  expect([...testsOf(FILES, TESTS, 'src/other.ts').keys()]).toEqual(TESTS);
});

test.each([
  ['shop/price.py', 'from shop.price import parse'],
  ['shop/price.py', 'import shop.price as p'],
  ['shop/__main__.py', "subprocess.run(['python3', '-m', 'shop'])"],
  ['shop/__init__.py', 'import shop'],
  ['src/index.ts', "import { a } from '../src';"],
  ['oracle/case.ts', '{"module": "oracle/case.ts"}'],
])('%s is named by %s', (path, text) => {
  expect([...testsOf({ [path]: '', 'test/a': text, 'test/b': '' }, ['test/a', 'test/b'], path).keys()]).toEqual(['test/a']);
});

test('the nearest are run first, the quick ones together, each slow one alone', () => {
  const ms = new Map([
    ['a', 300],
    ['b', 100],
    ['c', 5000],
    ['d', 150],
    ['e', 120],
  ]);
  const distances = new Map([
    ['a', 1],
    ['b', 1],
    ['c', 1],
    ['d', 1],
    ['e', 2],
  ]);
  expect(inParts(distances, ms)).toEqual([['b', 'd'], ['a'], ['c'], ['e']]);
  expect(inParts(new Map([['a', 1]]), new Map())).toEqual([['a']]);
});
