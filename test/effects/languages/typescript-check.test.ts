import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createJavascript } from '../../../src/effects/languages/javascript.ts';
import { defaultWorkerPath } from '../../../src/effects/languages/typescript/adapter.ts';
import { createTypescript, createWorkerClient } from '../../../src/effects/languages/typescript.ts';
import { ERRORS, file, GOOD, PARSE, plan, SHOP, STORE, TYPES } from './typescript-plan.ts';

const client = createWorkerClient({ workerPath: defaultWorkerPath(), idleMs: 30_000 });
const typescript = createTypescript({ client });
const javascript = createJavascript({ client });
afterAll(async () => {
  await client.close();
});

/** The shop with one file changed: every pair of texts is replaced in it. */
function changed(path: string, ...pairs: readonly (readonly [string, string])[]): Record<string, string> {
  let text = GOOD[path] ?? '';
  for (const [from, to] of pairs) {
    if (!text.includes(from)) throw new Error(`no such text: ${from}`);
    text = text.replaceAll(from, to);
  }
  return { ...GOOD, [path]: text };
}

test('good drafts are left as they are', async () => {
  expect(await typescript.check(SHOP, GOOD, null)).toEqual({ mended: [], diagnostics: [] });
});

describe('mended for free', () => {
  const TYPE_IMPORT = "import type { Item } from './types.ts';";
  test.each([
    ['no ending', 'src/parse.ts', [["'./types.ts'", "'./types'"]]],
    ['another ending', 'src/parse.ts', [["'./types.ts'", "'./types.js'"]]],
    ['a wrong folder', 'src/parse.ts', [["'./types.ts'", "'../types.ts'"]]],
    ['a path from the root', 'src/parse.ts', [["'./types.ts'", "'src/types.ts'"]]],
    ['an alias path', 'src/parse.ts', [["'./types.ts'", "'@/types'"]]],
    ['no `type`', 'src/parse.ts', [['import type', 'import']]],
    ['a missing type import', 'src/parse.ts', [[`${TYPE_IMPORT}\n`, '']]],
    ['an unused import', 'src/parse.ts', [[TYPE_IMPORT, `${TYPE_IMPORT}\nimport { Store } from './store.ts';`]]],
    ['an unused name beside a used one', 'src/store.ts', [['Item, Sort }', 'Item, Sort, Item as Other }']]],
    ['a missing `export`', 'src/parse.ts', [['export function total', 'function total']]],
    ['a missing `export` of a type', 'src/types.ts', [['export interface', 'interface']]],
    ['a name from the wrong file', 'src/parse.ts', [[TYPE_IMPORT, "import type { Item } from './store.ts';"]]],
    [
      'a default import of a named export',
      'src/parse.ts',
      [["import { ParseError } from './errors.ts'", "import ParseError from './errors.ts'"]],
    ],
    [
      'a fence around the file',
      'src/parse.ts',
      [
        ['import { ParseError }', '```ts\nimport { ParseError }'],
        ['item.price, 0);\n}\n', 'item.price, 0);\n}\n```\n'],
      ],
    ],
  ] as const)('%s', async (_, path, pairs) => {
    const draft = changed(path, ...pairs);
    const result = await typescript.check(SHOP, draft, null);
    expect(result.diagnostics).toEqual([]);
    expect(result.mended.map((each) => each.path)).toEqual([path]);
    expect(result.mended[0]?.fixes.length).toBeGreaterThan(0);
    expect(normal(result.mended[0]?.text)).toBe(normal(GOOD[path]));
    const again = await typescript.check(SHOP, { ...draft, [path]: result.mended[0]?.text ?? '' }, null);
    expect(again).toEqual({ mended: [], diagnostics: [] });
  });

  /** Imports may stand in another order after mending; every other line must be the same. */
  const normal = (text = ''): string => {
    const lines = text.split('\n');
    const isImport = (line: string): boolean => line.startsWith('import ');
    return [...lines.filter(isImport).sort(), ...lines.filter((line) => !isImport(line))].join('\n');
  };

  test('names of Node, with and without the prefix', async () => {
    const files = [file('src/a.ts', 'export function hash(text: string): string;\nexport function here(): string;')];
    const text =
      "import path from 'path';\n\nexport function hash(text: string): string {\n  return createHash('sha256').update(text).digest('hex');\n}\n\nexport function here(): string {\n  return path.join(tmpdir(), 'x');\n}\n";
    const result = await typescript.check(plan(files), { 'src/a.ts': text }, null);
    expect(result.diagnostics).toEqual([]);
    expect(result.mended[0]?.text.split('\n').slice(0, 4)).toEqual([
      "import path from 'node:path';",
      "import { createHash } from 'node:crypto';",
      "import { tmpdir } from 'node:os';",
      '',
    ]);
  });

  test('a class imported as a type but used as a value, and the other way round', async () => {
    const draft = changed('src/parse.ts', ['import { ParseError }', 'import type { ParseError }']);
    const result = await typescript.check(SHOP, draft, null);
    expect(result.diagnostics).toEqual([]);
    expect(result.mended[0]?.text).toBe(GOOD['src/parse.ts']);
  });

  test('default and named exports that the contract has the other way round', async () => {
    const files = [
      file('src/a.ts', 'export default function run(): number;'),
      file('src/b.ts', 'export function go(): number;', ['src/a.ts']),
    ];
    const result = await typescript.check(
      plan(files),
      {
        'src/a.ts': 'export function run(): number {\n  return 1;\n}\n',
        'src/b.ts': "import { run } from './a.ts';\n\nexport default function go(): number {\n  return run();\n}\n",
      },
      null,
    );
    expect(result.diagnostics).toEqual([]);
    expect(result.mended.map((each) => each.text.trim().split('\n').at(-1))).toEqual(['export default run;', 'export { go };']);
  });

  test('a default export that its contract promises is awaited by its importers', async () => {
    const files = [
      file('src/a.ts', 'export default class Thing { size(): number }'),
      file('src/b.ts', 'export function go(): number;', ['src/a.ts']),
    ];
    const b = "import Thing from './a';\n\nexport function go(): number {\n  return new Thing().size();\n}\n";
    const result = await typescript.check(
      plan(files),
      { 'src/a.ts': 'class Thing {\n  size(): number {\n    return 1;\n  }\n}\n', 'src/b.ts': b },
      null,
    );
    expect(result.diagnostics).toEqual([]);
    expect(result.mended.map((each) => each.text.split('\n').at(-2))).toEqual(['export default Thing;', '}']);
  });

  test('an export that is to be passed on', async () => {
    const index = file('src/index.ts', "export { parseItems } from './parse.ts';\nexport type { Item } from './types.ts';", [
      'src/parse.ts',
      'src/types.ts',
    ]);
    const result = await typescript.check(
      plan([...SHOP.files, index]),
      { ...GOOD, 'src/index.ts': "export { parseItems } from './parse';\nexport { Item } from './types.ts';\n" },
      null,
    );
    expect(result.diagnostics).toEqual([]);
    expect(result.mended.map((each) => each.text)).toEqual([
      "export { parseItems } from './parse.ts';\nexport { type Item } from './types.ts';\n",
    ]);
    const empty = await typescript.check(plan([...SHOP.files, index]), { ...GOOD, 'src/index.ts': '// The way in.\n' }, null);
    expect(empty.diagnostics).toEqual([]);
  });

  test('a `#!` line stays first', async () => {
    const cli = file('src/cli.ts', 'export function main(argv: string[]): Promise<number>;', ['src/parse.ts']);
    const text =
      '#!/usr/bin/env node\n/** The program. */\nexport async function main(argv: string[]): Promise<number> {\n  return parseItems(argv.join()).length;\n}\n';
    const result = await typescript.check(plan([...SHOP.files, cli]), { ...GOOD, 'src/cli.ts': text }, null);
    expect(result.diagnostics).toEqual([]);
    expect(result.mended[0]?.text.split('\n').slice(0, 2)).toEqual(['#!/usr/bin/env node', "import { parseItems } from './parse.ts';"]);
  });
});

describe('said', () => {
  test.each([
    [
      'a missing export',
      'src/parse.ts',
      [['export function total', 'export function sum']],
      'contract',
      0,
      /no export `total`.*total\(items: readonly Item\[\]\): number/,
    ],
    [
      'another result',
      'src/parse.ts',
      [
        [
          'items: readonly Item[]): number {\n  return items.reduce((sum, item) => sum + item.price, 0)',
          'items: readonly Item[]): string {\n  return String(items.length)',
        ],
      ],
      'contract',
      13,
      /`total` does not match.*Expected: `function total\(items: readonly Item\[\]\): number;`; found: `\(items: readonly Item\[\]\) => string`/,
    ],
    [
      'another parameter',
      'src/parse.ts',
      [
        ['parseItems(text: string)', 'parseItems(text: string, sep: string)'],
        ["split(',')", 'split(sep)'],
      ],
      'contract',
      5,
      /`parseItems` does not match/,
    ],
    ['a missing method', 'src/store.ts', [['  find(id', '  lookup(id']], 'contract', 3, /`Store` does not match.*find/],
    [
      'another constructor of a subclass',
      'src/errors.ts',
      [['constructor(message: string, line: number)', 'constructor(line: number, message: string)']],
      'contract',
      9,
      /`ParseError` does not match.*'line' and 'message' are incompatible/,
    ],
    [
      'a method that is not async',
      'src/store.ts',
      [['async sorted(by: Sort): Promise<Item[]>', 'sorted(by: Sort): Item[]']],
      'contract',
      3,
      /The types returned by 'sorted\(\.\.\.\)' are incompatible/,
    ],
    ['another type', 'src/types.ts', [['price: number', 'price: number;\n  stock: number']], 'contract', 1, /`Item` does not match/],
    ['a syntax error', 'src/parse.ts', [['items.reduce((sum', 'items.reduce(((sum']], 'TS1005', 14, /expected/],
    ['a type error', 'src/parse.ts', [['id: index', 'id: line']], 'TS2322', 6, /Type 'string' is not assignable to type 'number'/],
    ['an unknown name', 'src/parse.ts', [['Number(price)', 'convert(price)']], 'TS2304', 9, /convert/],
    [
      'a missing file',
      'src/parse.ts',
      [['import type', "import { x } from './nowhere.ts';\nconsole.log(x);\nimport type"]],
      'TS2307',
      2,
      /There is no file '\.\/nowhere\.ts'\. The tree has: src\/errors\.ts/,
    ],
    [
      'an unplanned package',
      'src/parse.ts',
      [['import type', "import { x } from 'left-pad';\nconsole.log(x);\nimport type"]],
      'TS2307',
      2,
      /package 'left-pad' is not in the plan/,
    ],
    [
      'an enum',
      'src/types.ts',
      [['export type Sort', 'enum Color { Red }\nexport const first = Color.Red;\nexport type Sort']],
      'TS1294',
      8,
      /erasableSyntaxOnly/,
    ],
    ['an elision', 'src/parse.ts', [['// Reads one item a line.', '// ... existing code']], 'placeholder', 4, /Write the whole code/],
    [
      'the rest, in parentheses',
      'src/parse.ts',
      [['// Reads one item a line.', '/* (the rest of the code remains unchanged) */']],
      'placeholder',
      4,
      /Write the whole code/,
    ],
    [
      'existing methods',
      'src/parse.ts',
      [['// Reads one item a line.', '// ... keep the other functions']],
      'placeholder',
      4,
      /Write the whole code/,
    ],
    ['a TODO', 'src/parse.ts', [['// Reads one item a line.', '// TODO: implement quoting']], 'placeholder', 4, /TODO/],
    [
      'the rest left out',
      'src/store.ts',
      [['  find(id', '  // (rest of the class stays the same)\n  find(id']],
      'placeholder',
      21,
      /rest of the class/,
    ],
    [
      'a throw instead of code',
      'src/parse.ts',
      [['return items.reduce((sum, item) => sum + item.price, 0)', "throw new Error('Not implemented')"]],
      'placeholder',
      14,
      /`total` only throws/,
    ],
    ['switched-off checks', 'src/parse.ts', [['// Reads one item a line.', '// @ts-nocheck']], 'placeholder', 4, /@ts-nocheck/],
  ] as const)('%s', async (_, path, pairs, code, line, message) => {
    const { diagnostics } = await typescript.check(SHOP, changed(path, ...pairs), null);
    const found = diagnostics.filter((each) => each.path === path && each.code === code);
    expect(found.map((each) => each.line)).toEqual([line]);
    expect(found[0]?.message).toMatch(message);
    expect(JSON.stringify(diagnostics)).not.toMatch(/\/tree|probe|contract_\d/);
  });

  test('an empty body where a result is promised', async () => {
    const draft = changed('src/store.ts', ['    return this.#items.get(id);\n', '']);
    const { diagnostics } = await typescript.check(SHOP, draft, null);
    expect(diagnostics.filter((each) => each.code === 'placeholder').map((each) => each.message)).toEqual([
      expect.stringContaining('`Store.find` has an empty body'),
    ]);
  });

  test.each([
    ['words about unchanged values', '// The order is kept; items that did not change remain unchanged in the map.'],
    ['a text with the words', "export const HELP = '... existing code, TODO: implement, rest of the code';"],
    ['prose about a rest', '// The rest of the file is data; two of the items stay the same.'],
    ['a list that goes on', '// Takes name, price, ... other columns are left as is.'],
    [
      'todos that are things',
      "// Finish a todo, then write it.\nexport const missing = (): never => {\n  throw new Error('Todo not found');\n};",
    ],
    ['what subclasses do', '// Subclasses implement this.'],
    ['a comment about errors', '// Throws when the feature is not implemented by the server.'],
  ])('%s are no placeholder', async (_, line) => {
    const draft = changed('src/parse.ts', ['// Reads one item a line.', line]);
    expect((await typescript.check(SHOP, draft, null)).diagnostics).toEqual([]);
  });

  test('drift is not seen where there is none', async () => {
    const shapes = file(
      'src/shapes.ts',
      `import { EventEmitter } from 'node:events';
import type { Item } from './types.ts';
import { Store } from './store.ts';
export interface Json { [key: string]: Json | string }
export interface Page<T, K extends keyof T = keyof T> { items: T[]; key: K }
export type Result<T> = { ok: true; value: T } | { ok: false; error: string };
export function map<T, U>(items: readonly T[], each: (item: T, index: number) => U): U[];
export function pick(key: string): string;
export function pick(key: number, loose?: boolean): number;
export function lines(text: string): AsyncGenerator<string>;
export function load(path: string): Promise<Result<Item>>;
export function walk(store: Store, visit: (item: Item) => void): void;
export function node(children: Node[]): Node;
export class Node { readonly children: readonly Node[]; constructor(children?: Node[]); add(child: Node): Node; static root(): Node }
export class Bus<T extends object = Item> extends EventEmitter { send(item: T): this; [Symbol.asyncIterator](): AsyncIterator<T>; }
export class Gone extends Error { constructor(id: string); }
export const NAMES: readonly string[];
export const TABLE: Readonly<Record<string, (n: number) => string>>;
export const LIMIT = 10;
export const FIXED = { a: 1, b: ['x'] } as const;
export default function main(argv?: string[]): Promise<number>;
`,
      ['src/types.ts', 'src/store.ts'],
    );
    const text = `import { EventEmitter } from 'node:events';
import type { Store } from './store.ts';
import type { Item } from './types.ts';

export interface Json {
  [key: string]: Json | string;
}
export interface Page<T, K extends keyof T = keyof T> {
  items: T[];
  key: K;
}
export type Result<T> = { ok: true; value: T } | { ok: false; error: string };
export const map = <T, U>(items: readonly T[], each: (item: T, index: number) => U): U[] => items.map(each);
export function pick(key: string): string;
export function pick(key: number, loose?: boolean): number;
export function pick(key: string | number): string | number {
  return key;
}
export async function* lines(text: string): AsyncGenerator<string> {
  yield* text.split('\\n');
}
export async function load(path: string): Promise<Result<Item>> {
  return { ok: false, error: path };
}
export function walk(store: Store, visit: (item: Item) => void): void {
  const first = store.find(1);
  if (first !== undefined) visit(first);
}
export class Node {
  #kids: Node[];
  private seen = 0;
  constructor(children: Node[] = []) {
    this.#kids = children;
  }
  get children(): readonly Node[] {
    this.seen++;
    return this.#kids;
  }
  add(child: Node): Node {
    this.#kids.push(child);
    return this;
  }
  static root(): Node {
    return new Node();
  }
}
export function node(children: Node[]): Node {
  return new Node(children);
}
export class Bus<T extends object = Item> extends EventEmitter {
  private readonly sent: T[] = [];
  send(item: T): this {
    this.sent.push(item);
    this.emit('item', item);
    return this;
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    yield* this.sent;
  }
}
export class Gone extends Error {
  override readonly name = 'Gone';
  constructor(id: string) {
    super(\`gone: \${id}\`);
  }
}
export const NAMES = ['a', 'b'];
export const TABLE: Record<string, (n: number) => string> = { a: (n) => n.toFixed(2) };
export const LIMIT: number = 10;
export const FIXED = { a: 1, b: ['x'] } as const;
export default async function main(argv: string[] = []): Promise<number> {
  return argv.length;
}
`;
    expect(await typescript.check(plan([...SHOP.files, shapes]), { ...GOOD, 'src/shapes.ts': text }, null)).toEqual({
      mended: [],
      diagnostics: [],
    });
  });
});

describe('packages', () => {
  const web = file(
    'src/web.ts',
    "import type { Router } from 'tiny-web';\nimport * as tiny from 'tiny-web';\nexport function routes(): Router;\nexport type Again = tiny.Router;",
    ['tiny-web'],
  );
  const packages = [
    { name: 'tiny-web', range: '', dev: false },
    { name: 'bare', range: '', dev: false },
  ];
  const text =
    "import bare from 'bare';\nimport tiny, { type Router } from 'tiny-web';\nimport type * as all from 'tiny-web';\n\nexport type Again = all.Router;\nexport function routes(): Router {\n  return tiny.route(bare());\n}\n";

  test('are any until they are installed', async () => {
    expect(await typescript.check(plan([web], { packages }), { 'src/web.ts': text }, null)).toEqual({ mended: [], diagnostics: [] });
  });

  test('have their types when they are, and none when they have none', async () => {
    const deps = mkdtempSync(join(tmpdir(), 'deps-'));
    for (const [path, content] of Object.entries({
      'tiny-web/package.json': '{"name":"tiny-web","type":"module","exports":{".":{"types":"./index.d.ts","default":"./index.js"}}}',
      'tiny-web/index.js': 'export default {};',
      'tiny-web/index.d.ts':
        'export interface Router { path: string }\ndeclare const web: { route(n: unknown): Router };\nexport default web;\n',
      'bare/package.json': '{"name":"bare","main":"index.js"}',
      'bare/index.js': 'module.exports = () => 1;',
    })) {
      mkdirSync(join(deps, path, '..'), { recursive: true });
      writeFileSync(join(deps, path), content);
    }
    expect(await typescript.check(plan([web], { packages }), { 'src/web.ts': text }, deps)).toEqual({ mended: [], diagnostics: [] });
    const wrong = await typescript.check(plan([web], { packages }), { 'src/web.ts': text.replace('tiny.route', 'tiny.nowhere') }, deps);
    expect(wrong.diagnostics.map((each) => [each.code, each.line])).toEqual([['TS2339', 7]]);
    rmSync(deps, { recursive: true });
  });
});

describe('tests in the tree', () => {
  const TEST =
    "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { total } from '../src/parse.ts';\n\ntest('total', () => {\n  assert.equal(total([]), 0);\n});\n";

  test('are checked loosely and never changed', async () => {
    const loose = TEST.replace('total([])', "total([{ id: 1, name: 'x', price: '3' }] as never[])");
    expect(await typescript.check(SHOP, { ...GOOD, 'test/shop.test.ts': loose }, null)).toEqual({ mended: [], diagnostics: [] });
    const wrong = TEST.replace("'../src/parse.ts'", "'../src/parse'");
    const result = await typescript.check(SHOP, { ...GOOD, 'test/shop.test.ts': wrong }, null);
    expect(result.mended).toEqual([]);
    expect(result.diagnostics.map((each) => [each.path, each.line, each.code])).toEqual([['test/shop.test.ts', 3, 'TS2835']]);
  });
});

describe('JavaScript', () => {
  const js = (each: ReturnType<typeof file>): ReturnType<typeof file> =>
    file(
      each.path.replace('.ts', '.js'),
      each.contract.replaceAll(".ts'", ".js'"),
      each.uses.map((use) => use.replace('.ts', '.js')),
    );
  const JS = plan([TYPES, ERRORS, PARSE, STORE].map(js), { language: 'javascript' });
  const DRAFTS = {
    'src/types.js': '/** @typedef {{ id: number }} Unused */\nexport {};\n',
    'src/errors.js':
      "export class ShopError extends Error {\n  constructor(code, message, options) {\n    super(message, options);\n    this.code = code;\n  }\n}\n\nexport class ParseError extends ShopError {\n  constructor(message, line) {\n    super('parse', message);\n    this.line = line;\n  }\n}\n",
    'src/parse.js':
      "import { ParseError } from './errors.js';\n\n/** @param {Item[]} items */\nexport function total(items) {\n  return items.reduce((sum, item) => sum + item.price, 0);\n}\n\nexport function parseItems(text, sep = ',') {\n  if (!text) throw new ParseError('empty', 1);\n  return text.split('\\n').map((line) => line.split(sep));\n}\n",
    'src/store.js':
      'export class Store {\n  #items = [];\n  get size() {\n    return this.#items.length;\n  }\n  add(item) {\n    this.#items.push(item);\n    return this;\n  }\n  find(id) {\n    return this.#items.find((item) => item.id === id);\n  }\n  async sorted(by) {\n    return this.#items.toSorted((a, b) => (a[by] < b[by] ? -1 : 1));\n  }\n}\n\nexport const createStore = (items) => items.reduce((store, item) => store.add(item), new Store());\n',
  };

  test('good drafts are left as they are', async () => {
    expect(await javascript.check(JS, DRAFTS, null)).toEqual({ mended: [], diagnostics: [] });
  });

  test('imports and exports are mended', async () => {
    const draft = DRAFTS['src/parse.js']
      .replace("import { ParseError } from './errors.js';\n", "import { Item } from './types.ts';\nimport fs from 'fs';\n")
      .replace('export function total', 'function total');
    const result = await javascript.check(JS, { ...DRAFTS, 'src/parse.js': draft }, null);
    expect(result.diagnostics).toEqual([]);
    expect(result.mended.map((each) => each.text.trim())).toEqual([DRAFTS['src/parse.js'].trim()]);
  });

  test.each([
    ['a missing method', 'src/store.js', '  find(id)', '  lookup(id)', /`Store` lacks `find`/],
    ['too many parameters', 'src/parse.js', "text, sep = ','", 'text, sep', /`parseItems` needs 2 arguments/],
    ['a missing export', 'src/parse.js', 'function total', 'function sum', /no export `total`/],
    ['types in the code', 'src/parse.js', 'total(items)', 'total(items: any[])', /can only be used in TypeScript files/],
    ['an unknown name', 'src/parse.js', 'sum + item.price', 'sum + add(item)', /Cannot find name 'add'/],
    ['an elision', 'src/parse.js', '/** @param', '// ... rest of the file\n/** @param', /Write the whole code/],
  ])('%s is said', async (_, path, from, to, message) => {
    const text = DRAFTS[path as keyof typeof DRAFTS];
    expect(text).toContain(from);
    const { diagnostics } = await javascript.check(JS, { ...DRAFTS, [path]: text.replace(from, to) }, null);
    expect(diagnostics.map((each) => each.path)).toEqual([path]);
    expect(diagnostics[0]?.message).toMatch(message);
  });
});
