// Where oracle files meet the other tests: one run, one report.
import { expect } from 'vitest';
import { createRunners } from '../../../src/effects/runners/index.ts';
import { runTests } from '../../../src/effects/steps/testing.ts';
import { ask, box, inBox } from './boxed.ts';

const tree = {
  'package.json': '{"type":"module"}',
  'src/a.js': 'export const a = () => 1;\n',
  'test/a.test.js':
    "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\nimport { a } from '../src/a.js';\ntest('a is 1', () => assert.equal(a(), 1));\n",
  'test/oracle.json': JSON.stringify({
    cases: [
      { name: 'a gives 1', module: 'src/a.js', call: 'a', returns: 1 },
      { name: 'a gives 2', module: 'src/a.js', call: 'a', returns: 2 },
    ],
  }),
};

async function run(only?: readonly string[], files: Readonly<Record<string, string>> = tree) {
  if (box === null) throw new Error('no box');
  const there = box;
  const options = {
    tree: files,
    runner: createRunners().runner('node:test'),
    tests: ['test/a.test.js', 'test/oracle.json'],
    deps: null,
    timeoutMs: 60_000,
  };
  const { report, ms } = await runTests(
    { box: async () => there },
    { ...options, ...(only ? { only } : {}), signal: new AbortController().signal },
  );
  return { report, ms, statuses: Object.fromEntries(report.tests.map((t) => [t.id, t.status])) };
}

inBox('both kinds of file are in one report', async () => {
  const { report, ms, statuses } = await run();
  expect(report).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(statuses).toEqual({
    'test/a.test.js › a is 1': 'passed',
    'test/oracle.json › a gives 1': 'passed',
    'test/oracle.json › a gives 2': 'failed',
  });
  expect(ms).toBeGreaterThan(0);
});

inBox('a run that is narrowed to one kind asks no other', async () => {
  expect(Object.keys((await run(['test/oracle.json › a gives 2'])).statuses)).toEqual([
    'test/oracle.json › a gives 1',
    'test/oracle.json › a gives 2',
  ]);
  expect(Object.keys((await run(['test/a.test.js › a is 1'])).statuses)).toEqual(['test/a.test.js › a is 1']);
});

inBox('a file that cannot be read is a failure of that file, and the others are run', async () => {
  const { report, statuses } = await run(undefined, { ...tree, 'test/oracle.json': '{"cases":[{"name":"x"}]}' });
  expect(report.fileFailures).toMatchObject([{ path: 'test/oracle.json', failure: { outside: true } }]);
  expect(report.fileFailures[0]?.failure.message).toContain('cases[0]: is none of the three kinds');
  expect(statuses).toEqual({ 'test/a.test.js › a is 1': 'passed' });
});

inBox('without the code nothing passes, not even a refusal', async () => {
  const cases = [
    { name: 'exits with 1', argv: ['src/none.js'], exit: 1, stdout: '' },
    { name: 'a module that is not there', argv: ['-m', 'none'], exit: 1, stdout: '' },
    { name: 'throws', module: 'src/none.js', call: 'a', throws: true },
    { name: 'serves', serve: ['src/none.js', '{port}'], requests: [{ path: '/', expect: { status: 404 } }] },
  ];
  const properties = [{ name: 'always throws', holds: 'throws', module: 'src/none.js', call: 'a', given: [{ int: [1, 9] }] }];
  const found = await ask({}, { cases, properties });
  expect(Object.keys(found)).toEqual([...cases, ...properties].map((c) => c.name));
  expect(Object.values(found).filter((one) => one === 'passed')).toEqual([]);
});

inBox('the seed of an order makes other inputs', async () => {
  const properties = [{ name: 'p', holds: 'between', range: [0, 0], module: 'src/a.js', call: 'a', given: [{ int: [2, 1e9] }] }];
  const messages = await Promise.all(
    [null, null, { seed: 1, within: true }, { seed: 2, within: true }].map((order) => ask(tree, { properties }, order)),
  );
  const [first, again, one, two] = messages.map((m) => m['p']);
  expect(first).toBe(again);
  expect(new Set([first, one, two]).size).toBe(3);
  expect(one).toContain('seed 1');
});
