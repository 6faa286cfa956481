import { expect, test } from 'vitest';
import { checkCanaries } from '../../src/core/canaries.ts';
import type { TestReport, TestStatus } from '../../src/core/report.ts';

const path = 'test/a.test.ts';
const planted = {
  [path]: { text: '', pass: [`${path} › good`], fail: { [`${path} › bad`]: 'a thrown error', [`${path} › s › worse`]: 'a rejection' } },
};
const HONEST = { real: 'passed', good: 'passed', bad: 'failed', 's › worse': 'failed' } as const;

function report(statuses: Readonly<Record<string, TestStatus>>, more: Partial<TestReport> = {}, message?: string): TestReport {
  const tests = Object.entries(statuses).map(([name, status]) => ({
    id: `${path} › ${name}`,
    path,
    name,
    status,
    failure: status === 'failed' ? { message: message ?? `Error: ${name}`, frames: [], outside: false } : null,
    retried: false,
  }));
  return { tests, fileFailures: [], finished: true, broken: null, ...more };
}

const check = (...given: Parameters<typeof report>) => checkCanaries(report(...given), planted);

test('an honest run is what it was, without our tests', () => {
  expect(check(HONEST)).toEqual(report({ real: 'passed' }));
});

test.each<[string, Parameters<typeof report>, string]>([
  ['one that must fail passed', [{ ...HONEST, bad: 'passed' }], 'that must fail (a thrown error) passed'],
  ['it passed in a run that was cut off', [{ bad: 'passed' }, { finished: false, broken: { kind: 'time', message: '' } }], 'passed'],
  ['one that must pass failed', [{ ...HONEST, good: 'failed' }], 'a trivial test of ours failed while others passed'],
  ['one is missing', [{ real: 'passed', good: 'passed', bad: 'failed' }], 'is missing from the report'],
  ['all are missing', [{ real: 'passed' }], 'is missing from the report'],
  ['one came twice', [{ ...HONEST, 'bad #2': 'failed' }], 'is reported twice'],
  ['one failed of something else', [HONEST, {}, 'forged'], 'failed of something else: forged'],
  [
    'one passed for a parameter of the file',
    [{ real: 'passed', good: 'passed', 'bad[1]': 'failed', 'bad[2]': 'passed', 's › worse': 'failed' }],
    'passed',
  ],
])('tampered: %s', (_name, given, words) => {
  const { tampered } = check(...given);
  expect(tampered).toContain(words);
  expect(tampered?.startsWith(`${path}: `)).toBe(true);
});

const outside = { path, failure: { message: 'does not load', frames: [], outside: true } };

test.each([
  'TestTimeout: the test did not end within 10 seconds',
  'Error: Test timed out in 10000ms.',
  'Error: test timed out after 10000ms',
  'thrown: "Exceeded timeout of 10000 ms',
])('one of ours that took too long is no fraud, and no pass: %s', (message) => {
  const { tampered, fileFailures } = check(HONEST, {}, message);
  expect(tampered).toBeUndefined();
  expect(fileFailures.map((f) => f.failure.message)).toEqual([expect.stringContaining('did not end in time')]);
});

test('a file that did not load, a run that was cut off and a hook that fails everything are no fraud', () => {
  expect(check({}, { fileFailures: [outside] }).tampered).toBeUndefined();
  expect(check({ real: 'passed' }, { finished: false, broken: { kind: 'unfinished', message: '' } }).tampered).toBeUndefined();
  expect(check({ real: 'failed', good: 'failed', bad: 'failed', 's › worse': 'failed' }, {}, 'hook').tampered).toBeUndefined();
});

test('a file whose tests are filtered out, or that holds none, has failed', () => {
  const skipped = check({ real: 'passed', good: 'skipped', bad: 'skipped', 's › worse': 'skipped' });
  expect(skipped.fileFailures.map((f) => f.failure.message)).toEqual([expect.stringContaining('skipped or filtered out')]);
  const { real, ...ours } = HONEST;
  expect(real).toBe('passed');
  expect(check(ours).fileFailures.map((f) => f.failure.message)).toEqual(['No test was found in this file.']);
});
