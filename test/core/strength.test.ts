// What mutants change in a run: played by the core alone.
import { describe, expect, test } from 'vitest';
import type { Body, Command, Survivor } from '../../src/core/events.ts';
import { initialState, reduce } from '../../src/core/reduce.ts';
import { strengthPath } from '../../src/core/reduce-strength.ts';
import type { State } from '../../src/core/state.ts';
import { worstFirst } from '../../src/core/survivors.ts';
import { call, limits, type Played, plan, play, type Script } from './world.ts';

const STRENGTH = 'test/strength.test.ts';
const OWN = 'test/a.test.ts › t1';
const ADDED = `${STRENGTH} › s1`;
const survivor = (inside: string, operator = 'boundary', path = 'src/a.ts', line = 1): Survivor => ({
  path,
  line,
  inside,
  operator,
  behaviour: `${inside} is off by one`,
});
const alive = [survivor('a'), survivor('b', 'text', 'src/b.ts')];

interface Told {
  /** For each round: ids that fail. */
  readonly failing?: readonly (readonly string[])[];
  readonly red?: (attempt: number) => { readonly where: string; readonly message: string }[];
  readonly respond?: Script['respond'];
  readonly answer?: Script['answer'];
  readonly created?: Script['created'];
  readonly before?: Script['before'];
}

/** A run with mutants, two of which survive the first time; the added file holds one test. */
function strengthen(told: Told = {}): Played {
  const ids = (s: State) => [OWN, ...(s.tests[STRENGTH] ? [ADDED] : [])];
  const respond = (c: Command, s: State): Body | undefined => {
    const own = told.respond?.(c, s);
    if (own) return own;
    if (c.kind === 'mutate' && c.attempt === 1)
      return { type: 'mutated', id: c.id, attempt: 1, mutants: 10, killed: 8, survivors: alive, cut: false, ms: 5 };
    if (c.kind === 'mutate')
      return { type: 'mutated', id: c.id, attempt: 2, mutants: 2, killed: 1, survivors: [alive[1] as Survivor], cut: false, ms: 5 };
    if (c.kind === 'red') {
      const tests = ids(s).map((id) => ({ id, path: id.split(' › ')[0] ?? '', throwing: 'failed' as const, wrong: 'failed' as const }));
      return {
        type: 'red.proven',
        baseline: [],
        id: c.id,
        attempt: c.attempt,
        mended: [],
        problems: told.red?.(c.attempt) ?? [],
        tests,
        report: 'r',
      };
    }
    if (c.kind !== 'test') return undefined;
    const failing = (told.failing?.[Math.min(s.round, told.failing.length - 1)] ?? []).filter((id) => ids(s).includes(id));
    const tests = ids(s).map((id) => {
      const status = failing.includes(id) ? ('failed' as const) : ('passed' as const);
      return { id, path: id.split(' › ')[0] ?? '', status, why: status === 'failed' ? 'expected 3, got 4' : '' };
    });
    const verdict = failing.length === 0 ? ({ kind: 'green', reason: 'all' } as const) : ({ kind: 'red', reason: 'some' } as const);
    return { type: 'tested', id: c.id, round: s.round + 1, verdict, tests, report: `report-${s.round + 1}`, ms: 1 };
  };
  const { answer, before } = told;
  return play({ created: { mutants: 30, ...told.created }, respond, ...(answer ? { answer } : {}), ...(before ? { before } : {}) });
}

const tail = (p: Played) => p.ids.slice(p.ids.indexOf('mutate/code/1'));
const proof = (n: number) => [
  `commit/tests/${n}`,
  `commit/candidate/${n}`,
  `prove/candidate/${n}`,
  `commit/final/${n}`,
  `ship/branch/${n}`,
  'end/run/1',
];

test('mutants are tried once the tests are green; when none survives the run goes on to its proof', () => {
  const p = play({ created: { mutants: 30 } });
  expect(tail(p)).toEqual([
    'mutate/code/1',
    'commit/tests/1',
    'commit/candidate/1',
    'prove/candidate/1',
    'commit/final/1',
    'ship/branch/1',
    'end/run/1',
  ]);
  expect(p.state.strength).toMatchObject({ mutants: 10, killed: 10, survivors: [], path: null, dropped: null, done: true });
  expect(play().ids).not.toContain('mutate/code/1');
});

test('survivors bring one more test file, which is proven red, run, and tried on the survivors', () => {
  const p = strengthen();
  expect(tail(p)).toEqual([
    'mutate/code/1',
    `tests/${STRENGTH}/1`,
    'red/tests/2',
    'check/tree/2',
    'test/round-2/1',
    'mutate/code/2',
    ...proof(1).slice(0, 3),
    'commit/final/1',
    'ship/branch/1',
    'end/run/1',
  ]);
  expect(p.state.strength).toMatchObject({ attempts: 2, mutants: 10, killed: 9, survivors: [alive[1]], ms: 10, dropped: null });
  expect(p.state.plan?.tests[1]).toEqual({
    path: STRENGTH,
    checks: ['`a` of src/a.ts: a is off by one', '`b` of src/b.ts: b is off by one'],
    uses: ['src/a.ts', 'src/b.ts'],
  });
  expect(p.state.ended?.outcome).toBe('green');
  expect(p.state.red.tests.map((t) => t.id)).toEqual([OWN, ADDED]);
});

describe('added tests that the code fails', () => {
  test('go to their author once, who may correct them', () => {
    const p = strengthen({ failing: [[], [ADDED], []] });
    expect(tail(p).slice(1, 9)).toEqual([
      `tests/${STRENGTH}/1`,
      'red/tests/2',
      'check/tree/2',
      'test/round-2/1',
      `tests/${STRENGTH}/2`,
      'red/tests/3',
      'check/tree/3',
      'test/round-3/1',
    ]);
    expect(p.state.tests[STRENGTH]?.disputed).toContain('"test/strength.test.ts › s1" (expected 3, got 4)');
    expect(p.state.ended?.outcome).toBe('green');
  });

  test('are repaired against when their author holds to them', () => {
    const p = strengthen({ failing: [[], [ADDED], [ADDED], []] });
    expect(p.ids).toContain('repair/round-3/1');
    expect(p.state.sources['src/a.ts']).toBe('edit-3');
    expect(p.state.strength).toMatchObject({ dropped: null, killed: 9 });
    expect(p.state.ended?.outcome).toBe('green');
  });

  test('are given up when no repair satisfies both; the code is what it was, and the run is green', () => {
    const p = strengthen({ failing: [[], [ADDED]] });
    expect(p.state.strength).toMatchObject({
      dropped: expect.stringContaining('no repair satisfied both'),
      killed: 8,
      survivors: alive,
      done: true,
    });
    expect(Object.keys(p.state.tests)).toEqual(['test/a.test.ts']);
    expect(p.state.plan?.tests).toEqual(plan.tests);
    expect(p.state.red.tests.map((t) => t.id)).toEqual([OWN]);
    expect(p.state.sources).toEqual({ 'src/a.ts': 'blob-src/a.ts-1', 'src/b.ts': 'blob-src/b.ts-1' });
    expect(p.ids.filter((i) => i.startsWith('mutate/'))).toEqual(['mutate/code/1']);
    expect(p.state.ended?.outcome).toBe('green');
  });

  test('are to blame for whatever fails while the code is untouched', () => {
    const p = strengthen({ failing: [[], [OWN, ADDED], []] });
    expect(p.ids).toContain(`tests/${STRENGTH}/2`);
    expect(p.ids.some((i) => i.startsWith('repair/'))).toBe(false);
  });

  test('do not count as progress or loss against the tree before them', () => {
    const p = strengthen({ failing: [[], [ADDED], [ADDED], [OWN], []] });
    expect(p.state.ended?.outcome).toBe('green');
  });
});

describe('a run that was green never ends otherwise because tests were added', () => {
  const green = (p: Played) => ({ outcome: p.state.ended?.outcome, dropped: p.state.strength?.dropped, tests: Object.keys(p.state.tests) });
  const given = (dropped: string) => ({ outcome: 'green', dropped: expect.stringContaining(dropped), tests: ['test/a.test.ts'] });

  test('an author who gives no usable file', () => {
    const bad = { kind: 'bad', violations: [{ where: 'reply', message: 'is empty' }] } as const;
    expect(green(strengthen({ answer: (c) => (c.subject === STRENGTH ? bad : undefined) }))).toEqual(given('no usable reply'));
  });

  test('an author who says that there is nothing to test', () => {
    const none = { kind: 'blocked', reason: 'the plan settles none' } as const;
    expect(green(strengthen({ answer: (c) => (c.subject === STRENGTH ? none : undefined) }))).toEqual(
      given('their author finds nothing to test: the plan settles none'),
    );
  });

  test('tests that cannot be proven red', () => {
    const vacuous = { where: STRENGTH, message: 'proves nothing' };
    const respond: Script['respond'] = (c) =>
      c.kind === 'red' && c.attempt > 1
        ? {
            type: 'red.proven',
            baseline: [],
            id: c.id,
            attempt: c.attempt,
            mended: [],
            problems: [vacuous],
            tests: [{ id: OWN, path: 'test/a.test.ts', throwing: 'failed', wrong: 'failed' }],
            report: 'r',
          }
        : undefined;
    const p = strengthen({ respond });
    expect(p.ids.filter((i) => i.startsWith(`tests/${STRENGTH}`))).toHaveLength(3);
    expect(green(p)).toEqual(given('could not be proven red'));
  });

  test.each(['tests', 'repair'])('a cap that the next request to %s would overshoot', (step) => {
    const respond: Script['respond'] = (c, s) =>
      c.kind === 'ask' && c.step === step && s.strength
        ? { type: 'budget.reached', of: 'run', cap: 'money', reason: 'the next request may cost up to $1' }
        : undefined;
    expect(green(strengthen({ failing: [[], [ADDED]], respond }))).toEqual(given('may cost up to $1'));
  });

  test('rounds that are used up', () => {
    const p = strengthen({ failing: [[], [ADDED]], created: { limits: { ...limits, rounds: 3 } } });
    expect(green(p)).toEqual(given('3 rounds are used up'));
  });

  test('a repairer who says that it cannot be done', () => {
    const respond: Script['respond'] = (c, s) =>
      c.kind === 'tools'
        ? {
            type: 'tools.done',
            id: c.id,
            round: s.round,
            turn: 1,
            results: 'r',
            changes: [],
            refused: [],
            dispute: null,
            packages: [],
            blocked: 'they contradict the plan',
          }
        : undefined;
    expect(
      green(
        strengthen({
          failing: [[], [ADDED]],
          respond,
          answer: (c) => (c.step === 'repair' ? { kind: 'turn', calls: [call('blocked')], text: '' } : undefined),
        }),
      ),
    ).toEqual(given('contradict the plan'));
  });

  test('a model that does not answer', () => {
    const respond: Script['respond'] = (c) =>
      c.id === `tests/${STRENGTH}/1`
        ? { type: 'failed', id: c.id, code: 'model.unreachable', message: 'no answer', retryable: true }
        : undefined;
    expect(green(strengthen({ respond }))).toEqual(given('no answer'));
  });

  test.each([{ tests: [ADDED] }, { tests: [] }])('a clean room in which only they do not hold: $tests', ({ tests }) => {
    const respond: Script['respond'] = (c, s) =>
      c.id === 'prove/candidate/1'
        ? {
            type: 'proven',
            id: c.id,
            commit: s.commits.candidate?.commit ?? '',
            tree: 't',
            verdict: { kind: 'flaky', reason: '1 of 3 runs' },
            tests: tests.map((id) => ({ id, path: STRENGTH, status: 'failed', why: 'no' })),
            report: 'r',
            runs: 3,
            seeds: [],
            unreverted: [],
            statement: null,
            ms: 1,
          }
        : undefined;
    const p = strengthen({ respond });
    expect(green(p)).toEqual(given('did not hold in the clean room'));
    expect(p.ids).toContain('commit/tests/2');
  });
});

test('the user and the clock still end a run while tests are added', () => {
  const stop =
    (type: 'stopped' | 'deadline'): Script['respond'] =>
    (c) =>
      c.id === `tests/${STRENGTH}/1` ? (type === 'stopped' ? { type, reason: 'by the user' } : { type, id: 'deadline/run/1' }) : undefined;
  expect(strengthen({ respond: stop('stopped') }).state.ended?.outcome).toBe('interrupted');
  const late = strengthen({ respond: stop('deadline') });
  expect(late.state.ending?.outcome).toBe('budget');
});

test.each([
  { name: 'money', own: { ...limits, money: 0.05 } },
  { name: 'rounds', own: { ...limits, rounds: 2 } },
  { name: 'requests', own: { ...limits, requests: 5 } },
])('no tests are added where there is little room left: $name', ({ own }) => {
  const p = strengthen({ created: { limits: own } });
  expect(p.ids.some((i) => i.includes(STRENGTH))).toBe(false);
  expect(p.state.strength).toMatchObject({ mutants: 10, killed: 8, survivors: alive, path: null, done: true });
  expect(p.state.ended?.outcome).toBe('green');
});

test('a pause takes nothing of the time in which tests may be added', () => {
  const { events } = strengthen({ created: { limits: { ...limits, wallMs: 1000 } } });
  const cut = events.findIndex((e) => e.type === 'mutated');
  const mutated = events[cut];
  if (!mutated) throw new Error('the tests were tried on mutants');
  const before = { ...events.slice(0, cut).reduce(reduce, initialState), startedAt: 1 };
  const said = { v: mutated.v, seq: mutated.seq };
  const paused = reduce(before, { ...said, type: 'paused', at: before.lastAt });
  const on = reduce(paused, { ...said, type: 'continued', at: 5000 });
  expect(reduce(on, { ...mutated, at: 5001 }).strength?.path).toBe(STRENGTH);
  expect(reduce(before, { ...mutated, at: 5001 }).strength?.path).toBe(null);
});

test('a run with mutants may be cut off after any event and goes on to the same end', () => {
  for (const failing of [
    [[], [ADDED], [ADDED], []],
    [[], [ADDED]],
  ]) {
    const whole = strengthen({ failing });
    for (let length = 1; length < whole.events.length; length += 1) {
      const again = strengthen({ failing, before: whole.events.slice(0, length) });
      expect(again.state.ended?.outcome, `cut off after ${whole.events[length - 1]?.type}`).toBe('green');
    }
    expect(whole.events.reduce(reduce, initialState)).toEqual(whole.state);
  }
});

describe('which survivors are told', () => {
  test('what a contract names first, decisions before values, one function at a time', () => {
    const hidden = survivor('helper');
    const text = survivor('a', 'text', 'src/a.ts', 3);
    const limit = survivor('b', 'boundary', 'src/b.ts');
    const worst = survivor('a', 'logic', 'src/a.ts', 9);
    expect(worstFirst([hidden, text, limit, worst], plan)).toEqual([worst, text, limit, hidden]);
  });

  test('a few of each function before the rest', () => {
    const of = (inside: string, n: number) => Array.from({ length: n }, (_, i) => survivor(inside, 'boundary', 'src/a.ts', i + 1));
    const names = worstFirst([...of('a', 5), ...of('x', 2)], plan).map((s) => `${s.inside}${s.line}`);
    expect(names).toEqual(['a1', 'a2', 'a3', 'x1', 'x2', 'a4', 'a5']);
  });

  test('at most eight', () => {
    const many = Array.from({ length: 12 }, (_, i) => survivor('a', 'boundary', 'src/a.ts', i + 1));
    const respond: Script['respond'] = (c) =>
      c.id === 'mutate/code/1'
        ? { type: 'mutated', id: c.id, attempt: 1, mutants: 12, killed: 0, survivors: many, cut: false, ms: 1 }
        : undefined;
    expect(strengthen({ respond }).state.plan?.tests[1]?.checks).toHaveLength(8);
  });
});

test.each([
  ['test/a.test.ts', [], 'test/strength.test.ts'],
  ['a.spec.js', ['strength.spec.js'], 'strength_2.spec.js'],
  ['tests/test_a.py', [], 'tests/test_strength.py'],
  ['tests/a_test.py', [], 'tests/strength_test.py'],
])('beside %s the added file has a free name of the same style', (path, taken, expected) => {
  expect(strengthPath({ ...plan, tests: [{ path, checks: [], uses: [] }] }, new Set(taken))).toBe(expected);
});
