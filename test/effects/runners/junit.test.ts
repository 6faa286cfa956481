import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { TestReport } from '../../../src/core/report.ts';
import { createJunit } from '../../../src/effects/runners/junit.ts';
import { readJunit } from '../../../src/effects/runners/junit-xml.ts';
import { fixture, openTestBox, runBoxed } from './boxed.ts';

const box = await openTestBox();
const inBox = test.runIf(box !== null);
const dialects = fixture('junit-dialects');
const FILES = [
  'src/test/java/com/acme/PriceTest.java',
  'tests/test_price.py',
  'text/wrap_test.go',
  'test/price.spec.js',
  'src/price.test.ts',
  'tests/shop.rs',
];
const runner = await createJunit({ argv: ['tool'], report: ['*.xml'] });

function parse(told: object): TestReport {
  const body = `${JSON.stringify({ v: 1, ending: 'exit code 1', code: 1, tree: '/work', files: FILES, narrowed: false, tooLarge: false, xml: [], output: '', ...told })}\n`;
  return runner.parse(body + createHmac('sha256', 'nonce').update(body).digest('hex'), '/work', 'nonce');
}
const parseXml = (...texts: string[]) => parse({ xml: texts.map((text, at) => ({ path: `${at}.xml`, text })) });
const short = (report: TestReport) =>
  report.tests.map(({ id, status, retried }) => `${id}: ${status}${retried ? ', retried' : ''}`).toSorted();

test.each([
  [
    'surefire',
    'src/test/java/com/acme/PriceTest.java',
    ['flaky: passed, retried', 'later: skipped', 'rounds: failed', 'sums: passed', 'throws: failed'],
  ],
  ['pytest', 'tests/test_price.py', ['TestSum › test_adds: passed', 'test_later: skipped', 'test_param[a&b-1]: failed']],
  [
    'gotestsum',
    'junit',
    ['TestLater: skipped', 'TestWords/none: passed', 'TestWords: failed'].map((one) => `example.com/shop/text › ${one}`),
  ],
  ['mocha-junit', 'test/price.spec.js', ['rounds › price rounds: failed', 'sums › price sums: passed']],
  ['jest-junit', 'src/price.test.ts', ['price rounds › price rounds: failed', 'price sums › price sums: passed']],
  ['nextest', 'junit', ['adds: passed', 'flaky: passed, retried', 'rounds: failed'].map((one) => `shop::shop › ${one}`)],
])('%s', (name, path, expected) => {
  const report = parseXml(dialects[`${name}.xml`] ?? '');
  expect(report).toMatchObject({ finished: true, broken: null, fileFailures: [] });
  expect(short(report)).toEqual(expected.map((one) => `${path} › ${one}`));
});

test('messages and places', () => {
  const failures = Object.values(dialects).flatMap((xml) =>
    parseXml(xml).tests.flatMap((one) => (one.failure ? [[one.name, one.failure] as const] : [])),
  );
  const of = (name: string) => failures.find(([own]) => own === name)?.[1];
  expect(of('test_param[a&b-1]')?.message).toContain('assert 1 == 2\n +  where 1 = f()');
  expect(of('test_param[a&b-1]')?.frames).toEqual([{ path: 'tests/test_price.py', line: 9 }]);
  expect(of('TestWords')?.frames).toEqual([{ path: 'text/wrap_test.go', line: 16 }]);
  expect(of('price rounds')?.frames[0]).toMatchObject({ line: 9 });
  expect(of('rounds')?.message).toMatch(/assertion `left == right` failed|expected: <3> but was: <4>/);
});

test('what is no report of this run, or not whole, is broken', () => {
  const one = dialects['pytest.xml'] ?? '';
  expect(runner.parse(null, '/work', 'nonce').broken?.kind).toBe('no-report');
  expect(runner.parse(`${JSON.stringify({ xml: [] })}\n${'0'.repeat(64)}`, '/work', 'nonce').broken?.kind).toBe('stale');
  expect(parse({ output: 'tool: not found' }).broken).toEqual({
    kind: 'no-report',
    message: 'The command wrote no JUnit XML where junit.report says (exit code 1). It printed:\ntool: not found',
  });
  expect(parse({ tooLarge: true }).broken?.kind).toBe('bad-report');
  expect(parseXml(one, one.slice(0, 300)).broken?.message).toMatch(/^1\.xml is no JUnit XML: it is no well-formed XML/);
  expect(parseXml('<testsuite><testcase name="a"/></testsuite>').fileFailures[0]?.failure.message).toContain(
    'no test of its report failed',
  );
  expect(parseXml('<testsuite><error message="no database"/></testsuite>').fileFailures[0]?.failure.message).toContain('no database');
  const narrowed = parse({
    files: ['tests/test_price.py'],
    narrowed: true,
    xml: Object.entries(dialects).map(([path, text]) => ({ path, text })),
  });
  expect(new Set(narrowed.tests.map((test) => test.path))).toEqual(new Set(['tests/test_price.py']));
});

test('hostile XML is a problem, in bounded time, and never an exception', () => {
  const lol = '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><testsuite><testcase name="&z;"/></testsuite>';
  const hostile: readonly string[] = [
    lol,
    '<testsuite>'.repeat(20_000),
    `${'<testsuite>'.repeat(100)}${'</testsuite>'.repeat(100)}`,
    `<testsuite ${'a="1" '.repeat(100_000)}`,
    `<testsuite><testcase name="${'x'.repeat(9_000_000)}"/></testsuite>`,
    '<html/>',
    '',
    '\0\0\0',
    '<__proto__/>',
    '<testsuite><testcase __proto__="x"/></testsuite>',
    '<testsuite><testcase name="a" name="b"/></testsuite>',
  ];
  for (const xml of hostile) expect(readJunit(xml), xml.slice(0, 80)).toHaveProperty('problem');
  const many = `<testsuite>${'<testcase name="a"/>'.repeat(10_001)}</testsuite>`;
  expect(readJunit(many)).toHaveProperty('problem');
  const kept = readJunit('<testsuite><testcase name="a&#27;[31mb&#0;&#x110000;&unknown;"/></testsuite>');
  expect(kept).toHaveProperty(['cases', 0, 'name'], 'a\u001b[31mb&unknown;');
});

test('damaged reports are read or refused, and never thrown at', () => {
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (const xml of Object.values(dialects)) {
    for (let round = 0; round < 60; round++) {
      const at = random(xml.length);
      const damaged =
        [
          xml.slice(0, at),
          xml.slice(at),
          xml.slice(0, at) + String.fromCharCode(random(300)) + xml.slice(at + random(9)),
          xml.slice(0, at) + xml,
        ][round % 4] ?? '';
      const report = parseXml(damaged);
      expect(report.finished).toBe(report.broken === null);
    }
  }
});

inBox('a command of the project, in a tree that can and one that cannot be written', async () => {
  if (box === null) return;
  const tree = fixture('junit-project');
  const own = await createJunit({ argv: ['node', 'runner.mjs', '{files}'], report: ['out/*.xml'] });
  const tests = ['test/sum.mjs', 'test/more.mjs'];
  for (const readOnlyTree of [false, true]) {
    const run = await runBoxed(box, own, { tree, tests, readOnlyTree });
    expect(run.report, run.output).toMatchObject({ finished: true, broken: null, fileFailures: [] });
    expect(run.statuses).toEqual({
      'test/sum.mjs › all › adds': 'passed',
      'test/sum.mjs › all › fails': 'failed',
      'test/more.mjs › all › zero': 'passed',
    });
    expect(run.report.tests.find((one) => one.name === 'fails')?.failure?.frames).toContainEqual({ path: 'test/sum.mjs', line: 5 });
  }
  const one = await runBoxed(box, own, { tree, tests, only: ['test/more.mjs › all › zero'] });
  expect(one.statuses).toEqual({ 'test/more.mjs › all › zero': 'passed' });
  const none = await createJunit({ argv: ['node', '--version'], report: ['out/*.xml'] });
  expect((await runBoxed(box, none, { tree, tests })).report.broken?.message).toContain('wrote no JUnit XML');
});

test('names that look like test files', () => {
  const paths = [
    'src/test/java/A.java',
    'spec/a_spec.rb',
    'a.spec.ts',
    'PriceTest.java',
    'lib/__tests__/a.js',
    'src/latest.ts',
    'src/contest/a.ts',
    'src/Attest.java',
  ];
  expect(paths.filter(runner.isTestFile)).toEqual(paths.slice(0, 5));
});
