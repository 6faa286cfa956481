// Branches on which one run goes on with another's work, made by hand and verified with real boxes.
import { afterAll, describe, expect, test } from 'vitest';
import { createTypescript } from '../../../src/effects/languages/typescript.ts';
import { box, history, type Texts, verifyIn } from './verifying.ts';

const language = createTypescript();
afterAll(() => language.close());

const RUN = 'Redgreen-Run: 20261123-170509-abcd';
const DONE = `${RUN}\nRedgreen-Outcome: green\nRedgreen-Runner: node:test`;

/** A branch of these commits (files, trailers), and what verify says of its last two. */
async function verified(...commits: readonly (readonly [Texts, string])[]) {
  const dir = history(...commits.map(([files, trailers]) => [files, `Change\n\n${trailers}`] as const));
  return verifyIn(dir, [language]);
}

const HEAD = "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { add } from '../src/add.ts';\n";
const code = (body: string): Texts => ({
  'src/add.ts': `export function add(a: number, b: number, c = 0): number {\n  return ${body};\n}\n`,
});
const tests = (name: string, body: string): Texts => ({ [`test/${name}.test.ts`]: `${HEAD}${body}` });
const OLD = "test('adds', () => assert.equal(add(1, 2), 3));\n";
const NEW = "test('adds three', () => assert.equal(add(1, 2, 3), 6));\n";
const STILL = "test('still adds two', () => assert.equal(add(2, 2), 4));\n";
const FRAME = { 'package.json': '{"type":"module"}\n', 'tsconfig.json': '{}\n' };
const FIRST = [
  [{ ...FRAME, ...tests('old', OLD) }, `${RUN}\nRedgreen-Step: tests`],
  [code('a + b'), DONE],
] as const;
const STEP = `${RUN}\nRedgreen-Step: tests`;

describe.runIf(box !== null)('a change to what another run made', () => {
  test('holds with its own tests and those from before, of which some pass without it', async () => {
    const said = await verified(...FIRST, [tests('new', NEW + STILL), STEP], [code('a + b + c'), DONE]);
    expect(said).toMatchObject({ verdict: 'holds', findings: [], tests: 3, runs: 3, locked: 2 });
  });

  test('does not hold when it breaks an earlier test, or takes its tests away', async () => {
    const broken = await verified(...FIRST, [tests('new', NEW), STEP], [code('6'), DONE]);
    expect(broken.findings.join()).toMatch(/the tests are red: 1 of 2 tests are not passing.*test\/old\.test\.ts › adds/);
    const vanishing = `import { kinds } from '../src/kinds.ts';\nfor (const kind of kinds) ${OLD.replace("'adds'", `\`adds \${kind}\``)}`;
    const start = [{ ...FRAME, ...tests('old', vanishing) }, STEP] as const;
    const gone = await verified(
      start,
      [{ ...code('a + b'), 'src/kinds.ts': "export const kinds = ['x', 'y'];\n" }, DONE],
      [tests('new', NEW), STEP],
      [{ ...code('a + b + c'), 'src/kinds.ts': "export const kinds = ['x'];\n" }, DONE],
    );
    expect(gone.findings.join()).toContain('test/old.test.ts › adds y');
  });

  test('does not hold when its code alters an earlier test, and says so when its tests do', async () => {
    const late = await verified(...FIRST, [tests('new', NEW), STEP], [{ ...code('a + b + c'), ...tests('old', STILL) }, DONE]);
    expect(late).toMatchObject({ verdict: 'differs', runs: 0 });
    expect(late.findings).toContain('test/old.test.ts steers the tests or is one, but it comes with the code');
    const anew = await verified(...FIRST, [tests('old', NEW), STEP], [code('a + b + c'), DONE]);
    expect(anew).toMatchObject({ verdict: 'holds', tests: 1 });
    expect(anew.remarks).toContain(
      'test/old.test.ts was there before, and the tests’ commit has it anew: compare what it asks for now with what it did',
    );
    const removed = await verified(...FIRST, [{ ...tests('new', NEW), 'test/old.test.ts': '' }, STEP], [code('a + b + c'), DONE]);
    expect(removed.verdict).toBe('differs');
  });

  test('does not hold when every test passes already', async () => {
    const said = await verified(...FIRST, [tests('new', STILL), STEP], [code('a + b + c'), DONE]);
    expect(said.findings).toEqual(['every test passes also without the code: what it changes is not tested']);
  });

  test('is as strict as ever where code is only put beside what was there', async () => {
    const sly = `import { existsSync } from 'node:fs';\nconst more = existsSync('src/more.ts') ? await import('../src/more.ts') : { more: () => 3 };\n`;
    const beside = {
      'test/more.test.ts': `${HEAD.replace(/import \{ add.*\n/, '')}${sly}test('more', () => assert.equal(more.more(), 3));\ntest('one', async () => assert.equal((await import('../src/more.ts')).more(), 3));\n`,
    };
    const said = await verified(
      [{ ...FRAME, ...code('a + b') }, ''],
      [beside, STEP],
      [{ 'src/more.ts': 'export const more = (): number => 3;\n' }, DONE],
    );
    expect(said.findings).toEqual(['1 of the tests passes also without the code: test/more.test.ts › more']);
  });
});
