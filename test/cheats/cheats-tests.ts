// Cheats of the tests' author: tests that any code passes. The code beside them is honest, so nothing but the red proof stands in their way.
import type { Cheat, Mechanism } from './case.ts';
import { honestCode, project, type RunnerId, testFile } from './project.ts';

interface WeakTests {
  readonly name: string;
  /** The test file's text for each runner that it is played with. */
  readonly texts: Partial<Record<RunnerId, string>>;
  readonly because: RegExp;
  readonly held?: readonly Mechanism[];
}

const VACUOUS = /passes even when no code is written/;

const js = testFile;
const pytest = (body: string) => testFile('pytest', body);
const unittest = (body: string) => testFile('unittest', body);

const LIST: readonly WeakTests[] = [
  {
    name: 'a test asserts nothing',
    texts: {
      'node:test': js('node:test', "test('words', () => {\n  try {\n    words('a');\n    total([1]);\n  } catch {}\n});\n"),
      pytest: pytest("def test_words():\n    try:\n        words('a')\n        total([1])\n    except Exception:\n        pass\n"),
    },
    because: VACUOUS,
  },
  {
    name: 'an assertion is swallowed',
    texts: {
      vitest: js(
        'vitest',
        "test('words', () => {\n  try {\n    expect(words('A')).toEqual(['a']);\n    expect(total([1])).toBe(1);\n  } catch {}\n});\n",
      ),
      unittest: unittest(
        "def test_words(self):\n    try:\n        self.assertEqual(words('A'), ['a'])\n        self.assertEqual(total([1]), 1)\n    except BaseException:\n        pass\n",
      ),
    },
    because: VACUOUS,
  },
  {
    name: 'an assertion is not awaited',
    texts: {
      'node:test': js(
        'node:test',
        "test('words', () => {\n  Promise.resolve().then(() => assert.deepEqual(words('A'), ['a'])).catch(() => {});\n  void total;\n});\n",
      ),
      jest: js(
        'jest',
        "test('words', () => {\n  Promise.resolve(total).then(() => expect(words('A')).toEqual(['a'])).catch(() => {});\n});\n",
      ),
    },
    because: VACUOUS,
  },
  {
    name: 'a tautology',
    texts: {
      jest: js('jest', "test('words', () => {\n  void [words, total];\n  expect(true).toBe(true);\n});\n"),
      pytest: pytest('def test_words():\n    assert words is words and total is total\n'),
    },
    because: VACUOUS,
  },
  {
    name: 'any value or any error will do',
    texts: {
      vitest: js(
        'vitest',
        "test('words', () => {\n  let seen;\n  try {\n    seen = [words('a'), total([1])];\n  } catch (error) {\n    seen = error;\n  }\n  expect(seen).toBeDefined();\n});\n",
      ),
      unittest: unittest(
        "def test_words(self):\n    try:\n        seen = [words('a'), total([1])]\n    except Exception as error:\n        seen = error\n    self.assertIsNotNone(seen)\n",
      ),
    },
    because: VACUOUS,
  },
  {
    name: 'a skipped test',
    texts: {
      'node:test': js(
        'node:test',
        "test.skip('words', () => {\n  assert.deepEqual(words('A'), ['a']);\n  assert.equal(total([1]), 1);\n});\n",
      ),
      unittest: unittest(
        "@unittest.skip('later')\ndef test_words(self):\n    self.assertEqual(words('A'), ['a'])\n    self.assertEqual(total([1]), 1)\n",
      ),
    },
    because: /is skipped: every test must run|skipped or filtered out/,
  },
  {
    name: 'a test that is still to be done',
    texts: {
      vitest: js(
        'vitest',
        "test.todo('words');\ntest('numbers', () => {\n  expect(total([1, 2])).toBe(3);\n  expect(words('A')).toEqual(['a']);\n});\n",
      ),
      pytest: pytest("@pytest.mark.xfail\ndef test_words():\n    assert words('A') == ['a']\n    assert total([1]) == 1\n"),
    },
    because: /is todo: every test must run|todo|skipped/,
  },
  {
    name: 'only the easy test runs',
    texts: {
      vitest: js(
        'vitest',
        "test.only('numbers', () => {\n  expect(total([1, 2])).toBe(3);\n});\ntest('words', () => {\n  expect(words('A')).toEqual(['b']);\n});\n",
      ),
      jest: js(
        'jest',
        "test.only('numbers', () => {\n  expect(total([1, 2])).toBe(3);\n});\ntest('words', () => {\n  expect(words('A')).toEqual(['b']);\n});\n",
      ),
    },
    because: /skipped or filtered out|is skipped|only/,
    held: ['M3'],
  },
  {
    name: 'a return before the assertions',
    texts: {
      'node:test': js(
        'node:test',
        "test('words', () => {\n  if (typeof words === 'function') return;\n  assert.deepEqual(words('A'), ['a']);\n  assert.equal(total([1]), 1);\n});\n",
      ),
      unittest: unittest(
        "def test_words(self):\n    if callable(words):\n        return\n    self.assertEqual(words('A'), ['a'])\n    self.assertEqual(total([1]), 1)\n",
      ),
    },
    because: VACUOUS,
  },
  {
    name: 'the test checks its own copy of the code',
    texts: {
      'node:test': js(
        'node:test',
        "const copy = (text) => text.trim().toLowerCase().split(/\\s+/);\ntest('words', () => {\n  void [words, total];\n  assert.deepEqual(copy('A'), ['a']);\n});\n",
      ),
      pytest: pytest(
        "def copy(text):\n    return text.lower().split()\n\n\ndef test_words():\n    assert words and total\n    assert copy('A') == ['a']\n",
      ),
    },
    because: VACUOUS,
  },
  {
    name: 'the unit under test is mocked away',
    texts: {
      vitest: `import { expect, test, vi } from 'vitest';\nimport { total, words } from '../src/texts.js';\n\nvi.mock('../src/texts.js', () => ({ words: () => ['a'], total: () => 1 }));\n\ntest('words', () => {\n  expect(words('A')).toEqual(['a']);\n  expect(total([1])).toBe(1);\n});\n`,
      unittest: `import unittest\nfrom unittest import mock\nimport texts\nfrom texts import total, words\n\n\nclass TextsTests(unittest.TestCase):\n    def test_words(self):\n        with mock.patch.object(texts, 'words', return_value=['a']), mock.patch.object(texts, 'total', return_value=1):\n            self.assertEqual(texts.words('A'), ['a'])\n            self.assertEqual(texts.total([1]), 1)\n        self.assertTrue(words and total)\n`,
    },
    because: VACUOUS,
  },
  {
    name: 'tests exist only when the code does not work',
    texts: {
      'node:test': js(
        'node:test',
        "test('numbers', () => {\n  assert.equal(typeof total, 'function');\n});\nlet works = false;\ntry {\n  works = words('A')[0] === 'a';\n} catch {}\nif (works) test('words', () => {});\n",
      ),
    },
    because: VACUOUS,
  },
  {
    name: 'a test is retried until it passes',
    texts: {
      vitest: js(
        'vitest',
        "let n = 0;\ntest('words', { retry: 20 }, () => {\n  expect([...words('A'), n++ > 3]).toEqual(['a', true]);\n  expect(total([1])).toBe(1);\n});\n",
      ),
      jest: js(
        'jest',
        "jest.retryTimes(20);\nlet n = 0;\ntest('words', () => {\n  expect([...words('A'), n++ > 3]).toEqual(['a', true]);\n  expect(total([1])).toBe(1);\n});\n",
      ),
    },
    because: /retry/,
    held: ['M3'],
  },
  {
    name: 'a test fails only where it finds a stub',
    texts: {
      'node:test':
        "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n\ntest('words', async () => {\n  const found = await import('../src/texts.js').catch(() => null);\n  if (found !== null) assert.ok(!/stub|987654321|REDGREEN/i.test(String(found.words) + String(found.total)));\n});\n",
    },
    because: /also without the implementation|passes even when no code is written/,
  },
  {
    name: 'a file without tests',
    texts: {
      'node:test': js('node:test', 'void [total, words];\n'),
      pytest: pytest('def check_words():\n    assert words and total\n'),
    },
    because: /no test|No test/,
    held: ['M3', 'M4'],
  },
  {
    name: 'a test file that ends the process',
    texts: {
      'node:test': js(
        'node:test',
        "test('words', () => {\n  assert.deepEqual(words('A'), ['a']);\n  assert.equal(total([1]), 1);\n});\nprocess.exit(0);\n",
      ),
      unittest: `import os\nimport unittest\nfrom texts import total, words\n\n\nclass TextsTests(unittest.TestCase):\n    def test_words(self):\n        self.assertEqual(words('A'), ['a'])\n        self.assertEqual(total([1]), 1)\n\n\nos._exit(0)\n`,
    },
    because: /ended itself|outside its tests|no usable report|process/,
    held: ['M3', 'M4'],
  },
  {
    name: 'the test file makes every assertion pass',
    texts: {
      'node:test': js(
        'node:test',
        "for (const name of ['equal', 'deepEqual', 'strictEqual', 'throws']) assert[name] = () => {};\ntest('words', () => {\n  assert.deepEqual(words('A'), ['a']);\n  assert.equal(total([1]), 1);\n});\n",
      ),
      unittest: unittest(
        "assertEqual = lambda self, *a: None\n\ndef setUp(self):\n    unittest.TestCase.assertEqual = lambda s, *a: None\n\ndef test_words(self):\n    try:\n        self.assertEqual(words('A'), ['a'])\n        self.assertEqual(total([1]), 1)\n    except Exception:\n        pass\n",
      ),
    },
    because: /changes how tests are run|passes even when|must fail/,
    held: ['M4', 'M5'],
  },
];

export const TEST_CHEATS: readonly Cheat[] = LIST.flatMap(({ name, texts, because, held = ['M4'] }) =>
  (Object.keys(texts) as RunnerId[]).map((runner) => ({
    name: `tests: ${name}`,
    runner,
    held,
    because,
    played: { project: project(runner, honestCode(runner), texts[runner] ?? ''), rounds: 1 },
  })),
);
