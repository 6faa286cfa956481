import { expect, test } from 'vitest';
import { EVENT_VERSION } from '../../src/core/events.ts';
import { next } from '../../src/core/next.ts';
import { initialState, reduce } from '../../src/core/reduce.ts';
import { call, limits, plan, play } from './world.ts';

const ended = (p: ReturnType<typeof play>) => ({
  outcome: p.state.ended?.outcome,
  reason: p.state.ended?.reason,
  branch: p.state.ended?.branch,
});

test('a run whose drafts are right goes straight to green', () => {
  const p = play();
  expect(p.ids).toEqual([
    'plan/plan/1',
    'vet/plan/1',
    'install/packages/1',
    'tests/test/a.test.ts/1',
    'draft/src/a.ts/1',
    'draft/src/b.ts/1',
    'red/tests/1',
    'check/tree/1',
    'test/round-1/1',
    'commit/tests/1',
    'commit/candidate/1',
    'prove/candidate/1',
    'commit/final/1',
    'ship/branch/1',
    'end/run/1',
  ]);
  expect(ended(p)).toEqual({ outcome: 'green', reason: 'all 4 tests passed, 2 fresh runs in the clean room', branch: 'redgreen/greeter' });
});

test('install, tests and every draft may run at the same time', () => {
  const p = play({ respond: (c) => (c.kind === 'install' ? { type: 'note', text: 'held' } : undefined) });
  const accepted = p.events.findIndex((e) => e.type === 'plan.vetted');
  const state = p.events.slice(0, accepted + 1).reduce(reduce, initialState);
  expect(next(state).map((c) => c.id)).toEqual(['install/packages/1', 'tests/test/a.test.ts/1', 'draft/src/a.ts/1', 'draft/src/b.ts/1']);
});

test('no draft is admitted before the tests are proven red', () => {
  const p = play({ respond: (c) => (c.kind === 'red' ? { type: 'note', text: 'held' } : undefined) });
  expect(p.ids.filter((i) => i.startsWith('check/'))).toEqual([]);
  expect(p.state.ended).toBeNull();
});

test('a plan is asked for again with its violations, and a third bad one blocks the run', () => {
  const bad = { kind: 'bad', violations: [{ where: 'files[0].path', message: 'is outside the repository' }] } as const;
  const twice = play({ answer: (c) => (c.step === 'plan' && c.attempt < 3 ? bad : undefined) });
  expect(twice.ids.filter((i) => i.startsWith('plan/'))).toEqual(['plan/plan/1', 'plan/plan/2', 'plan/plan/3']);
  expect(ended(twice).outcome).toBe('green');
  const always = play({ answer: (c) => (c.step === 'plan' ? bad : undefined) });
  expect(ended(always)).toEqual({
    outcome: 'blocked',
    reason: 'no usable plan after 3 attempts: files[0].path: is outside the repository',
    branch: null,
  });
});

test('a model may say that the task cannot be done', () => {
  const p = play({ answer: (c) => (c.step === 'plan' ? { kind: 'blocked', reason: 'the examples contradict each other' } : undefined) });
  expect(ended(p)).toEqual({
    outcome: 'blocked',
    reason: 'the model says that it cannot be done: the examples contradict each other',
    branch: null,
  });
});

test('a plan that waits for approval is accepted only then, and a remark asks for another', () => {
  const p = play({ created: { approve: true } });
  expect(p.ids).toEqual(['plan/plan/1', 'vet/plan/1']);
  const at = { v: EVENT_VERSION, seq: 99, at: 99 } as const;
  const steered = reduce(p.state, { type: 'plan.rejected', remark: 'fewer files', ...at });
  expect(next(steered).map((c) => c.id)).toEqual(['plan/plan/2']);
  const approved = reduce(p.state, { type: 'plan.approved', remark: '', ...at });
  expect(next(approved).map((c) => c.id)).toContain('draft/src/a.ts/1');
});

test('packages that do not exist bring a new plan, and its files are written anew', () => {
  const p = play({
    respond: (c) =>
      c.id === 'install/packages/1'
        ? { type: 'installed', id: c.id, attempt: 1, files: {}, deps: null, problems: ['there is no package "lefft-pad" in the registry'] }
        : undefined,
  });
  expect(p.ids).toContain('plan/plan/2');
  expect(p.ids).toContain('install/packages/2');
  expect(p.ids).toContain('draft/src/a.ts/11');
  expect(p.state.planning.refusals).toBe(0);
  expect(ended(p).outcome).toBe('green');
});

test('packages that can never be installed block the run, three times at most', () => {
  const p = play({
    respond: (c) =>
      c.kind === 'install'
        ? {
            type: 'installed',
            id: c.id,
            attempt: c.attempt,
            files: {},
            deps: null,
            problems: ['there is no package "lefft-pad" in the registry'],
          }
        : undefined,
  });
  expect(p.ids.filter((id) => id.startsWith('install/'))).toHaveLength(3);
  expect(ended(p)).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('"lefft-pad"') });
});

test('a cut reply is continued and a bad one asked for again, three times at most', () => {
  const cut = play({ answer: (c) => (c.id === 'draft/src/a.ts/1' ? { kind: 'cut', partial: 'half' } : undefined) });
  expect(cut.ids).toContain('draft/src/a.ts/2');
  expect(ended(cut).outcome).toBe('green');
  const empty = { kind: 'bad', violations: [{ where: 'reply', message: 'is empty' }] } as const;
  const never = play({ answer: (c) => (c.subject === 'src/a.ts' ? empty : undefined) });
  expect(ended(never)).toEqual({ outcome: 'blocked', reason: 'no usable reply for src/a.ts after 3 attempts: is empty', branch: null });
});

test('a test file that proves nothing goes back to its author and through the red proof again', () => {
  const p = play({
    respond: (c) =>
      c.id === 'red/tests/1'
        ? {
            type: 'red.proven',
            baseline: [],
            id: c.id,
            attempt: 1,
            mended: [],
            problems: [{ where: 'test/a.test.ts', message: 'proves nothing' }],
            tests: [],
            report: 'r',
          }
        : undefined,
  });
  expect(p.ids.slice(6, 9)).toEqual(['red/tests/1', 'tests/test/a.test.ts/2', 'red/tests/2']);
  expect(ended(p).outcome).toBe('green');
});

test('failures are repaired in rounds until green', () => {
  const p = play({ rounds: [[1, 2], [2], []] });
  expect(p.ids.slice(8, 16)).toEqual([
    'test/round-1/1',
    'repair/round-1/1',
    'tools/round-1/1',
    'repair/round-1/2',
    'check/tree/2',
    'test/round-2/1',
    'repair/round-2/1',
    'tools/round-2/1',
  ]);
  expect(p.state.carried).toEqual([
    { round: 2, touched: ['src/a.ts'], before: 2, after: 1, reverted: false },
    { round: 3, touched: ['src/a.ts'], before: 1, after: 0, reverted: false },
  ]);
  expect(ended(p).outcome).toBe('green');
});

test('edits that break what passed are taken back', () => {
  const p = play({ rounds: [[1], [1, 2, 3], []] });
  const after = p.events.findIndex((e) => e.type === 'tested' && e.round === 2);
  const state = p.events.slice(0, after + 1).reduce(reduce, initialState);
  expect(state.sources['src/a.ts']).toBe('blob-src/a.ts-1');
  expect(state.last?.report).toBe('report-1');
  expect(state.carried.at(-1)).toEqual({ round: 2, touched: ['src/a.ts'], before: 1, after: 3, reverted: true });
});

test('without progress the strategy changes, then the run ends red with its best tree kept', () => {
  const p = play({ rounds: [[1, 2], [2], [2]] });
  expect(ended(p)).toEqual({
    outcome: 'red',
    reason: 'no progress with any strategy; 1 test is still failing',
    branch: 'redgreen/greeter',
  });
  expect(p.state.strategy).toBe(2);
  expect(p.ids.slice(-4)).toEqual(['commit/tests/1', 'commit/best/1', 'ship/branch/1', 'end/run/1']);
});

test('the rounds of the budget are not exceeded', () => {
  const p = play({ rounds: [[1, 2, 3], [1, 2], [1], [1]], created: { limits: { ...limits, rounds: 2 } } });
  expect(p.ids.filter((i) => i.startsWith('test/round'))).toEqual(['test/round-1/1', 'test/round-2/1']);
  expect(ended(p)).toEqual({ outcome: 'budget', reason: '2 rounds are used up; 2 tests are still failing', branch: 'redgreen/greeter' });
});

test('an amendment that proves nothing is taken back: the disputed test stands as it was', () => {
  const path = 'test/a.test.ts';
  const dispute = { path, reason: 'the task says 3' };
  const none = { changes: [], refused: [], packages: [], blocked: null, results: 'r' };
  const p = play({
    rounds: [[1], [1], []],
    respond: (c, s) => {
      if (c.kind === 'tools' && s.tests[path]?.disputed === null)
        return { type: 'tools.done', id: c.id, round: s.round, turn: c.attempt, dispute, ...none };
      const isAmended = c.kind === 'red' && s.tests[path]?.before != null && s.tests[path]?.blob !== s.tests[path]?.before;
      const tests = [1, 2].map((n) => ({
        id: `${path} › t${n}`,
        path,
        throwing: 'passed' as const,
        wrong: n === 1 ? ('passed' as const) : ('failed' as const),
      }));
      const problems = [{ where: path, message: 'passes even when no code is written' }];
      return isAmended
        ? { type: 'red.proven', baseline: [], id: c.id, attempt: c.attempt, mended: [], problems, tests, report: 'red' }
        : undefined;
    },
  });
  expect(p.ids.filter((id) => id.startsWith('tests/')).length).toBeGreaterThan(1);
  expect(p.state.tests[path]).toMatchObject({ status: 'frozen', blob: `blob-${path}-1` });
  expect(p.state.red.tests).toHaveLength(4);
  expect(ended(p).outcome).toBe('green');
});

test('a disputed test goes to its author once and through the red proof again', () => {
  const dispute = { path: 'test/a.test.ts', reason: 'the task says 3' };
  const p = play({
    rounds: [[1], []],
    respond: (c, s) =>
      c.kind === 'tools'
        ? {
            type: 'tools.done',
            id: c.id,
            round: s.round,
            turn: c.attempt,
            results: 'r',
            changes: [],
            refused: [],
            dispute,
            packages: [],
            blocked: null,
          }
        : undefined,
  });
  expect(p.ids.slice(8, 15)).toEqual([
    'test/round-1/1',
    'repair/round-1/1',
    'tools/round-1/1',
    'tests/test/a.test.ts/2',
    'red/tests/2',
    'check/tree/2',
    'test/round-2/1',
  ]);
  expect(ended(p).outcome).toBe('green');
  const again = play({
    rounds: [[1]],
    respond: (c, s) =>
      c.kind === 'tools'
        ? {
            type: 'tools.done',
            id: c.id,
            round: s.round,
            turn: c.attempt,
            results: 'r',
            changes: [],
            refused: [],
            dispute,
            packages: [],
            blocked: null,
          }
        : undefined,
  });
  expect(again.ids.filter((i) => i.startsWith('tests/'))).toEqual(['tests/test/a.test.ts/1', 'tests/test/a.test.ts/2']);
});

test('a requested package is installed before the next round', () => {
  const p = play({
    rounds: [[1], []],
    respond: (c, s) =>
      c.kind === 'tools'
        ? {
            type: 'tools.done',
            id: c.id,
            round: s.round,
            turn: c.attempt,
            results: 'r',
            changes: [],
            refused: [],
            dispute: null,
            packages: ['zod'],
            blocked: null,
          }
        : undefined,
  });
  expect(p.ids.slice(8, 14)).toEqual([
    'test/round-1/1',
    'repair/round-1/1',
    'tools/round-1/1',
    'install/packages/2',
    'check/tree/2',
    'test/round-2/1',
  ]);
});

test('a conversation that never ends is ended after twelve turns', () => {
  const p = play({
    rounds: [[1], []],
    answer: (c) => (c.step === 'repair' ? { kind: 'turn', calls: [call('read')], text: '' } : undefined),
  });
  expect(p.ids.filter((i) => i.startsWith('repair/round-1'))).toHaveLength(12);
  expect(ended(p).outcome).toBe('green');
});

test('a commit that is not green in the clean room is repaired, and given up after three proofs', () => {
  const p = play({
    rounds: [[], []],
    respond: (c, s) =>
      c.kind === 'prove'
        ? {
            type: 'proven',
            id: c.id,
            commit: s.commits.candidate?.commit ?? '',
            tree: 't',
            verdict: { kind: 'flaky', reason: '1 of 2 runs' },
            tests: [],
            report: 'r',
            runs: 2,
            seeds: [],
            unreverted: [],
            statement: null,
            ms: 1,
          }
        : undefined,
  });
  expect(p.ids.filter((i) => i.startsWith('prove/'))).toEqual(['prove/candidate/1', 'prove/candidate/2', 'prove/candidate/3']);
  expect(ended(p)).toEqual({ outcome: 'red', reason: 'the clean-room run is not green: 1 of 2 runs', branch: 'redgreen/greeter' });
});

test.each([
  {
    said: { verdict: { kind: 'tampered', reason: 'files of the commit are not what was locked: x.test.ts' }, runs: 0, unreverted: [] },
    end: { outcome: 'blocked', reason: 'the clean-room run was not made: files of the commit are not what was locked: x.test.ts' },
  },
  {
    said: { verdict: { kind: 'red', reason: '1 test passes also without the implementation: t' }, runs: 3, unreverted: ['t'] },
    end: { outcome: 'red', reason: 'the clean-room run is not green: 1 test passes also without the implementation: t' },
  },
] as const)('what no repair of the code could change ends the run at once: $end.outcome', ({ said, end }) => {
  const proven = { type: 'proven', tree: 't', tests: [], report: 'r', seeds: [], statement: null, ms: 1 } as const;
  const p = play({
    respond: (c, s) => (c.kind === 'prove' ? { ...proven, ...said, id: c.id, commit: s.commits.candidate?.commit ?? '' } : undefined),
  });
  expect(p.ids.filter((i) => /^(prove|repair)\//.test(i))).toEqual(['prove/candidate/1']);
  expect(ended(p)).toEqual({ ...end, branch: 'redgreen/greeter' });
});

test('tests that pass without a safe box are never called green', () => {
  const p = play();
  const unsafe = p.events.map((e) => (e.type === 'box.chosen' ? { ...e, safe: false } : e)).filter((e) => e.type !== 'ended');
  const state = unsafe.reduce(reduce, initialState);
  expect(next(state).map((c) => c.id)).toEqual(['end/run/1']);
});

test('a failed command ends the run as failed and leaves it resumable', () => {
  const p = play({
    respond: (c) =>
      c.id === 'draft/src/b.ts/1'
        ? { type: 'failed', id: c.id, code: 'model.unreachable', message: 'no answer', retryable: true }
        : undefined,
  });
  expect(p.state.ended).toMatchObject({ outcome: 'failed', reason: 'no answer', code: 'model.unreachable' });
  const resumed = reduce(p.state, { type: 'resumed', lost: [], limits, v: EVENT_VERSION, seq: 99, at: 99 });
  expect(next(resumed).map((c) => c.id)).toContain('draft/src/b.ts/1');
  expect(next(resumed).map((c) => c.id)).not.toContain('draft/src/a.ts/1');
});

test('a best tree that cannot be committed ends the run as failed, not in a circle', () => {
  const p = play({
    rounds: [[1], [1]],
    respond: (c) =>
      c.kind === 'commit' ? { type: 'failed', id: c.id, code: 'git', message: 'the disk is full', retryable: false } : undefined,
  });
  expect(p.ids.slice(-2)).toEqual(['commit/tests/1', 'end/run/1']);
  expect(p.state.ended).toMatchObject({ outcome: 'failed', reason: 'the disk is full', code: 'git' });
});

test('a run may be cut off after any event, or fail in any command, and goes on to the same end', () => {
  const rounds = [[1, 2], []];
  const whole = play({ rounds });
  for (let length = 1; length < whole.events.length; length += 1) {
    const before = whole.events.slice(0, length);
    expect(ended(play({ rounds, before })), `cut off after ${JSON.stringify(before.at(-1))}`).toEqual(ended(whole));
  }
  for (const id of whole.ids) {
    const failed = play({
      rounds,
      respond: (c) => (c.id === id ? { type: 'failed', id, code: 'git', message: 'no', retryable: false } : undefined),
    });
    expect(ended(play({ rounds, before: failed.events })), `failed in ${id}`).toEqual(ended(whole));
  }
});

test('the fold is the same however often it is made', () => {
  const p = play({ rounds: [[1, 2], [1, 2, 3], [1], []] });
  expect(p.events.reduce(reduce, initialState)).toEqual(p.state);
});

test('the plan in these tests is the one accepted', () => {
  expect(play().state.plan).toEqual(plan);
});
