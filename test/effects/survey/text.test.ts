import { describe, expect, it } from 'vitest';
import { isTestFile, setupFor, testFiles } from '../../../src/effects/survey/setups.ts';
import { surveyLine, surveyText } from '../../../src/effects/survey/text.ts';
import { surveyOf } from './reading.ts';

const FILES = {
  'package.json': { name: 'r', workspaces: ['packages/*'], scripts: { test: 'vitest run' } },
  'package-lock.json': '{}',
  'vitest.config.ts': 'export default {}',
  'scripts/x.test.ts': '',
  'packages/a/package.json': { name: '@x/a', scripts: { test: 'node --import=tsx --test test/*.ts', 'test:e2e': 'mocha e2e' } },
  'packages/a/src/a.ts': '',
  'packages/a/test/a.ts': '',
  'packages/a/e2e/e.js': '',
  'packages/a/src/odd.test.ts': '',
  'packages/b/package.json': { name: '@x/b' },
  'packages/b/src/b.test.ts': '',
};

it('says the same on a screen and in a prompt', async () => {
  const found = await surveyOf(FILES, ['fix: a', 'feat: b']);
  expect(surveyLine(found)).toBe('TypeScript, npm workspace (2 packages), vitest and node:test and mocha');
  expect(surveyText(found, ['packages/a/src/a.ts', 'packages/a/test/a.ts'])).toBe(
    [
      'Languages: TypeScript (6 files), JavaScript (1 file).',
      'Dependencies: npm (package-lock.json).',
      'Packages concerned: packages/a (@x/a), and 1 more.',
      'Tests: node:test in packages/a, with --import=tsx; files `packages/a/test/*.ts`.',
      'Modules: CommonJS for .js files (package.json has no type "module")',
      'Commits: conventional, e.g. “fix: a”, “feat: b”',
    ].join('\n'),
  );
});

it('keeps to its size and to plain characters, however large and strange the repository', async () => {
  const packages = Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [
      `p/${'x'.repeat(80)}${i}/package.json`,
      { name: `\u202e${'n'.repeat(190)}`, scripts: { test: 'jest' } },
    ]),
  );
  const found = await surveyOf({ ...packages, 'package.json': { workspaces: ['p/*'] } });
  const text = surveyText(found, []);
  expect(text.length).toBeLessThanOrEqual(2_500);
  expect(text).not.toContain('\u202e');
  expect(surveyLine(await surveyOf({}))).toBe('no code, no test runner');
});

describe('which setup runs a test', () => {
  it.each([
    ['packages/a/test/a.ts', 'node:test', 'packages/a'],
    ['packages/a/e2e/e.js', 'mocha', 'packages/a'],
    ['packages/a/src/odd.test.ts', 'vitest', ''],
    ['packages/b/src/b.test.ts', 'vitest', ''],
    ['packages/a/new/thing.ts', 'node:test', 'packages/a'],
    ['elsewhere.ts', 'vitest', ''],
    ['x.py', undefined, undefined],
  ])('%s: %s', async (path, runner, dir) => {
    const setup = setupFor(await surveyOf(FILES), path);
    expect([setup?.runner, setup?.dir]).toEqual([runner, dir]);
  });

  it.each([
    ["export default { test: { projects: ['packages/*'] } };", ''],
    ["export default { test: { include: ['**/*.test.ts'] } };", 'packages/z'],
  ])('a member with a configuration of its own, under %s', async (config, dir) => {
    const own = {
      'packages/z/package.json': { name: 'z', scripts: { test: 'vitest run' } },
      'packages/z/vitest.config.ts': 'export default {}',
    };
    const found = await surveyOf({ ...FILES, 'vitest.config.ts': config, ...own, 'packages/z/z.test.ts': '' });
    expect(setupFor(found, 'packages/z/z.test.ts')?.dir).toBe(dir);
  });

  it('finds the tests of all packages, each once', async () => {
    const found = await surveyOf(FILES);
    const tests = [
      'scripts/x.test.ts',
      'packages/a/test/a.ts',
      'packages/a/e2e/e.js',
      'packages/a/src/odd.test.ts',
      'packages/b/src/b.test.ts',
    ];
    expect(testFiles(found, Object.keys(FILES))).toEqual(tests);
    expect(Object.keys(FILES).filter((path) => isTestFile(found, path))).toEqual(tests);
  });

  it('a Rust source file with tests in it is run, and is no test file', async () => {
    const files = { 'Cargo.toml': '[package]\nname="x"\n', 'src/lib.rs': '#[test]\nfn a() {}\n', 'tests/t.rs': '' };
    const found = await surveyOf(files);
    expect(testFiles(found, Object.keys(files))).toEqual(['src/lib.rs', 'tests/t.rs']);
    expect(Object.keys(files).filter((path) => isTestFile(found, path))).toEqual(['tests/t.rs']);
  });
});
