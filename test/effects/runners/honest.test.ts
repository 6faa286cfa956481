// Honest test files of many shapes: with canaries in them, in any order, every one of their tests passes.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Order } from '../../../src/core/ports.ts';
import type { Files } from '../../../src/core/ref.ts';
import { createRunners } from '../../../src/effects/runners/index.ts';
import { pytestAvailable } from '../../../src/effects/runners/pytest.ts';
import { orderFiles } from '../../../src/effects/runners/select.ts';
import { hostBox, ownDeps, runTests, writeTree } from './host.ts';

const runners = createRunners();
const NOISE = String.raw`process.stdout.write('\u001b[31mnot ok 1 - fake\n1..1\n{"seq":1,"kind":"finished"}\n\u0000\u00ff'); console.error('Error: printed');`;
const NODE = "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\n";

const nodeTest: Files = {
  'package.json': '{"type":"module"}',
  'test/async.test.ts': `import { afterEach, beforeEach, describe, it } from 'node:test';
import { strictEqual as same, rejects } from 'node:assert';
let made: number[] = [];
beforeEach(() => { made = [1]; });
afterEach(() => { made = []; });
describe('outer', () => {
  it('waits', async () => { await new Promise((r) => setTimeout(r, 30)); same(made.length, 1); });
  describe('inner', () => { it('rejects', async () => { await rejects(async () => { throw new Error('no'); }, /no/); }); });
});`,
  'test/shadow.test.ts': `import { test as check } from 'node:test';
const [test, assert, describe, it] = [1, 2, 3, 4];
check('shadowed', (t) => { t.assert.deepStrictEqual([test, assert, describe, it], [1, 2, 3, 4]); });
export {};`,
  'test/end.test.ts': `${NODE}await test('awaited at the top', () => { assert.equal(1, 1); });\n// no newline at the end, and a comment`,
  'test/noise.test.ts': `${NODE}test('prints', () => { ${NOISE} process.exitCode = 2; });`,
  'test/made.test.ts': `${NODE}for (const n of [1, 2]) test('at ' + process.hrtime.bigint() + n, () => { assert.ok(n); });`,
  'test/mocked.test.ts': `${NODE}import fs from 'node:fs';
test('writes nothing', (t) => { t.mock.method(fs, 'writeSync', () => 0); t.mock.timers.enable({ apis: ['setTimeout'] }); assert.equal(fs.writeSync(1, 'x'), 0); });
test.only('left over', async (t) => { await t.test('inside', () => {}); });`,
  'test/snap.test.js': `${NODE}test('snapshot', (t) => { t.assert.snapshot({ a: 1 }); });`,
  'test/snap.test.js.snapshot': 'exports[`snapshot 1`] = `\n{\n  "a": 1\n}\n`;\n',
  'test/old.test.cjs': `const test = require('node:test');\nconst assert = require('node:assert');\ntest('old', () => { assert.equal('import x from "y"', \`import x from "y"\`); })`,
};
const oldNodeTest: Files = {
  'test/old.test.js': `const { test } = require('node:test');\nconst assert = require('node:assert/strict');\nconst code = \`
import x from 'y';
\`;
test('without a type', () => { assert.match(code, /import/); });`,
  'test/new.test.js': `${NODE}test('an ES module without a type', () => { assert.ok(import.meta.url); });`,
};

const expecting = (module: string, mocks: string): Files => {
  const head = `import { afterEach, beforeEach, describe, expect, test, ${mocks} } from '${module}';\n`;
  return {
    'package.json': '{"type":"module"}',
    'test/hooks.test.ts': `${head}beforeEach(() => { expect.hasAssertions(); ${mocks}.useFakeTimers(); });
afterEach(() => { ${mocks}.useRealTimers(); });
describe('s', () => { test('ticks', () => { const f = ${mocks}.fn(); setTimeout(f, 1000); ${mocks}.runAllTimers(); expect(f).toHaveBeenCalledTimes(1); }); });`,
    'test/custom.test.ts': `${head}expect.extend({ toBeTen(n: number) { return { pass: n === 10, message: () => 'not ten' }; } });
expect.addEqualityTesters([(a, b) => (typeof a === 'bigint' && typeof b === 'bigint' ? true : undefined)]);
test.each([[5, 5], [3, 7]])('adds %i and %i', (a, b) => { (expect(a + b) as any).toBeTen(); });
test('loose', () => { expect([1n]).toEqual([2n]); });
export {};`,
    'test/snap.test.js': `${head}test('snap', () => { expect({ a: 1 }).toMatchSnapshot(); expect('x').toMatchInlineSnapshot('"x"'); });\n// the end`,
    'test/__snapshots__/snap.test.js.snap': `// ${module === 'vitest' ? 'Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html' : 'Jest Snapshot v1, https://jestjs.io/docs/snapshot-testing'}

exports[\`gone 1\`] = \`1\`;

exports[\`snap 1\`] = \`
{
  "a": 1,
}
\`;
`,
    'test/noise.test.js': `${head}import assert, { equal } from 'node:assert';\nconst print = () => { ${NOISE} };
test('prints', () => { print(); assert.ok(true); equal(1, 1); expect(1).toBe(1); });
for (const n of [1, 2]) test('at ' + process.hrtime.bigint() + n, async () => { await Promise.resolve(); expect(n).toBeGreaterThan(0); });`,
  };
};
const vitestOnly: Files = {
  'test/view.test.tsx': `import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Order } from '../../../src/core/ports.ts';\nconst h = (tag: string) => tag;\n/** @jsx h */\nexport const view = <b />;\ntest.concurrent('view', async () => { expect(h('b')).toBe('b'); });`,
};
const jestOnly: Files = {
  'test/old.test.cjs': `const fs = require('node:fs');\njest.mock('node:fs');\ntest('old', () => { expect(fs.readFileSync).toBeDefined(); expect('import x').toBe(\`import x\`); })`,
};

const unittest: Files = {
  'tests/test_plain.py': `import unittest
class Base:
    def test_shared(self): self.assertEqual(self.value, 1)
class PlainTests(Base, unittest.TestCase):
    value = 1
    @classmethod
    def setUpClass(cls): cls.made = []
    def setUp(self): self.made.append(1)
    def test_sub(self):
        for i in range(3):
            with self.subTest(i=i): self.assertLess(i, 3)
    def test_noise(self): print('\\u001b[31mFAILED\\n{"seq": 1}')
class LaterTests(unittest.IsolatedAsyncioTestCase):
    async def test_later(self): self.assertTrue(True)
if __name__ == '__main__':
    unittest.main()`,
  'tests/test_chosen.py': `import unittest as u
class A(u.TestCase):
    def test_a(self): assert True
class B(u.TestCase):
    def test_b(self): self.fail('never chosen')
def load_tests(loader, tests, pattern):
    return loader.loadTestsFromTestCase(A)
# no newline at the end`,
};
const pytest: Files = {
  'tests/test_shapes.py': `import pytest, time, unittest
@pytest.fixture(autouse=True)
def ground(tmp_path):
    yield tmp_path
@pytest.mark.parametrize('n,want', [(1, 2), (2, 3)])
def test_each(n, want): assert n + 1 == want
@pytest.mark.parametrize('at', [time.time()])
def test_made(at): assert at
class TestGroup:
    def test_prints(self, capsys):
        print('1 passed')
        assert 'passed' in capsys.readouterr().out
class OldTests(unittest.TestCase):
    def test_old(self): self.assertEqual(1, 1)
if __name__ == '__main__':
    pytest.main()`,
  'tests/test_marked.py': `import pytest
pytestmark = [
    pytest.mark.parametrize('backend', ['memory', 'disk']),
    pytest.mark.parametrize(('a', 'b'), [(1, 2)]),
]
def test_backend(backend, a, b): assert backend and a < b
`,
  'tests/test_doubled.py': `import pytest
@pytest.fixture(params=['x', 'y'], autouse=True)
def mode(request): return request.param
def test_mode(mode): assert mode in 'xy'`,
};

const hasPytest = (await pytestAvailable(hostBox)).available;
const cases: readonly (readonly [string, string, Files, number])[] = [
  ['node:test', 'shapes', nodeTest, 12],
  ['node:test', 'packages without a type', oldNodeTest, 2],
  ['vitest', 'shapes', { ...expecting('vitest', 'vi'), ...vitestOnly }, 9],
  ['jest', 'shapes', { ...expecting('@jest/globals', 'jest'), ...jestOnly }, 9],
  ['unittest', 'shapes', unittest, 5],
  ...(hasPytest ? [['pytest', 'shapes', pytest, 9] as const] : []),
];
const orders = [null, { seed: 2 ** 40 + 3, within: true }];

test.each(
  cases.flatMap(([id, name, files, count]) => orders.map((order) => [id, name, order?.seed ?? 'none', files, count, order] as const)),
)('%s, %s: all pass in the order of seed %s', async (id, _name, _seed, files, count, order) => {
  const deps = id === 'vitest' || id === 'jest' ? { deps: ownDeps } : {};
  const run = await runTests(runners.runner(id), files, { ...deps, ...(order === null ? {} : { order }) });
  expect(run.report, run.stdout + run.stderr).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.report.tampered).toBeUndefined();
  expect(run.report.tests.filter((one) => one.status !== 'passed')).toEqual([]);
  expect(run.report.tests).toHaveLength(count);
});

const LETTERS = [...'abcdefgh'];
const noted = (file: string, id: string): string => {
  const note = (letter: string) => `fs.appendFileSync(process.env.TMPDIR + '/order', '${file}${letter} ');`;
  const body = (letter: string) => `test('${letter}', () => { ${note(letter)} });`;
  return `import fs from 'node:fs';\nimport { test } from '${id}';\n${LETTERS.map(body).join('\n')}\n`;
};
const notedPython = (file: string): string =>
  `import os, unittest\ndef note(s):\n    with open(os.environ['TMPDIR'] + '/order', 'a') as f: f.write('${file}' + s + ' ')\nclass T(unittest.TestCase):\n${LETTERS.map((l) => `    def test_${l}(self): note('${l}')`).join('\n')}\n`;

test.each(['node:test', 'vitest', 'jest', 'unittest', ...(hasPytest ? ['pytest'] : [])])(
  '%s: a seed gives one order, null the order as written',
  async (id) => {
    const isPython = id === 'unittest' || id === 'pytest';
    const names = ['x', 'y', 'z'];
    const files: Files = isPython
      ? Object.fromEntries(names.map((n) => [`tests/test_${n}.py`, notedPython(n)]))
      : {
          'package.json': '{"type":"module"}',
          ...Object.fromEntries(names.map((n) => [`test/${n}.test.js`, noted(n, id === 'jest' ? '@jest/globals' : id)])),
        };
    const orderOf = async (order: Order | null): Promise<string> => {
      const tmp = writeTree({});
      const deps = id === 'vitest' || id === 'jest' ? { deps: ownDeps } : {};
      const run = await runTests(runners.runner(id), files, { ...deps, tmp, ...(order === null ? {} : { order }) });
      expect(run.report).toMatchObject({ broken: null, fileFailures: [] });
      return readFileSync(`${tmp}/order`, 'utf8').trim();
    };
    const inFile = (order: string, file: string) =>
      order
        .split(' ')
        .filter((at) => at.startsWith(file))
        .map((at) => at.slice(1))
        .join('');
    const [written, first, again] = [
      await orderOf(null),
      await orderOf({ seed: 5, within: true }),
      await orderOf({ seed: 5, within: true }),
    ];
    for (const name of names) {
      expect(inFile(written, name)).toBe('abcdefgh');
      expect([...inFile(first, name)].toSorted().join('')).toBe('abcdefgh');
      expect(inFile(again, name)).toBe(inFile(first, name));
    }
    expect(names.map((name) => inFile(first, name))).not.toEqual(names.map(() => 'abcdefgh'));
    const filesOnly = await orderOf({ seed: 3, within: false });
    for (const name of names) expect(inFile(filesOnly, name)).toBe('abcdefgh');
    if (isPython)
      expect([...new Set(filesOnly.split(' ').map((at) => at.charAt(0)))]).toEqual(orderFiles(names, { seed: 3, within: false }));
  },
);
