import { expect, test } from 'vitest';
import { createJest } from '../../../src/effects/runners/jest.ts';
import { ownDeps, runTests } from './host.ts';

const runner = createJest({ testMs: 3_000 });
const HEAD = `import { afterAll, describe, expect, jest, test } from '@jest/globals';\n`;
const PACKAGE = { 'package.json': '{"type":"module"}' };
const deps = ownDeps;

test('reports tests, suites, statuses, retries and failures, in TypeScript', async () => {
  const run = await runTests(
    runner,
    {
      ...PACKAGE,
      'jest.config.js': 'throw new Error("a configuration of the tree was read");\n',
      'src/add.ts': 'export function add(a: number, b: number): number { return a - b; }\n',
      'test/add.test.ts': `${HEAD}import { add } from '../src/add.ts';
describe('add', () => {
  test('sums', () => { expect(add(1, 2)).toBe(3); });
  test('deep', () => { expect({ a: [1, 2] }).toEqual({ a: [1, 3] }); });
});
test('again', () => {});
test('again', () => { console.log('{"seq":1}'); });
test.skip('later', () => {});
test.todo('some day');
test.failing('known', () => { throw new Error('known'); });
jest.retryTimes(3);
let tries = 0;
test('lucky', () => { if (tries++ < 1) throw new Error('not yet'); });
test('waits', async () => { await new Promise(() => {}); }, 300);
test('late', async (): Promise<void> => { await Promise.reject(new TypeError('no')); });
`,
    },
    { deps },
  );
  expect(run.report, run.stdout + run.stderr).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.report.tampered).toBeUndefined();
  expect(run.statuses).toEqual({
    'test/add.test.ts › add › sums': 'failed',
    'test/add.test.ts › add › deep': 'failed',
    'test/add.test.ts › again': 'passed',
    'test/add.test.ts › again #2': 'passed',
    'test/add.test.ts › later': 'skipped',
    'test/add.test.ts › some day': 'todo',
    'test/add.test.ts › known': 'todo',
    'test/add.test.ts › lucky': 'passed',
    'test/add.test.ts › waits': 'failed',
    'test/add.test.ts › late': 'failed',
  });
  expect(run.report.tests.filter((one) => one.retried && one.status === 'passed').map((one) => one.name)).toContain('lucky');
  const [sums, deep] = run.report.tests.map((one) => one.failure);
  expect(sums?.message).toMatch(/^Error: expect\(received\)\.toBe\(expected\)/);
  expect(sums?.frames).toEqual([{ path: 'test/add.test.ts', line: 4 }]);
  expect(deep?.message).toContain('-     3,\n+     2,');
});

test('files that do not load, hold nothing, exit, use only, or leave a rejection are never a pass', async () => {
  const run = await runTests(
    createJest({ testMs: 2_000, silenceMs: 6_000 }),
    {
      ...PACKAGE,
      'test/empty.test.js': '',
      'test/syntax.test.js': 'const x = = 3;\n',
      'test/import.test.js': `${HEAD}import { nothing } from '../src/missing.js';\ntest('x', () => { nothing(); });\n`,
      'test/only.test.js': `${HEAD}test.only('easy', () => {});\ntest('hard', () => { expect(1).toBe(2); });\n`,
      'test/hook.test.js': `${HEAD}describe('s', () => { afterAll(() => { throw new Error('cleanup broke'); }); test('one', () => {}); });\n`,
      'test/snap.test.js': `${HEAD}test('snap', () => { expect({ a: 1 }).toMatchSnapshot(); });\n`,
      'test/good.test.js': `${HEAD}test('good', () => { expect(1).toBe(1); });\n`,
      'test/old.test.cjs': `const { two } = require('../src/two.cjs');\ntest('old', () => { expect(two).toBe(2); });\n`,
      'test/bare.test.js': "test('bare', () => { expect(import.meta.url).toMatch(/bare/); });\n",
      'src/two.cjs': 'exports.two = 2;\n',
    },
    { deps },
  );
  expect(run.report, run.stdout + run.stderr).toMatchObject({ finished: true, broken: null });
  expect(run.report.tampered).toBeUndefined();
  expect(Object.keys(run.failed).toSorted()).toEqual(['empty', 'hook', 'import', 'only', 'syntax'].map((name) => `test/${name}.test.js`));
  expect(run.failed['test/hook.test.js']).toContain('cleanup broke');
  expect(run.failed['test/import.test.js']).toContain('src/missing.js');
  expect(run.statuses).toMatchObject({ 'test/only.test.js › easy': 'passed', 'test/only.test.js › hard': 'skipped' });
  expect(run.statuses['test/snap.test.js › snap']).toBe('failed');
  for (const name of ['good.test.js › good', 'old.test.cjs › old', 'bare.test.js › bare'])
    expect(run.statuses[`test/${name}`]).toBe('passed');
});

test.each([
  ['exits at import', "test('x', () => {});\nprocess.exit(0);\n"],
  ['exits in a test', "test('one', () => {});\ntest('two', () => { process.exit(0); });\ntest('three', () => {});\n"],
  ['is killed', "test('one', () => {});\ntest('two', () => { process.kill(process.pid, 'SIGKILL'); });\n"],
  ['blocks', "test('one', () => {});\ntest('two', () => { for (;;); });\n"],
  ['leaves a rejection', "test('one', () => { Promise.reject(new Error('nobody waits')); });\n"],
])('a file that %s is never a pass, and others still run', async (_name, text) => {
  const run = await runTests(
    createJest({ testMs: 500, silenceMs: 4_000 }),
    { ...PACKAGE, 'test/a.test.js': HEAD + text, 'test/b.test.js': `${HEAD}test('good', () => { expect(1).toBe(1); });\n` },
    { deps },
  );
  const statuses = run.report.tests.filter((one) => one.path === 'test/a.test.js').map((one) => one.status);
  expect([...statuses, ...Object.keys(run.failed)], run.stdout + run.stderr).not.toEqual(statuses.map(() => 'passed'));
  expect(run.statuses['test/b.test.js › good']).toBe('passed');
});
