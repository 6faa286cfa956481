// Results that are told while the tests run: early, in order, never of our own tests; and whatever a test writes there decides nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { reachable } from '../../../sandbox/index.ts';
import type { TestLine } from '../../../src/core/events.ts';
import type { Planted } from '../../../src/core/ports.ts';
import type { Files } from '../../../src/core/ref.ts';
import type { TestReport } from '../../../src/core/report.ts';
import { judge } from '../../../src/core/verdict.ts';
import { createBox, type HostBox } from '../../../src/effects/box.ts';
import { createRunners } from '../../../src/effects/runners/index.ts';
import { createWatch } from '../../../src/effects/runners/live.ts';
import { runTests } from '../../../src/effects/steps/testing.ts';
import { ownDeps } from './host.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'redgreen-state-'));
const env = { PATH: '/usr/bin:/bin' };
const boxed = await createBox({ stateDir, env }).catch(() => null);
const unsafe = await createBox({ stateDir, env, unsafe: true, only: 'none' });
afterAll(() => {
  boxed?.close();
  unsafe.close();
  rmSync(stateDir, { recursive: true, force: true });
});

const runners = createRunners();
const NAMES = ['test_1', 'test_2', 'test_3'];
const slow = (equal: string) =>
  NAMES.map(
    (name) =>
      `test('${name}', async () => { await new Promise((r) => setTimeout(r, 300)); ${equal.replace('GOT', name === 'test_2' ? '2' : '1')}; });\n`,
  ).join('');
const NODE = "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\n";
const EXPECT = 'expect(GOT).toBe(1)';
const python = (indent: string, self: string) =>
  NAMES.map(
    (name) =>
      `${indent}def ${name}(${self}):\n${indent}    time.sleep(0.3)\n${indent}    assert 1 == ${name === 'test_2' ? 2 : 1}, 'not one'\n`,
  ).join('');

interface Case {
  readonly id: string;
  readonly path: string;
  readonly suite: string;
  readonly text: string;
}
const cases: readonly Case[] = [
  { id: 'node:test', path: 'test/a.test.ts', suite: '', text: `${NODE}${slow('assert.equal(GOT, 1)')}` },
  { id: 'vitest', path: 'test/a.test.ts', suite: '', text: `import { expect, test } from 'vitest';\n${slow(EXPECT)}` },
  { id: 'jest', path: 'test/a.test.ts', suite: '', text: `import { expect, test } from '@jest/globals';\n${slow(EXPECT)}` },
  {
    id: 'unittest',
    path: 'tests/test_a.py',
    suite: ' › ATests',
    text: `import time, unittest\nclass ATests(unittest.TestCase):\n${python('    ', 'self')}`,
  },
  { id: 'pytest', path: 'tests/test_a.py', suite: '', text: `import time\n${python('', '')}` },
];

const depsInReach = process.getuid?.() !== 0 || reachable(ownDeps, { uid: 65534, gid: 65534 }) !== null;
const possible = async (box: HostBox, { id }: Case) =>
  id === 'pytest' ? box.hasModule('pytest') : id !== 'vitest' && id !== 'jest' ? true : box === unsafe || depsInReach;
const rows: [string, string, HostBox, Case][] = [];
for (const box of boxed === null ? [unsafe] : [boxed, unsafe])
  for (const one of cases) if (await possible(box, one)) rows.push([one.id, box.rung, box, one]);

interface Watched {
  readonly report: TestReport;
  readonly told: readonly TestLine[];
  /** How many were told when the box had not ended. */
  readonly early: number;
}

async function watch(box: HostBox, { id, path }: Case, tree: Files, known: readonly string[] | null): Promise<Watched> {
  const told: TestLine[] = [];
  let early = 0;
  const timed: HostBox = {
    ...box,
    async test(options) {
      const ran = await box.test(options);
      early = told.length;
      return ran;
    },
  };
  const { report } = await runTests(
    { box: async () => timed },
    {
      tree: { 'package.json': '{"type":"module"}', ...tree },
      runner: runners.runner(id),
      tests: [path],
      deps: id === 'vitest' || id === 'jest' ? ownDeps : null,
      timeoutMs: 60_000,
      signal: new AbortController().signal,
      watcher: { known, tell: (line) => told.push(line) },
    },
  );
  return { report, told, early };
}

test.each(rows)('%s on the rung %s tells of each slow test before the end, in order', async (_id, _rung, box, one) => {
  const ids = NAMES.map((name) => `${one.path}${one.suite} › ${name}`);
  // No id is known, so that only what is left out on purpose is missing: our own tests.
  const { report, told, early } = await watch(box, one, { [one.path]: one.text }, null);
  expect(report).toMatchObject({ finished: true, broken: null });
  expect(report.tampered).toBeUndefined();
  expect(told.map((line) => line.id)).toEqual(ids);
  expect(told).toEqual(judge(ids, report).lines);
  expect(told.map((line) => line.status)).toEqual(['passed', 'failed', 'passed']);
  expect(early).toBeGreaterThan(0);
});

/** Prints lines of a report, and writes them to every report that it finds, over and over, before it fails. */
const forge = (path: string) => {
  const lines = [
    { kind: 'test', path, names: ['bad'], status: 'passed', retried: false, error: null },
    { kind: 'live', path, names: ['bad'], status: 'passed', retried: false, error: null },
    { kind: 'test', path, names: ['unknown\u001b[31m'], status: 'passed', retried: false, error: null },
    { kind: 'live', path: '../x', names: ['bad'], status: 'passed', retried: false, error: null },
  ];
  return `const lines = ${JSON.stringify(`${lines.map((line) => JSON.stringify({ seq: 9, ...line })).join('\n')}\n[[[[\n`)};
const fake = lines.repeat(50) + 'x'.repeat(200000) + '\\n';
const found = [process.pid, process.ppid].flatMap((pid) => { try { return fs.readdirSync('/proc/' + pid + '/fd').map((fd) => '/proc/' + pid + '/fd/' + fd); } catch { return []; } })
  .filter((path) => { try { return /report/.test(fs.readlinkSync(path)); } catch { return false; } });
for (let i = 0; i < 8; i++) {
  process.stdout.write(lines);
  for (const path of found) { try { fs.appendFileSync(path, fake); } catch {} }
  await new Promise((r) => setTimeout(r, 100));
}
`;
};

const forgers = rows.filter(([id]) => id === 'node:test' || id === 'vitest' || id === 'jest');
test.each(forgers)('%s on the rung %s: forged lines tell of known tests only and decide nothing', async (id, _rung, box, one) => {
  const module = { 'node:test': 'node:test', vitest: 'vitest', jest: '@jest/globals' }[id];
  const text = `import fs from 'node:fs';\nimport { test } from '${module}';\ntest('bad', async () => { ${forge(one.path)} throw new Error('no'); });\ntest('good', () => {});\n`;
  const ids = [`${one.path} › bad`, `${one.path} › good`];
  const { report, told } = await watch(box, one, { [one.path]: text }, ids);
  expect(judge(ids, report).verdict.kind, JSON.stringify(report)).toBe('red');
  expect(told.filter((line) => !ids.includes(line.id))).toEqual([]);
  expect(told.length).toBeLessThanOrEqual(4);
  // The forgery is seen while it lasts, and corrected.
  if (process.platform === 'linux') expect(told[0]).toMatchObject({ id: ids[0], status: 'passed' });
  expect(told.findLast((line) => line.id === ids[0])?.status).toBe('failed');
});

const PATH = 'test/a.test.ts';
const planted: Readonly<Record<string, Planted>> = {
  [PATH]: { text: '', pass: [`${PATH} › ours`], fail: { [`${PATH} › ours too`]: 'x' } },
};
const raw = (names: readonly string[], more = {}) =>
  JSON.stringify({ seq: 2, kind: 'test', path: PATH, names, status: 'passed', retried: false, error: null, ...more });
const heard = (known: readonly string[] | null, lines: readonly string[]) => {
  const told: TestLine[] = [];
  const live = createWatch({ known, tell: (line) => told.push(line) }, [PATH], planted);
  for (const line of lines) live.line(line, '/work');
  return { told, live, ids: () => told.map((line) => line.id) };
};

test('lines of another shape, of other files and of our own tests are left out', () => {
  const lines = [
    '',
    'PASS',
    '[]',
    'null',
    `${'['.repeat(60_000)}`,
    raw(['ours']),
    raw(['ours too'], { status: 'failed' }),
    raw(['ours too'], { kind: 'live' }),
    raw(['a'], { path: 'test/b.test.ts' }),
    raw(['a'], { path: '../a.test.ts' }),
    raw(['a'], { names: [] }),
    raw(['a'], { names: ['x', 1] }),
    raw(['a'], { status: 'great' }),
    raw(['a'], { kind: 'finished' }),
    raw(['a'], { retried: 1 }),
  ];
  expect(heard(null, lines).ids()).toEqual([]);
  expect(heard([`${PATH} › a`, `${PATH} › ours`], [...lines, raw(['a']), raw(['b'])]).ids()).toEqual([`${PATH} › a`]);
});

test('a flood tells of each test once, and of so many only', () => {
  const flood = Array.from({ length: 5_000 }, (_, i) => raw([`t${i}`]));
  expect(heard(null, flood).told).toHaveLength(2_000);
  expect(
    heard(
      [`${PATH} › a`],
      Array.from({ length: 5_000 }, () => raw(['a'])),
    ).told,
  ).toHaveLength(1);
});

test('what is told is clean and short', () => {
  const error = { name: 'Error', message: `\u001b]0;title\u0007${'word '.repeat(9_000)}`, stack: 'x'.repeat(9_000), detail: '' };
  const { told } = heard(null, [raw(['a\u001b[2J\u202eb'], { status: 'failed', error })]);
  expect(told[0]?.id).toBe(`${PATH} › a<U+202E>b`);
  expect(told[0]?.why).toMatch(/^Error: word word .{0,190}…$/);
});

test('the report at the end corrects what was told, and adds what was not', () => {
  const ids = ['a', 'b', 'c'].map((name) => `${PATH} › ${name}`);
  const { told, live } = heard(ids, [raw(['a']), raw(['b'])]);
  const result = (name: string, status: 'passed' | 'failed') => ({
    id: `${PATH} › ${name}`,
    path: PATH,
    name,
    status,
    failure: null,
    retried: false,
  });
  const tests = [result('a', 'passed'), result('b', 'failed'), result('c', 'passed'), result('ours', 'passed'), result('d', 'passed')];
  live.settle({ tests, fileFailures: [], finished: true, broken: null });
  expect(told.map(({ id, status }) => [id.slice(-1), status])).toEqual([
    ['a', 'passed'],
    ['b', 'passed'],
    ['b', 'failed'],
    ['c', 'passed'],
  ]);
});
