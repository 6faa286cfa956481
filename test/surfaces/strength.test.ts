// What a person reads of mutants and of the tests that they bring.
import { expect, test } from 'vitest';
import { EVENT_VERSION, type Event, type Survivor } from '../../src/core/events.ts';
import { initialState } from '../../src/core/reduce.ts';
import type { State, Strength } from '../../src/core/state.ts';
import { describe } from '../../src/surfaces/describe.ts';

const survivor = (line: number): Survivor => ({
  path: 'src/a.ts',
  line,
  inside: 'a',
  operator: 'boundary',
  behaviour: 'a limit is off by one',
});
const strength: Strength = {
  attempts: 1,
  mutants: 30,
  killed: 26,
  survivors: [1, 2, 3, 4].map(survivor),
  ms: 12_000,
  cut: false,
  path: 'test/strength.test.ts',
  before: {},
  dropped: null,
  done: false,
};
const told = (part: Partial<Strength>): State => ({ ...initialState, strength: { ...strength, ...part } });
const mutated = (part: Partial<Extract<Event, { type: 'mutated' }>> = {}): Event => ({
  type: 'mutated',
  id: 'mutate/code/1',
  attempt: 1,
  mutants: 30,
  killed: 26,
  survivors: strength.survivors,
  cut: false,
  ms: 12_000,
  v: EVENT_VERSION,
  seq: 1,
  at: 1,
  ...part,
});
const texts = (event: Event, state: State) => describe(event, state).map((l) => `${l.label}|${l.text}`);

test('the score, a few of what was not noticed, and what is asked for because of it', () => {
  expect(texts(mutated(), told({}))).toEqual([
    'strength|the tests notice 26 of 30 small changes to the code · 12 s',
    '|not noticed: a in src/a.ts:1, a limit is off by one',
    '|not noticed: a in src/a.ts:2, a limit is off by one',
    '|not noticed: a in src/a.ts:3, a limit is off by one',
    '|asking for tests of these: test/strength.test.ts',
  ]);
});

test('the second score counts both; a trial that was cut short says so', () => {
  const second = told({ attempts: 2, killed: 29, survivors: [survivor(1)], done: true });
  expect(texts(mutated({ attempt: 2, mutants: 4, killed: 3, survivors: [survivor(1)], cut: true }), second)).toEqual([
    'strength|the tests notice 29 of 30 small changes to the code · 12 s, cut short',
    '|not noticed: a in src/a.ts:1, a limit is off by one',
  ]);
});

test('nothing is said of a trial that showed nothing', () => {
  expect(
    texts(mutated({ mutants: 0, killed: 0, survivors: [] }), told({ mutants: 0, killed: 0, survivors: [], path: null, done: true })),
  ).toEqual([]);
});

test('tests that were given up are said with the proof', () => {
  const proven: Event = {
    type: 'proven',
    id: 'p',
    commit: 'c',
    tree: 't',
    verdict: { kind: 'green', reason: 'all' },
    tests: [],
    report: 'r',
    runs: 3,
    seeds: [],
    unreverted: [],
    statement: null,
    ms: 1000,
    v: EVENT_VERSION,
    seq: 1,
    at: 1,
  };
  expect(texts(proven, told({ done: true, dropped: 'no repair satisfied both' }))[0]).toBe(
    'strength|the tests asked for because of that were given up: no repair satisfied both',
  );
  expect(texts(proven, told({ done: true }))).toHaveLength(1);
});
