// What a plan may say of oracle files.
import { expect, test } from 'vitest';
import type { Plan, PlannedTest } from '../../src/core/plan.ts';
import { checkPlan } from '../../src/core/plan-rules.ts';
import { plan } from './world.ts';

const [own] = plan.tests;
const oracle = (path = 'test/oracle.json'): PlannedTest => ({ path, checks: ['a works'], uses: ['src/a.ts'] });
const runners = [
  { id: 'node:test', languages: ['typescript' as const], isTestFile: (path: string) => path.endsWith('.test.ts'), packages: [] },
];
const check = (over: Partial<Plan>) =>
  checkPlan({ ...plan, ...over }, { runners, languages: ['typescript'], baseFiles: [] }).map((v) => `${v.where}: ${v.message}`);

test('one oracle file may stand beside the tests of the runner', () => {
  expect(check({ tests: own ? [own, oracle()] : [] })).toEqual([]);
});

test.each<[string, Partial<Plan>, string]>([
  ['alone', { tests: [oracle()] }, 'tests: oracle.json stands beside tests of the runner'],
  ['two of them', { tests: own ? [own, oracle(), oracle('test/b/oracle.json')] : [] }, 'tests: there is more than one oracle.json'],
  [
    'as a source file',
    { files: [...plan.files, { path: 'src/oracle.json', purpose: 'x', contract: '', uses: [] }] },
    '"src/oracle.json" is a test file',
  ],
  ['without code', { tests: own ? [own, { ...oracle(), uses: [] }] : [] }, 'tests[1].uses: uses no code file'],
])('%s it is refused', (_, over, words) => {
  expect(check(over).join('\n')).toContain(words);
});
