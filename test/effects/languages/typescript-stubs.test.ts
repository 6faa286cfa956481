import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/core/plan.ts';
import { STUB_MARKER, type StubKind } from '../../../src/core/ports.ts';
import { createJavascript } from '../../../src/effects/languages/javascript.ts';
import { defaultWorkerPath } from '../../../src/effects/languages/typescript/adapter.ts';
import { createTypescript, createWorkerClient } from '../../../src/effects/languages/typescript.ts';
import { ERRORS, file, plan, TYPES } from './typescript-plan.ts';

const client = createWorkerClient({ workerPath: defaultWorkerPath(), idleMs: 30_000 });
const typescript = createTypescript({ client });
const javascript = createJavascript({ client });
const folders: string[] = [];
afterAll(async () => {
  await client.close();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Writes stubs to a folder and runs a script beside them; gives what it prints as JSON. */
function run(files: Readonly<Record<string, string>>, script: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'stubs-'));
  folders.push(folder);
  for (const [path, text] of Object.entries({ ...files, 'package.json': '{"type":"module"}', 'script.mjs': script })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return JSON.parse(execFileSync(process.execPath, [join(folder, 'script.mjs')], { encoding: 'utf8' }));
}

const ALL = file(
  'src/all.ts',
  `import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { Item, type Sort } from './types.ts';
import { ParseError, ShopError } from './errors.ts';
export { ParseError, type Item as Thing } from './types-and-errors.ts';
export interface Tree { value: number; children: Tree[]; parent: Tree | null }
export interface Query { where(key: string): Query; run(): Promise<Item[]> }
export interface Options { readonly deep: { readonly flag: boolean; readonly sort: Sort }; cb?: (n: number) => string }
export function num(): number;
export function text(a?: string, { b }: { b: number } = { b: 1 }): string;
export function item(): Item;
export function maybe(): Item | null;
export function tree(): Tree;
export function query(): Query;
export function options(): Options;
export function items(): Item[];
export function pair(): [string, number, ...boolean[]];
export function record(): Record<'x' | 'y', number>;
export function map(): Map<string, Item>;
export function later(): Promise<Item>;
export function nothing(): void;
export function soon(): Promise<void>;
export function generic<T extends { id: number }>(items: readonly T[]): T;
export function isItem(value: unknown): value is Item;
export function assertItem(value: unknown): asserts value is Item;
export function fail(message: string): never;
export function server(): Server;
export function box(): Box<Item>;
export function boxLater(): Promise<Box<Item>>;
export function problem(): ParseError;
export function big(): bigint;
export function when(): Date;
export function make(): (n: number) => Promise<string>;
export function pick(key: string): string;
export function pick(key: number, loose?: boolean): number;
export async function* lines(path: string): AsyncGenerator<string>;
export function entries(): IterableIterator<[string, number]>;
export function recursive(): { self(): ReturnType<typeof recursive> };
export abstract class Base<T> { protected readonly seen: Set<T>; abstract send(item: T): void; kept(): number; }
export class Box<T extends object> extends EventEmitter {
  #secret: string;
  private next: Box<T> | null;
  readonly label: string;
  static readonly COUNT: number;
  static of<T extends object>(item: T): Box<T>;
  constructor(label: string, item?: T);
  get size(): number;
  set size(value: number);
  get(): T;
  get(deep: boolean): T | undefined;
  open?(): void;
  add(item: T): this;
  close(): Promise<void>;
  [Symbol.iterator](): Iterator<T>;
}
export class Sub extends Base<Item> { constructor(); send(item: Item): void; }
export class Fine extends ShopError { constructor(id: string); }
export const NAMES: readonly string[];
export const TABLE: Readonly<Record<Sort, { limit: number; make(): Item }>>;
export const handler: (request: unknown) => Promise<number>;
export const shared: Box<Item>;
export const FIXED = { a: 1 } as const;
export default class Main { run(): string }
`,
  ['src/types.ts', 'src/errors.ts', 'src/types-and-errors.ts'],
);
const BOTH = file('src/types-and-errors.ts', "export * from './types.ts';\nexport { ParseError } from './errors.ts';\n", [
  'src/types.ts',
  'src/errors.ts',
]);
const CLI = file('src/cli.ts', 'export function main(argv: string[], out: (text: string) => void): Promise<number>;');
const START = file('src/start.ts', '');
const PLAN: Plan = plan([TYPES, ERRORS, BOTH, ALL, CLI, START, file('README.md', '')], {
  commands: [{ name: 'start', argv: ['node', 'src/start.ts'], purpose: 'Starts.' }],
});

const CALL = `const all = await import('./src/all.EXT');
const tried = {};
const show = (value) => (typeof value === 'bigint' ? String(value) : value instanceof Map ? [...value] : value instanceof Date ? 'date' : typeof value === 'function' ? 'function' : value === undefined ? 'undefined' : value);
for (const name of Object.keys(all)) {
  if (typeof all[name] !== 'function' || /^[A-Z]|default/.test(name)) continue;
  try { tried[name] = show(await all[name]()); } catch (error) { tried[name] = 'threw ' + error.message; }
}
const newBox = () => { try { return new all.Box('x'); } catch (error) { return error.message; } };
const problem = new (all.ParseError)('bad', 3);
`;

async function stubs(kind: StubKind): Promise<Readonly<Record<string, string>>> {
  return typescript.stubs(PLAN, kind);
}

describe('throwing', () => {
  test('loads, and every call throws or rejects with the marker', async () => {
    const result = run(
      await stubs('throwing'),
      `${CALL.replace('EXT', 'ts')} console.log(JSON.stringify({ tried, box: newBox(), error: [problem instanceof Error, problem.name, problem.message], names: all.NAMES, fixed: all.FIXED }));`,
    ) as { tried: Record<string, string>; box: string; error: unknown[]; names: unknown; fixed: unknown };
    expect(Object.keys(result.tried).length).toBeGreaterThan(25);
    for (const [name, said] of Object.entries(result.tried)) expect(said, name).toBe(`threw ${STUB_MARKER}: ${name}`);
    expect(result.box).toBe(`${STUB_MARKER}: new Box`);
    expect(result.error).toEqual([true, 'Error', 'bad']);
    expect(result.fixed).toEqual({ a: 1 });
  });

  test('a promise rejects, it does not throw', async () => {
    const result = run(
      await stubs('throwing'),
      "const all = await import('./src/all.ts'); const p = all.later(); console.log(JSON.stringify(await p.catch((error) => error.message)));",
    );
    expect(result).toBe(`${STUB_MARKER}: later`);
  });

  test('a program fails', async () => {
    const script =
      "import { spawnSync } from 'node:child_process'; const r = ['cli', 'start'].map((n) => spawnSync(process.execPath, ['src/' + n + '.ts'], { cwd: import.meta.dirname, encoding: 'utf8' })); console.log(JSON.stringify(r.map((e) => [e.status, e.stderr.includes('MARK')])));".replace(
        'MARK',
        STUB_MARKER,
      );
    expect(run(await stubs('throwing'), script)).toEqual([
      [1, true],
      [1, true],
    ]);
  });
});

const WRONG_ITEM = { id: -987654321, name: 'redgreen-wrong', price: -987654321, tags: [] };
const WRONG = {
  num: -987654321,
  text: 'redgreen-wrong',
  item: WRONG_ITEM,
  maybe: WRONG_ITEM,
  tree: { value: -987654321, children: [], parent: null },
  options: { deep: { flag: false, sort: 'price' } },
  items: [],
  pair: ['redgreen-wrong', -987654321, false],
  record: { x: -987654321, y: -987654321 },
  map: [],
  later: WRONG_ITEM,
  nothing: 'undefined',
  soon: 'undefined',
  generic: { id: -987654321 },
  isItem: false,
  big: '-987654321',
  when: 'date',
  make: 'function',
  pick: 'redgreen-wrong',
};

describe('wrong', () => {
  test('every function gives a well-typed wrong value', async () => {
    const result = run(
      await stubs('wrong'),
      `${CALL.replace('EXT', 'ts')}
const box = newBox();
console.log(JSON.stringify({ tried, box: [box instanceof all.Box, box.size, box.label, box.get(), box.add({}) === box, [...box].length, typeof box.on],
  of: [all.Box.of({}) instanceof all.Box, all.box() instanceof all.Box, (await all.boxLater()) instanceof all.Box, all.shared instanceof all.Box, all.problem() instanceof all.ParseError],
  error: [problem instanceof Error, problem.message, problem.line], fine: new all.Fine('x') instanceof Error,
  sub: new all.Sub().kept(), names: all.NAMES, table: [all.TABLE.price.limit, all.TABLE.name.make().id], handler: await all.handler(), main: new all.default().run(),
  query: await all.query().where('x').run() }));`,
    ) as Record<string, unknown> & { tried: Record<string, unknown> };
    expect(result.tried).toMatchObject(WRONG);
    expect(result.tried['fail']).toBe(`threw ${STUB_MARKER}: fail`);
    expect(result['box']).toEqual(
      [true, -987654321, 'redgreen-wrong', null, true, 0, 'function'].map((each, index) => (index === 3 ? {} : each)),
    );
    expect(result['of']).toEqual([true, true, true, true, true]);
    expect(result['error']).toEqual([true, 'bad', -987654321]);
    expect(result).toMatchObject({
      fine: true,
      sub: -987654321,
      names: [],
      table: [-987654321, -987654321],
      handler: -987654321,
      main: 'redgreen-wrong',
      query: [],
    });
  });

  test('a program succeeds with the wrong output', async () => {
    const script =
      "import { spawnSync } from 'node:child_process'; const r = ['cli', 'start'].map((n) => spawnSync(process.execPath, ['src/' + n + '.ts'], { cwd: import.meta.dirname, encoding: 'utf8' })); console.log(JSON.stringify(r.map((e) => [e.status, e.stdout])));";
    expect(run(await stubs('wrong'), script)).toEqual([
      [0, 'redgreen-wrong\n'],
      [0, 'redgreen-wrong\n'],
    ]);
  });
});

test.each(['throwing', 'wrong'] as const)('JavaScript stubs (%s) hold no types and load', async (kind) => {
  const files = PLAN.files.map((each) => ({
    ...each,
    path: each.path.replace(/\.ts$/, '.js'),
    contract: each.contract.replaceAll(".ts'", ".js'"),
    uses: [],
  }));
  const made = await javascript.stubs({ ...PLAN, language: 'javascript', files }, kind);
  expect(Object.keys(made).sort()).toEqual(
    files
      .map((each) => each.path)
      .filter((path) => path.endsWith('.js'))
      .sort(),
  );
  const result = run(made, `${CALL.replace('EXT', 'js')} console.log(JSON.stringify({ tried, error: problem instanceof Error }));`) as {
    tried: Record<string, unknown>;
    error: boolean;
  };
  expect(result.error).toBe(true);
  if (kind === 'wrong') expect(result.tried).toMatchObject(WRONG);
  else expect(result.tried['item']).toBe(`threw ${STUB_MARKER}: item`);
});

test('the same plan gives the same stubs', async () => {
  expect(await stubs('wrong')).toEqual(await stubs('wrong'));
});
