// A large task in several runs, as the screens tell it.
import { expect, test } from 'vitest';
import type { Body } from '../../src/core/events.ts';
import { NOTHING_USED } from '../../src/core/slices.ts';
import { describe } from '../../src/surfaces/describe.ts';
import { resultOf } from '../../src/surfaces/result.ts';
import { opening, play } from './events.ts';

const [created] = opening;
if (created?.type !== 'run.created') throw new Error('the opening is another');
const slice = (title: string) => ({ title, task: 'x' });
const begun: readonly Body[] = [
  { ...created, series: { first: 'r1', n: 2, done: ['Read'], expected: [], used: NOTHING_USED } },
  {
    type: 'answered',
    id: 'slices/task/1',
    step: 'slices',
    subject: 'task',
    attempt: 1,
    reply: '0',
    stop: 'end',
    model: 'm',
    usage: { input: 100, cached: 0, cacheWrite: 0, output: 10, reasoning: 0 },
    cost: 0.5,
    sentCharacters: 10,
    content: { kind: 'slices', slices: { now: slice('Write'), later: [slice('Serve'), slice('Stop')] } },
  },
];

test('each run says which part it does, and what comes then', () => {
  const { event, state } = play(begun).at(-1) ?? {};
  if (!event || !state) throw new Error('nothing was played');
  expect(describe(event, state).map((one) => `${one.label}: ${one.text}`)).toEqual([
    'part: milestone 2 of 4: Write',
    ': then: Serve; Stop',
  ]);
});

test('the result sums what all runs have used', () => {
  const state = play(begun).at(-1)?.state ?? null;
  const end = { outcome: 'green', reason: 'r', branch: 'b', commit: 'c', exitCode: 0 } as const;
  const milestones = [{ title: 'Read', run: 'r1', outcome: 'green' }] as const;
  const earlier = { cost: 1, unpriced: 2, tokens: 1_000, rounds: 3, ms: 10_000 };
  const result = resultOf({ ...end, milestones, earlier }, state);
  expect(result).toMatchObject({ cost: 1.5, unpriced: 2, tokens: 1_110, rounds: 3, milestones });
  expect(Object.keys(resultOf(end, state))).not.toContain('milestones');
});
