// A short run, event by event, as the screens' tests read it: plan, red proof, one failing round, repair, proof, branch.
import type { Body, Event, TestLine } from '../../src/core/events.ts';
import { EVENT_VERSION } from '../../src/core/events.ts';
import type { Plan } from '../../src/core/plan.ts';
import { initialState, reduce } from '../../src/core/reduce.ts';
import type { State } from '../../src/core/state.ts';

export const START = Date.UTC(2026, 10, 23, 12, 0, 0);
const ref = (letter: string) => letter.repeat(64);

export const plan: Plan = {
  name: 'wordcount',
  summary: 'Counts words in files',
  language: 'typescript',
  runner: 'node:test',
  files: [
    {
      path: 'src/count.ts',
      purpose: 'Counts the words of a text',
      contract: 'export declare function count(text: string): number;',
      uses: [],
    },
    { path: 'src/cli.ts', purpose: 'Reads files and prints counts', contract: '', uses: ['src/count.ts'] },
  ],
  tests: [{ path: 'test/count.test.ts', checks: ['counts words', 'takes an empty text'], uses: ['src/count.ts'] }],
  packages: [],
  decisions: ['a word is a run of letters'],
  commands: [],
};

const models = ['openai/gpt-5.4'];
const usage = { input: 1000, cached: 200, cacheWrite: 0, output: 400, reasoning: 0 };
const failing = "count('') is 1\u001b]0;owned\u0007 instead of 0";

export const lines = (second: TestLine['status']): TestLine[] => [
  { id: 'test/count.test.ts › counts words', path: 'test/count.test.ts', status: 'passed', why: '' },
  { id: 'test/count.test.ts › empty text', path: 'test/count.test.ts', status: second, why: second === 'passed' ? '' : failing },
];

const answer = (
  step: 'plan' | 'tests' | 'draft' | 'repair',
  subject: string,
  content: Extract<Body, { type: 'answered' }>['content'],
): Body => ({
  type: 'answered',
  id: `${step}/${subject}/1`,
  step,
  subject,
  attempt: 1,
  reply: ref('a'),
  stop: 'end',
  model: 'openai/gpt-5.4',
  usage,
  cost: 0.0125,
  sentCharacters: 4000,
  content,
});
export const started = (kind: Extract<Body, { type: 'started' }>['kind'], step: string, subject: string, attempt = 1): Body => ({
  type: 'started',
  id: `${step}/${subject}/${attempt}`,
  kind,
  step,
  subject,
  attempt,
  reserved: kind === 'ask' ? 0.05 : null,
  reservedTokens: 0,
});

export const created: Body = {
  type: 'run.created',
  run: '20261123-120000-ab12',
  redgreen: '0.1.0',
  node: '24.21.0',
  prompt: ref('0'),
  title: 'a tool that counts words',
  mutants: 0,
  dir: '/home/u/words',
  createdRepository: true,
  onto: null,
  kept: {},
  mode: 'new',
  given: {},
  check: null,
  models: { plan: models, tests: models, draft: models, repair: models },
  limits: { money: 2, tokens: null, requests: null, rounds: 12, wallMs: 3_600_000 },
  concurrency: 8,
  approve: false,
  language: null,
  runner: null,
  base: { commit: null, files: [] },
  source: 'live',
};

/** Up to the moment when two files and the tests are being written. */
export const opening: readonly Body[] = [
  created,
  { type: 'box.chosen', rung: 'bubblewrap, own uid, seccomp', safe: true },
  started('ask', 'plan', 'plan'),
  answer('plan', 'plan', { kind: 'plan', plan }),
  { type: 'plan.vetted', id: 'vet/plan/1', violations: [] },
  started('ask', 'tests', 'test/count.test.ts'),
  started('ask', 'draft', 'src/count.ts'),
  started('ask', 'draft', 'src/cli.ts'),
  answer('draft', 'src/count.ts', { kind: 'file', blob: ref('b'), characters: 640 }),
];

/** From there to the repair after a failing round. */
export const middle: readonly Body[] = [
  { type: 'waiting', id: 'draft/src/cli.ts/1', ms: 2000, reason: 'the provider is busy' },
  answer('draft', 'src/cli.ts', { kind: 'file', blob: ref('c'), characters: 1840 }),
  answer('tests', 'test/count.test.ts', { kind: 'file', blob: ref('d'), characters: 900 }),
  { type: 'installed', id: 'install/packages/1', attempt: 1, files: {}, deps: null, problems: [] },
  started('red', 'red', 'tests'),
  {
    type: 'red.proven',
    baseline: [],
    id: 'red/tests/1',
    attempt: 1,
    mended: [],
    problems: [],
    report: ref('e'),
    tests: lines('failed').map(({ id, path }) => ({ id, path, throwing: 'failed', wrong: 'failed' })),
  },
  {
    type: 'checked',
    id: 'check/tree/1',
    mended: [{ path: 'src/cli.ts', blob: ref('f'), fixes: ['added an import'] }],
    diagnostics: [{ path: 'src/cli.ts', line: 12, code: 'TS2322', message: 'Type string is not assignable to type number.' }],
  },
  started('test', 'test', 'round-1'),
  {
    type: 'tested',
    id: 'test/round-1/1',
    round: 1,
    verdict: { kind: 'red', reason: '1 of 2 tests failed' },
    tests: lines('failed'),
    report: ref('1'),
    ms: 1234,
  },
  started('ask', 'repair', 'round-1'),
];

/** From there to the branch. */
export const closing: readonly Body[] = [
  answer('repair', 'round-1', { kind: 'turn', calls: [{ id: '1', name: 'edit', args: {}, raw: '{}' }], text: '' }),
  {
    type: 'tools.done',
    id: 'tools/round-1/1',
    round: 1,
    turn: 1,
    results: ref('2'),
    changes: [{ path: 'src/count.ts', blob: ref('3') }],
    refused: ['test/count.test.ts'],
    dispute: null,
    packages: [],
    blocked: null,
  },
  {
    type: 'tested',
    id: 'test/round-2/1',
    round: 2,
    verdict: { kind: 'green', reason: 'all 2 tests passed' },
    tests: lines('passed'),
    report: ref('4'),
    ms: 1100,
  },
  { type: 'committed', id: 'commit/candidate/1', name: 'candidate', commit: '1'.repeat(40), tree: '2'.repeat(40) },
  {
    type: 'proven',
    id: 'prove/candidate/1',
    commit: '1'.repeat(40),
    tree: '2'.repeat(40),
    verdict: { kind: 'green', reason: 'all 2 tests passed' },
    tests: lines('passed'),
    report: ref('5'),
    runs: 3,
    seeds: [1, 2, 3],
    unreverted: [],
    statement: null,
    ms: 4321,
  },
  { type: 'shipped', id: 'ship/branch/1', branch: 'redgreen/wordcount', commit: '3'.repeat(40), checkedOut: true },
  {
    type: 'ended',
    outcome: 'green',
    reason: 'all 2 tests pass, proven in a clean room',
    code: null,
    branch: 'redgreen/wordcount',
    commit: '3'.repeat(40),
  },
];

/** The bodies as journaled events, one second apart, each with the state after it. */
export function play(bodies: readonly Body[]): readonly { readonly event: Event; readonly state: State }[] {
  let state = initialState;
  return bodies.map((body, i) => {
    const event: Event = { ...body, v: EVENT_VERSION, seq: i + 1, at: START + i * 1000 };
    state = reduce(state, event);
    return { event, state };
  });
}
