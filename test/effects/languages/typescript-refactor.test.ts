import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { SemanticEdit } from '../../../src/core/semantic.ts';
import { refactor, references } from '../../../src/effects/languages/typescript/refactor.ts';
import { createTypescript } from '../../../src/effects/languages/typescript.ts';

type Files = Readonly<Record<string, string>>;

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** What `tsc --noEmit` says of the files. */
function tsc(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'redgreen-refactor-'));
  made.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  try {
    return execFileSync(process.execPath, [join(import.meta.dirname, '../../../node_modules/.bin/tsc'), '-p', folder, '--noEmit'], {
      encoding: 'utf8',
    });
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  }
}

function changed(files: Files, edit: SemanticEdit): Files {
  const result = refactor(files, edit);
  if ('problem' in result) throw new Error(result.problem);
  const kept = Object.entries({ ...files, ...result.changed }).filter(([path]) => !result.removed.includes(path));
  return Object.fromEntries(kept);
}

const problem = (files: Files, edit: SemanticEdit): string => {
  const result = refactor(files, edit);
  return 'problem' in result ? result.problem : `made: ${result.summary}`;
};

/** Thirty files and more: one declares `price`, 25 use it in different ways, the others do not. */
const LARGE: Files = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      strict: true,
      module: 'nodenext',
      target: 'es2022',
      allowImportingTsExtensions: true,
      noEmit: true,
      jsx: 'preserve',
      types: [],
      lib: ['es2022'],
    },
  }),
  'package.json': '{"type":"module"}',
  'src/price.ts': `/** What a thing costs. */\nexport function price(amount: number, rate = 1): number {\n\treturn amount * rate;\n}\n\nexport interface Priced { price: number }\nexport enum Kind { Small, Large }\n`,
  'src/index.ts': `export { price, price as cost } from './price.ts';\nexport * from './price.ts';\n`,
  ...Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [
      `src/named${i}.ts`,
      `import { price } from "./price.ts";\n\nexport const value${i} =   price( ${i} ) // price stays in a comment\nexport const text${i} = 'price';\n`,
    ]),
  ),
  ...Object.fromEntries(
    Array.from({ length: 5 }, (_, i) => [
      `src/deep/space${i}.ts`,
      `import * as all from '../price.ts';\nexport const value = all.price(${i}) + all.Kind.Small;\n`,
    ]),
  ),
  ...Object.fromEntries(
    Array.from({ length: 5 }, (_, i) => [
      `src/barrel${i}.ts`,
      `import { price } from './index.ts';\nexport const made: { price: number } = { price: price(${i}) };\nexport const short = { price };\n`,
    ]),
  ),
  ...Object.fromEntries(
    Array.from({ length: 3 }, (_, i) => [
      `src/alias${i}.ts`,
      `import { price as p } from './price.ts';\nimport { cost } from './index.ts';\nexport const value = p(${i}) + cost(1);\n`,
    ]),
  ),
  ...Object.fromEntries(
    Array.from({ length: 2 }, (_, i) => [
      `src/type${i}.ts`,
      `import type { price, Priced } from './price.ts';\nexport type Fn = typeof price;\nexport const item: Priced = { price: ${i} };\n`,
    ]),
  ),
  'src/lazy.ts': `export async function load() {\n  const { price } = await import('./price.ts');\n  return price(1) + (await import('./price.ts')).price(2);\n}\n`,
  ...Object.fromEntries(
    Array.from({ length: 6 }, (_, i) => [`src/other${i}.ts`, `const price = ${i};\nexport const other = price + 1;\n`]),
  ),
};

describe('renaming', () => {
  it('changes every use in 25 files and not a byte elsewhere; the compiler is content before and after', () => {
    expect(tsc(LARGE)).toBe('');
    const result = refactor(LARGE, { op: 'rename_symbol', path: 'src/price.ts', name: 'price', to: 'priceOf' });
    expect(result).toMatchObject({
      removed: [],
      summary: expect.stringMatching(/^Renamed `price` to `priceOf`: \d+ places in 26 files\.$/),
    });
    const after = changed(LARGE, { op: 'rename_symbol', path: 'src/price.ts', name: 'price', to: 'priceOf' });
    expect(tsc(after)).toBe('');
    expect(after['src/named3.ts']).toBe(
      `import { priceOf } from "./price.ts";\n\nexport const value3 =   priceOf( 3 ) // price stays in a comment\nexport const text3 = 'price';\n`,
    );
    expect(after['src/barrel0.ts']).toBe(
      `import { priceOf } from './index.ts';\nexport const made: { price: number } = { price: priceOf(0) };\nexport const short = { price: priceOf };\n`,
    );
    expect(after['src/index.ts']).toBe(`export { priceOf, priceOf as cost } from './price.ts';\nexport * from './price.ts';\n`);
    expect(after['src/alias0.ts']).toContain('import { priceOf as p }');
    expect(after['src/type0.ts']).toBe(
      `import type { priceOf, Priced } from './price.ts';\nexport type Fn = typeof priceOf;\nexport const item: Priced = { price: 0 };\n`,
    );
    expect(after['src/lazy.ts']).toBe(LARGE['src/lazy.ts']?.replaceAll('price }', 'priceOf }').replaceAll('price(', 'priceOf('));
    for (const [path, text] of Object.entries(LARGE)) if (/other|json/.test(path)) expect(after[path]).toBe(text);
  });

  it('there and back is what it was', () => {
    const small = Object.fromEntries(Object.entries(LARGE).filter(([path]) => !/[1-9]\.ts$/.test(path)));
    const names = [
      ['price', 'price'],
      ['Priced', 'Priced'],
      ['Kind', 'Kind'],
      ['Kind.Small', 'Small'],
      ['Priced.price', 'price'],
    ] as const;
    const fresh = fc.stringMatching(/^[a-z][A-Za-z0-9]{5,9}$/).map((name) => `${name}Xy`);
    fc.assert(
      fc.property(fc.constantFrom(...names), fresh, ([name, last], to) => {
        const there = changed(small, { op: 'rename_symbol', path: 'src/price.ts', name, to });
        const back = changed(there, { op: 'rename_symbol', path: 'src/price.ts', name: name.replace(/[^.]+$/, to), to: last });
        // What was short stays spelled out.
        const spelled = (text: string) => text.replace('{ price: price }', '{ price }').replace(/(\w+): \1 \}/, '$1 }');
        for (const path of Object.keys(small)) expect(spelled(back[path] ?? '')).toBe(spelled(small[path] ?? ''));
      }),
      { numRuns: 6 },
    );
  }, 60_000);

  it('follows members over classes, interfaces, overrides and types', () => {
    const files = {
      'a.ts': `export interface Shape { area(): number }\nexport class Square implements Shape {\n  constructor(private side: number) {}\n  area() { return this.side ** 2; }\n  static of(n: number) { return new Square(n); }\n}\nexport class Big extends Square { override area() { return super.area() * 2; } }\n`,
      'b.ts': `import { Big, type Shape, Square } from './a';\nconst s: Shape = new Big(2);\ns.area(); Square.of(1).area();\nconst { area } = s;\narea;\ntype A = Shape['area'];\n`,
    };
    const after = changed(files, { op: 'rename_symbol', path: 'a.ts', name: 'Square.area', to: 'size' });
    expect(after['a.ts']).toBe(files['a.ts'].replaceAll('area', 'size'));
    expect(after['b.ts']).toContain('s.size(); Square.of(1).size();\nconst { size: area } = s;\narea;');
    expect(after['b.ts']).toContain("Shape['size']");
    expect(changed(files, { op: 'rename_symbol', path: 'a.ts', name: 'Square.side', to: 'edge' })['a.ts']).toBe(
      files['a.ts']
        .replaceAll('side', 'edge')
        .replace('oveside', 'override')
        .replace('overredge', 'override')
        .replace('overedge', 'override'),
    );
  });

  it('follows default exports, JSX and CommonJS', () => {
    const files = {
      'button.tsx': 'export default function Button(props: { label: string }) { return <b>{props.label}</b>; }\n',
      'app.tsx': `import Button from './button';\nimport * as B from './button';\nexport const app = <Button label="x" />;\nexport const other = <B.default label="y" />;\n`,
      'lib.js': 'function go(n) { return n; }\nmodule.exports = { go, stop: go };\n',
      'use.js': `const { go } = require('./lib');\nconst lib = require('./lib.js');\ngo(1); lib.go(2); lib.stop(3);\n`,
      'old.js': 'exports.run = function run() {};\n',
      'new.js': `const { run: r } = require('./old');\nr(); require('./old').run();\n`,
    };
    const tsx = changed(files, { op: 'rename_symbol', path: 'button.tsx', name: 'default', to: 'Knob' });
    expect(tsx['button.tsx']).toContain('function Knob(');
    // An importer that uses the same name goes along; `B.default` stays.
    expect(tsx['app.tsx']).toBe(files['app.tsx'].replaceAll('Button', 'Knob'));
    const js = changed(files, { op: 'rename_symbol', path: 'lib.js', name: 'go', to: 'walk' });
    expect(js['lib.js']).toBe('function walk(n) { return n; }\nmodule.exports = { walk, stop: walk };\n');
    expect(js['use.js']).toBe(`const { walk } = require('./lib');\nconst lib = require('./lib.js');\nwalk(1); lib.walk(2); lib.stop(3);\n`);
    const old = changed(files, { op: 'rename_symbol', path: 'old.js', name: 'run', to: 'start' });
    expect(old['new.js']).toBe(`const { start: r } = require('./old');\nr(); require('./old').start();\n`);
  });

  it.each([
    ['is taken in its scope', 'price', 'taken', 'means something else at'],
    ['is taken where it is used', 'price', 'local', 'means something else at b.ts:2'],
    ['is no name', 'price', 'a b', 'cannot be a name'],
    ['is the same', 'price', 'price', 'already'],
    ['is reserved', 'price', 'class', 'cannot be a name'],
    ['is for what is not there', 'cost', 'x', 'declares no `cost`. It declares price, taken'],
  ])('is refused where the new name %s', (_, name, to, why) => {
    const files = {
      'a.ts': 'export const price = 1;\nconst taken = 2;\nprice + taken;\n',
      'b.ts': `import { price } from './a.ts';\nexport function f(local: number) { return price + local; }\n`,
    };
    expect(problem(files, { op: 'rename_symbol', path: 'a.ts', name, to })).toContain(why);
  });

  it('is refused where types are alike without being bound, and says what it cannot know', () => {
    const files = {
      'a.ts': 'export class Store { get(key: string) { return key; } }\n',
      'b.ts': `import { Store } from './a.ts';\ninterface Readable { get(key: string): string }\nexport const r: Readable = new Store();\n`,
    };
    expect(problem(files, { op: 'rename_symbol', path: 'a.ts', name: 'Store.get', to: 'fetch' })).toContain(
      'errors that it does not have now: b.ts:3',
    );
    const loose = { 'a.ts': 'export class Store { get() {} }\nexport function f(it: any) { it.get(); it["get"]; }\n' };
    expect(problem(loose, { op: 'rename_symbol', path: 'a.ts', name: 'Store.get', to: 'fetch' })).toContain(
      'nothing says what they are: a.ts:2',
    );
  });
});

describe('moving a symbol', () => {
  const FILES = (end: string): Files => ({
    'src/a.ts': `import { helper } from './h${end}';\nimport type { T } from './t${end}';\n\n// about foo\n/** doc */\nfunction foo(x: T): number {\n\n    return helper( x );\n}\n\nexport const other = () => foo(1);\nexport enum Color { Red, Green }\n`,
    'src/t.ts': 'export type T = number;\n',
    'src/h.ts': 'export const helper = (x: number) => x;\n',
    'src/index.ts': `export { Color, other } from './a${end}';\nexport * from './a${end}';\n`,
    'src/deep/b.ts': `import { other, Color } from "../a${end}";\nother();\nexport const c = Color.Red;\n`,
    'src/deep/c.ts': `import { Color } from '../index${end}';\nexport const c = Color.Green;\n`,
  });

  it.each(['.ts', '.js', ''])('to a new file: as it is written, with its imports, in the style of imports that end with "%s"', (end) => {
    const after = changed(FILES(end), { op: 'move_symbol', path: 'src/a.ts', name: 'foo', to: 'src/deep/new.ts' });
    expect(after['src/deep/new.ts']).toBe(
      `import { helper } from '../h${end}';\nimport type { T } from '../t${end}';\n\n// about foo\n/** doc */\nexport function foo(x: T): number {\n\n    return helper( x );\n}\n`,
    );
    expect(after['src/a.ts']).toBe(
      `import { foo } from './deep/new${end}';\n\nexport const other = () => foo(1);\nexport enum Color { Red, Green }\n`,
    );
    expect(after['src/deep/b.ts']).toBe(FILES(end)['src/deep/b.ts']);
  });

  it('to a file that is there: importers and re-exports follow', () => {
    const after = changed(FILES('.ts'), { op: 'move_symbol', path: 'src/a.ts', name: 'Color', to: 'src/h.ts' });
    expect(after['src/h.ts']).toBe('export const helper = (x: number) => x;\nexport enum Color { Red, Green }\n');
    expect(after['src/deep/b.ts']).toBe(
      `import { other } from "../a.ts";\nimport { Color } from "../h.ts";\nother();\nexport const c = Color.Red;\n`,
    );
    expect(after['src/index.ts']).toContain(`export { Color } from './h.ts';`);
    expect(after['src/index.ts']).toContain(`export { other } from './a.ts';`);
    expect(after['src/deep/c.ts']).toBe(FILES('.ts')['src/deep/c.ts']);
  });

  it('says when files import each other afterwards, and refuses what it cannot move whole', () => {
    const files = {
      'a.ts': 'const secret = 1;\nexport function f() { return secret; }\nexport const g = f();\n',
      'd.ts': 'export default class K {}\n',
      'c.js': 'function f() {}\nmodule.exports = { f };\n',
    };
    expect(problem(files, { op: 'move_symbol', path: 'a.ts', name: 'f', to: 'b.ts' })).toContain(
      'now import each other: a.ts → b.ts → a.ts',
    );
    expect(problem(files, { op: 'move_symbol', path: 'd.ts', name: 'K', to: 'b.ts' })).toContain('default export');
    expect(problem(files, { op: 'move_symbol', path: 'c.js', name: 'f', to: 'b.js' })).toContain('CommonJS');
    expect(problem(files, { op: 'move_symbol', path: 'a.ts', name: 'f', to: 'a.ts' })).toContain('already');
  });
});

describe('moving a file', () => {
  it('rewrites every kind of specifier that names it, and its own, each in its style', () => {
    const files = {
      'tsconfig.json': '{ // paths\n "compilerOptions": { "paths": { "@app/*": ["./src/*"] } } }',
      'package.json': '{"exports":{"./a":"./src/a.js"}}',
      'src/a.ts': `import { h } from './h';\nimport './side.js';\nimport '@app/h';\nexport * from '../other';\nexport const a = h;\n`,
      'src/h.ts': `export const h = 1; import data from './a?raw';\n`,
      'src/side.ts': `import { a } from '@app/a';\nconst b = require('./a');\nvi.mock('./a.js', () => ({}));\njest.mock("./a");\nconst u = new URL('./a.ts', import.meta.url);\ntype T = import('./a.ts').T;\n/** @type {import('./a')} */\nimport x = require('./a');\nconst not = './a';\n`,
      'src/index.ts': `export { a } from './a.ts';\nexport const lazy = () => import('./a');\n`,
      'other.ts': '/// <reference path="./src/a.ts" />\nexport {};\n',
    };
    const result = refactor(files, { op: 'move_file', path: 'src/a.ts', to: 'src/deep/new.ts' });
    expect(result).toMatchObject({ removed: ['src/a.ts'], summary: expect.stringContaining('stands in them: package.json') });
    const after = changed(files, { op: 'move_file', path: 'src/a.ts', to: 'src/deep/new.ts' });
    expect(after['src/deep/new.ts']).toBe(
      `import { h } from '../h';\nimport '../side.js';\nimport '@app/h';\nexport * from '../../other';\nexport const a = h;\n`,
    );
    expect(after['src/side.ts']).toBe(
      `import { a } from '@app/deep/new';\nconst b = require('./deep/new');\nvi.mock('./deep/new.js', () => ({}));\njest.mock("./deep/new");\nconst u = new URL('./deep/new.ts', import.meta.url);\ntype T = import('./deep/new.ts').T;\n/** @type {import('./deep/new')} */\nimport x = require('./deep/new');\nconst not = './a';\n`,
    );
    expect(after['src/index.ts']).toBe(`export { a } from './deep/new.ts';\nexport const lazy = () => import('./deep/new');\n`);
    expect(after['other.ts']).toContain('path="./src/deep/new.ts"');
    expect(after['src/h.ts']).toContain('./deep/new?raw');
    expect(after['src/a.ts']).toBeUndefined();
  });

  it('names folders for index files where they were named so, and packages of the tree by their name', () => {
    const files = {
      'packages/core/package.json': '{"name":"@x/core","main":"dist/index.js"}',
      'packages/core/src/index.ts': `export * from './util';\n`,
      'packages/core/src/util/index.ts': 'export const u = 1;\n',
      'packages/app/main.ts': `import { u } from '@x/core';\nexport const v = u;\n`,
    };
    expect(
      changed(files, { op: 'move_file', path: 'packages/core/src/util/index.ts', to: 'packages/core/src/tools/index.ts' })[
        'packages/core/src/index.ts'
      ],
    ).toBe(`export * from './tools';\n`);
    expect(
      changed(files, { op: 'rename_symbol', path: 'packages/core/src/util/index.ts', name: 'u', to: 'unit' })['packages/app/main.ts'],
    ).toBe(`import { unit } from '@x/core';\nexport const v = unit;\n`);
  });

  it('is refused onto a file, out of the project and to another kind of file', () => {
    const files = { 'a.ts': '', 'b.ts': '' };
    for (const to of ['b.ts', '../c.ts', 'c.md', 'node_modules/c.ts', 'c.tsx'])
      expect(problem(files, { op: 'move_file', path: 'a.ts', to })).not.toContain('made');
    expect(problem(files, { op: 'move_file', path: 'c.ts', to: 'd.ts' })).toContain('There is no file c.ts');
  });
});

describe('parameters', () => {
  const FILES = {
    'a.ts': `export interface Api { call(name: string): void }\nexport class Base implements Api {\n  call(name: string): void;\n  call(name: string, more?: number): void { name; more; }\n}\nexport class Sub extends Base {\n  override call(name: string) { super.call(name); }\n}\nexport const arrow = x => x;\nexport function many(\n  one: string,\n  two: number,\n): string { return one + two; }\nexport function unused(a: number, b: number) { return a; }\n`,
    'b.ts': `import { type Api, arrow, many, unused } from './a.ts';\nexport const run = (api: Api) => api.call('x');\narrow(1);\nmany(\n  'a',\n  2,\n);\nunused(1, 2);\nunused(3, 4);\n`,
  };

  it('are added to overloads, overrides and implementations, and given by every call', () => {
    const after = changed(FILES, {
      op: 'add_parameter',
      path: 'a.ts',
      name: 'Base.call',
      parameter: 'times: number',
      at: 1,
      argument: '1',
    });
    expect(after['a.ts']).toContain('export interface Api { call(name: string, times: number): void }');
    expect(after['a.ts']).toContain('  call(name: string, times: number): void;\n  call(name: string, times: number, more?: number): void');
    expect(after['a.ts']).toContain('override call(name: string, times: number) { super.call(name, 1); }');
    expect(after['b.ts']).toContain(`api.call('x', 1)`);
  });

  it('keep the layout of lists, and give an arrow function its parentheses', () => {
    const after = changed(FILES, { op: 'add_parameter', path: 'a.ts', name: 'many', parameter: 'three = 3', at: 9, argument: '3' });
    expect(after['a.ts']).toContain('  two: number,\n  three = 3,\n): string');
    expect(after['b.ts']).toContain(`many(\n  'a',\n  2,\n  3,\n);`);
    expect(changed(FILES, { op: 'add_parameter', path: 'a.ts', name: 'arrow', parameter: 'y = 1', at: 1, argument: '' })['a.ts']).toContain(
      'arrow = (x, y = 1) => x;',
    );
    expect(
      changed(FILES, { op: 'add_parameter', path: 'a.ts', name: 'unused', parameter: 'z = 0', at: 1, argument: '' })['b.ts'],
    ).toContain('unused(1, undefined, 2);');
  });

  it('are removed with their arguments', () => {
    const after = changed(FILES, { op: 'remove_parameter', path: 'a.ts', name: 'unused', parameter: 'b' });
    expect(after['a.ts']).toContain('function unused(a: number) {');
    expect(after['b.ts']).toContain('unused(1);\nunused(3);\n');
    expect(problem(FILES, { op: 'remove_parameter', path: 'a.ts', name: 'unused', parameter: 'a' })).toContain('still used at a.ts:');
    expect(problem(FILES, { op: 'remove_parameter', path: 'a.ts', name: 'unused', parameter: 'c' })).toContain('no parameter `c`');
  });

  it('of constructors reach `new` and `super`; of functions of CommonJS modules, their users', () => {
    const files = {
      'a.ts':
        'export class A { constructor(readonly x: number) {} }\nexport class B extends A { constructor() { super(1); } }\nexport const a = new A(2);\n',
      'lib.js': 'function go(n) { return n; }\nmodule.exports = { go };\n',
      'use.js': `const { go } = require('./lib');\nconst lib = require('./lib');\ngo(1); lib.go(2);\n`,
    };
    expect(
      changed(files, { op: 'add_parameter', path: 'a.ts', name: 'A.constructor', parameter: 'y: string', at: 1, argument: "'y'" })['a.ts'],
    ).toBe(
      `export class A { constructor(readonly x: number, y: string) {} }\nexport class B extends A { constructor() { super(1, 'y'); } }\nexport const a = new A(2, 'y');\n`,
    );
    expect(changed(files, { op: 'add_parameter', path: 'lib.js', name: 'go', parameter: 'm', at: 1, argument: '9' })['use.js']).toContain(
      'go(1, 9); lib.go(2, 9);',
    );
  });

  it.each([
    ['a callback', '[1].map(f);'],
    ['.call', 'f.call(null, 1);'],
    ['.bind', 'export const g = f.bind(null);'],
    ['spread arguments', 'f(...([1] as [number]));'],
  ])('are refused where a use is %s, with its place', (_, use) => {
    const files = { 'a.ts': `export function f(a: number) { return 1; }\n${use}\n` };
    expect(problem(files, { op: 'add_parameter', path: 'a.ts', name: 'f', parameter: 'b: number', at: 0, argument: '1' })).toMatch(
      /a\.ts:2.*needs a hand/,
    );
  });

  it('are not removed where the argument does something', () => {
    const files = { 'a.ts': 'let n = 0;\nexport function f(a: number) { return 1; }\nf(n++);\n' };
    expect(problem(files, { op: 'remove_parameter', path: 'a.ts', name: 'f', parameter: 'a' })).toContain('a.ts:3');
  });
});

it('organises imports: unused ones go, the others are sorted, nothing else moves', () => {
  const files = {
    'a.ts': `import { b, a, unused } from './b.ts';\nimport './side.ts';\n\nexport const x =   a + b;\n`,
    'b.ts': 'export const a = 1, b = 2, unused = 3;\n',
    'side.ts': '',
  };
  expect(changed(files, { op: 'organise_imports', path: 'a.ts' })['a.ts']).toBe(
    `import { a, b } from './b.ts';\nimport './side.ts';\n\nexport const x =   a + b;\n`,
  );
  expect(problem(files, { op: 'organise_imports', path: 'b.ts' })).toContain('nothing to change');
});

it('finds references by binding', () => {
  const found = references(LARGE, 'src/price.ts', 'price');
  const places = 'references' in found ? found.references : [];
  expect(places.filter((each) => each.isDefinition)).toEqual([
    { path: 'src/price.ts', line: 2, text: 'export function price(amount: number, rate = 1): number {', isDefinition: true },
  ]);
  expect(new Set(places.map((each) => each.path)).size).toBe(26);
  expect(places.some((each) => each.path.startsWith('src/other'))).toBe(false);
  expect(references(LARGE, 'src/nowhere.ts', 'x')).toEqual({ problem: 'There is no file src/nowhere.ts.' });
});

it('runs in the worker, whose end takes the compiler along', async () => {
  const language = createTypescript();
  const result = await language.refactor?.({ 'a.ts': 'export const a = 1;\n' }, { op: 'rename_symbol', path: 'a.ts', name: 'a', to: 'b' });
  expect(result).toMatchObject({ changed: { 'a.ts': 'export const b = 1;\n' } });
  expect(await language.references?.({ 'a.ts': 'export const a = 1;\n' }, 'a.ts', 'a')).toMatchObject({ references: [{ line: 1 }] });
  await language.close();
});
