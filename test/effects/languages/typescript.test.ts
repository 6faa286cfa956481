import { afterAll, describe, expect, test } from 'vitest';
import { createJavascript } from '../../../src/effects/languages/javascript.ts';
import { defaultWorkerPath } from '../../../src/effects/languages/typescript/adapter.ts';
import { createTypescript, createWorkerClient } from '../../../src/effects/languages/typescript.ts';
import { ERRORS, file, PARSE, plan, SHOP, STORE, TYPES } from './typescript-plan.ts';

const client = createWorkerClient({ workerPath: defaultWorkerPath(), idleMs: 30_000 });
const language = createTypescript({ client });
const javascript = createJavascript({ client });
afterAll(async () => {
  await client.close();
});

describe('vetPlan', () => {
  test('a good plan has no violations', async () => {
    expect(await language.vetPlan(SHOP)).toEqual([]);
  });

  test('contracts of every shape are fine', async () => {
    const shapes = file(
      'src/shapes.ts',
      `import { EventEmitter } from 'node:events';
import express, { type Router } from 'express';
import { ShopError } from './errors.ts';
export { type Item, type Sort as Order } from './types.ts';
export * from './parse.ts';
declare const brand: unique symbol;
export type Id = string & { readonly [brand]: true };
export type Handler<T, R = void> = (input: T) => Promise<R>;
export function map<T, U>(items: readonly T[], each: (item: T) => U): U[];
export function pick(key: string): string;
export function pick(key: number, loose?: boolean): number;
export async function load(path: string, depth = 3): Promise<string> { return path; }
export async function* lines(path: string): AsyncGenerator<string> { yield path; }
export abstract class Bus<T extends object> extends EventEmitter {
  protected readonly seen: Set<T>;
  #secret: string;
  static of<T extends object>(items: T[]): Bus<T>;
  abstract send(item: T): void;
  [Symbol.asyncIterator](): AsyncIterator<T>;
}
export class NotFound extends ShopError { constructor(id: Id); }
export const NAMES: readonly string[];
export const TABLE = { a: 1, b: ['x'] } as const;
export const LIMIT = 10;
export function router(): Router;
export default function main(argv: string[]): Promise<number>;
`,
      ['src/errors.ts', 'src/types.ts', 'src/parse.ts', 'express'],
    );
    const packages = [{ name: 'express', range: '', dev: false }];
    expect(await language.vetPlan(plan([TYPES, ERRORS, PARSE, STORE, shapes], { packages }))).toEqual([]);
  });

  test.each([
    ['a syntax error', file('src/a.ts', 'export function a(: string;'), 'files[1].contract (src/a.ts)', /In: `export function a\(/],
    [
      'an unknown name',
      file('src/a.ts', 'export function a(): Item;'),
      'files[1].contract (src/a.ts)',
      /Cannot find name 'Item'.*import type \{ Item \} from '\.\/types\.ts'/,
    ],
    [
      'a missing file',
      file('src/a.ts', "import type { B } from './b.ts';\nexport function a(): B;"),
      'files[1].contract (src/a.ts)',
      /'\.\/b\.ts', which is no planned file/,
    ],
    [
      'a missing export',
      file('src/a.ts', "import type { Row } from './types.ts';\nexport function a(): Row;", ['src/types.ts']),
      'files[1].contract (src/a.ts)',
      /no exported member 'Row'/,
    ],
    [
      'an import that `uses` lacks',
      file('src/a.ts', "import type { Item } from './types.ts';\nexport function a(): Item;"),
      'files[1].contract (src/a.ts)',
      /add 'src\/types\.ts' to `uses`/,
    ],
    [
      'an unplanned package',
      file('src/a.ts', "import type { Z } from 'zod';\nexport function a(): Z;"),
      'files[1].contract (src/a.ts)',
      /'zod', which is not in `packages`/,
    ],
    [
      '`uses` of nothing',
      file('src/a.ts', 'export function a(): void;', ['src/gone.ts']),
      'files[1].uses (src/a.ts)',
      /neither a planned path nor a package/,
    ],
    [
      '`uses` with another spelling',
      file('src/a.ts', 'export function a(): void;', ['./src/types']),
      'files[1].uses (src/a.ts)',
      /use 'src\/types\.ts'/,
    ],
    ['nothing exported', file('src/a.ts', 'declare function a(): void;'), 'files[1].contract (src/a.ts)', /exports nothing/],
    ['no contract', file('src/a.ts', ''), 'files[1].contract (src/a.ts)', /needs a contract/],
    ['an enum', file('src/a.ts', 'export enum A { X, Y }'), 'files[1].contract (src/a.ts)', /cannot strip an enum/],
    [
      'a namespace',
      file('src/a.ts', 'export namespace A { export const x: number; }'),
      'files[1].contract (src/a.ts)',
      /cannot strip a namespace/,
    ],
    [
      'a parameter property',
      file('src/a.ts', 'export class A { constructor(private x: string); }'),
      'files[1].contract (src/a.ts)',
      /parameter property/,
    ],
    ['no result type', file('src/a.ts', 'export function a(x: string) { return x; }'), 'files[1].contract (src/a.ts)', /return type/],
    ['prose', file('src/a.ts', 'This module exports a parser.'), 'files[1].contract (src/a.ts)', /expected/],
    ['a manifest', file('package.json', ''), 'files[1].path (package.json)', /The harness writes this file/],
    ['another ending', file('src/a.tsx', 'export function a(): void;'), 'files[1].path (src/a.tsx)', /end with \.ts/],
  ])('%s is said once, at its place', async (_, wrong, where, message) => {
    const violations = await language.vetPlan(plan([TYPES, wrong]));
    expect(violations.map((each) => each.where)).toEqual([where]);
    expect(violations[0]?.message).toMatch(message);
    expect(violations[0]?.message).not.toMatch(/\/tree\/|\.d\.ts"/);
  });

  test('an entry file, a configuration and a file that is no code need no contract', async () => {
    const files = [
      file('src/start.ts', ''),
      file('bin/run.ts', ''),
      file('vitest.config.ts', ''),
      file('README.md', ''),
      file('data/items.json', ''),
    ];
    expect(
      await language.vetPlan(plan(files, { commands: [{ name: 'start', argv: ['node', './src/start.ts'], purpose: 'Starts.' }] })),
    ).toEqual([]);
  });

  test('an import cycle of types is fine, and so is a fence around a contract', async () => {
    const a = file('src/a.ts', "```ts\nimport type { B } from './b.ts';\nexport interface A { b: B | null }\n```", ['src/b.ts']);
    const b = file('src/b.ts', "import type { A } from './a';\nexport interface B { a: A | null }", ['src/a.ts']);
    expect(await language.vetPlan(plan([a, b]))).toEqual([]);
  });

  test('files of the base commit may be imported', async () => {
    const contract = "import type { Old } from './old.ts';\nexport function renew(old: Old): Old;";
    const over = createTypescript({ client, existing: async () => ({ 'src/old.ts': 'export interface Old { id: number }\n' }) });
    expect(await over.vetPlan(plan([file('src/a.ts', contract, ['src/old.ts'])]))).toEqual([]);
    expect(await language.vetPlan(plan([file('src/a.ts', contract, ['src/old.ts'])]))).not.toEqual([]);
    await over.close();
  });

  test('a JavaScript plan has declarations for .js files', async () => {
    const types = file('src/types.js', TYPES.contract);
    const parse = file('src/parse.js', PARSE.contract.replace('.ts', '.js'), ['src/types.js']);
    expect(await javascript.vetPlan(plan([types, parse], { language: 'javascript' }))).toEqual([]);
    const wrong = await javascript.vetPlan(plan([types, file('src/a.ts', 'export function a(): void;')], { language: 'javascript' }));
    expect(wrong.map((each) => each.where)).toEqual(['files[1].path (src/a.ts)']);
  });
});

test('the rules name the ending of each dialect', () => {
  expect(language.rules).toContain("from './row.ts'");
  expect(language.planRules).toContain('.d.ts');
  expect(javascript.rules).toContain("from './row.js'");
  expect(language.rules.split('\n').length).toBeLessThan(14);
});
