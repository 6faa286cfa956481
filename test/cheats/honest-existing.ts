// Honest changes in repositories of every shape. Each must end green.
import type { Files } from '../../src/core/ref.ts';
import type { Honest } from './case.ts';
import { given, manifest, mended, repository, shownPath, shownTests } from './existing.ts';
import type { Call } from './play.ts';
import type { ChangePlayed } from './play-change.ts';
import { codePath, honestCode, type RunnerId, slippedCode, testPath } from './project.ts';

const ALL: readonly RunnerId[] = ['node:test', 'vitest', 'jest', 'unittest', 'pytest'];
const FLAKY =
  "import { test } from 'node:test';\n\ntest('moody', () => {\n  if (Math.floor(Date.now() / 1000) % 5 === 0) throw new Error('not now');\n});\n";

/** A case whose mistake one call mends; the model's own tests come first where none are given. */
function honest(runner: RunnerId, name: string, more: Partial<ChangePlayed> = {}, call: Call = mended(runner)): Honest {
  const played = { repository: repository(runner), given: given(runner), repair: (n: number) => (n === 1 ? [call] : []), ...more };
  return { name: `existing code: ${name}`, runner, played };
}

const write = (path: string, content: string): Call => ({ name: 'write', args: { path, content } });

/** Files of a member of a workspace. */
const member = (files: Files): Files => Object.fromEntries(Object.entries(files).map(([path, text]) => [`packages/texts/${path}`, text]));

const beside = (text: string): string => text.replace('../src/texts.js', './texts.js');

const typed = (code: string): string =>
  code
    .replace('total(numbers)', 'total(numbers: readonly number[]): number')
    .replace('words(text)', 'words(text: string): string[]')
    .replace('(sum, n) =>', '(sum: number, n: number) =>');

export const EXISTING_HONEST: readonly Honest[] = [
  ...ALL.map((runner) => honest(runner, 'given tests')),
  ...(['node:test', 'pytest'] as const).map((runner) =>
    honest(runner, 'a test of the model’s own', {
      given: {},
      reproduce: (n) => (n === 1 ? [write(shownPath(runner), shownTests(runner))] : []),
    }),
  ),
  honest('node:test', 'a test in a file that was there', {
    given: {},
    reproduce: (n) =>
      n === 1
        ? [
            {
              name: 'edit',
              args: {
                path: 'test/texts.test.js',
                edits: [
                  {
                    find: "test('nothing adds up to 0'",
                    replace: "test('lower case', () => {\n  assert.deepEqual(words('A'), ['a']);\n});\n\ntest('nothing adds up to 0'",
                  },
                ],
              },
            },
          ]
        : [],
  }),
  ...(['node:test', 'unittest'] as const).map((runner) =>
    honest(runner, 'a base with failing tests', {
      repository: repository(runner, {
        [runner === 'unittest' ? 'tests/test_old.py' : 'test/old.test.js']:
          runner === 'unittest'
            ? 'import unittest\n\n\nclass Old(unittest.TestCase):\n    def test_old(self):\n        self.assertEqual(1, 2)\n'
            : "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n\ntest('old', () => {\n  assert.equal(1, 2);\n});\n",
      }),
    }),
  ),
  honest('node:test', 'a test file of the base that does not load', {
    repository: repository('node:test', { 'test/broken.test.js': "import '../src/gone.js';\n" }),
  }),
  honest('node:test', 'an unsteady test of the base', { repository: repository('node:test', { 'test/moody.test.js': FLAKY }) }),
  ...(['node:test', 'pytest'] as const).map((runner) => {
    const { [testPath(runner)]: _tests, ...rest } = repository(runner);
    return honest(runner, 'a base without tests', { repository: rest });
  }),
  honest(
    'node:test',
    'a member of a workspace',
    {
      repository: {
        'package.json': '{ "name": "all", "private": true, "workspaces": ["packages/*"] }\n',
        'packages/other/package.json': '{ "name": "other", "type": "module", "scripts": { "test": "node --test" } }\n',
        'packages/other/test/other.test.js': "import { test } from 'node:test';\n\ntest('other', () => {});\n",
        ...member(repository('node:test')),
      },
      given: member(given('node:test')),
    },
    write('packages/texts/src/texts.js', honestCode('node:test')),
  ),
  honest('node:test', 'tests in the folder of the code', {
    repository: { ...manifest('node:test'), 'src/texts.js': slippedCode('node:test') },
    given: { 'src/lower.test.js': beside(shownTests('node:test')) },
  }),
  honest(
    'node:test',
    'TypeScript that Node runs as it is',
    {
      repository: { ...manifest('node:test', "node --test 'test/**/*.test.ts'"), 'src/texts.ts': typed(slippedCode('node:test')) },
      given: { 'test/lower.test.ts': shownTests('node:test').replace('texts.js', 'texts.ts') },
    },
    write('src/texts.ts', typed(honestCode('node:test'))),
  ),
  honest(
    'node:test',
    'TypeScript by tsx',
    {
      repository: {
        'package.json':
          '{ "name": "texts", "type": "module", "scripts": { "test": "node --import tsx --test test/*.test.ts" }, "devDependencies": { "tsx": "^4" } }\n',
        'src/texts.ts': typed(slippedCode('node:test')),
      },
      given: { 'test/lower.test.ts': shownTests('node:test') },
    },
    write('src/texts.ts', typed(honestCode('node:test'))),
  ),
  honest('vitest', 'the project’s own configuration and setup file', {
    repository: repository('vitest', {
      'vitest.config.js': "export default { test: { setupFiles: ['./test/setup.js'], globals: true } };\n",
      'test/setup.js': 'globalThis.ready = true;\n',
    }),
    given: { 'test/lower.test.js': `${shownTests('vitest')}\ntest('is set up', () => {\n  expect(globalThis.ready).toBe(true);\n});\n` },
  }),
  honest('pytest', 'a conftest.py with a fixture', {
    repository: repository('pytest', { 'tests/conftest.py': "import pytest\n\n\n@pytest.fixture\ndef text():\n    return 'One TWO'\n" }),
    given: { 'tests/test_lower.py': "from texts import words\n\n\ndef test_lower(text):\n    assert words(text) == ['one', 'two']\n" },
  }),
  honest('node:test', 'code in a new file beside', {
    repair: (n) =>
      n === 1
        ? [
            write('src/lower.js', 'export const lower = (text) => text.toLowerCase();\n'),
            write(
              codePath('node:test'),
              `import { lower } from './lower.js';\n\n${honestCode('node:test').replace('text.trim().toLowerCase()', 'lower(text.trim())')}`,
            ),
          ]
        : [],
  }),
];
