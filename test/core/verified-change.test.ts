import { expect, test } from 'vitest';
import { addsOnlyPackages, type ChangeShape, changeFindings, companyRemarks, suiteOf } from '../../src/core/verified-change.ts';

const BEFORE = ['package.json', 'src/a.js', 'test/a.test.js', 'test/b.test.js', 'test/fixtures/a.json'];
const shape = (more: Partial<ChangeShape> = {}): ChangeShape => ({
  locked: ['test/b.test.js'],
  removed: [],
  code: ['src/a.js'],
  base: new Set(BEFORE.filter((path) => path !== 'test/b.test.js')),
  before: BEFORE,
  odd: [],
  named: [],
  packages: [],
  isTest: (path) => path.endsWith('.test.js'),
  ...more,
});

test('an honest change has no findings, with new code beside the old and files that the user named', () => {
  expect(changeFindings(shape())).toEqual([]);
  expect(changeFindings(shape({ code: ['src/a.js', 'src/new.js', 'README.md', 'Makefile'], before: [...BEFORE, 'Makefile'] }))).toEqual([]);
  expect(changeFindings(shape({ locked: [], named: ['test/b.test.js'] }))).toEqual([]);
  expect(changeFindings(shape({ locked: ['cases.json'], before: [...BEFORE, 'cases.json'], named: ['cases.json'] }))).toEqual([]);
});

test('the code’s commit may touch no test, nothing that belongs to one or came with one, and nothing that steers', () => {
  for (const path of [
    'test/a.test.js',
    'test/b.test.js',
    'test/fixtures/a.json',
    'package.json',
    '.npmrc',
    'test/new.test.js',
    'TEST/A.TEST.JS',
    'a\u202eb',
  ])
    expect(changeFindings(shape({ code: ['src/a.js', path] })), path).toHaveLength(1);
  expect(changeFindings(shape({ code: [] }))).toEqual(['the code’s commit changes nothing']);
});

test('the tests’ commit may bring what belongs to tests, which is named, and no code or settings', () => {
  const company = shape({ locked: ['test/helper.js', 'test/__snapshots__/a.snap'] });
  expect(changeFindings(company)).toEqual([]);
  expect(companyRemarks(company)).toEqual([
    'test/helper.js comes with the tests: read it, too',
    'test/__snapshots__/a.snap comes with the tests and steers them: read it, too',
  ]);
  for (const path of ['src/a.js', 'src/new.js', 'vitest.config.js'])
    expect(changeFindings(shape({ locked: [path], code: ['src/other.js'] })), path).toHaveLength(1);
  // Named by its commit or not, code that was there is no test.
  expect(changeFindings(shape({ locked: ['src/a.js'], code: ['src/other.js'], named: ['src/a.js'] }))).toHaveLength(1);
  expect(changeFindings(shape({ removed: ['test/a.test.js'], locked: ['test/a.test.js'] }))).toEqual([
    'test/a.test.js is removed by the tests’ commit',
  ]);
  expect(changeFindings(shape({ named: ['test/gone.test.js'], odd: ['link'] }))).toHaveLength(2);
});

test('how many other tests passed is read from a record, whatever it is', () => {
  expect(suiteOf('{"predicate":{"redgreen":{"suite":{"passed":7,"unsteady":[]}}}}')).toBe(7);
  for (const text of ['', 'null', '{}', '{"predicate":{"redgreen":{}}}', '{"predicate":{"redgreen":{"suite":{"passed":"7"}}}}'])
    expect(suiteOf(text)).toBeNull();
});

test('a manifest may only name more packages, which a run was asked for', () => {
  const before = '{ "name": "a", "scripts": { "test": "x" }, "dependencies": { "b": "^1" } }';
  expect(addsOnlyPackages(before, before.replace('"b": "^1"', '"b": "^1", "c": "^2"'))).toBe(true);
  expect(addsOnlyPackages('{ "name": "a" }', '{ "name": "a", "dependencies": { "c": "^2" } }')).toBe(true);
  for (const after of [before.replace('"x"', '"true"'), before.replace('^1', '^2'), before.replace('"b"', '"c"'), '{}', 'no JSON'])
    expect(addsOnlyPackages(before, after), after).toBe(false);
  const added = shape({ locked: ['test/b.test.js', 'package.json', 'package-lock.json'], before: [...BEFORE, 'package-lock.json'] });
  expect(changeFindings(added)).toHaveLength(2);
  expect(changeFindings({ ...added, packages: ['package.json', 'package-lock.json'] })).toEqual([]);
});
