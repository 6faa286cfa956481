import { describe, expect, test } from 'vitest';
import type { Body, TestLine } from '../../src/core/events.ts';
import { expectedIds, isChange, keptIds, keptTree, testPaths, testsNothingNew, unrevertedOf } from '../../src/core/kept.ts';
import { untested } from '../../src/core/redproof.ts';
import { statementOf } from '../../src/core/statement.ts';
import { plan, play, type Script } from './world.ts';

const OLD = 'test/old.test.ts';
const line = (id: string, status: TestLine['status']): TestLine => ({ id, path: id.split(' › ')[0] ?? '', status, why: '' });
const NEW = [1, 2, 3, 4].map((n) => `test/a.test.ts › t${n}`);
const BASELINE = [...NEW.map((id, i) => line(id, i === 0 ? 'passed' : 'failed')), line(`${OLD} › was`, 'passed')];

type Red = Extract<Body, { type: 'red.proven' }>;
const onBranch = (more: Script & { readonly baseline?: readonly TestLine[]; readonly problems?: Red['problems'] } = {}): Script => ({
  ...more,
  created: { base: { commit: 'base', files: ['src/a.ts', OLD] }, onto: { branch: 'redgreen/greeter', run: 'r0' }, kept: { [OLD]: 'old' } },
  respond: (command, state) => {
    const own = more.respond?.(command, state);
    if (own || command.kind !== 'red') return own;
    return {
      type: 'red.proven',
      id: command.id,
      attempt: command.attempt,
      mended: [],
      problems: more.problems ?? [],
      tests: NEW.map((id) => ({ id, path: 'test/a.test.ts', throwing: 'failed', wrong: 'failed' })),
      report: 'red',
      baseline: more.baseline ?? BASELINE,
    };
  },
});

describe('a run that goes on with a branch', () => {
  test('expects its own tests and those from before, passing there or not', () => {
    const { state } = play(onBranch({ baseline: [...BASELINE, line(`${OLD} › still to be done`, 'failed')] }));
    expect(expectedIds(state)).toEqual([...NEW, `${OLD} › was`, `${OLD} › still to be done`]);
    expect(testPaths(state)).toEqual(['test/a.test.ts', OLD]);
    expect(isChange(state)).toBe(true);
  });

  test('does not expect what the plan has written anew', () => {
    const anew = { ...plan, tests: [...plan.tests, { path: OLD, checks: ['was'], uses: ['src/a.ts'] }] };
    const { state } = play(onBranch({ answer: (c) => (c.step === 'plan' ? { kind: 'plan', plan: anew } : undefined) }));
    expect(keptTree(state)).toEqual({});
    expect(expectedIds(state)).toEqual(NEW);
  });

  test('has what stays in its record, and what every test did before', () => {
    const { state } = play(onBranch());
    const { predicate } = statementOf(state, { expected: expectedIds(state), seeds: [0], versions: {}, installed: null });
    expect(predicate.configuration.map((c) => c.name)).toEqual(['package.json', 'test/a.test.ts', OLD]);
    expect(predicate.passedTests).toEqual([...NEW, `${OLD} › was`]);
    expect(predicate.redgreen.kept).toEqual([OLD]);
    expect([predicate.redgreen.red[0], predicate.redgreen.red.at(-1)]).toEqual([
      { id: NEW[0], throwing: 'failed', wrong: 'failed', base: 'passed' },
      { id: `${OLD} › was`, base: 'passed' },
    ]);
  });

  test('sends tests that all pass already back to their author, and is blocked when they stay so', () => {
    const passing = BASELINE.map((t) => ({ ...t, status: 'passed' as const }));
    const { state, ids } = play(onBranch({ baseline: passing, problems: untested(['test/a.test.ts'], passing) }));
    expect(ids.filter((id) => id.startsWith('tests/'))).toEqual([
      'tests/test/a.test.ts/1',
      'tests/test/a.test.ts/2',
      'tests/test/a.test.ts/3',
    ]);
    expect(state.ended).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('already passes on the code as it is') });
  });

  test('accepts tests of what was there beside one that fails', () => {
    expect(untested(['test/a.test.ts'], BASELINE)).toEqual([]);
    expect(play(onBranch()).state.ended?.outcome).toBe('green');
  });

  test('goes back when its code breaks an earlier test, as for any other', () => {
    const tested = (failing: boolean, round: number): Body => ({
      type: 'tested',
      id: `test/round-${round}/1`,
      round,
      verdict: failing ? { kind: 'red', reason: '1 of 5' } : { kind: 'green', reason: 'all 5' },
      tests: [...NEW.map((id) => line(id, 'passed')), line(`${OLD} › was`, failing ? 'failed' : 'passed')],
      report: 'rep',
      ms: 1,
    });
    const { state, ids } = play(onBranch({ respond: (c, s) => (c.kind === 'test' ? tested(s.round === 0, s.round + 1) : undefined) }));
    expect(ids).toContain('repair/round-1/1');
    expect(state.ended?.outcome).toBe('green');
  });
});

test('a change is what alters code that was there, or goes on with tests', () => {
  const based = (files: readonly string[]) => play({ created: { base: { commit: 'base', files } } }).state;
  expect(isChange(play().state)).toBe(false);
  expect(isChange(based(['README.md', 'src/other.ts']))).toBe(false);
  expect(isChange(based(['src/b.ts']))).toBe(true);
});

test('an earlier file that did not load on the base has a place for a test', () => {
  expect(keptIds(['test/x.test.ts', OLD], [line('test/x.test.ts', 'failed'), line(`${OLD} › was`, 'passed')])).toEqual([
    'test/x.test.ts › (name made at run time)',
    `${OLD} › was`,
  ]);
});

test('without the code only what passed before may pass, and what proves nothing', () => {
  expect(unrevertedOf(['a', 'b', 'c'], new Set(['a']), [line('b', 'passed'), line('c', 'failed')])).toEqual(['c']);
  expect(unrevertedOf(['a', 'b'], new Set(), [])).toEqual(['a', 'b']);
  expect([
    testsNothingNew([]),
    testsNothingNew([line('a', 'passed')]),
    testsNothingNew([line('a', 'passed'), line('b', 'failed')]),
  ]).toEqual([false, true, false]);
});
