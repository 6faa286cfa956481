import { describe, expect, it } from 'vitest';
import type { Body } from '../../../src/core/events.ts';
import { GROUPS } from '../../../src/surfaces/report/story-spans.ts';
import { broken, shipped, survey, toolsDone } from '../change-events.ts';
import { materialOf, pageOf } from './material.ts';

const turn = { attempt: 1, model: 'm', text: 'I look around', calls: [], changed: [], refused: [] };
const page = (bodies: readonly Body[]) => pageOf(materialOf(bodies, { survey, author: [turn] }));
const plain = (html: string) =>
  html
    .replace(/<style>[\s\S]*?<\/style>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('the report of a change', () => {
  it('has the code as it was as its first column, and keeps the author’s turns apart from the repair’s', () => {
    const { rounds } = materialOf(shipped).story;
    expect(rounds.columns.map((c) => [c.kind, c.round, c.passed, c.failed, c.also])).toEqual([
      ['base', 0, 1, 3, 0],
      ['round', 1, 4, 2, 410],
      ['round', 2, 4, 0, 411],
      ['proof', 0, 4, 0, 0],
    ]);
    expect(rounds.columns[0]?.report).toBe('report-base');
    expect(rounds.author.map((t) => [t.attempt, t.results, t.changed.length])).toEqual([
      [1, 'results-tests-1-1', 0],
      [2, 'results-tests-1-2', 2],
    ]);
    expect(rounds.turns.map((t) => [t.round, t.attempt, t.results])).toEqual([
      [0, 1, 'results-round-0-1'],
      [0, 2, 'results-round-0-2'],
      [0, 3, null],
      [1, 1, 'results-round-1-1'],
    ]);
  });

  it('has one lane for the tests’ author and one for the repository', () => {
    const { spans } = materialOf(shipped).story.spans;
    const lanes = [...new Set(spans.map((s) => `${s.group} ${s.subject}`.trim()))];
    expect(lanes.sort()).toEqual(['base', 'install', 'prove', 'red', 'repair', 'test', 'tests']);
    expect(GROUPS).toContain('base');
    expect(spans.filter((s) => s.group === 'tests' && s.kind === 'tools')).toHaveLength(2);
    expect(plain(page(shipped))).not.toContain('file written');
  });

  it('names at the top what nobody may overlook', () => {
    const text = plain(page(shipped));
    const top = text.slice(0, text.indexOf('Timeline'));
    expect(top).toContain(
      'Existing tests were changed, because the task makes them wrong: test/pages.test.js : it says that a short page is dropped',
    );
    expect(top).toContain('Unsteady tests of the repository, which count no more: test/net.test.js › answers in time');
    expect(top).toContain('before 412 tests of the repository passed');
    expect(top).toContain('git diff cccccccccccc redgreen/the-last-page');
  });

  it('says that no test shows the change, once, and counts no tests where none is its own', () => {
    const at = shipped.findIndex((body) => body.type === 'tools.done');
    const untestable = [...shipped.slice(0, at), toolsDone('tests-1', 1, { untestable: 'only <b>words</b>' })];
    expect(plain(page(untestable))).toContain('No test shows this change: only &lt;b&gt;words&lt;/b&gt;');
    const none = shipped.flatMap((body): Body[] => (body.type === 'tested' && body.round === 2 ? [{ ...body, tests: [] }] : []));
    const end = { type: 'ended', outcome: 'unproven', reason: 'no test shows it', code: null, branch: null, commit: null } as const;
    const text = plain(page([...untestable, ...none, end]));
    expect(text).not.toContain('No test shows this change');
    expect(text).not.toContain('0 of 0');
    expect(text).toContain('412 tests passed before.');
  });

  it('shows the repository and the tests in place of a plan', () => {
    const text = plain(page(broken));
    expect(text).toContain('Repository and task');
    expect(text).toContain('languages javascript (41 files)');
    expect(text).toContain('412 tests of the repository passed before anything was changed');
    expect(text).toContain('test/short-page.test.js : 2 of 2 tests failed before the change');
    expect(text).toContain('What the tests’ author did (1 turn)');
    expect(text).toContain('3 of 4 tests failed on the code as it was.');
    expect(text).toContain('unsteady, and counts no more: test/net.test.js › answers in time');
    expect(text).not.toContain('no code');
  });
});
