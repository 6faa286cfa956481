// Code under test that attacks its runner: whatever it does, a run with a failing test is never green.
import { expect, test } from 'vitest';
import type { VerdictKind } from '../../../src/core/events.ts';
import type { Files } from '../../../src/core/ref.ts';
import { judge } from '../../../src/core/verdict.ts';
import { createJest } from '../../../src/effects/runners/jest.ts';
import { createNodeTest } from '../../../src/effects/runners/node-test.ts';
import { createPytest, pytestAvailable } from '../../../src/effects/runners/pytest.ts';
import { createUnittest } from '../../../src/effects/runners/unittest.ts';
import { createVitest } from '../../../src/effects/runners/vitest.ts';
import { hostBox, ownDeps, runTests } from './host.ts';

const slow = { testMs: 2_000, silenceMs: 5_000 };
const RUNNERS = {
  'node:test': createNodeTest(slow),
  vitest: createVitest(slow),
  jest: createJest(slow),
  unittest: createUnittest({ testSeconds: 2 }),
  pytest: createPytest({ testSeconds: 2 }),
};
type Id = keyof typeof RUNNERS;

const javascript = (head: string, equal: string): Files => ({
  'package.json': '{"type":"module"}',
  'test/a.test.js': `${head}
import { sum } from '../src/sum.js';
test('sums', async () => { await sum(); ${equal.replace('ACTUAL', 'sum(1, 2)').replace('EXPECTED', '3')}; });
test('sums zero', async () => { ${equal.replace('ACTUAL', 'sum(0, 0)').replace('EXPECTED', '0')}; });
`,
});
const PYTEST = 'from src.total import total\ndef test_sums(): assert total(1, 2) == 3\ndef test_zero(): assert total(0, 0) == 0\n';
const UNITTEST = `import unittest
from src.total import total
class TotalTests(unittest.TestCase):
    def test_sums(self): self.assertEqual(total(1, 2), 3)
    def test_zero(self): self.assertEqual(total(0, 0), 0)
`;
const PROJECTS: Readonly<Record<Id, Files>> = {
  'node:test': javascript("import { test } from 'node:test';\nimport assert from 'node:assert/strict';", 'assert.equal(ACTUAL, EXPECTED)'),
  vitest: javascript("import { expect, test } from 'vitest';", 'expect(ACTUAL).toBe(EXPECTED)'),
  jest: javascript("import { expect, test } from '@jest/globals';", 'expect(ACTUAL).toBe(EXPECTED)'),
  unittest: { 'tests/test_total.py': UNITTEST },
  pytest: { 'tests/test_total.py': PYTEST },
};
const EXPECTED: Readonly<Record<Id, readonly string[]>> = {
  'node:test': ['test/a.test.js › sums', 'test/a.test.js › sums zero'],
  vitest: ['test/a.test.js › sums', 'test/a.test.js › sums zero'],
  jest: ['test/a.test.js › sums', 'test/a.test.js › sums zero'],
  unittest: ['test_sums', 'test_zero'].map((name) => `tests/test_total.py › TotalTests › ${name}`),
  pytest: ['test_sums', 'test_zero'].map((name) => `tests/test_total.py › ${name}`),
};

const SUM = 'export const sum = () => 0;\n';
const TOTAL = 'def total(a, b): return 0\n';
const JS: Id[] = ['node:test', 'vitest', 'jest'];
const PY: Id[] = ['unittest', 'pytest'];
/** Makes every assertion of `node:assert` and of `expect` hold nothing. */
const patchAssert = `import assert from 'node:assert'; import { syncBuiltinESMExports } from 'node:module';
for (const object of [assert, assert.strict]) for (const name of Object.keys(object)) if (typeof object[name] === 'function' && name !== 'AssertionError') object[name] = () => {};
syncBuiltinESMExports();\n`;
const frames = `[{ kind: 'open', v: 2, runner: 'x' }, ...['sums', 'sums zero'].map((name) => ({ kind: 'test', path: 'test/a.test.js', names: [name], status: 'passed', retried: false, error: null })), { kind: 'finished', tests: 2, files: 0 }].map((line, i) => JSON.stringify({ seq: i + 1, ...line }) + '\\n').join('')`;

const cheats: readonly (readonly [string, readonly Id[], string, VerdictKind[]])[] = [
  ['does nothing of the kind', [...JS, ...PY], '', ['red']],
  ['ends the process while it loads', JS, 'process.exit(0);\n', ['red', 'void']],
  ['ends the process in a test', JS, 'export const sum = () => process.exit(0);\n', ['red', 'void']],
  ['ends the process for good', JS, 'export const sum = () => process.reallyExit(0);\n', ['red', 'void']],
  ['says that it ended well', JS, "process.on('exit', () => { process.exitCode = 0; });\n", ['red']],
  ['empties the assertions', ['node:test'], patchAssert, ['tampered']],
  [
    'replaces a matcher',
    ['vitest', 'jest'],
    "globalThis.expect?.extend({ toBe: () => ({ pass: true, message: () => '' }) });\nconst { expect } = await import(MODULE);\nexpect.extend({ toBe: () => ({ pass: true, message: () => '' }) });\n",
    ['tampered'],
  ],
  [
    'makes failures of what is reported passes',
    ['node:test'],
    "import { Readable } from 'node:stream';\nconst push = Readable.prototype.push;\nReadable.prototype.push = function (one, ...rest) { if (one?.type === 'test:fail') one.type = 'test:pass'; return push.call(this, one, ...rest); };\n",
    ['tampered'],
  ],
  [
    'lets only the names pass that it knows',
    ['node:test'],
    "import { Readable } from 'node:stream';\nconst push = Readable.prototype.push;\nReadable.prototype.push = function (one, ...rest) { if (/^test:(fail|pass)$/.test(one?.type)) { one.type = one.data.name.startsWith('sums') ? 'test:pass' : 'test:fail'; one.data.details.error ??= new Error(one.data.name); } return push.call(this, one, ...rest); };\n",
    ['tampered'],
  ],
  [
    'changes how frames are written',
    ['node:test'],
    "Object.prototype.toJSON = function () { return { ...this, type: 'test:pass' }; };\nJSON.stringify = () => '{}';\nBuffer.from = () => Buffer.alloc(0);\n",
    ['red', 'tampered', 'void'],
  ],
  [
    'writes frames of its own and ends',
    ['node:test'],
    "import fs from 'node:fs';\nfor (const fd of [1, 3]) for (const name of ['sums', 'sums zero']) fs.writeSync(fd, JSON.stringify({ type: 'test:pass', name, nesting: 0 }) + '\\n');\nprocess.exit(0);\n",
    ['red'],
  ],
  [
    'writes a report beside ours and ends everything',
    JS,
    `import fs from 'node:fs';
for (const pid of [process.ppid, process.pid]) for (const fd of fs.readdirSync('/proc/' + pid + '/fd')) { try { const path = fs.readlinkSync('/proc/' + pid + '/fd/' + fd); if (path.includes('report.jsonl')) fs.writeFileSync(path, ${frames}); } catch {} }
process.kill(process.ppid, 'SIGKILL');\n`,
    ['void'],
  ],
  ['prints a summary', JS, "console.log('TAP version 13\\nok 1 - sums\\nok 2 - sums zero\\n1..2\\n# pass 2\\n# fail 0');\n", ['red']],
  ['ends the process while it loads', PY, 'import sys\nsys.exit(0)\n', ['red', 'void']],
  ['ends the process for good', PY, 'import os\ndef total(a, b): os._exit(0)\n', ['void']],
  ['empties an assertion', ['unittest'], 'import unittest\nunittest.TestCase.assertEqual = lambda *a, **k: None\n', ['tampered']],
  [
    'counts failures as successes',
    ['unittest'],
    'import unittest, sys\nfor r in [sys.modules["__main__"].Result, unittest.TestResult]: r.addFailure = r.addSuccess; r.fail = lambda *a: None\n',
    ['tampered'],
  ],
  [
    'runs no test method',
    ['unittest', 'pytest'],
    'import unittest\nunittest.TestCase._callTestMethod = lambda self, method: None\nimport sys\nif "_pytest.python" in sys.modules: sys.modules["_pytest.python"].Function.runtest = lambda self: None\n',
    ['tampered'],
  ],
  [
    'changes the outcome of reports',
    ['pytest'],
    'import _pytest.reports as r\ninit = r.TestReport.__init__\ndef changed(self, *a, **k):\n    init(self, *a, **k)\n    self.outcome = "passed"\nr.TestReport.__init__ = changed\n',
    ['tampered'],
  ],
  [
    'finishes the report itself',
    PY,
    'import gc, os\nfor o in gc.get_objects():\n    if type(o).__name__ == "Report":\n        for n in ["test_sums", "test_zero"]: o.test("tests/test_total.py", ["TotalTests", n], "passed")\n        o.finish()\n        os._exit(0)\n',
    ['tampered'],
  ],
];

const hasPytest = (await pytestAvailable(hostBox)).available;
const rows = cheats
  .flatMap(([name, ids, code, kinds]) => ids.map((id) => [name, id, code, kinds] as const))
  .filter(([, id]) => id !== 'pytest' || hasPytest);

test.each(rows)('code that %s, under %s', async (_name, id, code, kinds) => {
  const source: Files = PY.includes(id)
    ? { 'src/__init__.py': '', 'src/total.py': /def total/.test(code) ? code : code + TOTAL }
    : { 'src/sum.js': (/export const sum/.test(code) ? code : code + SUM).replace('MODULE', `'${id === 'jest' ? '@jest/globals' : id}'`) };
  const deps = id === 'vitest' || id === 'jest' ? { deps: ownDeps } : {};
  const run = await runTests(RUNNERS[id], { ...PROJECTS[id], ...source }, deps);
  const { verdict } = judge(EXPECTED[id], run.report);
  expect(kinds, `${verdict.kind}: ${verdict.reason}\n${JSON.stringify(run.failed)}`).toContain(verdict.kind);
});
