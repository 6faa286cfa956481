// Branches that change code which was there, made by hand, verified with real boxes and without a run.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { git } from '../repository.ts';
import { box, history, type More, type Texts, verifyIn } from './verifying.ts';

const RUN = 'Redgreen-Run: 20261123-170509-abcd';
const DONE = `${RUN}\nRedgreen-Outcome: green\nRedgreen-Runner: node:test\nRedgreen-Mode: change`;
const HEAD = "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { pages } from '../src/pages.js';\n";
const WHOLE = "test('whole pages', () => assert.equal(pages(10, 5), 2));\n";
const SHORT = "test('a short last page', () => assert.equal(pages(11, 5), 3));\n";
const ALWAYS_RED = "test('has always failed', () => assert.equal(1, 2));\n";
const code = (body: string) => `export function pages(total, size) {\n  return ${body};\n}\n`;
const BASE = {
  'package.json': '{ "type": "module", "scripts": { "test": "node --test" } }\n',
  'src/pages.js': code('Math.floor(total / size)'),
  'test/pages.test.js': HEAD + WHOLE + ALWAYS_RED,
};
const TESTS: Texts = { 'test/short.test.js': HEAD + SHORT };
const CODE: Texts = { 'src/pages.js': code('Math.ceil(total / size)') };

interface Branch {
  readonly base?: Texts;
  readonly tests?: Texts;
  readonly code?: Texts;
  readonly trailers?: string;
}

/** What verify says of a base, a tests' commit and the code's; each is honest where it is left out. */
function verified(branch: Branch = {}, more: More = {}) {
  const { base = BASE, tests = TESTS, code = CODE, trailers = DONE } = branch;
  const commits = [[base, 'Begin'] as const, [tests, `Test\n\n${RUN}\nRedgreen-Step: tests`] as const];
  return verifyIn(history(...commits, [code, `Mend\n\n${trailers}`]), [], more);
}

const inBox = describe.runIf(box !== null);

inBox('a change holds', () => {
  test('when its test is red without it and green with it, and what passed before still does', async () => {
    const said = await verified();
    expect(said).toMatchObject({ verdict: 'holds', findings: [], tests: 1, runs: 3, runner: 'node:test', locked: 1 });
    expect(said.suite).toEqual({ passed: 1, unsteady: [] });
  });

  test('when the commit of given tests is empty, because they were there already', async () => {
    const base = { ...BASE, ...TESTS };
    const said = await verified({ base, tests: {}, trailers: `${DONE}\nRedgreen-Target: test/short.test.js` });
    expect(said).toMatchObject({ verdict: 'holds', findings: [], tests: 1, suite: { passed: 1 } });
  });

  test('when tests were added to a file that was there, which is named', async () => {
    const said = await verified({ tests: { 'test/pages.test.js': HEAD + WHOLE + ALWAYS_RED.replace('1, 2', '2, 2') + SHORT } });
    expect(said).toMatchObject({ verdict: 'holds' });
    expect(said.remarks).toContain(
      'test/pages.test.js was there before, and the tests’ commit changes what it asks for: compare it with what it was',
    );
    const grown = await verified({
      base: { ...BASE, 'test/pages.test.js': HEAD + WHOLE },
      tests: { 'test/pages.test.js': HEAD + WHOLE + SHORT },
    });
    expect(grown).toMatchObject({ verdict: 'holds', tests: 2 });
    expect(grown.remarks).toContain('test/pages.test.js was there before; tests were added to it');
    expect(grown.remarks).toContain('1 of the 2 tests in its test files passes without it, too');
  });

  test('when a package was asked for, which the tests’ commit names and nothing else', async () => {
    const manifest = (more: string) => `{ "type": "module", "scripts": { "test": "node --test" }${more} }\n`;
    const said = await verified({ tests: { ...TESTS, 'package.json': manifest(', "dependencies": { "tiny": "^1.0.0" }') } });
    expect(said).toMatchObject({ verdict: 'holds', findings: [] });
    expect(said.remarks).toContain('package.json comes with the tests and steers them: read it, too');
    const bent = await verified({ tests: { ...TESTS, 'package.json': manifest(', "imports": { "#x": "./y.js" }') } });
    expect(bent.findings).toEqual(['package.json steers tools, and comes with the tests']);
  });

  test('with a command of the user’s, and without it that is what is missing', async () => {
    const check = "import { pages } from './src/pages.js';\nprocess.exit(pages(11, 5) === 3 ? 0 : 1);\n";
    const branch = { base: { ...BASE, 'check.mjs': check }, tests: {} };
    await expect(verified(branch)).rejects.toThrow('--check');
    const said = await verified(branch, { check: ['node', 'check.mjs'] });
    expect(said).toMatchObject({ verdict: 'holds', tests: 1 });
    expect(said.remarks.join()).toContain('exit code');
    const wrong = await verified({ ...branch, code: { 'src/pages.js': code('2') } }, { check: ['node', 'check.mjs'] });
    expect(wrong.findings.join()).toContain('the tests are red');
  });
});

test('tests without a change are no proof of one', async () => {
  await expect(verified({ trailers: DONE.replace('change', 'cover') })).rejects.toThrow('no change of code');
});

inBox('a change does not hold', () => {
  const ways: readonly (readonly [what: string, branch: Branch, finding: RegExp])[] = [
    ['code that is wrong', { code: { 'src/pages.js': code('7') } }, /^the tests are red: .*a short last page/],
    [
      'code that breaks what passed',
      { code: { 'src/pages.js': code('3') } },
      /test that passed before fails \(test\/pages\.test\.js › whole pages\)/,
    ],
    ['tests that pass without it', { tests: { 'test/short.test.js': HEAD + WHOLE } }, /every test passes also without the change/],
    ['no test', { tests: { 'test/short.test.js': HEAD } }, /the tests are red: 1 of 1/],
    [
      'a test that the code’s commit alters',
      { code: { ...CODE, 'test/pages.test.js': HEAD + WHOLE } },
      /`test\/pages\.test\.js` may not be written/,
    ],
    [
      'its own test, altered',
      { code: { ...CODE, 'test/short.test.js': HEAD + WHOLE } },
      /`test\/short\.test\.js` may not be written: it is locked/,
    ],
    ['a test that is gone', { code: { ...CODE, 'test/pages.test.js': null } }, /`test\/pages\.test\.js` may not be written/],
    ['a manifest', { code: { ...CODE, 'package.json': '{ "type": "module", "scripts": { "test": "true" } }' } }, /steers a tool/],
    ['a new setting', { code: { ...CODE, '.npmrc': 'x=y\n' } }, /`\.npmrc` may not be written/],
    ['a test that comes with the code', { code: { ...CODE, 'test/more.test.js': HEAD + WHOLE } }, /it is a test file/],
    ['code that comes with the tests', { tests: { ...TESTS, ...CODE } }, /src\/pages\.js is neither a test/],
    ['settings that come with the tests', { tests: { ...TESTS, '.mocharc.json': '{}' } }, /\.mocharc\.json steers tools/],
    ['a test that the tests’ commit removes', { tests: { ...TESTS, 'test/pages.test.js': null } }, /is removed by the tests’ commit/],
    ['nothing', { code: {} }, /changes nothing/],
    ['a test that it names and that is not there', { trailers: `${DONE}\nRedgreen-Target: test/other.test.js` }, /no such file/],
    ['what nobody could test', { trailers: DONE.replace('Outcome: green', 'Outcome: unproven') }, /the run ended unproven/],
  ];
  test.each(ways)('with %s', async (_what, branch, finding) => {
    const said = await verified(branch);
    expect(said.verdict).toBe('differs');
    expect(said.findings.join('\n')).toMatch(finding);
  });

  test('when its code empties the assertions', async () => {
    const empties =
      "import assert from 'node:assert';\nimport { syncBuiltinESMExports } from 'node:module';\nfor (const one of [assert, assert.strict]) one.equal = () => {};\nsyncBuiltinESMExports();\n";
    const said = await verified({ code: { 'src/pages.js': empties + code('7') } });
    expect(said.findings.join()).toContain('the tests are tampered');
  });

  test('when a test that was there no longer runs, though its file was only added to', async () => {
    const base = { ...BASE, 'test/pages.test.js': `${HEAD}${WHOLE}` };
    const gone = `${HEAD}test.skip = () => {};\nconst old = globalThis;\nif (old === undefined)\n${WHOLE}${SHORT}`;
    const said = await verified({ base, tests: { 'test/pages.test.js': gone } });
    expect(said.findings.join()).toContain('test/pages.test.js › whole pages was there and passed');
  });

  test('when an object of the repository is not what its name says', async () => {
    const dir = history([BASE, 'Begin'], [TESTS, `Test\n\n${RUN}`], [{ 'src/pages.js': code('7') }, `Mend\n\n${DONE}`]);
    const oid = git(dir, 'rev-parse', 'HEAD:src/pages.js').trim();
    const file = join(dir, '.git/objects', oid.slice(0, 2), oid.slice(2));
    const right = code('Math.ceil(total / size)');
    chmodSync(file, 0o644);
    writeFileSync(file, deflateSync(`blob ${right.length}\0${right}`));
    await expect(verifyIn(dir, [])).rejects.toThrow('is not what its name says');
  });
});
