// The repository that the cases on existing code change: it splits texts into words, and forgets to put them in lower case.
import type { Files } from '../../src/core/ref.ts';
import { codePath, HEADS, honestCode, isPython, type RunnerId, slippedCode, spoken, testPath } from './project.ts';

/** Where the test is that shows the mistake. */
export const shownPath = (runner: RunnerId): string => (isPython(runner) ? 'tests/test_lower.py' : 'test/lower.test.js');

const PACKAGES: Partial<Record<RunnerId, string>> = { vitest: '"vitest": "^4"', jest: '"jest": "^30"' };
const SCRIPTS: Partial<Record<RunnerId, string>> = {
  'node:test': 'node --test',
  vitest: 'vitest run',
  jest: 'node --experimental-vm-modules node_modules/jest/bin/jest.js',
};

export function manifest(runner: RunnerId, script: string = SCRIPTS[runner] ?? ''): Files {
  if (runner === 'pytest')
    return { 'pyproject.toml': '[project]\nname = "texts"\nversion = "1"\n\n[tool.pytest.ini_options]\npythonpath = ["."]\n' };
  if (runner === 'unittest') return { 'pyproject.toml': '[project]\nname = "texts"\nversion = "1"\n' };
  const packages = PACKAGES[runner] ?? '';
  return {
    'package.json': `{ "name": "texts", "type": "module", "scripts": { "test": "${script}" }, "devDependencies": { ${packages} } }\n`,
  };
}

/** Two tests about numbers and one about words. */
function cases(runner: RunnerId, all: readonly (readonly [name: string, actual: string, expected: string])[]): string {
  const def = (name: string) => `test_${name.replaceAll(' ', '_')}`;
  if (runner === 'pytest')
    return `from texts import total, words\n\n\n${all.map(([n, a, b]) => `def ${def(n)}():\n    assert ${a} == ${b}\n`).join('\n\n')}`;
  if (runner === 'unittest')
    return `import unittest\nfrom texts import total, words\n\n\nclass Tests(unittest.TestCase):\n${all.map(([n, a, b]) => `    def ${def(n)}(self):\n        self.assertEqual(${a}, ${b})\n`).join('\n')}`;
  const body = all.map(([n, a, b]) => `test('${n}', () => {\n  SAME(${a} := ${b});\n});\n`).join('\n');
  return `${HEADS[runner]}import { total, words } from '../src/texts.js';\n\n${spoken(runner, body)}`;
}

/** Green on the code as it is. */
export const knownTests = (runner: RunnerId): string =>
  cases(runner, [
    ['numbers are added up', 'total([1, 2, 3.5])', '6.5'],
    ['nothing adds up to 0', 'total([])', '0'],
    ['words are split', "words('a  b')", "['a', 'b']"],
  ]);

/** Red on the code as it is. */
export const shownTests = (runner: RunnerId): string =>
  cases(runner, [
    ['words are in lower case', "words('  One TWO ')", "['one', 'two']"],
    ['numbers stay', 'total([1])', '1'],
  ]);

export function repository(runner: RunnerId, more: Files = {}): Files {
  return {
    ...manifest(runner),
    'README.md': '# texts\n',
    [codePath(runner)]: slippedCode(runner),
    [testPath(runner)]: knownTests(runner),
    ...more,
  };
}

export const given = (runner: RunnerId): Files => ({ [shownPath(runner)]: shownTests(runner) });

/** What mends it. */
export const mended = (runner: RunnerId) => ({ name: 'write', args: { path: codePath(runner), content: honestCode(runner) } });
