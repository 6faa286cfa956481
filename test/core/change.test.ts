import { expect, test } from 'vitest';
import { type Baseline, judgeKept } from '../../src/core/change.ts';
import type { Body, Command, Content, TestLine } from '../../src/core/events.ts';
import type { TestReport, TestResult } from '../../src/core/report.ts';
import type { State } from '../../src/core/state.ts';
import { call, play, type Script } from './world.ts';

const changing: NonNullable<Script['created']> = {
  mode: 'change',
  title: 'The last page is lost',
  base: { commit: 'c0', files: ['src/a.ts', 'src/old.ts', 'test/b.test.ts'] },
};
const turn = (...names: string[]): Content => ({ kind: 'turn', calls: names.map((name) => call(name)), text: '' });
const line = (id: string, status: TestLine['status']): TestLine => ({ id, path: 'test/new.test.ts', status, why: '' });
const onBase = [line('test/new.test.ts › short page', 'failed')];

type ToolsDone = Extract<Body, { type: 'tools.done' }>;
const toolsDone = (command: Command, state: State, more: Partial<ToolsDone>): ToolsDone => ({
  type: 'tools.done',
  id: command.id,
  round: state.round,
  turn: command.attempt,
  results: 'res',
  changes: [],
  refused: [],
  dispute: null,
  packages: [],
  blocked: null,
  ...more,
});

/** Writes a test in the first turn of the tests' author, changes the code in the first of the code's, and is done in the second. */
const respond = (command: Command, state: State): Body | undefined => {
  if (command.kind === 'tools')
    return state.conversation?.kind === 'reproduce'
      ? toolsDone(command, state, { changes: [{ path: 'test/new.test.ts', blob: `test-${command.id}` }] })
      : toolsDone(command, state, { changes: [{ path: 'src/a.ts', blob: 'mended' }], targets: 'green' });
  if (command.kind !== 'red') return undefined;
  const tests = onBase.map(({ id, path }) => ({ id, path, throwing: 'failed' as const, wrong: 'failed' as const }));
  return { type: 'red.proven', id: command.id, attempt: command.attempt, mended: [], problems: [], tests, report: 'red', baseline: onBase };
};
const answer = (command: Command): Content => (command.attempt === 1 ? turn('edit') : turn());

test('without given tests their author is asked first, and the base is tried beside that', () => {
  const { ids, state } = play({ created: changing, answer, respond });
  expect(ids).toEqual([
    'survey/repository/1',
    'install/packages/1',
    'baseline/tests/1',
    'reproduce/tests-1/1',
    'tools/tests-1/1',
    'reproduce/tests-1/2',
    'red/tests/1',
    'repair/round-0/1',
    'tools/round-0/1',
    'check/tree/1',
    'test/round-1/1',
    'commit/tests/1',
    'commit/candidate/1',
    'prove/candidate/1',
    'commit/final/1',
    'ship/branch/1',
    'end/run/1',
  ]);
  expect(state.ended?.outcome).toBe('green');
  expect(state.tests['test/new.test.ts']).toMatchObject({ status: 'frozen', blob: 'test-tools/tests-1/1' });
  expect(state.sources).toEqual({ 'src/a.ts': 'mended' });
});

test('given tests are taken as they are, and nobody is asked for more', () => {
  const { ids, state } = play({ created: { ...changing, given: { 'test/new.test.ts': 'given' } }, answer, respond });
  expect(ids.filter((id) => /^(reproduce|repair|red)/.test(id))).toEqual(['red/tests/1', 'repair/round-0/1']);
  expect(state.tests['test/new.test.ts']).toMatchObject({ status: 'frozen', blob: 'given' });
  expect(state.ended?.outcome).toBe('green');
});

test('given tests that pass already end the run', () => {
  const problems = [{ where: 'tests', message: 'there is nothing to do' }];
  const { state } = play({
    created: { ...changing, given: { 'test/new.test.ts': 'given' } },
    respond: (command, now) => {
      const usual = respond(command, now);
      return usual?.type === 'red.proven' ? { ...usual, problems } : usual;
    },
  });
  expect(state.ended).toMatchObject({ outcome: 'blocked', reason: 'there is nothing to do' });
});

test('tests that are not red go back to their author, a few times at most', () => {
  const { ids, state } = play({
    created: changing,
    answer,
    respond: (command, now) => {
      const usual = respond(command, now);
      return usual?.type === 'red.proven' ? { ...usual, problems: [{ where: 'tests', message: 'every test passes' }] } : usual;
    },
  });
  expect(ids.filter((id) => id.startsWith('reproduce/') && id.endsWith('/1'))).toEqual([
    'reproduce/tests-1/1',
    'reproduce/tests-2/1',
    'reproduce/tests-3/1',
  ]);
  expect(state.ended).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('could not be proven red') });
});

test('an author who writes no test is asked again, and then the run is blocked', () => {
  const { state } = play({ created: changing, answer: () => turn(), respond });
  expect(state.change?.asked).toBe(3);
  expect(state.ended).toMatchObject({ outcome: 'blocked', reason: 'no test was written that shows the task' });
});

test('where nothing can be tested the run is unproven at best', () => {
  const { state } = play({
    created: changing,
    answer,
    respond: (command, now) =>
      command.kind === 'tools' && now.conversation?.kind === 'reproduce'
        ? toolsDone(command, now, { untestable: 'only comments change' })
        : respond(command, now),
  });
  expect(state.ended).toMatchObject({ outcome: 'unproven', reason: expect.stringContaining('only comments change') });
});

test('where nothing can be tested and nothing is changed the author is asked once more, and then the run is blocked', () => {
  const untestable: Script['respond'] = (command, now) =>
    command.kind === 'tools' && now.conversation?.kind === 'reproduce'
      ? toolsDone(command, now, { untestable: 'only comments change' })
      : respond(command, now);
  const idle = play({ created: changing, respond: untestable, answer: ({ step }) => (step === 'reproduce' ? turn('edit') : turn()) });
  expect(idle.ids.filter((id) => id.startsWith('repair/'))).toEqual(['repair/round-0/1', 'repair/round-1/1']);
  expect(idle.ids.filter((id) => /^(commit|ship)/.test(id))).toEqual([]);
  expect(idle.state.ended).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('changed nothing') });
  const late = play({ created: changing, respond: untestable, answer: ({ id }) => (id === 'repair/round-0/1' ? turn() : turn('edit')) });
  expect(late.state.ended?.outcome).toBe('unproven');
  expect(late.state.sources).toEqual({ 'src/a.ts': 'mended' });
});

test('a dispute goes to the author of the tests, and the code goes on where it was', () => {
  let disputed = false;
  const { ids, state } = play({
    created: changing,
    answer,
    respond: (command, now) => {
      if (command.kind !== 'tools' || now.conversation?.kind !== 'repair' || disputed) return respond(command, now);
      disputed = true;
      return toolsDone(command, now, {
        changes: [{ path: 'src/a.ts', blob: 'half' }],
        dispute: { path: 'test/new.test.ts', reason: 'the task says 3' },
      });
    },
  });
  expect(ids).toContain('reproduce/tests-2/1');
  expect(ids.filter((id) => id.startsWith('red/'))).toHaveLength(2);
  expect(state.sources).toEqual({ 'src/a.ts': 'half' });
  expect(state.ended?.outcome).toBe('green');
});

test('after a dispute that came before any edit the code is asked for in turns that were not used', () => {
  const { ids, state } = play({
    created: changing,
    answer: (command) => (command.attempt <= 2 ? turn('edit') : turn()),
    respond: (command, now) =>
      command.id === 'tools/round-0/1'
        ? toolsDone(command, now, { dispute: { path: 'test/new.test.ts', reason: 'the task says 3' } })
        : respond(command, now),
  });
  expect(ids.filter((id) => id.startsWith('repair/'))).toEqual(['repair/round-0/1', 'repair/round-0/2']);
  expect(state.ended?.outcome).toBe('green');
});

test('a file of the base that is removed is gone, a new one is only left out', () => {
  const { state } = play({
    created: changing,
    answer,
    respond: (command, now) =>
      command.kind === 'tools' && now.conversation?.kind === 'repair'
        ? toolsDone(command, now, {
            targets: 'green',
            changes: [
              { path: 'src/old.ts', blob: null },
              { path: 'src/fresh.ts', blob: null },
            ],
          })
        : respond(command, now),
  });
  expect(state.sources).toEqual({ 'src/old.ts': 'gone' });
});

const result = (id: string, status: TestResult['status']): TestResult => ({
  id,
  path: id.split(' › ')[0] ?? '',
  name: id,
  status,
  failure: null,
  retried: false,
});
const report = (tests: readonly TestResult[], files: readonly string[] = []): TestReport => ({
  tests,
  fileFailures: files.map((path) => ({ path, failure: { message: 'does not load', frames: [], outside: true } })),
  finished: true,
  broken: null,
});
const before: Baseline = {
  tests: [
    { id: 'a › one', path: 'a', status: 'passed' },
    { id: 'a › two', path: 'a', status: 'failed' },
    { id: 'a › three', path: 'a', status: 'skipped' },
    { id: 'b › one', path: 'b', status: 'passed' },
  ],
  files: ['a', 'b', 'c'],
  broken: ['c'],
};

test('what passed must pass, what failed may fail', () => {
  const now = report(
    [result('a › one', 'passed'), result('a › two', 'failed'), result('a › three', 'skipped'), result('b › one', 'passed')],
    ['c'],
  );
  expect(judgeKept(before, now, before.files, [])).toEqual({ failing: [], passed: 2 });
});

test('what fails now, does not run any more, is new and fails, or does not load any more counts', () => {
  const now = report([result('a › one', 'failed'), result('a › four', 'failed')], ['b']);
  const { failing, passed } = judgeKept(before, now, before.files, []);
  expect(failing.map((t) => t.id)).toEqual(['a › one', 'b › one', 'a › four', 'b']);
  expect(passed).toBe(0);
});

test('files that were not run, and ids that are unsteady, count not at all', () => {
  expect(judgeKept(before, report([result('b › one', 'failed')]), ['b'], ['b › one'])).toEqual({ failing: [], passed: 0 });
});
