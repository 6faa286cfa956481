import { expect, test } from 'vitest';
import type { Files } from '../../../src/core/ref.ts';
import { createPytest } from '../../../src/effects/runners/pytest.ts';
import { createUnittest } from '../../../src/effects/runners/unittest.ts';
import { box, fixture, runProject } from './project-run.ts';

const runner = createPytest();
const files = fixture('pytest');
const inBox = test.runIf(box !== null && (await box.hasModule('pytest')));
const TESTS = ['tests/unit/test_price.py', 'checks/check_it.py', 'tools/helper.py', 'tests/test_broken.py'];

const STATUSES = {
  'tests/unit/test_price.py › test_sum[two]': 'failed',
  'tests/unit/test_price.py › test_sum[one]': 'passed',
  'tests/unit/test_price.py › test_fixtures': 'passed',
  'tests/unit/test_price.py › test_place': 'passed',
  'tests/unit/test_price.py › test_slow': 'skipped',
  'tests/unit/test_price.py › test_known': 'todo',
  'tests/unit/test_price.py › SuiteOfOne › test_in_class': 'passed',
  'checks/check_it.py › check_that_it_is_called': 'passed',
  'tools/helper.py › test_the_patterns_leave_this_file_out': 'passed',
};

inBox("the project's own configuration is honoured, but for what the harness decides", async () => {
  const run = await runProject(runner, files, { tests: TESTS, project: { config: 'pyproject.toml' }, readOnlyTree: true });
  expect(run.report, run.output).toMatchObject({ finished: true, broken: null });
  expect(run.report.tampered).toBeUndefined();
  expect(run.statuses).toEqual(STATUSES);
  expect(run.failed).toEqual({ 'tests/test_broken.py': expect.stringContaining("No module named 'nowhere'") });
  expect(run.report.tests.find((one) => one.status === 'failed')?.failure?.frames).toEqual([{ path: 'tests/unit/test_price.py', line: 9 }]);
});

inBox('a package below the root is run in its folder, shuffled, its tests named from the root', async () => {
  const below: Files = Object.fromEntries(Object.entries(files).map(([path, text]) => [`libs/shop/${path}`, text]));
  const run = await runProject(runner, below, {
    tests: TESTS.slice(0, 2).map((path) => `libs/shop/${path}`),
    project: { dir: 'libs/shop' },
    order: { seed: 2, within: true },
  });
  expect(run.report, run.output).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.report.tampered).toBeUndefined();
  const wanted = Object.entries(STATUSES).filter(([id]) => !id.startsWith('tools/'));
  expect(run.statuses).toEqual(Object.fromEntries(wanted.map(([id, status]) => [`libs/shop/${id}`, status])));
});

inBox('settings that pytest refuses are said', async () => {
  const broken = { ...files, 'pyproject.toml': '[tool.pytest.ini_options]\naddopts = "--no-such-option"\n' };
  const run = await runProject(runner, broken, { tests: TESTS, project: { config: 'pyproject.toml' } });
  expect(run.report.broken?.kind).toBe('unfinished');
  expect(run.report.broken?.message).toContain('--no-such-option');
});

test.runIf(box !== null)('unittest runs in the folder of its package', async () => {
  const tree = {
    'libs/shop/shop/price.py': 'def total(prices):\n    return sum(prices)\n',
    'libs/shop/tests/price_checks.py':
      'import os, unittest\nfrom shop.price import total\nclass A(unittest.TestCase):\n    def test_a(self): self.assertEqual((total([1]), os.path.isdir("shop")), (1, True))\n',
  };
  const run = await runProject(createUnittest(), tree, { tests: ['libs/shop/tests/price_checks.py'], project: { dir: 'libs/shop' } });
  expect(run.report, run.output).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(run.statuses).toEqual({ 'libs/shop/tests/price_checks.py › A › test_a': 'passed' });
});
