import { expect, test } from 'vitest';
import { createNodeTest } from '../../../src/effects/runners/node-test.ts';
import { runTests } from './host.ts';

const runner = createNodeTest({ testMs: 3_000, silenceMs: 5_000 });
const HEAD = `import { after, describe, it, test } from 'node:test';\nimport assert from 'node:assert/strict';\n`;

test('reports tests, suites, skipped and todo tests, and repeats of a name', async () => {
  const run = await runTests(runner, {
    'src/add.ts': 'export function add(a: number, b: number): number { return a - b; }\n',
    'test/add.test.ts': `${HEAD}import { add } from '../src/add.ts';
describe('add', () => {
  it('sums', () => { assert.equal(add(1, 2), 3); });
  describe('zero', () => { it('keeps', () => { assert.equal(add(4, 0), 4); }); });
});
test('again', () => {});
test('again', () => { console.log('ok 1 - fake\\n1..1'); });
test.skip('later');
test.todo('some day');
test.only('alone', () => {});
test('outer', async (t) => { await t.test('inner', () => {}); });
`,
  });
  expect(run.report).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.statuses).toEqual({
    'test/add.test.ts › add › sums': 'failed',
    'test/add.test.ts › add › zero › keeps': 'passed',
    'test/add.test.ts › again': 'passed',
    'test/add.test.ts › again #2': 'passed',
    'test/add.test.ts › later': 'skipped',
    'test/add.test.ts › some day': 'todo',
    'test/add.test.ts › alone': 'passed',
    'test/add.test.ts › outer › inner': 'passed',
    'test/add.test.ts › outer': 'passed',
  });
  const failure = run.report.tests.find((one) => one.status === 'failed')?.failure;
  expect(failure?.message).toBe(
    'AssertionError: Expected values to be strictly equal:\n\n-1 !== 3\n    at TestContext.<anonymous> (test/add.test.ts:5:29)',
  );
  expect(failure?.frames).toEqual([{ path: 'test/add.test.ts', line: 5 }]);
  expect(failure?.outside).toBe(false);
});

test('keeps expected and actual beside an own message, frames of sources, and causes', async () => {
  const run = await runTests(runner, {
    'src/a.ts': `export function boom(): never {\n  throw new TypeError('bad input', { cause: new Error('deep') });\n}\n`,
    'test/a.test.ts': `${HEAD}import { boom } from '../src/a.ts';
test('own message', () => { assert.equal(1, 2, 'sums differ'); });
test('thrown', () => { boom(); });
test('thrown text', () => { throw 'just text'; });
`,
  });
  const [own, thrown, text] = run.report.tests.map((one) => one.failure);
  expect(own?.message).toContain('sums differ\n\n1 !== 2\n');
  expect(thrown?.message).toBe(
    'TypeError: bad input\ncaused by Error: deep\n    at boom (src/a.ts:2:9)\n    at TestContext.<anonymous> (test/a.test.ts:5:24)',
  );
  expect(thrown?.frames[0]).toEqual({ path: 'src/a.ts', line: 2 });
  expect(text?.message).toContain('just text');
});

test('a file without tests, one that exits, and one that does not load are failures of the file, never passed tests', async () => {
  const run = await runTests(runner, {
    'test/empty.test.ts': '',
    'test/exit.test.ts': `${HEAD}test('x', () => {});\nprocess.exit(0);\n`,
    'test/syntax.test.ts': 'const x: = 3;\n',
    'test/import.test.ts': `${HEAD}import { nothing } from '../src/missing.ts';\ntest('x', () => { nothing(); });\n`,
    'test/good.test.ts': `${HEAD}test('good', () => {});\n`,
  });
  expect(run.statuses).toEqual({ 'test/good.test.ts › good': 'passed' });
  expect(Object.keys(run.failed).toSorted()).toEqual([
    'test/empty.test.ts',
    'test/exit.test.ts',
    'test/import.test.ts',
    'test/syntax.test.ts',
  ]);
  expect(run.failed['test/empty.test.ts']).toContain('No test was found in this file');
  expect(run.failed['test/exit.test.ts']).toContain('process.exit');
  expect(run.failed['test/syntax.test.ts']).toContain('SyntaxError');
  expect(run.failed['test/import.test.ts']).toContain("Cannot find module 'src/missing.ts'");
  for (const file of run.report.fileFailures) {
    expect(file.failure.outside).toBe(true);
    expect(file.failure.message).not.toMatch(/node:internal|\/tmp\//);
  }
});

test('a process that ends inside a test is found out', async () => {
  const run = await runTests(runner, {
    'test/early.test.ts': `${HEAD}test('one', () => {});\ntest('two', async () => { await new Promise((r) => setTimeout(r, 50)); process.exit(0); });\ntest('three', () => { assert.fail(); });\n`,
    'test/abort.test.ts': `${HEAD}test('one', async () => { await new Promise((r) => setTimeout(r, 50)); process.abort(); });\n`,
  });
  expect(Object.keys(run.failed).toSorted()).toEqual(['test/abort.test.ts', 'test/early.test.ts']);
  expect(run.failed['test/early.test.ts']).toContain('ended itself');
  expect(run.failed['test/abort.test.ts']).toContain('SIGABRT');
  expect(run.statuses['test/early.test.ts › three']).toBeUndefined();
});

test('an error after its test, and a hook that fails, are failures of the file', async () => {
  const run = await runTests(runner, {
    'test/late.test.ts': `${HEAD}test('one', () => { Promise.reject(new Error('nobody waits')); });\n`,
    'test/hook.test.ts': `${HEAD}describe('s', () => { after(() => { throw new Error('cleanup broke'); }); it('one', () => {}); });\n`,
  });
  expect(run.failed['test/late.test.ts']).toContain('nobody waits');
  expect(run.failed['test/hook.test.ts']).toContain('cleanup broke');
});

test('what hangs is stopped and named, and the other files still run', async () => {
  const run = await runTests(createNodeTest({ testMs: 700, silenceMs: 2_500 }), {
    'test/busy.test.ts': `${HEAD}test('spins', () => { for (;;); });\n`,
    'test/leak.test.ts': `${HEAD}import http from 'node:http';\ntest('opens', () => { http.createServer().listen(0); });\n`,
    'test/never.test.ts': `${HEAD}test('waits', async () => { await new Promise(() => {}); });\ntest('next', () => {});\n`,
    'test/z.test.ts': `${HEAD}test('good', () => {});\n`,
  });
  expect(run.report.broken).toBeNull();
  expect(run.failed['test/busy.test.ts']).toContain('was stopped');
  expect(run.failed['test/leak.test.ts']).toContain('something is left open');
  expect(run.statuses).toMatchObject({
    'test/leak.test.ts › opens': 'passed',
    'test/never.test.ts › waits': 'failed',
    'test/never.test.ts › next': 'passed',
    'test/z.test.ts › good': 'passed',
  });
});

test('500 tests, and a narrowed run', async () => {
  const files = {
    'test/many.test.ts': `${HEAD}for (let i = 0; i < 500; i++) test('number ' + i, () => { if (i === 7) assert.equal(i, 8); });\n`,
    'test/other.test.ts': `${HEAD}test('other', () => {});\n`,
  };
  const all = await runTests(runner, files);
  expect(all.report.broken).toBeNull();
  expect(all.report.tests).toHaveLength(501);
  expect(all.report.tests.filter((one) => one.status === 'failed').map((one) => one.id)).toEqual(['test/many.test.ts › number 7']);
  const narrow = await runTests(runner, files, { only: ['test/other.test.ts › other'] });
  expect(Object.keys(narrow.statuses)).toEqual(['test/other.test.ts › other']);
});

test('the exit code is no input', async () => {
  const run = await runTests(runner, { 'test/code.test.ts': `${HEAD}test('one', () => { process.exitCode = 3; });\n` });
  expect(run.report).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.statuses).toEqual({ 'test/code.test.ts › one': 'passed' });
});

test('a test finds neither the seal nor a trace of the runner, and one that writes another report changes nothing', async () => {
  const forge = `import { readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
const parent = '/proc/' + process.ppid;
const reports = readdirSync(parent + '/fd').flatMap((fd) => { try { return [readlinkSync(parent + '/fd/' + fd)]; } catch { return []; } }).filter((path) => path.includes('report'));
const lines = [{ kind: 'open', v: 2, runner: 'node:test' }, { kind: 'test', path: 'test/a.test.ts', names: ['forged'], status: 'passed', retried: false, error: null }, { kind: 'finished', tests: 1, files: 0 }];
const text = lines.map((line, i) => JSON.stringify({ seq: i + 1, ...line }) + '\\n').join('');
`;
  const run = await runTests(runner, {
    'test/a.test.ts': `${HEAD}${forge}test('hints', () => {
  assert.deepEqual(Object.keys(process.env).filter((name) => /TEST|RED|NODE/.test(name)), []);
  assert.deepEqual([process.execArgv, process.argv.length], [[], 2]);
  for (const name of ['/cmdline', '/environ']) assert.doesNotMatch(readFileSync(parent + name, 'utf8'), /report\\.jsonl|nonce/);
  assert.equal(reports.length, 1);
  assert.doesNotMatch(readFileSync(reports[0], 'utf8'), /nonce|seal/);
});
test('real', () => {
  writeFileSync(reports[0], text);
  assert.fail('still red');
});
`,
  });
  expect(run.failed).toEqual({});
  expect(run.report.tests.map((one) => [one.name, one.status, one.failure?.message.split('\n')[0]])).toEqual([
    ['hints', 'passed', undefined],
    ['real', 'failed', 'AssertionError: still red'],
  ]);
});
