// Each mechanism switched off, one at a time: the cheats it is there for then get through. So the other tests of this folder can fail.
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Order, Runner } from '../../src/core/ports.ts';
import { STUB_MARKER } from '../../src/core/ports.ts';
import { redProof } from '../../src/core/redproof.ts';
import type { Files } from '../../src/core/ref.ts';
import type { TestReport } from '../../src/core/report.ts';
import { type Judged, joinVerdicts, judge } from '../../src/core/verdict.ts';
import { createNodeTest } from '../../src/effects/runners/node-test.ts';
import { runTests, writeTree } from '../effects/runners/host.ts';
import { honestTests, slippedCode, testFile } from './project.ts';

const RUNNER = createNodeTest({ testMs: 5_000, silenceMs: 10_000 });
const TEST = 'test/texts.test.js';
const NAMES = ['numbers are added up', 'nothing adds up to 0', 'words are in lower case', 'a text without words is refused'];
const EXPECTED = NAMES.map((name) => `${TEST} › ${name}`);
const WRONG = slippedCode('node:test');

const tree = (code: string, tests = honestTests('node:test')): Files => ({
  'package.json': '{"type":"module"}',
  'src/texts.js': code,
  [TEST]: tests,
});

interface Off {
  readonly runner?: Runner;
  readonly tmp?: string;
  readonly order?: Order;
}

async function reportOf(files: Files, off: Off = {}): Promise<TestReport> {
  const { runner = RUNNER, ...rest } = off;
  return (await runTests(runner, files, rest)).report;
}

async function judged(files: Files, off: Off = {}, expected: readonly string[] = EXPECTED): Promise<Judged> {
  return judge(expected, await reportOf(files, off));
}

const kind = async (files: Files, off: Off = {}, expected: readonly string[] = EXPECTED) =>
  (await judged(files, off, expected)).verdict.kind;

/** Canaries off. */
const unplanted: Runner = { ...RUNNER, plant: () => null };
/** Canaries off, and any report is believed. */
const unsealed: Runner = {
  ...unplanted,
  parse: (text, dir, nonce) => {
    const start = (text ?? '').trimEnd().lastIndexOf('\n') + 1;
    const last = JSON.parse((text ?? '{}').slice(start)) as object;
    const seal = createHmac('sha256', nonce)
      .update((text ?? '').slice(0, start))
      .digest('hex');
    return RUNNER.parse(`${(text ?? '').slice(0, start)}${JSON.stringify({ ...last, seal })}\n`, dir, nonce);
  },
};

test('the report, not the exit code (M3): a process that ends itself is success to the plain runner', async () => {
  const files = tree(`process.exit(0);\n${WRONG}`);
  const plain = spawnSync(process.execPath, ['--test', TEST], { cwd: writeTree(files), env: { PATH: '/usr/bin:/bin' } });
  expect(plain.status).toBe(0);
  expect(await kind(files)).toBe('red');
});

test('the manifest (M3): tests that the code makes vanish', async () => {
  const made = (names: string) => `${WRONG}\nexport const cases = () => ${names};\n`;
  const tests = testFile(
    'node:test',
    "import { cases } from '../src/texts.js';\nfor (const name of cases()) test(name, () => {\n  assert.deepEqual(words('A'), [name]);\n});\n\ntest('numbers', () => {\n  assert.equal(total([1]), 1);\n});\n",
  );
  const expected = ['a', 'numbers'].map((name) => `${TEST} › ${name}`);
  expect(await kind(tree(made("['a']"), tests), {}, expected)).toBe('red');
  expect(await kind(tree(made('[]'), tests), {}, expected)).toBe('red');
  expect(await kind(tree(made('[]'), tests), {}, [])).toBe('green');
});

test('the canaries (M5): emptied assertions', async () => {
  const files = tree(
    `import assert from 'node:assert';\nimport { syncBuiltinESMExports } from 'node:module';\nfor (const one of [assert, assert.strict]) for (const name of ['equal', 'deepEqual', 'strictEqual', 'deepStrictEqual', 'throws']) one[name] = () => {};\nsyncBuiltinESMExports();\n${WRONG}`,
  );
  expect(await kind(files)).toBe('tampered');
  expect(await kind(files, { runner: unplanted })).toBe('green');
});

test('the seal (M2): a report that somebody else wrote', () => {
  const all = NAMES.map((name) => ({ kind: 'test', path: TEST, names: [name], status: 'passed', retried: false, error: null }));
  const lines = [{ kind: 'open', v: 2, runner: 'x' }, ...all, { kind: 'finished', tests: 4, files: 0, seal: '' }];
  const text = lines.map((line, i) => `${JSON.stringify({ seq: i + 1, ...line })}\n`).join('');
  const verdict = (runner: Runner) => judge(EXPECTED, runner.parse(text, '/work', 'nonce')).verdict;
  expect(verdict(RUNNER)).toMatchObject({ kind: 'void', reason: expect.stringContaining('stale') });
  expect(verdict(unsealed).kind).toBe('green');
});

test('fresh folders (M2): a mark that an earlier run left', async () => {
  const files = tree(
    `import fs from 'node:fs';\nimport os from 'node:os';\nconst mark = os.tmpdir() + '/mark';\nconst second = fs.existsSync(mark);\nfs.writeFileSync(mark, '');\n${WRONG.replace('text.trim().split', '(second ? text.toLowerCase() : text).trim().split')}`,
  );
  const tmp = writeTree({});
  expect([await kind(files), await kind(files)]).toEqual(['red', 'red']);
  expect([await kind(files, { tmp }), await kind(files, { tmp })]).toEqual(['red', 'green']);
});

test('three fresh runs (M3): what passes only once', async () => {
  const files = tree(
    `import fs from 'node:fs';\nimport os from 'node:os';\nconst mark = os.tmpdir() + '/mark';\nconst first = !fs.existsSync(mark);\nfs.writeFileSync(mark, '');\n${WRONG.replace('text.trim().split', '(first ? text.toLowerCase() : text).trim().split')}`,
  );
  const tmp = writeTree({});
  const runs = [await judged(files, { tmp }), await judged(files, { tmp }), await judged(files, { tmp })];
  expect(joinVerdicts(runs.slice(0, 1)).kind).toBe('green');
  expect(joinVerdicts(runs).kind).toBe('flaky');
});

test('the shuffled order (M6): answers in the order of the questions', async () => {
  const names = [1, 2, 3, 4, 5, 6].map((n) => `adds up to ${n}`);
  const tests = testFile(
    'node:test',
    `void words;\n${[1, 2, 3, 4, 5, 6].map((n) => `test('adds up to ${n}', () => {\n  assert.equal(total([${n}]), ${n});\n});\n`).join('')}`,
  );
  const files = tree('let n = 0;\nexport const total = () => ++n;\nexport const words = () => [];\n', tests);
  const expected = names.map((name) => `${TEST} › ${name}`);
  expect(await kind(files, {}, expected)).toBe('green');
  expect(await kind(files, { order: { seed: 5, within: true } }, expected)).toBe('red');
});

test('the lock (M1): a weakened test', async () => {
  const weak = honestTests('node:test').replace("['one', 'two']", "['One', 'TWO']");
  const committed = tree(WRONG, weak);
  expect(await kind({ ...committed, [TEST]: honestTests('node:test') })).toBe('red');
  expect(await kind(committed)).toBe('green');
});

const STUBS = {
  throwing: `export function total() { throw new Error('${STUB_MARKER}'); }\nexport const words = total;\n`,
  wrong: 'export const total = () => -987654321;\nexport const words = () => [];\n',
};
const proof = async (tests: string, kinds: readonly (keyof typeof STUBS)[] = ['throwing', 'wrong']) => {
  const [a, b = a] = await Promise.all(kinds.map((one) => reportOf(tree(STUBS[one], tests))));
  if (!a || !b) throw new Error('no report');
  return redProof([TEST], a, b, [], STUB_MARKER)
    .problems.map((p) => p.message)
    .join();
};

test('the red proof (M4): a test that any code passes', async () => {
  const tests = testFile('node:test', "test('words', () => {\n  void total;\n  assert.equal(typeof words, 'function');\n});\n");
  expect(await proof(tests)).toContain('passes even when no code is written');
  expect(await kind(tree(WRONG, tests), {}, [`${TEST} › words`])).toBe('green');
});

test('two kinds of stub (M4): with one alone honest tests are refused', async () => {
  const refuses = testFile('node:test', "test('refuses', () => {\n  void total;\n  assert.throws(() => words(''));\n});\n");
  expect(await proof(refuses)).toBe('');
  expect(await proof(refuses, ['throwing'])).toContain('passes even when no code is written');
  const accepts = testFile('node:test', "test('accepts', () => {\n  void total;\n  assert.ok(Array.isArray(words('a')));\n});\n");
  expect(await proof(accepts)).toBe('');
  expect(await proof(accepts, ['wrong'])).toContain('passes even when no code is written');
});

test('the cheats of this file are no cheats by themselves: honest code is green with every mechanism on', async () => {
  expect(await kind(tree(WRONG.replace('text.trim().split', 'text.trim().toLowerCase().split')))).toBe('green');
});
