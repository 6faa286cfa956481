// Branches made by hand, verified with real boxes and without a run: what verify derives, it derives from the commits alone.
import { afterAll, describe, expect, test } from 'vitest';
import { createPython } from '../../../src/effects/languages/python.ts';
import { createTypescript } from '../../../src/effects/languages/typescript.ts';
import { box, getBox, history, type Texts, verifyIn } from './verifying.ts';

const languages = [createTypescript(), createPython({ box: getBox })];
afterAll(async () => {
  for (const language of languages) await language.close();
});

/** A repository of two commits, the tests and the code, and what verify says of it. */
async function verified(tests: Texts, code: Texts, trailers = 'Redgreen-Outcome: green', later: Texts | null = null) {
  const commits = [[tests, 'Add tests'] as const, [code, `Add code\n\n${trailers}`] as const];
  const dir = history(...commits, ...(later === null ? [] : [[later, 'Later'] as const]));
  return verifyIn(dir, languages, { provided: async (runner) => box?.hasModule(runner.packages[0]?.name ?? 'unittest') ?? false });
}

const HEAD = "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n";
const MODULE = { 'package.json': '{"type":"module"}\n', 'tsconfig.json': '{}\n' };
const ADD = { 'src/add.ts': 'export function add(a: number, b: number): number {\n  return a + b;\n}\n' };
const tested = (body: string, more: Texts = {}): Texts => ({
  ...MODULE,
  'test/add.test.ts': `${HEAD}import { add } from '../src/add.ts';\n${body}`,
  ...more,
});
const REAL = "test('adds', () => assert.equal(add(1, 2), 3));\n";

const inBox = describe.runIf(box !== null);

inBox('holds', () => {
  test('where tests came first and notice the code, with nothing but the commits to go by', async () => {
    const said = await verified(tested(REAL), ADD, 'Signed-off-by: Someone');
    expect(said).toMatchObject({ verdict: 'holds', findings: [], tests: 1, runs: 3, runner: 'node:test', digest: null, base: null });
    expect(said.seeds[0]).toBe(0);
    expect(new Set(said.seeds).size).toBe(3);
    expect(said.remarks[0]).toContain('no commit here says that it was proven');
  });

  test('under commits that leave its tree as it is, and not under others', async () => {
    const said = await verified(tested(REAL), ADD, 'Redgreen-Outcome: green', {});
    expect(said).toMatchObject({
      verdict: 'holds',
      remarks: [expect.stringMatching(/^a commit comes after the proven one/), expect.any(String)],
    });
    const changed = await verified(tested(REAL), ADD, 'Redgreen-Outcome: green', { 'src/more.ts': '' });
    expect(changed).toMatchObject({ verdict: 'differs', runs: 0, findings: [expect.stringContaining('change its tree')] });
  });

  test('for data, which must not be wrong either', async () => {
    const test = `${HEAD}import colours from '../src/colours.json' with { type: 'json' };\ntest('red', () => assert.equal(colours.red, '#f00'));\n`;
    const said = await verified({ ...MODULE, 'test/colours.test.ts': test }, { 'src/colours.json': '{ "red": "#f00" }\n' });
    expect(said).toMatchObject({ verdict: 'holds', findings: [], tests: 1 });
  });

  test('for code that hands on what others wrote, and constants', async () => {
    const tests = tested(
      "import { KINDS } from '../src/add.ts';\ntest('joins', () => assert.equal(add('a', 'b'), 'a/b'));\ntest('kinds', () => assert.deepEqual(KINDS, ['a', 'b']));\n",
    );
    const said = await verified(tests, {
      'src/add.ts': "export { join as add } from 'node:path/posix';\nexport const KINDS = ['a', 'b'] as const;\n",
    });
    expect(said).toMatchObject({ verdict: 'holds', findings: [] });
  });

  test('with a test that proves nothing only where the commit says so', async () => {
    const tests = tested(`${REAL}test('is there', () => assert.ok(add));\n`);
    const silent = await verified(tests, ADD);
    expect(silent).toMatchObject({ verdict: 'differs', findings: [expect.stringMatching(/^1 test passes on stubs too.*is there$/)] });
    const open = await verified(tests, ADD, 'Redgreen-Outcome: green\nRedgreen-Tests: 2 of 2 passed, 1 also on stubs');
    expect(open).toMatchObject({ verdict: 'holds', remarks: expect.arrayContaining(['1 of 2 tests pass on stubs too and prove nothing']) });
  });

  test.each(['unittest', 'pytest'])('for Python under %s', async (runner) => {
    const body =
      runner === 'pytest'
        ? 'from unittest import mock\nfrom add import add\n\ndef test_adds():\n    assert add(1, 2) == 3\n    assert mock\n'
        : 'import unittest\nfrom add import add\n\nclass Adds(unittest.TestCase):\n    def test_adds(self):\n        self.assertEqual(add(1, 2), 3)\n';
    const tests = { 'pyproject.toml': '[project]\nname = "x"\n', 'tests/test_add.py': body };
    const said = await verified(tests, { 'add.py': 'def add(a: int, b: int) -> int:\n    return a + b\n' });
    expect(said).toMatchObject({ verdict: 'holds', findings: [], tests: 1, runner });
  });
});

inBox('does not hold', () => {
  test('where no test of a file notices the code', async () => {
    const said = await verified(tested("test('is there', () => assert.ok(add));\n"), ADD);
    expect(said.findings.join('\n')).toContain('no test of test/add.test.ts fails on stubs');
  });

  test('for code that answers from call to call', async () => {
    const lucky = 'let calls = 0;\nexport function add(a: number, b: number): number {\n  return calls++ === 0 ? a + b : 0;\n}\n';
    const tests = tested(`${REAL}test('adds again', () => assert.equal(add(1, 2) > 0, true));\n`);
    expect((await verified(tests, { 'src/add.ts': lucky })).findings.join()).toMatch(/the tests are (?:red|flaky)/);
  });

  test('for tests that pass without the code', async () => {
    const tests = tested('', {
      'test/add.test.ts': `${HEAD}import { existsSync } from 'node:fs';\nconst code = existsSync('src/add.ts') ? await import('../src/add.ts') : { add: () => 3 };\ntest('adds', () => assert.equal(code.add(1, 2), 3));\n`,
    });
    const said = await verified(tests, ADD);
    expect(said.findings).toEqual(['1 of the tests passes also without the code: test/add.test.ts › adds']);
  });

  test('where the code comes with what steers the tests, and nothing is run then', async () => {
    const said = await verified(tested(REAL), { ...ADD, '.npmrc': 'x=y\n', 'test/more.test.ts': HEAD });
    expect(said).toMatchObject({ verdict: 'differs', runs: 0 });
    expect(said.findings).toHaveLength(2);
  });

  test('where the commit says twice how it ended, or that it is red', async () => {
    const twice = await verified(tested(REAL), ADD, 'Redgreen-Outcome: green\nRedgreen-Outcome: green');
    expect(twice.findings).toEqual(['its commit says Redgreen-Outcome 2 times']);
    const red = await verified(tested(REAL), ADD, 'Redgreen-Outcome: red');
    expect(red.findings).toEqual(['its commit does not say that it is proven: the run ended red']);
  });
});
