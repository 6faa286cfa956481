import { expect, test } from 'vitest';
import { createPlain } from '../../../src/effects/languages/plain.ts';

test('a language without plans has nothing to mend, stub or mutate, and refuses a plan', async () => {
  const go = createPlain('go');
  const plan = {
    name: 'a',
    summary: 'a',
    language: 'python',
    runner: 'go',
    files: [],
    tests: [],
    packages: [],
    decisions: [],
    commands: [],
  } as const;
  expect(go).toMatchObject({ id: 'go', rules: expect.stringContaining('gofmt') });
  expect(await go.vetPlan(plan)).toEqual([{ where: 'language', message: expect.stringContaining('cannot be planned in go') }]);
  expect(await go.check(plan, { 'a.go': 'package a' }, null)).toEqual({ mended: [], diagnostics: [] });
  expect(await go.stubsOf({ 'a.go': 'package a' }, ['a.go'], 'wrong')).toEqual({});
  expect(await go.mutants({ files: {}, paths: ['a.go'], seed: 1, count: 5, lines: {} })).toEqual([]);
});
