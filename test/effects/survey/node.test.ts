import { describe, expect, it } from 'vitest';
import { setupsOf, surveyOf } from './reading.ts';

const TEST = { 'src/a.ts': '', 'src/a.test.ts': "import { it } from 'vitest'" };

/** The parts of a setup that say how it is run. */
const short = async (files: Readonly<Record<string, unknown>>) =>
  (await setupsOf(files)).map(({ runner, config, flags, include, exclude, why }) => ({ runner, config, flags, include, exclude, why }));

const setup = (runner: string, more: object = {}) => ({
  runner,
  config: null,
  flags: [],
  include: [],
  exclude: [],
  why: 'package.json scripts.test',
  ...more,
});
const scripts = (test: string, more: Readonly<Record<string, string>> = {}) => ({ scripts: { test, ...more } });

describe('scripts', () => {
  it('vitest, with the include globs of its configuration', async () => {
    const config = "export default defineConfig({ test: { include: ['src/**/*.test.ts'], exclude: [...x, './e2e/**'] } })";
    expect(
      await short({
        ...TEST,
        'package.json': scripts('eslint . && vitest run --coverage'),
        'vitest.config.ts': config,
        'vite.config.ts': '',
      }),
    ).toEqual([setup('vitest', { config: 'vitest.config.ts', include: ['src/**/*.test.ts'], exclude: ['e2e/**'] })]);
  });

  it('vitest with a list that only running it would tell: left to the runner', async () => {
    const config = `export default { test: { include: [\`\${root}/*.test.ts\`, 'a.test.ts'] } }`;
    expect(await short({ ...TEST, 'package.json': scripts('vitest'), 'vitest.config.ts': config })).toEqual([
      setup('vitest', { config: 'vitest.config.ts' }),
    ]);
  });

  it('vitest with projects, as far as they are literals', async () => {
    const files = (list: string) => ({
      ...TEST,
      'package.json': scripts('vitest'),
      'vitest.config.ts': `export default { test: { projects: ${list} } }`,
    });
    const [found] = await short(files("['./rt/*/vitest.config.ts', 'packages/*', { test: { name: 'x', include: ['src/**/*.test.ts'] } }]"));
    const habit = '**/*.{test,spec}.?([cm])[jt]s?(x)';
    expect(found?.include).toEqual([`rt/*/${habit}`, `packages/*/${habit}`, 'src/**/*.test.ts']);
    expect((await short(files("['packages/*', './vitest.node.config.ts']")))[0]?.include).toEqual([]);
    expect((await short(files("['packages/*', ...more]")))[0]?.include).toEqual([]);
  });

  it('jest by package.json, root folders and all', async () => {
    const jest = { testMatch: ['<rootDir>/test/jest/**', '!**/x'], testPathIgnorePatterns: ['/dist/', '<rootDir>/e2e', '(a|b)+'] };
    expect(await short({ 'test/jest/a.js': '', 'package.json': { ...scripts('cross-env A=1 jest -i'), jest } })).toEqual([
      setup('jest', { config: 'package.json', flags: ['--runInBand'], include: ['test/jest/**'], exclude: ['**/dist/**', 'e2e/**'] }),
    ]);
  });

  it('jest by a file, its roots with the habit', async () => {
    const [found] = await short({
      'src/a.test.js': '',
      'package.json': scripts('jest'),
      'jest.config.js': "module.exports = { roots: ['<rootDir>/src'], preset: 'ts-jest' }",
    });
    expect(found).toMatchObject({ runner: 'jest', config: 'jest.config.js' });
    expect(found?.include).toContain('src/**/{*.,}{test,spec}.?([cm])[jt]s?(x)');
  });

  it('jest by a regular expression: not evaluated, and that is said', async () => {
    const found = await surveyOf({ 'a.test.js': '', 'package.json': { ...scripts('jest'), jest: { testRegex: '(x+x+)+y' } } });
    expect(found.packages[0]?.setups[0]?.include).toEqual([]);
    expect(found.remarks).toEqual([
      'package.json names its tests by testRegex, which redgreen does not evaluate; files are found by jest’s habit.',
    ]);
  });

  it('mocha: folders with the extensions, configuration in a folder above', async () => {
    const files = {
      'test/a.js': '',
      'test/acceptance/b.js': '',
      'package.json': scripts('mocha --require test/support/env --check-leaks test/ test/acceptance/'),
    };
    expect(await short(files)).toEqual([
      setup('mocha', {
        flags: ['--require=test/support/env', '--check-leaks'],
        include: ['test/*.{js,cjs,mjs}', 'test/acceptance/*.{js,cjs,mjs}'],
      }),
    ]);
    const rc = {
      'package.json': scripts('mocha'),
      '.mocharc.yml': 'spec: spec\nrecursive: true\nextension: [ts]\nignore: spec/fixtures/**\n',
      'spec/a.ts': '',
    };
    expect(await short(rc)).toEqual([
      setup('mocha', { config: '.mocharc.yml', include: ['spec/**/*.{ts}'], exclude: ['spec/fixtures/**'] }),
    ]);
  });

  it('node:test: patterns, tsx, borp with its file', async () => {
    expect(await short({ 'test/a.ts': '', 'package.json': scripts('xo && node --import=tsx/esm --test test/*.ts && tsd') })).toEqual([
      setup('node:test', { flags: ['--import=tsx/esm'], include: ['test/*.ts'] }),
    ]);
    const borp = {
      'test/a.test.js': '',
      'package.json': scripts('npm run unit', { unit: 'c8 borp' }),
      '.borp.yaml': "files:\n  - 'test/**/*.test.js'\n",
    };
    expect(await short(borp)).toEqual([setup('node:test', { include: ['test/**/*.test.js'], why: 'package.json scripts.unit' })]);
  });

  it('a file that node runs is a test when it says so', async () => {
    expect(await short({ 'test.js': "const test = require('node:test')", 'package.json': scripts('node test.js') })).toEqual([
      setup('node:test', { include: ['test.js'] }),
    ]);
    const found = await surveyOf({ 'test.js': 'console.log(1)', 'package.json': scripts('node test.js') });
    expect(found.packages[0]?.setups).toEqual([]);
    expect(found.remarks[0]).toBe('package.json scripts.test runs `node test.js`, which redgreen does not run.');
  });

  it('several runs of one runner with the same flags are one, others stand beside; a second script adds what the first leaves out', async () => {
    const files = { 'test/a.js': '', 'test/b/b.js': '', 'test/c/c.js': '', 'test/jest/j.js': '', 'e2e/e.test.ts': '' };
    const manifest = {
      ...scripts('npm run t:a && npm run t:b && npm run t:c && jest', {
        't:a': 'borp -p "test/*.js"',
        't:b': 'borp -p "test/b/*.js"',
        't:c': 'borp --expose-gc -p "test/c/*.js"',
        'test:e2e': 'vitest run e2e',
        'test:watch': 'borp -w -p "test/*.js"',
        'test:one': 'borp -p test/a.js',
      }),
      jest: { testMatch: ['<rootDir>/test/jest/*.js'] },
    };
    expect((await short({ ...files, 'package.json': manifest })).map((one) => [one.runner, one.flags, one.include])).toEqual([
      ['node:test', [], ['test/*.js', 'test/b/*.js']],
      ['node:test', ['--expose-gc'], ['test/c/*.js']],
      ['jest', [], ['test/jest/*.js']],
      ['vitest', [], ['e2e/**/*.{test,spec}.?([cm])[jt]s?(x)']],
    ]);
  });

  it('a built test is run by its source, and that is said', async () => {
    const found = await surveyOf({
      'src/a.ts': '',
      'src/a.test.ts': "import test from 'node:test'",
      'package.json': scripts('tsc && node --test dist/*.test.js'),
    });
    expect(found.packages[0]?.setups[0]).toMatchObject({ runner: 'node:test', language: 'typescript', include: ['src/*.test.ts'] });
    expect(found.remarks).toEqual([
      'package.json scripts.test runs built files (dist/*.test.js); redgreen runs their sources (src/*.test.ts).',
    ]);
  });

  it('what a script runs besides is said; a runner that we have not is said, and no other is made up', async () => {
    const besides = await surveyOf({ ...TEST, 'package.json': scripts('node scripts/gen.js && vitest run') });
    expect(besides.remarks).toEqual(['package.json scripts.test also runs `node scripts/gen.js`, which redgreen does not run.']);
    const foreign = await surveyOf({ ...TEST, 'package.json': { ...scripts('xo && ava'), devDependencies: { vitest: '1' } } });
    expect(foreign.packages[0]?.setups).toEqual([]);
    expect(foreign.remarks[0]).toBe(
      'package.json scripts.test runs ava, for which redgreen has no adapter; --check can run it as a command.',
    );
  });

  it('nothing that leaves the repository comes through', async () => {
    const files = {
      'test/a.js': '',
      'package.json': scripts('mocha --config ../../evil.js --require ../evil ../other/*.js /etc/*.js test/*.js'),
    };
    expect(await short(files)).toEqual([setup('mocha', { include: ['test/*.js'] })]);
  });
});

describe('without a script', () => {
  const NONE = { scripts: { test: 'echo "Error: no test specified" && exit 1' } };

  it('configuration files, then dependencies, then imports', async () => {
    const all = { ...TEST, 'package.json': { ...NONE, devDependencies: { mocha: '1' } }, 'vite.config.ts': 'export default { test: {} }' };
    expect((await short(all)).map((one) => [one.runner, one.why])).toEqual([['vitest', 'vite.config.ts']]);
    const { 'vite.config.ts': _, ...depends } = all;
    expect((await short(depends)).map((one) => [one.runner, one.why])).toEqual([['mocha', 'package.json devDependencies.mocha']]);
    expect((await short({ ...TEST, 'package.json': NONE })).map((one) => [one.runner, one.why])).toEqual([
      ['vitest', 'imports of src/a.test.ts'],
    ]);
    expect(await short({ 'src/a.ts': '', 'package.json': { ...NONE, devDependencies: { mocha: '1' } } })).toEqual([]);
  });

  it('a script for a part of the tests does not hide the configuration', async () => {
    const manifest = { scripts: { test: 'make test', 'test:esm': 'node test/esm/index.js', 'test:deno': 'deno test' } };
    const files = { 'a.test.js': '', 'test/esm/index.js': "import test from 'node:test'", 'jest.config.js': 'module.exports = {}' };
    expect((await short({ ...files, 'package.json': manifest })).map((one) => [one.runner, one.why])).toEqual([
      ['jest', 'jest.config.js'],
      ['node:test', 'package.json scripts.test:esm'],
    ]);
  });

  it('a vite configuration without tests is none', async () => {
    expect(await short({ 'src/a.test.ts': '', 'package.json': NONE, 'vite.config.ts': 'export default { plugins: [] }' })).toEqual([]);
  });

  it('tests for a runner that we have not are said', async () => {
    const found = await surveyOf({ 'package.json': NONE, 'test/a.js': "import test from 'ava'" });
    expect(found.remarks[0]).toBe('The tests in the root are written for ava, for which redgreen has no adapter.');
  });
});
