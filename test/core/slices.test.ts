import { describe, expect, test } from 'vitest';
import type { Command, Content } from '../../src/core/events.ts';
import { slicesPrompt } from '../../src/core/prompt-slices.ts';
import { composeTask, left, NOTHING_USED, parseSlices, type Series, type Slices } from '../../src/core/slices.ts';
import { limits, plan, play } from './world.ts';

const slice = (title: string) => ({ title, task: `Build ${title}.` });
const slices: Slices = { now: slice('the reader'), later: [slice('the writer'), slice('the server')] };
const series: Series = { first: 'r1', n: 1, done: [], expected: [], used: NOTHING_USED };
const bad: Content = { kind: 'bad', violations: [{ where: 'now.title', message: 'must be a short text' }] };

describe('a run of a series', () => {
  const answer = (content: (n: number) => Content) => (command: Command) => {
    if (command.step === 'slices') return content(command.attempt);
    return command.step === 'plan' ? ({ kind: 'plan', plan } as const) : undefined;
  };

  test('asks first which part it does, and nothing else until that is known', () => {
    const { ids, state } = play({ created: { series }, answer: answer((n) => (n === 1 ? bad : { kind: 'slices', slices })) });
    expect(ids.slice(0, 4)).toEqual(['slices/task/1', 'slices/task/2', 'plan/plan/1', 'vet/plan/1']);
    expect(state.slices).toEqual(slices);
    expect(state.ended?.outcome).toBe('green');
  });

  test('is blocked when it cannot be known', () => {
    const { ids, state } = play({ created: { series }, answer: answer(() => bad) });
    expect(ids).toEqual(['slices/task/1', 'slices/task/2', 'slices/task/3', 'end/run/1']);
    expect(state.ended).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('must be a short text') });
  });

  test('that changes code is named for its part, and its branch for the whole', () => {
    const created = { series, mode: 'change', title: 'A store of notes', base: { commit: 'c', files: ['a.js'] } } as const;
    const { ids, state } = play({
      created,
      answer: answer(() => ({ kind: 'slices', slices })),
      respond: (c) => (c.kind === 'baseline' ? { type: 'stopped', reason: 'x' } : undefined),
    });
    expect(ids.slice(0, 2)).toEqual(['slices/task/1', 'survey/repository/1']);
    expect(state.plan).toMatchObject({ name: 'a-store-of-notes', summary: 'the reader' });
  });

  test('every other run is as it was', () => {
    expect(play().ids[0]).toBe('plan/plan/1');
  });
});

describe('a reply', () => {
  test('is read with what models put around it', () => {
    expect(parseSlices(`Here:\n\`\`\`json\n${JSON.stringify(slices)}\n\`\`\``, 8)).toEqual({ slices });
    expect(parseSlices(JSON.stringify({ now: slice('all') }), 8)).toEqual({ slices: { now: slice('all'), later: [] } });
  });

  test.each([
    ['no json', 'nothing', 'reply'],
    ['no title', { now: { task: 'x' }, later: [] }, 'now.title'],
    ['an empty task', { now: slice('a'), later: [{ title: 'b', task: ' ' }] }, 'later[0].task'],
    ['texts for milestones', { now: slice('a'), later: ['b'] }, 'later[0].title'],
    ['later that is no list', { now: slice('a'), later: slice('b') }, 'later'],
    ['too many', { now: slice('a'), later: [slice('b'), slice('c')] }, 'later'],
    ['null', null, 'reply'],
  ])('with %s is sent back', (_, reply, where) => {
    const parsed = parseSlices(typeof reply === 'string' ? reply : JSON.stringify(reply), 2);
    expect('violations' in parsed && parsed.violations[0]?.where).toBe(where);
  });

  test('is cut to a size that can be kept', () => {
    const parsed = parseSlices(JSON.stringify({ now: { title: `a\n${'b'.repeat(500)}`, task: 'c'.repeat(50_000) }, later: [] }), 8);
    if (!('slices' in parsed)) throw new Error('it was not read');
    expect(parsed.slices.now.title.length).toBeLessThanOrEqual(100);
    expect(parsed.slices.now.title).not.toContain('\n');
    expect(parsed.slices.now.task.length).toBeLessThan(6_200);
  });
});

test('the task of a part names what is done, what comes later, and the whole', () => {
  const text = composeTask('WHOLE', slices, ['the model']);
  expect(text.startsWith('the reader\n\nBuild the reader.')).toBe(true);
  expect(text).toContain('Done before, and to stay as it is:\n- the model');
  expect(text).toContain('Later, not now:\n- the writer\n- the server');
  expect(text.endsWith('WHOLE')).toBe(true);
  expect(composeTask('WHOLE', { ...slices, later: [] }, [])).toContain('It is the last one');
});

test('caps are for all parts together, rounds for each', () => {
  const used = { money: 3, tokens: 10, requests: 2, wallMs: 5 };
  expect(left({ ...limits, requests: 5 }, used)).toEqual({ money: 0, tokens: null, requests: 3, rounds: limits.rounds, wallMs: null });
});

test('the prompt tells what is done and how many parts there may still be', () => {
  const spec = slicesPrompt({
    task: 'WHOLE',
    series: { ...series, n: 3, done: ['a', 'b'], expected: [slice('c')] },
    subjects: ['Add a'],
    files: ['src/a.ts'],
    problems: [],
  });
  expect(spec.parts[0]?.data).toMatchObject({ done: ['a', 'b'], subjects: ['Add a'], expected: ['c: Build c.'], room: 6 });
});
