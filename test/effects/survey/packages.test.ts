import { describe, expect, it } from 'vitest';
import { surveyOf } from './reading.ts';

const dirs = async (files: Readonly<Record<string, unknown>>) => (await surveyOf(files)).packages.map((one) => `${one.dir}:${one.name}`);
const member = (name: string) => ({ name });

describe('members of a workspace', () => {
  const members = {
    'packages/a/package.json': member('@x/a'),
    'packages/b/package.json': member('@x/b'),
    'tools/t/package.json': member('t'),
    'packages/a/fixtures/f/package.json': member('f'),
  };

  it.each<[string, Record<string, unknown>, string[]]>([
    ['package.json', { 'package.json': { name: 'r', workspaces: ['packages/*', '!packages/b'] } }, [':r', 'packages/a:@x/a']],
    [
      'package.json, object',
      { 'package.json': { name: 'r', workspaces: { packages: ['./packages/*'] } } },
      [':r', 'packages/a:@x/a', 'packages/b:@x/b'],
    ],
    ['pnpm', { 'package.json': member('r'), 'pnpm-workspace.yaml': "packages:\n  - .\n  - 'tools/**'\n" }, [':r', 'tools/t:t']],
    [
      'lerna',
      { 'package.json': member('r'), 'lerna.json': '{ "packages": ["packages/*"] }' },
      [':r', 'packages/a:@x/a', 'packages/b:@x/b'],
    ],
  ])('by %s', async (_, files, expected) => {
    expect(await dirs({ ...members, ...files })).toEqual(expected);
  });

  it('by go.work, and modules beside each other', async () => {
    const files = {
      'go.work': 'go 1.22\nuse (\n\t./api // here\n)\nuse ./cli\n',
      'api/go.mod': 'module x/api\n',
      'cli/go.mod': 'module x/cli\n',
      'testdata/m/go.mod': 'module m\n',
    };
    expect(await dirs(files)).toEqual([':', 'api:x/api', 'cli:x/cli']);
  });

  it('by uv, a src layout each', async () => {
    const files = {
      'pyproject.toml': '[project]\nname="r"\n[tool.uv.workspace]\nmembers=["libs/*"]\n',
      'libs/a/pyproject.toml': '[project]\nname="a"\n',
      'libs/a/src/a/__init__.py': '',
    };
    expect(await dirs(files)).toEqual([':r', 'libs/a:a']);
  });
});

it('a front end beside a back end are two packages; samples, vendored and built ones are none', async () => {
  const files = {
    'frontend/package.json': { name: 'f', scripts: { test: 'vitest run' } },
    'frontend/src/a.test.ts': '',
    'backend/pyproject.toml': '[project]\nname = "b"\n[tool.pytest.ini_options]\n',
    'backend/tests/test_a.py': '',
    'examples/e/package.json': { name: 'e' },
    'node_modules/x/package.json': { name: 'x' },
    'vendor/v/go.mod': 'module v\n',
    'backend/tests/fixtures/p/pyproject.toml': '[project]\nname="p"\n',
  };
  const found = await surveyOf(files);
  expect(found.packages.map((one) => [one.dir, one.languages, one.setups.map((setup) => `${setup.runner} in ${setup.dir}`)])).toEqual([
    ['', [], []],
    ['backend', ['python'], ['pytest in backend']],
    ['frontend', ['typescript'], ['vitest in frontend']],
  ]);
});

it('a member without a word of its own is run by the root that reaches it; one with its own configuration by that', async () => {
  const files = {
    'package.json': { name: 'r', workspaces: ['packages/*'], scripts: { test: 'vitest run' } },
    'vitest.config.ts': "export default { test: { include: ['packages/**/*.spec.ts'] } }",
    'packages/a/package.json': member('a'),
    'packages/a/src/a.spec.ts': "import { it } from 'vitest'",
    'packages/b/package.json': { name: 'b', scripts: { test: 'pnpm mocha' }, devDependencies: { mocha: '1' } },
    'packages/b/test/b.js': '',
  };
  const found = await surveyOf(files);
  expect(found.packages.map((one) => [one.dir, one.setups.map((setup) => setup.runner)])).toEqual([
    ['', ['vitest']],
    ['packages/a', []],
    ['packages/b', ['mocha']],
  ]);
});

describe('manager and lock', () => {
  it.each<[string, Record<string, unknown>, string | null, string | null]>([
    ['the lock', { 'package.json': {}, 'yarn.lock': '' }, 'yarn', 'yarn.lock'],
    ['the field packageManager', { 'package.json': { packageManager: 'pnpm@9.1.0+sha512.abc' }, 'package-lock.json': '{}' }, 'pnpm', null],
    ['nothing but a manifest', { 'package.json': {} }, 'npm', null],
    ['uv', { 'a.py': '', 'pyproject.toml': '', 'uv.lock': '' }, 'uv', 'uv.lock'],
    ['poetry without a lock', { 'a.py': '', 'pyproject.toml': '[tool.poetry]\nname="x"\n' }, 'poetry', null],
    ['requirements', { 'a.py': '', 'requirements.txt': '' }, 'pip', null],
    ['cargo', { 'a.rs': '', 'Cargo.toml': '[package]\nname="x"\n', 'Cargo.lock': '' }, 'cargo', 'Cargo.lock'],
    ['the main language', { 'a.go': '', 'b.go': '', 'c.js': '', 'go.mod': 'module x\n', 'package.json': {} }, 'go', null],
    ['no manifest', { 'a.c': '' }, null, null],
  ])('%s', async (_, files, manager, lock) => {
    const found = await surveyOf(files);
    expect([found.manager, found.lock]).toEqual([manager, lock]);
  });
});

it('counts code by language, without what is vendored, generated or declared', async () => {
  const paths = ['a.ts', 'b.tsx', 'c.d.ts', 'd.js', 'e.min.js', 'node_modules/x/y.js', 'dist/z.js', 'f.pb.go', 'g.py', 'h.md', 'i.rb'];
  const found = await surveyOf(Object.fromEntries(paths.map((path) => [path, ''])));
  expect(found.languages).toEqual([
    { language: 'typescript', files: 2 },
    { language: 'javascript', files: 1 },
    { language: 'python', files: 1 },
    { language: 'ruby', files: 1 },
  ]);
});
