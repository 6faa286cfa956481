import { expect, test } from 'vitest';
import { coverCounts, coverName, coverWords, lineRanges } from '../../src/core/cover.ts';
import type { Body, Command, Content, TestLine } from '../../src/core/events.ts';
import type { State } from '../../src/core/state.ts';
import { call, GAUGE, play, type Script } from './world.ts';

const covering: NonNullable<Script['created']> = {
  mode: 'cover',
  title: 'Write tests for src.',
  base: { commit: 'c0', files: ['src/a.ts', 'src/b.ts'] },
  cover: ['src/a.ts', 'src/b.ts'],
};
const turn = (...names: string[]): Content => ({ kind: 'turn', calls: names.map((name) => call(name)), text: '' });
const answer = (command: Command): Content => (command.attempt === 1 ? turn('write') : turn());
type Of<T extends Body['type']> = Extract<Body, { type: T }>;

const toolsDone = (command: Command, path: string, more: Partial<Of<'tools.done'>> = {}): Body => ({
  type: 'tools.done',
  id: command.id,
  round: 0,
  turn: command.attempt,
  results: 'res',
  changes: [{ path, blob: `blob-${command.id}` }],
  refused: [],
  dispute: null,
  packages: [],
  blocked: null,
  ...more,
});

/** Each file gets a test file of its own, of which one test is kept and one is not. */
const respond = (command: Command, state: State): Body | undefined => {
  const path = `test/${state.cover?.filter((unit) => unit.done).length}.test.ts`;
  if (command.kind === 'tools') return toolsDone(command, path);
  return command.kind === 'admit' ? admitted(command, path) : undefined;
};

const admitted = (command: Command, path: string, more: Partial<Of<'admitted'>> = {}): Of<'admitted'> => ({
  type: 'admitted',
  id: command.id,
  path: command.subject,
  problems: [],
  tests: [
    { id: `${path} › good`, path, kept: true, stage: 'useful', why: 'it notices a change' },
    { id: `${path} › idle`, path, kept: false, stage: 'steady', why: 'it shows nothing new' },
  ],
  suspects: [],
  files: { [path]: `kept-${command.subject}` },
  after: GAUGE,
  ms: 1,
  ...more,
});

test('file by file: the existing tests are tried, tests are written and tried, then all that was kept is proven', () => {
  const { ids, state } = play({ created: covering, answer, respond });
  expect(ids).toEqual([
    'survey/repository/1',
    'install/packages/1',
    'baseline/tests/1',
    'gauge/src/a.ts/1',
    'reproduce/tests-1/1',
    'tools/tests-1/1',
    'reproduce/tests-1/2',
    'admit/src/a.ts/1',
    'gauge/src/b.ts/1',
    'reproduce/tests-2/1',
    'tools/tests-2/1',
    'reproduce/tests-2/2',
    'admit/src/b.ts/1',
    'commit/candidate/1',
    'prove/candidate/1',
    'commit/final/1',
    'ship/branch/1',
    'end/run/1',
  ]);
  expect(state.ended).toMatchObject({
    outcome: 'green',
    reason: expect.stringContaining('2 of 4 tests kept (4 built, 4 steady, 2 of use)'),
  });
  expect(Object.values(state.tests).map(({ path, blob, status }) => ({ path, blob, status }))).toEqual([
    { path: 'test/0.test.ts', blob: 'kept-src/a.ts', status: 'frozen' },
    { path: 'test/1.test.ts', blob: 'kept-src/b.ts', status: 'frozen' },
  ]);
  expect(state.red.tests.map((t) => t.id)).toEqual(['test/0.test.ts › good', 'test/1.test.ts › good']);
});

const doubt: TestLine = { id: 'test/0.test.ts › bug', path: 'test/0.test.ts', status: 'failed', why: '1 != 2' };
const problems = [{ where: 'test/0.test.ts', message: 'it fails' }];

test('what fails goes back to its author once, and is then decided', () => {
  const { ids, state } = play({
    created: { ...covering, cover: ['src/a.ts'] },
    answer,
    respond: (command, now) =>
      command.kind === 'admit' ? admitted(command, 'test/0.test.ts', { problems, suspects: [doubt] }) : respond(command, now),
  });
  expect(ids.filter((id) => /^(admit|reproduce)/.test(id))).toEqual([
    'reproduce/tests-1/1',
    'reproduce/tests-1/2',
    'admit/src/a.ts/1',
    'reproduce/tests-2/1',
    'reproduce/tests-2/2',
    'admit/src/a.ts/2',
  ]);
  expect(state.cover?.[0]).toMatchObject({ asked: 2, doubts: [doubt], suspects: [doubt], done: true });
  expect(state.ended?.reason).toContain('one failing test is a possible bug');
});

test('where nothing is kept the run is blocked, with the reasons', () => {
  const { ids, state } = play({
    created: covering,
    answer,
    respond: (command, now) =>
      command.kind === 'admit'
        ? admitted(command, 'x', {
            files: {},
            tests: [{ id: 'x › idle', path: 'x', kept: false, stage: 'steady', why: 'it asserts nothing' }],
          })
        : respond(command, now),
  });
  expect(state.ended).toMatchObject({
    outcome: 'blocked',
    reason: expect.stringMatching(/^nothing was kept: 0 of 2[^\n]*\nx › idle: it asserts nothing/),
  });
  expect(ids.some((id) => id.startsWith('commit/'))).toBe(false);
  expect(state.tests).toEqual({});
});

test('a file that is tested well, cannot be followed, or that its author gives up is left, and the next is begun', () => {
  const gauge =
    (more: object): NonNullable<Script['respond']> =>
    (command, now) =>
      command.kind === 'gauge' && command.subject === 'src/a.ts'
        ? { type: 'gauged', id: command.id, path: command.subject, gauge: { ...GAUGE, ...more }, remark: '', ms: 1 }
        : respond(command, now);
  const why = (script: Script) => play({ created: covering, answer, ...script }).state.cover?.map((unit) => unit.why);
  expect(why({ respond: gauge({ survivors: [], killed: 2, lines: null }) })).toEqual([
    expect.stringContaining('already notice every change'),
    '',
  ]);
  expect(why({ respond: gauge({ mutants: 0, killed: 0, survivors: [], lines: null }) })).toEqual([
    expect.stringContaining('can be judged'),
    '',
  ]);
  const first =
    (more: Partial<Of<'tools.done'>>): NonNullable<Script['respond']> =>
    (command, now) =>
      command.kind === 'tools' && now.conversation?.round === 1 ? toolsDone(command, 'test/0.test.ts', more) : respond(command, now);
  expect(why({ respond: first({ blocked: 'no way in' }) })).toEqual(['its author gives up: no way in', '']);
  expect(why({ respond: first({ untestable: 'only types', changes: [] }) })).toEqual([expect.stringContaining('only types'), '']);
  expect(why({ answer: (command) => (command.subject === 'tests-1' ? turn() : answer(command)), respond })).toEqual([
    'its author wrote no test',
    '',
  ]);
});

test('files whose tests are not green in the clean room go, and the rest is proven anew', () => {
  let proofs = 0;
  const { ids, state } = play({
    created: covering,
    answer,
    respond: (command, now) => {
      if (command.kind !== 'prove' || proofs++ > 0) return respond(command, now);
      const tests: TestLine[] = [{ id: 'test/1.test.ts › good', path: 'test/1.test.ts', status: 'failed', why: 'no' }];
      const verdict = { kind: 'flaky', reason: '2 of 3 runs were green' } as const;
      const { commit = '', tree = '' } = now.commits.candidate ?? {};
      return {
        type: 'proven',
        id: command.id,
        commit,
        tree,
        verdict,
        tests,
        report: 'r',
        runs: 2,
        seeds: [0, 1],
        unreverted: [],
        statement: null,
        ms: 1,
      };
    },
  });
  expect(ids.slice(-6)).toEqual([
    'prove/candidate/1',
    'commit/candidate/2',
    'prove/candidate/2',
    'commit/final/2',
    'ship/branch/2',
    'end/run/1',
  ]);
  expect(Object.keys(state.tests)).toEqual(['test/0.test.ts']);
  expect(state.cover?.[1]?.tests[0]).toMatchObject({ kept: false, why: expect.stringContaining('2 of 3 runs were green') });
});

test('what was kept when the time is over goes onto the branch, unproven; what was still tried does not', () => {
  const { ids, state } = play({
    created: covering,
    answer,
    respond: (command, now) =>
      command.kind === 'admit' && command.subject === 'src/b.ts' ? { type: 'deadline', id: command.id } : respond(command, now),
  });
  expect(ids.slice(-4)).toEqual(['admit/src/b.ts/1', 'commit/best/1', 'ship/branch/1', 'end/run/1']);
  expect(state.ended?.outcome).toBe('budget');
  expect(state.tests['test/1.test.ts']?.status).toBe('drafted');
});

test('names and figures', () => {
  expect(coverName(['src/parse.ts'])).toBe('cover-parse');
  expect(coverName(['src/a/x.ts', 'src/a/y.ts'])).toBe('cover-a');
  expect(coverName(['a.py', 'b.py'])).toBe('cover-code');
  expect(lineRanges([9, 3, 4, 5, 4])).toBe('3-5, 9');
  expect(coverWords([])).toBe('no test was written');
  expect(coverCounts([])).toEqual({ written: 0, built: 0, steady: 0, useful: 0, kept: 0 });
});
