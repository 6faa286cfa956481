import { describe, expect, test } from 'vitest';
import type { Plan, PlannedFile, PlannedPackage, PlannedTest } from '../../src/core/plan.ts';
import { checkPlan, isHarnessFile, PLAN_LIMITS, type PlanFacts } from '../../src/core/plan-rules.ts';
import { isPlannedImport, isStandardModule, packageProblem } from '../../src/core/plan-rules-packages.ts';
import { PLAN } from './prompt-fixtures.ts';

const FACTS: PlanFacts = {
  languages: ['typescript', 'python'],
  baseFiles: [],
  runners: [
    { id: 'node:test', languages: ['typescript'], packages: [], isTestFile: (p) => p.endsWith('.test.ts') },
    {
      id: 'vitest',
      languages: ['typescript'],
      packages: [{ name: 'vitest', range: '', dev: true }],
      isTestFile: (p) => p.endsWith('.test.ts'),
    },
    { id: 'unittest', languages: ['python'], packages: [], isTestFile: (p) => /(^|\/)test_[^/]*\.py$/.test(p) },
  ],
};

const file = (path: string, more: Partial<PlannedFile> = {}): PlannedFile => ({
  path,
  purpose: 'p',
  contract: 'export const a: number;',
  uses: [],
  ...more,
});
const tested = (path: string, more: Partial<PlannedTest> = {}): PlannedTest => ({
  path,
  checks: ['a is 1'],
  uses: ['src/money.ts'],
  ...more,
});
const addFile = (f: PlannedFile): Plan => ({ ...PLAN, files: [...PLAN.files, f] });
const addTest = (t: PlannedTest): Plan => ({ ...PLAN, tests: [...PLAN.tests, t] });
const addPackage = (name: string, range = ''): Plan => ({ ...PLAN, packages: [...PLAN.packages, { name, range, dev: false }] });

test('a good plan has no violations', () => expect(checkPlan(PLAN, FACTS)).toEqual([]));

test('a Python plan: modules of the standard library, packages by import name, an empty __init__', () => {
  const plan: Plan = {
    ...PLAN,
    language: 'python',
    runner: 'unittest',
    files: [
      file('app/__init__.py', { contract: '' }),
      file('app/store.py', { contract: 'def a() -> int: ...', uses: ['collections.abc', 'yaml', 'app/__init__.py'] }),
    ],
    tests: [tested('tests/test_store.py', { uses: ['app/store.py', 'unittest'] })],
    packages: [{ name: 'PyYAML', range: '>=6,<7', dev: false }],
  };
  expect(checkPlan(plan, FACTS)).toEqual([]);
});

describe('what is wrong is named with its place', () => {
  const many = (n: number) => Array.from({ length: n }, (_, i) => file(`src/f${i}.ts`));
  const cases: [name: string, plan: Plan, where: string, message: string][] = [
    ['a name with spaces', { ...PLAN, name: 'My App' }, 'name', 'kebab-case'],
    ['a language that is not offered', { ...PLAN, language: 'javascript' }, 'language', 'choose typescript, python'],
    ['a runner of another language', { ...PLAN, runner: 'unittest' }, 'runner', 'does not run typescript: choose node:test, vitest'],
    ['an unknown runner', { ...PLAN, runner: 'jest' }, 'runner', 'is not offered: choose node:test, vitest'],
    ['a path that leaves', addFile(file('../x.ts')), 'files[4].path', '..'],
    ['an absolute path', addTest(tested('/tmp/a.test.ts')), 'tests[2].path', 'absolute'],
    ['a path twice', addFile(file('src/money.ts')), 'files[4].path', 'planned twice'],
    ['a path in another case', addFile(file('src/Money.ts')), 'files[4].path', 'same file on some systems'],
    ['a file under a file', addFile(file('src/money.ts/x.ts')), 'files[4].path', 'which is a file'],
    ['a manifest', addFile(file('package.json', { contract: '' })), 'files[4].path', 'never planned'],
    ['a runner configuration', addFile(file('vitest.config.ts')), 'files[4].path', 'never planned'],
    ['a hidden setting', addFile(file('.vscode/tasks.json', { contract: '' })), 'files[4].path', 'never planned'],
    ['a test among the files', addFile(file('test/x.test.ts')), 'files[4].path', 'list it under tests'],
    ['code without a contract', addFile(file('src/x.ts', { contract: ' ' })), 'files[4].contract', 'declare what it exports'],
    ['code of another language', addFile(file('src/x.js')), 'files[4].contract', 'is not a typescript file'],
    ['a contract that is too long', addFile(file('src/x.ts', { contract: 'x'.repeat(8_001) })), 'files[4].contract', '8001 characters'],
    ['too many files', { ...PLAN, files: [...PLAN.files, ...many(57)] }, 'files', '61 files, at most 60'],
    ['a use that leads nowhere', addFile(file('src/x.ts', { uses: ['src/y.ts'] })), 'files[4].uses[0]', 'path of a planned file'],
    ['a use of an unplanned package', addFile(file('src/x.ts', { uses: ['node:fs', 'lodash'] })), 'files[4].uses[1]', 'add it to packages'],
    ['no tests', { ...PLAN, tests: [] }, 'tests', 'plan at least one'],
    ['no code', { ...PLAN, files: PLAN.files.slice(3), tests: [] }, 'files', 'no typescript file'],
    ['a test that the runner does not take', addTest(tested('test/x.ts')), 'tests[2].path', 'node:test does not take'],
    ['a test of nothing', addTest(tested('test/x.test.ts', { uses: ['README.md', 'node:fs'] })), 'tests[2].uses', 'uses no code file'],
    ['a test without checks', addTest(tested('test/x.test.ts', { checks: [] })), 'tests[2].checks', 'no checks'],
    ['a package by address', addPackage('git+https://example.com/x.git'), 'packages[1]', 'not a package name'],
    ['a range by address', addPackage('left', 'https://example.com/left.tgz'), 'packages[1]', 'not a version range'],
    ['a range by file', addPackage('left', 'file:../left'), 'packages[1]', 'not a version range'],
    ['an alias', addPackage('left', 'npm:right@1'), 'packages[1]', 'not a version range'],
    ['a package that comes with Node', addPackage('fs'), 'packages[1]', 'comes with Node'],
    ['the project as its own package', addPackage('expense-splitter'), 'packages[1]', 'the project itself'],
    ['a package twice', addPackage('csv-parse'), 'packages[1]', 'listed twice'],
    ['a command without words', { ...PLAN, commands: [{ name: 'x', argv: [], purpose: '' }] }, 'commands[0].argv', 'is empty'],
    [
      'a command with a line break',
      { ...PLAN, commands: [{ name: 'x', argv: ['node', 'a\nb'], purpose: '' }] },
      'commands[0].argv',
      'control character',
    ],
    ['a decision that is an essay', { ...PLAN, decisions: ['x'.repeat(PLAN_LIMITS.decision + 1)] }, 'decisions[0]', 'at most'],
  ];
  test.each(cases)('%s', (_, plan, where, message) => {
    expect(checkPlan(plan, FACTS)).toContainEqual({ where, message: expect.stringContaining(message) });
  });
});

describe('in an existing repository', () => {
  const facts = { ...FACTS, baseFiles: ['src/old.ts', 'lib', 'README.md', 'test/old.test.ts', 'docs/a.md'] };

  test('existing files may be changed, used and tested, and its packages are not known here', () => {
    const plan = {
      ...PLAN,
      files: [file('src/old.ts', { uses: ['lodash/fp', 'chart.js'] })],
      tests: [tested('test/new.test.ts', { uses: ['src/old.ts'] })],
    };
    expect(checkPlan(plan, facts)).toEqual([]);
  });

  test('tests alone are a plan', () => {
    expect(checkPlan({ ...PLAN, files: [], tests: [tested('test/new.test.ts', { uses: ['src/old.ts'] })] }, facts)).toEqual([]);
  });

  test.each([
    [addFile(file('src/OLD.ts')), 'files[4].path', 'exists as "src/old.ts"'],
    [addFile(file('lib/x.ts')), 'files[4].path', 'lies under "lib"'],
    [addFile(file('docs', { contract: '' })), 'files[4].path', 'is a folder'],
    [addTest(tested('test/old.test.ts')), 'tests[2].path', "is the user's"],
  ])('%#', (plan, where, message) => expect(checkPlan(plan, facts)).toContainEqual({ where, message: expect.stringContaining(message) }));
});

test('with given tests a plan needs none of its own', () => {
  expect(checkPlan({ ...PLAN, tests: [] }, { ...FACTS, givenTests: ['test/given.test.ts'] })).toEqual([]);
});

test.each([
  'package.json',
  'tsconfig.build.json',
  'conftest.py',
  'a/pyproject.toml',
  '.gitignore',
  '.gitattributes',
  '.npmrc',
  'requirements-dev.txt',
  'jest.config.cjs',
])("%s is the harness's", (path) => expect(isHarnessFile(path)).toBe(true));

test.each(['src/package.ts', 'src/config.ts', 'data/settings.json', 'README.md', 'src/tsconfig.ts'])('%s may be planned', (path) =>
  expect(isHarnessFile(path)).toBe(false),
);

describe('packages', () => {
  const pack = (name: string, range = ''): PlannedPackage => ({ name, range, dev: false });

  test.each(['@scope/name', 'a.b-c_d', 'lodash'])('npm takes %s', (name) =>
    expect(packageProblem(pack(name, '^1.2.0 || >=3 <4'), 'typescript')).toBeNull(),
  );
  test.each(['Upper', '../x', '@scope', 'a b', '', 'x'.repeat(215)])('npm refuses %j', (name) =>
    expect(packageProblem(pack(name), 'typescript')).not.toBeNull(),
  );
  test.each(['Django', 'zope.interface', 'ruamel_yaml'])('PyPI takes %s', (name) =>
    expect(packageProblem(pack(name, '~=1.2, !=1.2.3'), 'python')).toBeNull(),
  );
  test.each(['x @ https://e.com/x.whl', '-e', 'json', 'a/b'])('PyPI refuses %j', (name) =>
    expect(packageProblem(pack(name), 'python')).not.toBeNull(),
  );

  test('standard modules and sub-paths', () => {
    expect(['node:test', 'fs/promises', 'node:sqlite'].map((m) => isStandardModule(m, 'typescript'))).toEqual([true, true, true]);
    expect([isStandardModule('lodash', 'typescript'), isStandardModule('os.path', 'python'), isStandardModule('numpy', 'python')]).toEqual([
      false,
      true,
      false,
    ]);
    expect(isPlannedImport('@a/b/c', new Set(['@a/b']), 'typescript')).toBe(true);
    expect(isPlannedImport('dateutil.parser', new Set(['python-dateutil']), 'python')).toBe(true);
    expect(isPlannedImport('b', new Set(['a']), 'typescript')).toBe(false);
  });
});

test('a test of an earlier run may be planned anew, one of the user’s may not', () => {
  const plan = addTest(tested('test/old.test.ts'));
  const facts = { ...FACTS, baseFiles: ['test/old.test.ts'] };
  expect(checkPlan(plan, { ...facts, kept: ['test/old.test.ts'] })).toEqual([]);
  expect(checkPlan(plan, facts)).toEqual([expect.objectContaining({ message: expect.stringContaining("exists and is the user's") })]);
});
