import { expect, test } from 'vitest';
import { createPytest, pytestAvailable } from '../../../src/effects/runners/pytest.ts';
import { createUnittest } from '../../../src/effects/runners/unittest.ts';
import { hostBox, runTests } from './host.ts';

const unittest = createUnittest({ testSeconds: 2 });
const pytest = createPytest({ testSeconds: 2 });
const hasPytest = (await pytestAvailable(hostBox)).available;

test('unittest: tests, statuses, subtests and failures', async () => {
  const run = await runTests(unittest, {
    'shop/__init__.py': '',
    'shop/price.py': 'def total(xs):\n    if not xs:\n        raise ValueError("no prices")\n    return sum(xs) - 1\n',
    'tests/test_price.py': `import unittest
from shop.price import total

class PriceTests(unittest.TestCase):
    def test_sum(self):
        self.assertEqual(total([1, 2]), 3)
    def test_empty(self):
        total([])
    def test_good(self):
        print('{"seq": 1, "kind": "test"}')
        self.assertEqual(total([1, 1]), 1)
    @unittest.skip('later')
    def test_later(self): pass
    @unittest.expectedFailure
    def test_expected(self): self.fail()
    @unittest.expectedFailure
    def test_unexpected(self): pass
    def test_sub(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertEqual(i, 0)
    def test_slow(self):
        while True: pass
    def test_exit(self):
        raise SystemExit(0)
class AsyncTests(unittest.IsolatedAsyncioTestCase):
    async def test_async(self):
        self.assertEqual(1, 1)
`,
  });
  expect(run.report, run.stderr).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  const id = (name: string) => `tests/test_price.py › PriceTests › ${name}`;
  expect(run.statuses).toEqual({
    [id('test_sum')]: 'failed',
    [id('test_empty')]: 'failed',
    [id('test_good')]: 'passed',
    [id('test_later')]: 'skipped',
    [id('test_expected')]: 'todo',
    [id('test_unexpected')]: 'failed',
    [id('test_sub')]: 'failed',
    [id('test_slow')]: 'failed',
    [id('test_exit')]: 'failed',
    'tests/test_price.py › AsyncTests › test_async': 'passed',
  });
  const failures = Object.fromEntries(run.report.tests.map((one) => [one.name, one.failure]));
  expect(failures['test_sum']?.message).toBe('AssertionError: 2 != 3\n    at test_sum (tests/test_price.py:6)');
  expect(failures['test_empty']?.frames).toEqual([
    { path: 'shop/price.py', line: 3 },
    { path: 'tests/test_price.py', line: 8 },
  ]);
  expect(failures['test_sub']?.message).toContain('(i=1)');
  expect(failures['test_slow']?.message).toContain('did not end within 2 seconds');
});

test('unittest: files that do not load, hold nothing or break in a fixture', async () => {
  const run = await runTests(unittest, {
    'tests/test_empty.py': '',
    'tests/test_syntax.py': 'def broken(:\n',
    'tests/test_import.py': 'import unittest\nfrom nowhere import x\n',
    'tests/test_exit.py': 'import sys\nsys.exit(0)\n',
    'tests/test_fixture.py':
      'import unittest\nclass A(unittest.TestCase):\n    @classmethod\n    def setUpClass(cls): raise RuntimeError("no ground")\n    def test_a(self): pass\n',
    'tests/test_thread.py':
      'import threading, time, unittest\nclass A(unittest.TestCase):\n    def test_a(self): threading.Thread(target=lambda: time.sleep(60), name="forever").start()\n',
    'tests/test_good.py': 'import unittest\nclass A(unittest.TestCase):\n    def test_a(self): self.assertEqual(1, 1)\n',
  });
  expect(run.report, run.stderr).toMatchObject({ finished: true, broken: null });
  expect(Object.keys(run.failed).toSorted()).toEqual(
    ['empty', 'exit', 'fixture', 'import', 'syntax', 'thread'].map((name) => `tests/test_${name}.py`),
  );
  expect(run.failed['tests/test_import.py']).toContain("ModuleNotFoundError: No module named 'nowhere'");
  expect(run.failed['tests/test_syntax.py']).toContain('SyntaxError');
  expect(run.report.fileFailures.find((one) => one.path === 'tests/test_syntax.py')?.failure.frames).toEqual([
    { path: 'tests/test_syntax.py', line: 1 },
  ]);
  expect(run.failed['tests/test_fixture.py']).toContain('no ground');
  expect(run.failed['tests/test_thread.py']).toContain('forever');
  expect(run.statuses['tests/test_good.py › A › test_a']).toBe('passed');
});

test('unittest: a process that ends in a test leaves the report unfinished', async () => {
  const run = await runTests(unittest, {
    'tests/test_a.py':
      'import os, unittest\nclass A(unittest.TestCase):\n    def test_a(self): pass\n    def test_b(self): os._exit(0)\n    def test_c(self): self.fail()\n',
  });
  expect(run.exitCode).toBe(0);
  expect(run.report.finished).toBe(false);
  expect(run.report.broken?.kind).toBe('unfinished');
  expect(Object.values(run.statuses)).toEqual(['passed']);
});

test.runIf(hasPytest)('pytest: tests, parameters, statuses and failures', async () => {
  const run = await runTests(
    pytest,
    {
      'conftest.py': 'raise RuntimeError("a conftest that nobody locked was read")\n',
      'pytest.ini': '[pytest]\naddopts = --no-such-option\n',
      'sitecustomize.py': 'raise RuntimeError("read")\n',
      'shop/__init__.py': '',
      'shop/price.py': 'def total(xs):\n    return sum(xs) - 1\n',
      'tests/test_price.py': `import pytest
from shop.price import total

@pytest.mark.parametrize('xs,want', [([1, 2], 3), ([1], 0)], ids=['two', 'one'])
def test_sum(xs, want):
    assert total(xs) == want

class TestMore:
    def test_good(self, capsys, tmp_path):
        print('fake')
        assert capsys.readouterr().out == 'fake\\n'
    @pytest.mark.skip(reason='later')
    def test_later(self): pass
    @pytest.mark.xfail
    def test_expected(self): assert False
    @pytest.mark.xfail
    def test_unexpected(self): pass
@pytest.fixture
def broken():
    raise RuntimeError('no ground')
def test_fixture(broken): pass
def test_slow():
    while True: pass
`,
      'tests/test_exit.py': 'import pytest\ndef test_a(): raise SystemExit(0)\n',
    },
    { tests: ['tests/test_price.py', 'tests/test_exit.py'] },
  );
  expect(run.report, run.stdout + run.stderr).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.statuses).toEqual({
    'tests/test_exit.py › test_a': 'failed',
    'tests/test_price.py › test_sum[two]': 'failed',
    'tests/test_price.py › test_sum[one]': 'passed',
    'tests/test_price.py › TestMore › test_good': 'passed',
    'tests/test_price.py › TestMore › test_later': 'skipped',
    'tests/test_price.py › TestMore › test_expected': 'todo',
    'tests/test_price.py › TestMore › test_unexpected': 'failed',
    'tests/test_price.py › test_fixture': 'failed',
    'tests/test_price.py › test_slow': 'failed',
  });
  const sum = run.report.tests.find((one) => one.name === 'test_sum[two]')?.failure;
  expect(sum?.message).toContain('assert 2 == 3');
  expect(sum?.frames).toEqual([{ path: 'tests/test_price.py', line: 6 }]);
});

test.runIf(hasPytest)('pytest: files that do not load or hold nothing; the others run; a locked conftest is read', async () => {
  const run = await runTests(pytest, {
    'tests/conftest.py': 'import pytest\n@pytest.fixture\ndef seven(): return 7\n',
    'tests/test_empty.py': '',
    'tests/test_syntax.py': 'def broken(:\n',
    'tests/test_import.py': 'from nowhere import x\ndef test_a(): pass\n',
    'tests/test_good.py': 'def test_a(seven): assert seven == 7\n',
  });
  expect(run.report, run.stdout + run.stderr).toMatchObject({ finished: true, broken: null });
  expect(Object.keys(run.failed).toSorted()).toEqual(['empty', 'import', 'syntax'].map((name) => `tests/test_${name}.py`));
  expect(run.failed['tests/test_import.py']).toBe("ModuleNotFoundError: No module named 'nowhere'\n    at tests/test_import.py:1");
  expect(run.failed['tests/test_syntax.py']).toBe('SyntaxError: invalid syntax\n  def broken(:\n    at tests/test_syntax.py:1:12');
  expect(run.statuses).toEqual({ 'tests/test_good.py › test_a': 'passed' });
  const narrow = await runTests(
    pytest,
    {
      'tests/conftest.py': 'import pytest\n@pytest.fixture\ndef seven(): return 7\n',
      'tests/test_good.py': 'def test_a(seven): assert seven == 7\n',
      'tests/test_b.py': 'def test_b(): pass\n',
    },
    { only: ['tests/test_good.py › test_a'] },
  );
  expect(narrow.statuses).toEqual({ 'tests/test_good.py › test_a': 'passed' });
});

test.runIf(hasPytest)('pytest: code under test is not told that it is tested', async () => {
  const run = await runTests(pytest, {
    'tests/test_a.py':
      "import os\n\nAT_LOAD = sorted(os.environ)\n\ndef test_a():\n    assert [n for n in [*AT_LOAD, *os.environ] if 'TEST' in n] == []\n",
  });
  expect(run.report.tests.map((one) => one.failure?.message ?? one.status)).toEqual(['passed']);
});

test.runIf(hasPytest)('pytest: exits at import or in a test are never a pass', async () => {
  const atImport = await runTests(pytest, { 'tests/test_a.py': 'import sys\nsys.exit(0)\n', 'tests/test_b.py': 'def test_b(): pass\n' });
  expect(atImport.report.fileFailures.length > 0 || atImport.report.broken !== null).toBe(true);
  const inTest = await runTests(pytest, { 'tests/test_a.py': 'import os\ndef test_a(): pass\ndef test_b(): os._exit(0)\n' });
  expect(inTest.report.broken?.kind).toBe('unfinished');
  const byPytest = await runTests(pytest, {
    'tests/test_a.py': 'import pytest\ndef test_a(): pytest.exit("done", 0)\ndef test_b(): assert False\n',
  });
  expect(byPytest.report.fileFailures.length > 0 || byPytest.report.broken !== null).toBe(true);
});

test('a box without pytest is told what to do', async () => {
  const missing = await pytestAvailable({
    run: async () => ({ reason: 'exit', exitCode: 1, stdout: '', stderr: 'ModuleNotFoundError', ms: 1 }),
  });
  expect(missing).toEqual({ available: false, message: expect.stringContaining('--runner unittest') });
});
