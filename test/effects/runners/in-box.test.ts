import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { reachable } from '../../../sandbox/index.ts';
import type { Files } from '../../../src/core/ref.ts';
import { createBox } from '../../../src/effects/box.ts';
import { createPython } from '../../../src/effects/languages/python.ts';
import { createRunners } from '../../../src/effects/runners/index.ts';
import { runTests } from '../../../src/effects/steps/testing.ts';
import { ownDeps } from './host.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'redgreen-state-'));
const box = await createBox({ stateDir, env: { PATH: '/usr/bin:/bin' } }).catch(() => null);
afterAll(() => {
  box?.close();
  rmSync(stateDir, { recursive: true, force: true });
});

const runners = createRunners();
const inBox = test.runIf(box !== null);
const node = (imports: string) => `${imports}\ntest('good', () => {});\ntest('bad', () => { throw new Error('no'); });\n`;
const cases: readonly (readonly [string, string, Files])[] = [
  ['node:test', 'test/a.test.ts', { 'test/a.test.ts': node("import { test } from 'node:test';") }],
  ['jest', 'test/a.test.ts', { 'test/a.test.ts': node("import { test } from '@jest/globals';"), 'package.json': '{"type":"module"}' }],
  ['vitest', 'test/a.test.ts', { 'test/a.test.ts': node("import { test } from 'vitest';"), 'package.json': '{"type":"module"}' }],
  [
    'unittest',
    'tests/test_a.py',
    {
      'tests/test_a.py':
        'import unittest\nclass A(unittest.TestCase):\n    def test_good(self): pass\n    def test_bad(self): raise ValueError("no")\n',
    },
  ],
  [
    'pytest',
    'tests/test_a.py',
    { 'tests/test_a.py': 'def test_good(tmp_path): (tmp_path / "a").write_text("x")\ndef test_bad(): raise ValueError("no")\n' },
  ],
];

// These dependencies stand for installed ones, which the box keeps where its user can reach them; a checkout may lie in a private folder.
const depsInReach = process.getuid?.() !== 0 || reachable(ownDeps, { uid: 65534, gid: 65534 }) !== null;
const hasPytest = box !== null && (await box.hasModule('pytest'));

const possible = cases.filter(([id]) => (id !== 'pytest' || hasPytest) && ((id !== 'vitest' && id !== 'jest') || depsInReach));
inBox.each(possible)('%s runs in the box over a read-only tree', async (id, path, tree) => {
  if (box === null) return;
  const runner = runners.runner(id);
  const deps = id === 'vitest' || id === 'jest' ? ownDeps : null;
  const run = { tree, runner, tests: [path], deps, readOnlyTree: true, order: { seed: 1, within: true }, timeoutMs: 60_000 };
  const { report: read, output } = await runTests({ box: async () => box }, { ...run, signal: new AbortController().signal });
  expect(read.tampered).toBeUndefined();
  expect(read, output).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(read.tests.map((one) => one.status).toSorted()).toEqual(['failed', 'passed']);
  expect(read.tests.find((one) => one.status === 'failed')?.failure?.frames[0]?.path).toBe(path);
});

inBox('the Python adapter answers from the box', async () => {
  const python = createPython({ box: async () => box ?? Promise.reject(new Error('no box')) });
  const plan = {
    name: 'a',
    summary: 'a',
    language: 'python',
    runner: 'unittest',
    files: [{ path: 'a.py', purpose: 'x', contract: 'def f() -> int: ...', uses: [] }],
    tests: [],
    packages: [],
    decisions: [],
    commands: [],
  } as const;
  expect(await python.vetPlan(plan)).toEqual([]);
  expect((await python.stubs(plan, 'wrong'))['a.py']).toContain('return -987654321');
});
