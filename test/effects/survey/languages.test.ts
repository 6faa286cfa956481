import { describe, expect, it } from 'vitest';
import { setupsOf, surveyOf } from './reading.ts';

describe('Python', () => {
  it.each<[string, Record<string, string>, string | null, string[], string]>([
    [
      'pyproject',
      { 'pyproject.toml': '[tool.pytest.ini_options]\ntestpaths = ["tests"]\n' },
      'pyproject.toml',
      ['tests/**/test_*.py', 'tests/**/*_test.py'],
      'pyproject.toml',
    ],
    [
      'pytest.ini goes first',
      { 'pytest.ini': '[pytest]\npython_files = check_*.py\n', 'pyproject.toml': '[tool.pytest.ini_options]\n' },
      'pytest.ini',
      ['**/check_*.py'],
      'pytest.ini',
    ],
    [
      'setup.cfg',
      { 'setup.cfg': '[tool:pytest]\ntestpaths = tests nowhere\n' },
      'setup.cfg',
      ['tests/**/test_*.py', 'tests/**/*_test.py'],
      'setup.cfg',
    ],
    ['tox.ini', { 'tox.ini': '[tox]\n[pytest]\naddopts = -q\n' }, 'tox.ini', [], 'tox.ini'],
    ['conftest', { 'pyproject.toml': '[project]\nname="x"\n', 'tests/conftest.py': '' }, null, [], 'tests/conftest.py'],
    ['dependency group', { 'pyproject.toml': '[dependency-groups]\ntests = ["pytest>=8"]\n' }, null, [], 'pyproject.toml'],
    ['poetry', { 'pyproject.toml': '[tool.poetry.group.dev.dependencies]\npytest = "^8"\n' }, null, [], 'pyproject.toml'],
    ['requirements', { 'setup.py': '', 'requirements-dev.txt': 'black\npytest==8\n' }, null, [], 'requirements-dev.txt'],
    ['imports', { 'tests/test_b.py': 'import os\nimport pytest\n' }, null, [], 'imports of tests/test_b.py'],
  ])('pytest by %s', async (_, files, config, include, why) => {
    const [setup] = await setupsOf({ 'src/x/a.py': '', 'tests/test_a.py': 'def test_a(): pass', ...files });
    expect(setup).toEqual({ runner: 'pytest', language: 'python', dir: '', config, flags: [], env: {}, include, exclude: [], why });
  });

  it('unittest by imports; plain test functions are pytest’s; Django’s command is none', async () => {
    expect((await setupsOf({ 'a.py': '', 'tests/test_a.py': 'import unittest\n' }))[0]?.runner).toBe('unittest');
    expect((await setupsOf({ 'a.py': '', 'tests/test_a.py': 'def test_x():\n    pass\n' }))[0]?.runner).toBe('pytest');
    const django = await surveyOf({ 'manage.py': '', 'app/tests.py': '', 'app/test_a.py': 'from django.test import TestCase\n' });
    expect(django.packages[0]?.setups).toEqual([]);
    expect(django.remarks[0]).toContain('Django');
  });

  it('a script in Python does not make a JavaScript project a Python one', async () => {
    const found = await setupsOf({ 'package.json': { scripts: { test: 'vitest run' } }, 'src/a.test.ts': '', 'scripts/x.py': '' });
    expect(found.map((one) => one.runner)).toEqual(['vitest']);
  });
});

it('Go: a module with tests', async () => {
  const found = await surveyOf({
    'go.mod': 'module example.test/x\n\ngo 1.22\n',
    'go.sum': '',
    'a.go': '',
    'a_test.go': '',
    'vendor/y/y_test.go': '',
  });
  expect(found).toMatchObject({
    manager: 'go',
    lock: 'go.sum',
    packages: [{ name: 'example.test/x', languages: ['go'], setups: [{ runner: 'go', dir: '', include: [] }] }],
  });
});

it('Rust: source files that hold tests are run; a workspace alone has no setup', async () => {
  const found = await surveyOf({
    'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\nexclude = ["crates/old"]\n',
    'crates/a/Cargo.toml': '[package]\nname = "a"\n',
    'crates/a/src/lib.rs': 'pub fn f() {}\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn works() {}\n}\n',
    'crates/a/src/plain.rs': 'pub fn g() {}\n',
    'crates/old/Cargo.toml': '[package]\nname = "old"\n',
  });
  expect(found.packages.map(({ dir, setups }) => [dir, setups.map((one) => one.include.at(-1))])).toEqual([
    ['', []],
    ['crates/a', ['crates/a/src/lib.rs']],
  ]);
});
