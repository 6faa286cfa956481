// Whole runs with a mechanism switched off: what the oracle (M7) and the mutants (M6) alone can see.
import { afterAll, expect, test } from 'vitest';
import { WITHOUT } from './cheats-oracle.ts';
import { unplayable } from './judge-case.ts';
import { stage } from './play.ts';
import { honestCode, project, testFile } from './project.ts';

const place = stage();
afterAll(() => place.remove());

test.each(WITHOUT.map((one) => [one.runner, one.name, one] as const))(
  'no oracle file (M7), %s: %s',
  { timeout: 600_000 },
  async (_runner, _name, one) => {
    const { outcome, reason, ...rest } = await place.play(one.played);
    if (unplayable({ outcome, reason, ...rest }) === null)
      expect([outcome, reason, rest.verdicts]).toEqual(['green', reason, rest.verdicts]);
  },
);

test('no mutants (M6): tests that ask for little look as strong as others', { timeout: 600_000 }, async () => {
  const weak = testFile(
    'node:test',
    "test('words', () => {\n  assert.deepEqual(words('a'), ['a']);\n});\n\ntest('numbers', () => {\n  assert.equal(total([1]), 1);\n});\n",
  );
  const played = {
    project: project('node:test', honestCode('node:test'), weak),
    author: (_path: string, n: number) => (n > 1 ? '<none>Nothing.</none>' : undefined),
  };
  const off = await place.play({ ...played, mutants: 0 });
  const on = await place.play({ ...played, mutants: 10 });
  expect([off.outcome, off.survivors, on.outcome]).toEqual(['green', 0, 'green']);
  expect(on.survivors).toBeGreaterThan(0);
});
