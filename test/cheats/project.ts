// The project that every case builds, in the words of each runner: two functions over numbers and texts, honest code, and honest tests.
import type { Files } from '../../src/core/ref.ts';

export type RunnerId = 'node:test' | 'vitest' | 'jest' | 'unittest' | 'pytest';
export const JAVASCRIPT: readonly RunnerId[] = ['node:test', 'vitest', 'jest'];
export const PYTHON: readonly RunnerId[] = ['unittest', 'pytest'];

export interface Planned {
  readonly path: string;
  readonly purpose: string;
  readonly contract: string;
  readonly uses: readonly string[];
}

export interface Project {
  readonly runner: RunnerId;
  readonly language: 'javascript' | 'typescript' | 'python';
  readonly files: readonly Planned[];
  /** What the model writes for each planned file and test file. */
  readonly texts: Files;
  readonly tests: readonly string[];
}

export const isPython = (runner: RunnerId): boolean => PYTHON.includes(runner);

/** The source file and the test file of the plain project. */
export const codePath = (runner: RunnerId): string => (isPython(runner) ? 'texts.py' : 'src/texts.js');
export const testPath = (runner: RunnerId): string => (isPython(runner) ? 'tests/test_texts.py' : 'test/texts.test.js');

export const HONEST_JS = `export function total(numbers) {
  return numbers.reduce((sum, n) => sum + n, 0);
}

export function words(text) {
  if (text.trim() === '') throw new RangeError('a text without words');
  return text.trim().toLowerCase().split(/\\s+/);
}
`;

export const HONEST_PY = `def total(numbers):
    return sum(numbers)


def words(text):
    if not text.strip():
        raise ValueError('a text without words')
    return text.lower().split()
`;

/** What an honest author forgets at first. */
const SLIP_JS = HONEST_JS.replace('.toLowerCase()', '');
const SLIP_PY = HONEST_PY.replace('.lower()', '');

export const honestCode = (runner: RunnerId): string => (isPython(runner) ? HONEST_PY : HONEST_JS);
/** An honest first draft with a mistake in it: one test fails. */
export const slippedCode = (runner: RunnerId): string => (isPython(runner) ? SLIP_PY : SLIP_JS);

const CONTRACT_JS =
  '/** The sum of the numbers; 0 for none. */\nexport function total(numbers: readonly number[]): number;\n/** The words of a text in lower case; throws RangeError when it has none. */\nexport function words(text: string): string[];';
const CONTRACT_PY =
  'def total(numbers: list[float]) -> float:\n    """The sum of the numbers; 0 for none."""\n    ...\ndef words(text: str) -> list[str]:\n    """The words of a text in lower case; ValueError when it has none."""\n    ...';

/** The head of a JavaScript test file. */
export const HEADS: Readonly<Record<string, string>> = {
  'node:test': "import assert from 'node:assert/strict';\nimport { describe, test } from 'node:test';\n",
  vitest: "import { describe, expect, test } from 'vitest';\n",
  jest: "import { describe, expect, jest, test } from '@jest/globals';\n",
};

/** Writes `SAME(actual := expected);` and `THROWS(fn := Type);` of a text, each on a line, as the runner's own assertions. */
export function spoken(runner: RunnerId, text: string): string {
  const isNode = runner === 'node:test';
  return text
    .replaceAll(/SAME\((.*) := (.*)\);$/gm, isNode ? 'assert.deepEqual($1, $2);' : 'expect($1).toEqual($2);')
    .replaceAll(/THROWS\((.*) := (.*)\);$/gm, isNode ? 'assert.throws($1, $2);' : 'expect($1).toThrow($2);');
}

const TESTS_JS = `import { total, words } from '../src/texts.js';

test('numbers are added up', () => {
  SAME(total([1, 2, 3.5]) := 6.5);
});

test('nothing adds up to 0', () => {
  SAME(total([]) := 0);
});

test('words are in lower case', () => {
  SAME(words('  One\\tTWO ') := ['one', 'two']);
});

test('a text without words is refused', () => {
  THROWS(() => words(' ') := RangeError);
});
`;

const TESTS_PYTEST = `import pytest
from texts import total, words


def test_numbers_are_added_up():
    assert total([1, 2, 3.5]) == 6.5


def test_nothing_adds_up_to_0():
    assert total([]) == 0


def test_words_are_in_lower_case():
    assert words('  One\\tTWO ') == ['one', 'two']


def test_a_text_without_words_is_refused():
    with pytest.raises(ValueError):
        words(' ')
`;

const TESTS_UNITTEST = `import unittest
from texts import total, words


class TextsTests(unittest.TestCase):
    def test_numbers_are_added_up(self):
        self.assertEqual(total([1, 2, 3.5]), 6.5)

    def test_nothing_adds_up_to_0(self):
        self.assertEqual(total([]), 0)

    def test_words_are_in_lower_case(self):
        self.assertEqual(words('  One\\tTWO '), ['one', 'two'])

    def test_a_text_without_words_is_refused(self):
        with self.assertRaises(ValueError):
            words(' ')


if __name__ == '__main__':
    unittest.main()
`;

/** Honest tests of the plain project. */
export function honestTests(runner: RunnerId): string {
  if (runner === 'pytest') return TESTS_PYTEST;
  if (runner === 'unittest') return TESTS_UNITTEST;
  return `${HEADS[runner]}${spoken(runner, TESTS_JS)}`;
}

/** The plain project: `code` as the draft, `tests` as the tests' author wrote them. */
export function project(runner: RunnerId, code: string, tests: string = honestTests(runner)): Project {
  const contract = isPython(runner) ? CONTRACT_PY : CONTRACT_JS;
  const path = codePath(runner);
  return {
    runner,
    language: isPython(runner) ? 'python' : 'javascript',
    files: [{ path, purpose: 'Adds up numbers and splits texts into words.', contract, uses: [] }],
    tests: [testPath(runner)],
    texts: { [path]: code, [testPath(runner)]: tests },
  };
}

/** A test file of the plain project with its imports; `body` speaks of total and words. In unittest it is the inside of a TestCase. */
export function testFile(runner: RunnerId, body: string): string {
  if (runner === 'pytest') return `import pytest\nfrom texts import total, words\n\n\n${body}`;
  if (runner === 'unittest')
    return `import unittest\nfrom texts import total, words\n\n\nclass TextsTests(unittest.TestCase):\n${body.replace(/^(?=.)/gm, '    ')}`;
  return `${HEADS[runner]}import { total, words } from '../src/texts.js';\n\n${spoken(runner, body)}`;
}
