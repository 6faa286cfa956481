import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Files } from '../../../src/core/ref.ts';
import { createRepoMap, type RepoMapOptions } from '../../../src/effects/repomap/map.ts';

let cacheDir = '';
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'redgreen-map-'));
});
afterEach(() => rm(cacheDir, { recursive: true, force: true }));

const SHOP: Files = {
  'package.json': '{ "name": "shop" }',
  'src/pagination.ts': `import { clamp } from './numbers.js';
/** Cuts a list into pages. */
export interface PageOptions { size: number }
export function pageOf<T>(items: readonly T[], page: number, options: PageOptions): readonly T[] {
  return items.slice(clamp(page * options.size), (page + 1) * options.size);
}
`,
  'src/numbers.ts': 'export const clamp = (n: number) => Math.max(0, n);\n',
  'src/index.ts': "export * from './pagination.js';\nexport * from './cart.js';\n",
  'src/cart.ts': "import { clamp } from './numbers.js';\nexport class Cart {\n  add(price: number) { return clamp(price); }\n}\n",
  'src/mailer.ts': 'export function sendMail(to: string) { return to.trim(); }\n// clamp is not used here\n',
  'test/pagination.test.ts': "import { pageOf } from '../src/pagination.ts';\ntest('pages', () => pageOf([], 0, { size: 3 }));\n",
  'test/cart.test.ts': "import { Cart } from '../src/index.ts';\ntest('cart', () => new Cart().add(1));\n",
};

const oidOf = (text: string) => createHash('sha1').update(text).digest('hex');

function mapOf(files: Files, more: Partial<RepoMapOptions> = {}) {
  const asked: string[] = [];
  const map = createRepoMap({
    files: Object.entries(files).map(([path, text]) => ({ path, oid: oidOf(text), size: Buffer.byteLength(text) })),
    read: async (paths) => {
      asked.push(...paths);
      return paths.map((path) => files[path] ?? null);
    },
    cacheDir: null,
    ...more,
  });
  return { map, asked };
}

const query = (task: string) => ({ task, frames: [], seeds: [] });
const pathsOf = (list: readonly { path: string }[]) => list.map(({ path }) => path);

test('nothing is read before it is asked', async () => {
  const { asked } = mapOf(SHOP);
  await new Promise((done) => setImmediate(done));
  expect(asked).toEqual([]);
});

test('the task’s words find the file, and the definition’s line', async () => {
  const [first, ...rest] = await mapOf(SHOP).map.rank(query('fix the off-by-one in pagination: last page is cut'), { count: 3 });
  expect(first).toMatchObject({ path: 'src/pagination.ts', lines: expect.arrayContaining([4]) });
  expect(first?.lines[0]).toBe(4);
  expect(pathsOf(rest)).not.toContain('test/pagination.test.ts');
});

test('tests rank when they are asked for', async () => {
  const { map } = mapOf(SHOP);
  expect(pathsOf(await map.rank(query('pagination'), { count: 9, tests: true }))).toContain('test/pagination.test.ts');
});

test('a name in the task finds where it is defined; a path finds itself', async () => {
  const { map } = mapOf(SHOP);
  expect(pathsOf(await map.rank(query('`sendMail` throws'), { count: 1 }))).toEqual(['src/mailer.ts']);
  expect(pathsOf(await map.rank(query('it is wrong in src/numbers.ts'), { count: 1 }))).toEqual(['src/numbers.ts']);
});

test('a failing frame comes first, then what given tests import', async () => {
  const { map } = mapOf(SHOP);
  const framed = await map.rank({ task: 'it is broken', frames: [{ path: 'src/mailer.ts', line: 1 }], seeds: [] }, { count: 1 });
  expect(framed).toMatchObject([{ path: 'src/mailer.ts', lines: [1] }]);
  const seeded = await map.rank({ task: 'it is broken', frames: [], seeds: ['test/cart.test.ts'] }, { count: 2 });
  expect(pathsOf(seeded).sort()).toEqual(['src/cart.ts', 'src/index.ts']);
});

test('commits of the past speak for the files that they touched', async () => {
  const history = async () => [{ subject: 'Fix greeting of new customers', paths: ['src/mailer.ts'] }];
  const found = await mapOf(SHOP, { history }).map.rank(query('customers see no greeting'), { count: 1 });
  expect(pathsOf(found)).toEqual(['src/mailer.ts']);
  const broken = mapOf(SHOP, { history: () => Promise.reject(new Error('no git')) });
  expect(pathsOf(await broken.map.rank(query('pagination'), { count: 1 }))).toEqual(['src/pagination.ts']);
});

test('changes of the run are seen: replaced, added, and forgotten again', async () => {
  const { map } = mapOf(SHOP);
  const overlay = { 'src/voucher.ts': 'export function redeemVoucher() {}\n', 'src/numbers.ts': 'export const squeeze = 1;\n' };
  expect(pathsOf(await map.rank(query('redeem a voucher'), { count: 1, overlay }))).toEqual(['src/voucher.ts']);
  expect(await map.references('clamp', { count: 20, overlay })).not.toContainEqual(expect.objectContaining({ path: 'src/numbers.ts' }));
  expect(await map.references('squeeze', { count: 20, overlay })).toEqual([
    { path: 'src/numbers.ts', line: 1, text: 'export const squeeze = 1;', isDefinition: true },
  ]);
  expect(await map.references('squeeze', { count: 20 })).toEqual([]);
});

test('references: definitions first, no comments, no part of another name', async () => {
  const found = await mapOf(SHOP).map.references('clamp', { count: 20 });
  expect(found.map(({ path, line, isDefinition }) => [path, line, isDefinition])).toEqual([
    ['src/numbers.ts', 1, true],
    ['src/pagination.ts', 1, false],
    ['src/pagination.ts', 5, false],
    ['src/cart.ts', 1, false],
    ['src/cart.ts', 3, false],
  ]);
  expect(await mapOf(SHOP).map.references('Cart.add', { count: 1 })).toMatchObject([{ path: 'src/cart.ts', line: 3, isDefinition: true }]);
  expect(await mapOf(SHOP).map.references('cla', { count: 20 })).toEqual([]);
  expect(await mapOf(SHOP).map.references('*', { count: 20 })).toEqual([]);
});

test('the text map keeps to its size and shows lines as they are written', async () => {
  const { map } = mapOf(SHOP);
  const whole = await map.render(query('pagination of the cart'), { characters: 10_000 });
  expect(whole).toContain(
    'src/pagination.ts:\n  3: export interface PageOptions { size: number }\n  4: export function pageOf<T>(items: readonly T[], page: number, options: PageOptions): readonly T[] {',
  );
  for (const characters of [0, 20, 100, 200, 300]) {
    const text = await map.render(query('pagination of the cart'), { characters });
    expect(text.length).toBeLessThanOrEqual(characters);
  }
  expect(await map.render(query('pages are cut by pagination'), { characters: 200 })).toMatch(/^src\/pagination\.ts/);
});

test('what is not source is left out: vendored, minified, generated, huge, binary', async () => {
  const files: Files = {
    ...SHOP,
    'vendor/pagination.ts': 'export function pagination() {}',
    'src/pagination.min.js': 'export function pagination() {}',
    'src/pagination-made.ts': '// @generated by a program\nexport function paginationMade() {}',
    'src/pagination-huge.ts': `export function paginationHuge() {}\n${'// pagination\n'.repeat(40_000)}`,
  };
  const found = pathsOf(await mapOf(files).map.rank(query('pagination made huge'), { count: 20 }));
  expect(found).toContain('src/pagination.ts');
  for (const path of ['vendor/pagination.ts', 'src/pagination.min.js', 'src/pagination-huge.ts']) expect(found).not.toContain(path);
  expect(await mapOf(files).map.references('paginationMade', { count: 5 })).toEqual([]);
});

test('a cached map reads only what changed, and a lost, torn or foreign cache is made anew', async () => {
  const first = mapOf(SHOP, { cacheDir });
  const expected = await first.map.rank(query('pagination'), { count: 5 });
  const file = join(cacheDir, 'repomap.bin');
  const whole = await readFile(file);
  const code = (asked: readonly string[]) => [...new Set(asked)].filter((path) => path.endsWith('.ts'));

  const changed = { ...SHOP, 'src/cart.ts': 'export class Cart { remove() {} }\n' };
  const second = mapOf(changed, { cacheDir });
  await second.map.references('nowhere', { count: 1 });
  expect(code(second.asked)).toEqual(['src/cart.ts']);

  for (const damage of [
    () => truncate(file, Math.floor(whole.length / 2) + 3),
    () => appendFile(file, 'x'.repeat(77)),
    () => writeFile(file, Buffer.from(whole.map((byte, i) => (i > 100 && i % 50 === 0 ? byte ^ 255 : byte)))),
    () => writeFile(file, 'not a cache'),
    () => rm(file),
  ]) {
    await writeFile(file, whole);
    await damage();
    expect(await mapOf(SHOP, { cacheDir }).map.rank(query('pagination'), { count: 5 })).toEqual(expected);
    const again = mapOf(SHOP, { cacheDir });
    await again.map.references('nowhere', { count: 1 });
    expect(code(again.asked)).toEqual([]);
  }
});

test('a cache that cannot be written costs nothing but time', async () => {
  const found = await mapOf(SHOP, { cacheDir: '/dev/null/cache' }).map.rank(query('pagination'), { count: 1 });
  expect(pathsOf(found)).toEqual(['src/pagination.ts']);
});

test('the child process gives what the own process gives, with a parser where there is one', async () => {
  const files: Files = { ...SHOP, 'tools/pages.py': 'class Pager:\n    def turn_page(self):\n        pass\n' };
  const limits = { inProcessBytes: 0 };
  const own = await mapOf(files).map.rank(query('pagination page'), { count: 9 });
  expect(own.length).toBeGreaterThan(2);
  expect(await mapOf(files, { limits }).map.rank(query('pagination page'), { count: 9 })).toEqual(own);
  expect(await mapOf(files, { limits }).map.references('turn_page', { count: 1 })).toMatchObject([{ line: 2, isDefinition: true }]);
});

test('a child that does not answer is given up, and its files are not kept as read', async () => {
  const stuck = mapOf(SHOP, { cacheDir, limits: { inProcessBytes: 0, batchMs: 1 } });
  expect(pathsOf(await stuck.map.rank(query('pagination'), { count: 1 }))).toEqual(['src/pagination.ts']);
  expect(await stuck.map.references('clamp', { count: 5 })).toEqual([]);
  expect(await mapOf(SHOP, { cacheDir }).map.references('clamp', { count: 1 })).toMatchObject([{ isDefinition: true }]);
});

test('an empty repository has an empty map', async () => {
  const { map } = mapOf({});
  expect(await map.rank(query('anything'), { count: 5 })).toEqual([]);
  expect(await map.render(query('anything'), { characters: 500 })).toBe('');
});
