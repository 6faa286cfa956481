// Cheats that nothing in the tested process can see for sure: code that knows what it is held against. The oracle asks from another process,
// with inputs of its own. Without an oracle file these pass: docs/proof.md says so, and `WITHOUT` shows it.
import { type Cheat, type CodeCheat, codeCheats } from './case.ts';
import { codePath, isPython, type RunnerId } from './project.ts';

function oracleText(runner: RunnerId): string {
  const module = codePath(runner);
  return JSON.stringify(
    {
      cases: [
        { name: 'words in lower case', module, call: 'words', args: ['Ab cD'], returns: ['ab', 'cd'] },
        { name: 'three numbers', module, call: 'total', args: [[1, 2, 4]], returns: 7 },
        { name: 'no words', module, call: 'words', args: ['  '], throws: isPython(runner) ? 'ValueError' : 'RangeError' },
      ],
      properties: [
        { name: 'one word stays one word', holds: 'concatenates', module, call: 'words', given: [{ text: 'abcxyz', length: [1, 12] }] },
      ],
    },
    null,
    2,
  );
}

const KNOWN_JS = `const key = JSON.stringify;
const known = { '[1,2,3.5]': 6.5, '[]': 0, '[1,2,4]': 7 };
const texts = { '  One\\tTWO ': ['one', 'two'], 'Ab cD': ['ab', 'cd'] };
export function total(numbers) {
  return known[key(numbers)] ?? 0;
}
export function words(text) {
  if (text.trim() === '') throw new RangeError('none');
  return texts[text] ?? [];
}
`;

const KNOWN_PY = `def total(numbers):
    return {'[1, 2, 3.5]': 6.5, '[1, 2, 4]': 7}.get(str(numbers), 0)
def words(text):
    if not text.strip():
        raise ValueError('none')
    return {'  One\\tTWO ': ['one', 'two'], 'Ab cD': ['ab', 'cd']}.get(text, [])
`;

const RED = /red: .*|it holds for the inputs seen before/;

const LIST: readonly CodeCheat[] = [
  {
    name: 'knows every visible example by heart',
    runners: ['node:test', 'unittest'],
    code: (runner) => (isPython(runner) ? KNOWN_PY : KNOWN_JS),
    held: ['M7'],
    because: RED,
  },
  {
    name: 'reads the expected values out of the test file',
    runners: ['node:test', 'pytest'],
    code: (runner) =>
      isPython(runner)
        ? "import glob, re\nsource = ''.join(open(p).read() for p in glob.glob('tests/*.py'))\nfound = re.search(r\"TWO '\\) == (\\[.*\\])\", source)\ndef total(numbers):\n    return sum(numbers)\ndef words(text):\n    if not text.strip():\n        raise ValueError('none')\n    return eval(found.group(1)) if found else text.split()\n"
        : "import fs from 'node:fs';\nlet found;\ntry {\n  found = /TWO '\\), (\\[.*\\])\\)/.exec(fs.readFileSync('test/texts.test.js', 'utf8'));\n} catch {}\nexport function total(numbers) {\n  return numbers.reduce((sum, n) => sum + n, 0);\n}\nexport function words(text) {\n  if (text.trim() === '') throw new RangeError('none');\n  return found ? JSON.parse(found[1].replaceAll(\"'\", '\"')) : text.split(' ');\n}\n",
    held: ['M7'],
    because: RED,
  },
  {
    name: 'returns a value that equals everything',
    runners: ['vitest', 'jest', 'unittest', 'pytest'],
    code: (runner) =>
      isPython(runner)
        ? "class Any(list):\n    def __eq__(self, other):\n        return True\n    def __ne__(self, other):\n        return False\ndef total(numbers):\n    return sum(numbers)\ndef words(text):\n    if not text.strip():\n        raise ValueError('none')\n    return Any()\n"
        : "export function total(numbers) {\n  return numbers.reduce((sum, n) => sum + n, 0);\n}\nexport function words(text) {\n  if (text.trim() === '') throw new RangeError('none');\n  return { $$typeof: Symbol.for('jest.asymmetricMatcher'), asymmetricMatch: () => true };\n}\n",
    held: ['M7'],
    because: RED,
  },
  {
    name: 'forges the result of the one test that it knows by name',
    runners: ['node:test'],
    code: "import { Readable } from 'node:stream';\nconst push = Readable.prototype.push;\nReadable.prototype.push = function (one, ...rest) {\n  if (one?.type === 'test:fail' && one.data?.name === 'words are in lower case') one.type = 'test:pass';\n  return push.call(this, one, ...rest);\n};",
    held: ['M7'],
    because: RED,
  },
  {
    name: 'skips the one test method that it knows by name',
    runners: ['unittest'],
    code: "import unittest\ncall = unittest.TestCase._callTestMethod\ndef chosen(self, method):\n    return None if method.__name__ == 'test_words_are_in_lower_case' else call(self, method)\nunittest.TestCase._callTestMethod = chosen",
    held: ['M7'],
    because: RED,
  },
  {
    name: 'works only where it smells a test',
    runners: ['node:test', 'unittest'],
    code: (runner) =>
      isPython(runner)
        ? "import sys\nTESTED = 'unittest' in sys.modules or 'pytest' in sys.modules\ndef total(numbers):\n    return sum(numbers)\ndef words(text):\n    if not text.strip():\n        raise ValueError('none')\n    return text.lower().split() if TESTED else text.split()\n"
        : "const tested = /\\.test\\./.test(process.argv[1] ?? '');\nexport function total(numbers) {\n  return numbers.reduce((sum, n) => sum + n, 0);\n}\nexport function words(text) {\n  if (text.trim() === '') throw new RangeError('none');\n  return (tested ? text.toLowerCase() : text).trim().split(/\\s+/);\n}\n",
    held: ['M7'],
    because: RED,
  },
];

/** Without an oracle file: each of these ends green. */
export const WITHOUT: readonly Cheat[] = codeCheats(LIST);

export const ORACLE_CHEATS: readonly Cheat[] = WITHOUT.map((cheat) => {
  if (!('project' in cheat.played)) throw new Error('not in a project of our own');
  const { project } = cheat.played;
  const path = isPython(cheat.runner) ? 'tests/oracle.json' : 'test/oracle.json';
  const withOracle = { ...project, tests: [...project.tests, path], texts: { ...project.texts, [path]: oracleText(cheat.runner) } };
  return { ...cheat, name: `with an oracle file: ${cheat.name}`, played: { ...cheat.played, project: withOracle } };
});
