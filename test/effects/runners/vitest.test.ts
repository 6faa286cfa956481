import { expect, test } from 'vitest';
import { createVitest } from '../../../src/effects/runners/vitest.ts';
import { ownDeps, runTests } from './host.ts';

const runner = createVitest({ testMs: 3_000 });
const HEAD = `import { afterAll, describe, expect, test } from 'vitest';\n`;
const deps = ownDeps;

test('reports tests, suites, statuses, retries and failures', async () => {
  const run = await runTests(
    runner,
    {
      'vitest.config.ts': 'throw new Error("a configuration of the tree was read");\n',
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
let tries = 0;
test('lucky', { retry: 3 }, () => { if (tries++ < 1) throw new Error('not yet'); });
test('waits', async () => { await new Promise(() => {}); }, 300);
`,
    },
    { deps },
  );
  expect(run.report, run.stderr).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.statuses).toEqual({
    'test/add.test.ts › add › sums': 'failed',
    'test/add.test.ts › add › deep': 'failed',
    'test/add.test.ts › again': 'passed',
    'test/add.test.ts › again #2': 'passed',
    'test/add.test.ts › later': 'skipped',
    'test/add.test.ts › some day': 'todo',
    'test/add.test.ts › lucky': 'passed',
    'test/add.test.ts › waits': 'failed',
  });
  expect(run.report.tests.filter((one) => one.retried).map((one) => one.name)).toEqual(['lucky']);
  const [sums, deep] = run.report.tests.map((one) => one.failure);
  expect(sums?.message).toMatch(/^AssertionError: expected -1 to be 3/);
  expect(sums?.frames).toEqual([{ path: 'test/add.test.ts', line: 4 }]);
  expect(deep?.message).toContain('-     3,\n+     2,');
  expect(deep?.message).not.toContain('\u001b');
});

test('files that do not load, hold nothing, exit, use only, or leave a rejection are failures of the file', async () => {
  const run = await runTests(
    runner,
    {
      'test/empty.test.ts': '',
      'test/syntax.test.ts': 'const x: = 3;\n',
      'test/import.test.ts': `${HEAD}import { nothing } from '../src/missing.ts';\ntest('x', () => { nothing(); });\n`,
      'test/exit.test.ts': `${HEAD}test('x', () => {});\nprocess.exit(0);\n`,
      'test/only.test.ts': `${HEAD}test.only('easy', () => {});\ntest('hard', () => { expect(1).toBe(2); });\n`,
      'test/late.test.ts': `${HEAD}test('one', () => { Promise.reject(new Error('nobody waits')); });\n`,
      'test/hook.test.ts': `${HEAD}describe('s', () => { afterAll(() => { throw new Error('cleanup broke'); }); test('one', () => {}); });\n`,
      'test/snap.test.ts': `${HEAD}test('snap', () => { expect({ a: 1 }).toMatchSnapshot(); });\n`,
      'test/good.test.ts': `${HEAD}test('good', () => { expect(1).toBe(1); });\n`,
    },
    { deps },
  );
  expect(run.report, run.stderr).toMatchObject({ finished: true, broken: null });
  expect(Object.keys(run.failed).toSorted()).toEqual(
    ['empty', 'exit', 'hook', 'import', 'late', 'only', 'syntax'].map((name) => `test/${name}.test.ts`),
  );
  expect(run.report.fileFailures.find((one) => one.path === 'test/syntax.test.ts')?.failure.frames).toEqual([
    { path: 'test/syntax.test.ts', line: 1 },
  ]);
  expect(run.failed['test/late.test.ts']).toContain('nobody waits');
  expect(run.failed['test/exit.test.ts']).toContain('process.exit');
  expect(run.failed['test/hook.test.ts']).toContain('cleanup broke');
  expect(run.failed['test/import.test.ts']).toContain('src/missing.ts');
  expect(run.statuses).toMatchObject({ 'test/only.test.ts › easy': 'failed', 'test/only.test.ts › hard': 'skipped' });
  expect(run.statuses['test/snap.test.ts › snap']).toBe('failed');
  expect(run.statuses['test/good.test.ts › good']).toBe('passed');
});

test('a process that is killed is never a pass', async () => {
  const run = await runTests(
    runner,
    {
      'test/exit.test.ts': `${HEAD}test('first', () => {});\ntest('kills', () => { process.kill(process.pid, 'SIGKILL'); });\ntest('third', () => {});\n`,
    },
    { deps },
  );
  expect(run.report.tests.filter((one) => one.name !== 'first' && one.status === 'passed')).toEqual([]);
  expect(run.report.fileFailures.length + (run.report.broken === null ? 0 : 1)).toBeGreaterThan(0);
});

test('a worker that blocks is stopped and named', async () => {
  const files = { 'test/busy.test.ts': `${HEAD}test('good', () => {});\ntest('spins', () => { for (;;); });\n` };
  const run = await runTests(createVitest({ testMs: 500, silenceMs: 3_000 }), files, { deps });
  expect(run.report).toMatchObject({ finished: true, broken: null, tests: [] });
  expect(run.failed['test/busy.test.ts']).toContain('did not end and was stopped');
});

test('only the chosen files are run', async () => {
  const files = { 'test/a.test.ts': `${HEAD}test('a', () => {});\n`, 'test/a b[1].test.ts': `${HEAD}test('b', () => {});\n` };
  const run = await runTests(runner, files, { deps, only: ['test/a b[1].test.ts › b'] });
  expect(run.statuses).toEqual({ 'test/a b[1].test.ts › b': 'passed' });
});

test('without vitest there is no report', async () => {
  const run = await runTests(runner, { 'test/a.test.ts': `${HEAD}test('a', () => {});\n` });
  expect(run.report.broken?.kind).toBe('unfinished');
  expect(run.report.tests).toEqual([]);
  expect(run.failed['']).toContain('vitest is not installed');
});
