import { describe, expect, it } from 'vitest';
import type { Body } from '../../src/core/events.ts';
import { EVENT_VERSION } from '../../src/core/events.ts';
import { next } from '../../src/core/next.ts';
import type { Plan } from '../../src/core/plan.ts';
import { initialState, reduce } from '../../src/core/reduce.ts';
import { awaitsPlan, workedMs } from '../../src/core/reduce-words.ts';
import type { State } from '../../src/core/state.ts';
import { created, plan, play, type Rounds } from './world.ts';

const say = (s: State, body: Body, at = s.lastAt): State => reduce(s, { ...body, v: EVENT_VERSION, seq: 1, at });
const answered = (s: State, attempt: number): State =>
  say(s, {
    type: 'answered',
    id: `plan/plan/${attempt}`,
    step: 'plan',
    subject: 'plan',
    attempt,
    reply: 'r',
    stop: 'end',
    model: 'm',
    usage: { input: 1, cached: 0, cacheWrite: 0, output: 1, reasoning: 0 },
    cost: 0,
    sentCharacters: 1,
    content: { kind: 'plan', plan },
  });
const begun = (s: State, id: string): State => {
  const [step = '', subject = '', n = '1'] = id.split('/');
  const kind = step === 'plan' || step === 'repair' ? 'ask' : 'vet-plan';
  return say(s, { type: 'started', id, kind, step, subject, attempt: Number(n), reserved: 0, reservedTokens: 0 });
};
const vetted = (s: State, n: number, violations: readonly { where: string; message: string }[] = []): State =>
  say(begun(s, `vet/plan/${n}`), { type: 'plan.vetted', id: `vet/plan/${n}`, violations });
const ids = (s: State) => next(s).map((c) => c.id);
const asked = say(initialState, { ...created, approve: true });

describe('a plan and its user', () => {
  const waiting = vetted(answered(begun(asked, 'plan/plan/1'), 1), 1);

  it('waits for a word, and goes on when it is approved', () => {
    expect([awaitsPlan(waiting), ids(waiting)]).toEqual([true, []]);
    const approved = say(waiting, { type: 'plan.approved', remark: '' });
    expect([awaitsPlan(approved), approved.plan?.name]).toEqual([false, 'greeter']);
  });

  it('is asked for again with what the user said, also when they say it while it is written', () => {
    expect(ids(say(waiting, { type: 'plan.rejected', remark: 'smaller' }))).toEqual(['plan/plan/2']);
    expect(ids(say(waiting, { type: 'remark', text: 'smaller' }))).toEqual(['plan/plan/2']);
    const meanwhile = answered(say(begun(asked, 'plan/plan/1'), { type: 'remark', text: 'smaller' }), 1);
    expect(ids(meanwhile)).toEqual(['plan/plan/2']);
    const again = answered(begun(meanwhile, 'plan/plan/2'), 2);
    expect(ids(again)).toEqual(['vet/plan/2']);
  });

  it('is vetted again when the user edits it, and theirs to mend', () => {
    const edited = say(waiting, { type: 'plan.edited', plan: { ...plan, name: 'mine' } });
    expect(ids(edited)).toEqual(['vet/plan/2']);
    const refused = vetted(edited, 2, [{ where: 'files', message: 'no' }]);
    expect([ids(refused), awaitsPlan(refused), refused.planning.refusals]).toEqual([[], true, 0]);
    const mended = vetted(say(refused, { type: 'plan.edited', plan: { ...plan, name: 'better' } }), 3);
    expect(say(mended, { type: 'plan.approved', remark: '' }).plan?.name).toBe('better');
    expect(ids(say(refused, { type: 'plan.rejected', remark: 'you do it' }))).toEqual(['plan/plan/3']);
  });

  it('keeps its shape when an edit comes where nothing waits for it', () => {
    const going = say(waiting, { type: 'plan.approved', remark: '' });
    expect(say(going, { type: 'plan.edited', plan: { ...plan, name: 'late' } })).toEqual(going);
  });
});

describe('a remark on a run that works', () => {
  /** Plays on from where the command `at` has ended, with a remark. `plans` are what the planner answers from then on. */
  const remarked = (rounds: Rounds, at: string, plans: readonly Plan[]) => {
    const all = play({ rounds });
    const cut = all.events.findIndex((e) => 'id' in e && e.id === at && e.type !== 'started');
    const remark = { type: 'remark', text: 'use tabs', v: EVENT_VERSION, seq: 1, at: 1 } as const;
    const asked = [...plans];
    return play({
      rounds,
      before: [...all.events.slice(0, cut + 1), remark],
      answer: (c) => (c.step === 'plan' ? { kind: 'plan', plan: asked.shift() ?? plan } : undefined),
    });
  };
  const since = (played: { readonly ids: readonly string[] }) => played.ids.slice(0, played.ids.indexOf('commit/tests/1'));

  it('changes the plan, and what it changed there is written, proven and tested again', () => {
    const [first, second] = plan.files;
    if (!first || !second) throw new Error('the fixture has two files');
    const changed = {
      ...plan,
      files: [{ ...first, purpose: 'a, with tabs' }, second],
      tests: plan.tests.map((t) => ({ ...t, checks: ['tabs'] })),
    };
    const played = remarked([[], []], 'check/tree/1', [changed]);
    expect(since(played)).toEqual([
      'plan/plan/2',
      'vet/plan/2',
      'tests/test/a.test.ts/11',
      'draft/src/a.ts/11',
      'red/tests/2',
      'check/tree/2',
      'test/round-1/1',
    ]);
    expect(played.state.remarks).toEqual([{ text: 'use tabs', fate: 'planned' }]);
    expect(played.state.sources).toEqual({ 'src/a.ts': 'blob-src/a.ts-11', 'src/b.ts': 'blob-src/b.ts-1' });
    expect(played.state.ended?.outcome).toBe('green');
  });

  it('gets a round of its own where it changes nothing of the plan and no repair would have come', () => {
    const played = remarked([[], []], 'check/tree/1', [plan]);
    expect(since(played)).toEqual([
      'plan/plan/2',
      'vet/plan/2',
      'test/round-1/1',
      'repair/round-1/1',
      'tools/round-1/1',
      'repair/round-1/2',
      'check/tree/2',
      'test/round-2/1',
    ]);
    expect(played.state.remarks).toEqual([{ text: 'use tabs', fate: 'heard' }]);
    expect(played.state.ended?.outcome).toBe('green');
  });

  it('is heard by the next repair where there is one', () => {
    const { state, ids: all } = remarked([[1], []], 'check/tree/1', [plan]);
    expect(state.remarks).toEqual([{ text: 'use tabs', fate: 'heard' }]);
    expect(all.filter((id) => id.startsWith('test/'))).toEqual(['test/round-1/1', 'test/round-2/1']);
  });

  it('adds files and takes files out', () => {
    const [first] = plan.files;
    if (!first) throw new Error('the fixture has files');
    const other = { ...plan, files: [first, { path: 'src/c.ts', purpose: 'c', contract: '', uses: [] }] };
    const played = remarked([[], []], 'check/tree/1', [other]);
    expect(since(played).filter((id) => /^(draft|tests)/.test(id))).toEqual(['draft/src/c.ts/11']);
    expect(Object.keys(played.state.sources)).toEqual(['src/a.ts', 'src/c.ts']);
  });

  it('leaves the plan as it was when no changed one can be carried out', () => {
    const all = play({ rounds: [[], []] });
    const cut = all.events.findIndex((e) => 'id' in e && e.id === 'check/tree/1' && e.type !== 'started');
    const remark = { type: 'remark', text: 'use tabs', v: EVENT_VERSION, seq: 1, at: 1 } as const;
    const played = play({
      rounds: [[], []],
      before: [...all.events.slice(0, cut + 1), remark],
      respond: (c) => (c.kind === 'vet-plan' ? { type: 'plan.vetted', id: c.id, violations: [{ where: 'x', message: 'no' }] } : undefined),
    });
    expect(played.ids.filter((id) => id.startsWith('plan/'))).toEqual(['plan/plan/2', 'plan/plan/3', 'plan/plan/4']);
    expect(played.state.ended?.outcome).toBe('green');
    expect(played.state.remarks[0]?.fate).toBe('heard');
  });

  it('goes on with the new plan where the packages of the old one cannot be installed', () => {
    const accepted = vetted(answered(begun(say(initialState, created), 'plan/plan/1'), 1), 1);
    const failed = say(say(accepted, { type: 'remark', text: 'use tabs' }), {
      type: 'installed',
      id: 'install/packages/1',
      attempt: 1,
      files: {},
      deps: null,
      problems: ['no such package'],
    });
    expect(ids(failed)).toEqual(['plan/plan/2']);
    const again = vetted(answered(begun(failed, 'plan/plan/2'), 2), 2);
    expect([again.plan?.name, again.planning.amends]).toEqual(['greeter', false]);
    expect(ids(again)).toContain('install/packages/2');
  });

  it('is late when the code is green already', () => {
    const { state, ids: all } = remarked([[], []], 'test/round-1/1', []);
    expect(state.remarks).toEqual([{ text: 'use tabs', fate: 'late' }]);
    expect(all.some((id) => /^(repair|plan)/.test(id))).toBe(false);
    expect(state.ended?.outcome).toBe('green');
  });
});

describe('a pause', () => {
  it('begins nothing new, and its time does not count', () => {
    const paused = say(say(initialState, created, 1000), { type: 'paused' }, 3000);
    expect(ids(paused)).toEqual([]);
    expect(workedMs(paused, 9000)).toBe(2000);
    const on = say(paused, { type: 'continued' }, 8000);
    expect(ids(on)).toEqual(['plan/plan/1']);
    expect(workedMs(on, 9000)).toBe(3000);
    const resumed = say(paused, { type: 'resumed', lost: [], limits: created.limits }, 20_000);
    expect([resumed.pausedAt, workedMs(resumed, 21_000)]).toEqual([null, 3000]);
  });

  it('may be ended by a stop', () => {
    const stopped = say(say(asked, { type: 'paused' }), { type: 'stopped', reason: 'stop' });
    expect(ids(stopped)).toEqual(['end/run/1']);
  });
});

describe('a remark where code that exists is changed', () => {
  const created = { mode: 'change', base: { commit: 'c', files: ['a.js'] } } as const;
  const heard = (until: string) => {
    const { events } = play({ created });
    const at = events.findIndex((event) => event.type === 'started' && event.id === until);
    const before = events.slice(0, at).reduce(reduce, initialState);
    return reduce(before, { type: 'remark', text: 'Keep the names.', v: EVENT_VERSION, seq: at + 1, at });
  };

  it.each(['survey/repository/1', 'reproduce/tests-1/1'])('waits for the next prompt, and asks for no plan (before %s)', (until) => {
    const state = heard(until);
    expect(state.remarks).toEqual([{ text: 'Keep the names.', fate: 'open' }]);
    expect(state.planning.remarks).toEqual([]);
    const [command] = next(state);
    expect(command?.id).toBe(until);
  });
});
