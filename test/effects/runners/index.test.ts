import { expect, test } from 'vitest';
import { createRunners } from '../../../src/effects/runners/index.ts';
import { orderFiles, selectFiles } from '../../../src/effects/runners/select.ts';

const runners = createRunners();

test('every language has a default, and each runner is found by its id', () => {
  expect((['typescript', 'javascript', 'python'] as const).map((id) => runners.defaultFor(id).id)).toEqual([
    'node:test',
    'node:test',
    'unittest',
  ]);
  expect(runners.ids.map((id) => runners.runner(id).id)).toEqual(runners.ids);
  expect(runners.runner('pytest')).toBe(runners.runner('pytest'));
  for (const bad of ['tap', 'toString', '__proto__'])
    expect(() => runners.runner(bad)).toThrow(`There is no test runner "${bad}"; choose one of ${runners.ids.join(', ')}.`);
});

test('plans are offered what makes a new project', () => {
  const offered = runners.ids.filter((id) => runners.runner(id).plans);
  expect(offered).toEqual(['node:test', 'vitest', 'jest', 'unittest', 'pytest']);
});

test('missing scripts are said in a sentence', () => {
  expect(() => createRunners({ assetsDir: '/nowhere' }).runner('vitest')).toThrow(/cannot be read\. Install redgreen again/);
});

test('test files are known by their names', () => {
  const known = (id: string, paths: string[]) => paths.filter((path) => runners.runner(id).isTestFile(path));
  const paths = [
    'test/a.test.ts',
    'test/a.spec.mjs',
    'src/a.ts',
    'test/a.test.tsx',
    'node_modules/x/a.test.js',
    'tests/test_a.py',
    'a_test.py',
    'tests/conftest.py',
    'latest.py',
  ];
  expect(known('node:test', paths)).toEqual(['test/a.test.ts', 'test/a.spec.mjs']);
  expect(known('vitest', paths)).toEqual(['test/a.test.ts', 'test/a.spec.mjs', 'test/a.test.tsx']);
  expect(known('jest', paths)).toEqual(['test/a.test.ts', 'test/a.spec.mjs']);
  expect(known('unittest', paths)).toEqual(['tests/test_a.py', 'a_test.py']);
  expect(known('pytest', paths)).toEqual(['tests/test_a.py', 'a_test.py', 'tests/conftest.py']);
});

test('a run is narrowed by file', () => {
  const tests = ['test/a.test.ts', 'test/a.test.ts › x', 'test/b.test.ts'];
  expect(selectFiles(tests, null)).toEqual(tests);
  expect(selectFiles(['test/a.test.ts', 'test/b.test.ts'], ['test/b.test.ts › s › n'])).toEqual(['test/b.test.ts']);
  expect(selectFiles(['test/a.test.ts'], [])).toEqual([]);
});

test('files are shuffled by a seed', () => {
  const files = ['a', 'b', 'c', 'd', 'e', 'f'];
  const order = orderFiles(files, { seed: 1, within: false });
  expect(orderFiles(files, { seed: 1, within: true })).toEqual(order);
  expect(order).not.toEqual(files);
  expect(order.toSorted()).toEqual(files);
  expect(orderFiles(files, null)).toEqual(files);
});
