import { afterAll, describe, expect, test } from 'vitest';
import { createJavascript } from '../../../src/effects/languages/javascript.ts';
import { defaultWorkerPath } from '../../../src/effects/languages/typescript/adapter.ts';
import { createTypescript, createWorkerClient } from '../../../src/effects/languages/typescript.ts';
import { file, plan, SHOP, TYPES } from './typescript-plan.ts';

const client = createWorkerClient({ workerPath: defaultWorkerPath(), idleMs: 30_000 });
const typescript = createTypescript({ client });
const javascript = createJavascript({ client });
afterAll(async () => {
  await client.close();
});

const PATH = 'test/shop.test.ts';
const TEST = `import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ParseError } from '../src/errors.ts';
import { parseItems, total } from '../src/parse.ts';
import { createStore } from '../src/store.ts';
import type { Item } from '../src/types.ts';

const tea: Item = { id: 1, name: 'tea', price: 3 };

describe('shop', () => {
  test('total', () => {
    assert.equal(total([tea]), 3);
  });
  test('bad lines', () => {
    assert.throws(() => parseItems('tea'), ParseError);
  });
  test('sorted', async () => {
    const sorted = await createStore([tea]).sorted('price');
    assert.equal(sorted[0].name, 'tea');
  });
});
`;

test('a good test file is left as it is', async () => {
  expect(await typescript.checkTests(SHOP, { [PATH]: TEST })).toEqual({ mended: [], diagnostics: [] });
});

const sorted = (text: string): string[] => text.split('\n').sort();

test.each([
  [
    'endings',
    [
      ["'../src/parse.ts'", "'../src/parse'"],
      ["'../src/errors.ts'", "'../src/errors.js'"],
    ],
  ],
  ['a wrong folder', [["'../src/parse.ts'", "'./parse.ts'"]]],
  ['a file that is not there, whose name is', [["'../src/parse.ts'", "'../lib/parse.ts'"]]],
  ['a missing import of a planned export', [["import { createStore } from '../src/store.ts';\n", '']]],
  ['a missing import of the runner', [["import { describe, test } from 'node:test';\n", '']]],
  ['a missing import of assert', [["import assert from 'node:assert/strict';\n", '']]],
  ['a missing prefix', [["'node:test'", "'test'"]]],
  ['a type imported as a value', [['import type', 'import']]],
  ['an unused import', [['import { ParseError }', 'import { ParseError, ShopError }']]],
  [
    'a name from the wrong file',
    [["import { ParseError } from '../src/errors.ts';\nimport { parseItems, total }", 'import { ParseError, parseItems, total }']],
  ],
] as const)('mended: %s', async (_, pairs) => {
  let text = TEST;
  for (const [from, to] of pairs) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  const result = await typescript.checkTests(SHOP, { [PATH]: text });
  expect(result.diagnostics).toEqual([]);
  expect(sorted(result.mended[0]?.text ?? '')).toEqual(sorted(TEST));
});

describe('said', () => {
  test.each([
    [
      'an unknown export',
      'import { parseItems, total }',
      'import { parseItems, total, parseLine }',
      'TS2305',
      /no exported member 'parseLine'/,
      'parseLine();',
    ],
    ['too few arguments', 'total([tea])', 'total()', 'TS2554', /Expected 1 arguments/, ''],
    ['too many arguments', 'total([tea])', "total([tea], 'EUR')", 'TS2554', /Expected 1 arguments/, ''],
    ['an unknown method', ".sorted('price')", ".orderBy('price')", 'TS2339', /'orderBy' does not exist on type 'Store'/, ''],
    ['an unknown property', 'sorted[0].name', 'sorted[0].title', 'TS2339', /'title' does not exist on type 'Item'/, ''],
    ['a syntax error', 'assert.equal(total([tea]), 3);', 'assert.equal(total([tea]), 3;', 'TS1005', /expected/, ''],
    ['an unknown name', "'tea');\n  });\n});", 'coffee);\n  });\n});', 'TS2304', /'coffee'/, ''],
    [
      'a file that nobody planned',
      "'../src/store.ts'",
      "'../src/warehouse.ts'",
      'TS2307',
      /There is no file '\.\.\/src\/warehouse\.ts'/,
      '',
    ],
    ['an enum', 'const tea', 'enum A { B }\nconst tea', 'TS1294', /erasableSyntaxOnly/, ''],
  ])('%s', async (_, from, to, code, message, tail) => {
    expect(TEST).toContain(from);
    const { diagnostics } = await typescript.checkTests(SHOP, { [PATH]: TEST.replace(from, to) + tail });
    expect(diagnostics.map((each) => [each.path, each.code])).toEqual([[PATH, code]]);
    expect(diagnostics[0]?.message).toMatch(message);
    expect(diagnostics[0]?.line).toBeGreaterThan(0);
  });
});

describe('left alone', () => {
  test.each([
    ['wrong arguments on purpose', 'assert.throws(() => total(), TypeError);'],
    ['rejections on purpose', 'assert.rejects(async () => createStore([tea]).sorted());'],
    ['an expected error', '// @ts-expect-error: no argument\n    total();'],
    ['an expected error that is none', '// @ts-expect-error: fine\n    total([]);'],
    ['wrong types', "total('x' as unknown as Item[]); total(3 as any); const x: number = total([]) as unknown as string;"],
    ['implicit any', 'const helper = (a, b) => a + b; helper(1, 2);'],
    ['unknown errors', "try { parseItems('x'); } catch (error) { assert.equal(error.line, 1); }"],
    ['what may be missing', "const found = createStore([tea]).find(1); assert.equal(found.name, 'tea');"],
    ['helpers of its own', 'const own = (a: number) => a; (own as (...all: unknown[]) => unknown)(); own(1); JSON.parse("{}").a.b.c;'],
  ])('%s', async (_, line) => {
    const text = TEST.replace('assert.equal(total([tea]), 3);', line);
    const result = await typescript.checkTests(SHOP, { [PATH]: text });
    expect(result.diagnostics).toEqual([]);
  });
});

test('tests of vitest, which is not installed yet, get their imports', async () => {
  const text = "import { add } from '../src/add.ts';\n\ntest('adds', () => {\n  expect(add(1, 2)).toBe(3);\n});\n";
  const vitest = plan([file('src/add.ts', 'export function add(a: number, b: number): number;')], { runner: 'vitest' });
  const result = await typescript.checkTests(vitest, { 'test/add.test.ts': text });
  expect(result.diagnostics).toEqual([]);
  expect(result.mended[0]?.text.split('\n')[1]).toBe("import { test, expect } from 'vitest';");
});

test('several tests, helpers and an export that another name hides', async () => {
  const helper =
    "import type { Item } from '../src/types.ts';\n\nexport const item = (name: string): Item => ({ id: 1, name, price: 1 });\n";
  const text = "import { test } from 'node:test';\nimport { item } from './helper';\n\ntest('x', () => {\n  item('a');\n});\n";
  const result = await typescript.checkTests(plan([TYPES]), { 'test/helper.ts': helper, 'test/a.test.ts': text });
  expect(result.diagnostics).toEqual([]);
  expect(result.mended.map((each) => [each.path, each.fixes])).toEqual([
    ['test/a.test.ts', ["import path './helper' is now './helper.ts'"]],
  ]);
});

test('JavaScript tests', async () => {
  const files = [file('src/sum.js', 'export interface Row { n: number }\nexport function sum(rows: readonly Row[]): number;')];
  const js = plan(files, { language: 'javascript', tests: [{ path: 'test/sum.test.js', checks: ['x'], uses: [] }] });
  const text =
    "import assert from 'node:assert/strict';\nimport { Row, sum } from '../src/sum';\n\ntest('sum', () => {\n  assert.equal(sum([{ n: 1 }]), 1);\n});\n";
  const result = await javascript.checkTests(js, { 'test/sum.test.js': text });
  expect(result.diagnostics).toEqual([]);
  expect(result.mended[0]?.text).toBe(
    "import assert from 'node:assert/strict';\nimport { sum } from '../src/sum.js';\nimport { test } from 'node:test';\n\ntest('sum', () => {\n  assert.equal(sum([{ n: 1 }]), 1);\n});\n",
  );
  const wrong = await javascript.checkTests(js, { 'test/sum.test.js': text.replace('sum([{ n: 1 }])', 'sum()') });
  expect(wrong.diagnostics.map((each) => each.code)).toEqual(['TS2554']);
});
