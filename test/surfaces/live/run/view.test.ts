import { describe, expect, it } from 'vitest';
import type { Body, TestLine } from '../../../../src/core/events.ts';
import { cellAt } from '../../../../src/surfaces/live/run/grid-cells.ts';
import { fileRows } from '../../../../src/surfaces/live/run/tree-files.ts';
import type { View } from '../../../../src/surfaces/live/run/view.ts';
import { emptyView, viewReport, viewSignal } from '../../../../src/surfaces/live/run/view.ts';
import { answered, type Beat, calls, chapters, delta, plan, result, results, started, stories, tell, toolsDone } from '../stories.ts';

const c = chapters(plan, results);
const proven = [
  ...c.asking,
  ...c.planned,
  ...c.approved,
  ...c.installed,
  ...c.authors(),
  ...c.written(0, 11),
  ...c.proving,
  ...c.red,
  ...c.checked,
];
const counts = (beats: readonly Beat[]) => {
  const { counts: all } = tell(beats).view.grid;
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
};
const one = (status: TestLine['status']): TestLine => ({ ...(results([])[0] as TestLine), status });

describe('the grid', () => {
  it('has every test of the red proof from then on, red', () => expect(counts(proven)).toEqual({ red: 46 }));
  it('shows tests that fail without the code as red while they run', () =>
    expect(counts([...c.asking, ...c.planned, ...c.approved, ...c.proving, result('red/tests/1', one('failed'))])).toEqual({ red: 1 }));
  it('is pending while the tests run, but for what came', () =>
    expect(counts([...proven, ...c.testing(1), result('test/round-1/1', one('passed'))])).toEqual({ pending: 45, passed: 1 }));
  it('ends as the report says, whatever came while they ran', () =>
    expect(counts([...proven, ...c.testing(1), result('test/round-1/1', one('failed')), ...c.tested(1, ['splits evenly'])])).toEqual({
      passed: 45,
      failed: 1,
    }));
  it('goes back to the tests of the tree when the edits of a round are taken back', () =>
    expect(counts(stories['taken back'] ?? [])).toEqual({ passed: 40, failed: 6 }));
  it('goes back to what was known when a run is cut off', () => {
    const cut: Body = { type: 'resumed', limits: { money: 2, tokens: null, requests: null, rounds: 12, wallMs: null }, lost: [] };
    expect(counts([...proven, ...c.testing(1), cut])).toEqual({ red: 46 });
    expect(counts([...proven, ...c.tested(1, ['splits evenly']), ...c.testing(2), cut])).toEqual({ passed: 45, failed: 1 });
  });
  it('takes no notice of what mutants break', () =>
    expect(counts([...proven, ...c.tested(1, []), result('mutate/code/1', one('failed'))])).toEqual({ passed: 46 }));
  it('keeps what tests do with the code when more tests are proven red', () => {
    const again = [...proven, ...c.tested(1, ['case 8']), ...c.proving, result('red/tests/1', one('failed'))];
    expect(counts(again)).toEqual({ passed: 43, failed: 3 });
    expect(counts([...again, ...c.red])).toEqual({ passed: 43, failed: 3 });
  });
  it('keeps each test in its place', () => {
    const { grid } = tell([...proven, ...c.testing(1), ...c.tested(1, ['case 7'])]).view;
    expect(grid.ids).toEqual(results([]).map((t) => t.id));
    expect(cellAt(grid, 6)).toBe('failed');
  });
  it('says what tests of the base do where a run keeps them', () => {
    const kept: TestLine = { id: 'test/old.test.ts › works', path: 'test/old.test.ts', status: 'passed', why: '' };
    const red = c.red.map((body) => ({ ...(body as Extract<Body, { type: 'red.proven' }>), baseline: [kept] }));
    expect(counts([...c.asking, ...c.planned, ...c.approved, ...red])).toEqual({ red: 46, passed: 1 });
  });
});

describe('files', () => {
  const states = (view: View) => Object.fromEntries(fileRows(view).map((f) => [f.path, `${f.state}: ${f.detail}`]));
  it('are named as soon as the plan names them', () =>
    expect(fileRows(tell(stories['planning'] ?? []).view).map((f) => f.path)).toEqual(['src/money.ts', 'src/split.ts']));
  it('that failures may come from are marked, and more sharply once their frames are known', () => {
    const { view } = tell(stories['round with failures'] ?? []);
    expect(states(view)).toMatchObject({ 'src/split.ts': 'failing: used by 3 failing tests', 'src/ledger.ts': 'checked: 2.9 kB' });
    const failure = { message: 'x', frames: [{ path: 'src/ledger.ts', line: 3 }], outside: false };
    const report = { tests: [{ id: 'a', path: 'a', name: 'a', status: 'failed', failure, retried: false } as const], fileFailures: [] };
    expect(states(viewReport(view, report))).toMatchObject({
      'src/split.ts': 'checked: 2.6 kB',
      'src/ledger.ts': 'failing: named by a failure',
    });
  });
  it('with objections of the type checker are marked with the first of them', () => {
    const checked: Body = {
      type: 'checked',
      id: 'check/tree/2',
      mended: [],
      diagnostics: [{ path: 'src/cli.ts', line: 12, code: 'TS1', message: 'No \u001b[2Jsuch name.' }],
    };
    expect(states(tell([...proven, checked]).view)).toMatchObject({ 'src/cli.ts': 'failing: line 12: No ␛such name.' });
  });
  it('that a repair adds are told', () => {
    const beats = [
      ...proven,
      ...c.tested(1, ['case 7']),
      started('ask', 'repair', 'round-1'),
      answered('repair', 'round-1', calls(['write', 'src/new.ts'])),
    ];
    expect(states(tell([...beats, toolsDone(1, 1, ['src/new.ts'])]).view)['src/new.ts']).toBe('checked: added by a repair');
  });
  it('are done when the tests are green', () =>
    expect(new Set(fileRows(tell(stories['mutants'] ?? []).view).map((f) => f.state))).toEqual(new Set(['done'])));
});

describe('what streams in', () => {
  const id = 'draft/src/cli.ts/1';
  const stream = (...pieces: readonly string[]) => pieces.reduce((view, text) => viewSignal(view, delta(id, text)), emptyView);
  it('is its last line, whole or in pieces', () => {
    expect(stream('one\ntwo\nth', 'ree').tails[id]).toMatchObject({ line: 'three', before: 'two' });
    expect(stream('one', '\n', '\n  \n').tails[id]).toMatchObject({ line: '', before: 'one' });
  });
  it('costs no more the more there is', () => {
    const view = Array.from({ length: 2_000 }, (_, n) => n).reduce((v) => viewSignal(v, delta(id, 'x'.repeat(100))), emptyView);
    expect(view.progress.received[id]).toBe(200_000);
    expect(view.tails[id]?.line.length).toBeLessThanOrEqual(2_200);
  });
  it('is forgotten when the reply is there, or is asked for again', () => {
    const end: Beat[] = [started('ask', 'draft', 'src/cli.ts'), delta(id, 'text')];
    expect(tell([...end, ...c.written(10, 11)]).view.tails).toEqual({});
    expect(tell([...end, { type: 'waiting', id, ms: 1, reason: 'busy' }]).view.tails).toEqual({});
  });
});

describe('a long run', () => {
  it('takes no more memory after a thousand rounds than after ten', () => {
    const round = (n: number): readonly Beat[] => [
      ...c.testing(n),
      ...results(['case 7']).map((line) => result(`test/round-${n}/1`, line)),
      ...c.tested(n, ['case 7']),
      started('ask', 'repair', `round-${n}`),
      delta(`repair/round-${n}/1`, 'thinking\n'.repeat(50)),
      answered('repair', `round-${n}`, calls(['edit', 'src/cli.ts'])),
      toolsDone(n, 1, ['src/cli.ts']),
    ];
    const size = (rounds: number) => {
      const { state: _, ...view } = tell([...proven, ...Array.from({ length: rounds }, (_, n) => round(n + 1)).flat()]).view;
      return JSON.stringify({ ...view, at: [...view.grid.at], cells: [...view.grid.cells] }).length;
    };
    expect(size(1_000) - size(10)).toBeLessThan(100);
  });
});
