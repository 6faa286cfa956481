// A run that changes code which exists, as events: a repository of pages whose last one is lost.
import type { Body, TestLine } from '../../src/core/events.ts';
import type { ToolCall } from '../../src/core/model.ts';
import type { Survey } from '../../src/core/survey.ts';
import { created as run, started } from './events.ts';

export const survey: Survey = {
  languages: [{ language: 'javascript', files: 41 }],
  manager: 'npm',
  lock: 'package-lock.json',
  packages: [
    {
      dir: '',
      name: 'pages',
      languages: ['javascript'],
      setups: [
        {
          runner: 'node:test',
          language: 'javascript',
          dir: '',
          config: null,
          flags: [],
          env: {},
          include: [],
          exclude: [],
          why: 'package.json scripts.test',
        },
      ],
    },
  ],
  conventions: {
    rules: [{ path: 'AGENTS.md', scope: '', text: '- Two spaces.' }],
    style: ['indent: 2 spaces (.editorconfig)'],
    readme: '# pages',
    commits: { kind: 'plain', examples: ['Add pages'] },
  },
  remarks: ['the script "lint" was not understood'],
};

const NEW = 'test/short-page.test.js';
const OLD = 'test/pages.test.js';
const test = (path: string, name: string, why = ''): TestLine => ({
  id: `${path} › ${name}`,
  path,
  status: why === '' ? 'passed' : 'failed',
  why,
});
const short = 'the last page may be short';
const none = 'no items make no page';

export const created = {
  ...run,
  mode: 'change',
  title: 'The last page is lost when it is short',
  dir: '/home/u/pages',
  createdRepository: false,
  base: { commit: 'c'.repeat(40), files: ['package.json', 'src/pages.js', 'src/old.js', OLD] },
} as Body;

export const box: Body = { type: 'box.chosen', rung: 'bubblewrap, own uid, seccomp', safe: true };

export function answered(
  step: 'reproduce' | 'repair',
  subject: string,
  attempt: number,
  ...calls: readonly (readonly [string, ToolCall['args']])[]
): Body {
  return {
    type: 'answered',
    id: `${step}/${subject}/${attempt}`,
    step,
    subject,
    attempt,
    reply: `reply-${subject}-${attempt}`,
    stop: calls.length > 0 ? 'tool' : 'end',
    model: 'local/scripted-1',
    usage: { input: 1800, cached: 1200, cacheWrite: 0, output: 200, reasoning: 0 },
    cost: 0.0125,
    sentCharacters: 4000,
    content: { kind: 'turn', text: '', calls: calls.map(([name, args], n) => ({ id: String(n), name, args, raw: '{}' })) },
  };
}

type ToolsDone = Extract<Body, { type: 'tools.done' }>;

export function toolsDone(subject: string, turn: number, more: Partial<ToolsDone> = {}): Body {
  const id = `tools/${subject}/${turn}`;
  const round = Number(subject.split('-')[1]);
  const none = { changes: [], refused: [], dispute: null, packages: [], blocked: null };
  return { type: 'tools.done', id, round, turn, results: `results-${subject}-${turn}`, ...none, ...more };
}

/** Up to the moment when the tests' author is at work and the baseline is known. */
export const surveying: readonly Body[] = [
  created,
  started('survey', 'survey', 'repository'),
  {
    type: 'surveyed',
    id: 'survey/repository/1',
    survey: 'survey',
    line: 'JavaScript, npm, node:test',
    language: 'javascript',
    runner: 'node:test',
    setups: survey.packages[0]?.setups ?? [],
  },
  started('install', 'install', 'packages'),
  { type: 'installed', id: 'install/packages/1', attempt: 1, files: {}, deps: 'deps', stamp: 'stamp', problems: [] },
  box,
  started('baseline', 'baseline', 'tests'),
  started('ask', 'reproduce', 'tests-1'),
];

export const reproducing: readonly Body[] = [
  ...surveying,
  {
    type: 'based',
    id: 'baseline/tests/1',
    baseline: 'baseline',
    files: 40,
    passed: 412,
    failing: 1,
    remark: '',
    ms: 21_400,
  },
  answered('reproduce', 'tests-1', 1, ['read', { path: OLD, from: 10, to: 40 }], ['search', { pattern: 'pageOf' }]),
  started('tools', 'tools', 'tests-1'),
  toolsDone('tests-1', 1),
  started('ask', 'reproduce', 'tests-1', 2),
];

export const onBase: readonly TestLine[] = [
  test(NEW, short, 'expected 3, got 2'),
  test(NEW, none, 'expected 0, got NaN'),
  test(OLD, 'whole pages'),
  test(OLD, 'a page of one', 'expected [3], got []'),
];

/** From there to the tests that are red on the code as it is. */
export const red: readonly Body[] = [
  ...reproducing,
  answered('reproduce', 'tests-1', 2, ['write', { path: NEW }], ['amend_test', { path: OLD }]),
  started('tools', 'tools', 'tests-1', 2),
  toolsDone('tests-1', 2, {
    changes: [
      { path: NEW, blob: 'new-test' },
      { path: OLD, blob: 'old-test' },
    ],
    amended: [{ path: OLD, why: 'it says that a short page is dropped' }],
    targets: 'red',
  }),
  started('red', 'red', 'tests'),
  {
    type: 'red.proven',
    id: 'red/tests/1',
    attempt: 1,
    mended: [],
    problems: [],
    report: 'report-base',
    tests: onBase.map(({ id, path, status }) => ({ id, path, throwing: status, wrong: status })),
    baseline: onBase,
  },
  started('ask', 'repair', 'round-0'),
];

/** The code's author at work: three turns, the last of which is being executed. */
export const changing: readonly Body[] = [
  ...red,
  answered(
    'repair',
    'round-0',
    1,
    ['read', { path: 'src/pages.js', from: 1, to: 30 }],
    ['references', { path: 'src/pages.js', name: 'pageOf' }],
  ),
  started('tools', 'tools', 'round-0'),
  toolsDone('round-0', 1),
  started('ask', 'repair', 'round-0', 2),
  answered(
    'repair',
    'round-0',
    2,
    ['edit', { path: 'src/pages.js' }],
    ['write', { path: 'src/count.js' }],
    ['write', { path: 'src/old.js', content: '' }],
  ),
  started('tools', 'tools', 'round-0', 2),
  toolsDone('round-0', 2, {
    changes: [
      { path: 'src/pages.js', blob: 'pages' },
      { path: 'src/count.js', blob: 'count' },
      { path: 'src/old.js', blob: null },
    ],
    refused: [NEW],
  }),
  started('ask', 'repair', 'round-0', 3),
];

const passing = onBase.map((t): TestLine => ({ ...t, status: 'passed', why: '' }));

/** A round in which two tests of the repository fail that passed before. */
export const broken: readonly Body[] = [
  ...changing,
  answered('repair', 'round-0', 3),
  { type: 'checked', id: 'check/tree/1', mended: [], diagnostics: [] },
  started('test', 'test', 'round-1'),
  {
    type: 'tested',
    id: 'test/round-1/1',
    round: 1,
    verdict: { kind: 'red', reason: '2 tests that passed before fail' },
    tests: [
      ...passing,
      test('test/cli.test.js', 'prints pages', 'got 3 lines, expected 4'),
      test('test/web.test.js', 'links pages', 'got /3'),
    ],
    alsoPassed: 410,
    unsteady: ['test/net.test.js › answers in time'],
    report: 'report-1',
    ms: 24_300,
  },
  started('ask', 'repair', 'round-1'),
];

/** From there to a green round, and to the proof. */
export const green: readonly Body[] = [
  ...broken,
  answered('repair', 'round-1', 1, ['edit', { path: 'src/pages.js' }]),
  started('tools', 'tools', 'round-1'),
  toolsDone('round-1', 1, { changes: [{ path: 'src/pages.js', blob: 'pages-2' }], targets: 'green' }),
  { type: 'checked', id: 'check/tree/2', mended: [], diagnostics: [] },
  started('test', 'test', 'round-2'),
  {
    type: 'tested',
    id: 'test/round-2/1',
    round: 2,
    verdict: { kind: 'green', reason: 'all 4 tests passed, and 411 that passed before' },
    tests: passing,
    alsoPassed: 411,
    report: 'report-2',
    ms: 24_100,
  },
  started('prove', 'prove', 'candidate'),
];

/** How it ends. */
export const shipped: readonly Body[] = [
  ...green,
  {
    type: 'proven',
    id: 'prove/candidate/1',
    commit: '1'.repeat(40),
    tree: '2'.repeat(40),
    verdict: { kind: 'green', reason: 'all 4 tests passed, and 411 that passed before, 3 fresh runs' },
    tests: passing,
    report: 'report-3',
    runs: 3,
    seeds: [0, 1, 2],
    unreverted: [],
    statement: null,
    ms: 60_000,
  },
  { type: 'shipped', id: 'ship/branch/1', branch: 'redgreen/the-last-page', commit: '3'.repeat(40), checkedOut: false },
  {
    type: 'ended',
    outcome: 'green',
    reason: 'all 4 tests passed, and 411 that passed before, 3 fresh runs in the clean room',
    code: null,
    branch: 'redgreen/the-last-page',
    commit: '3'.repeat(40),
  },
];
