import { describe, expect, it } from 'vitest';
import type { Body, TestLine } from '../../../src/core/events.ts';
import { closing, lines, middle, opening } from '../events.ts';
import { materialOf } from './material.ts';

const whole = [...opening, ...middle, ...closing];
const tested = (round: number, tests: readonly TestLine[]): Body => ({
  type: 'tested',
  id: `test/round-${round}/1`,
  round,
  verdict: { kind: 'red', reason: `round ${round}` },
  tests,
  report: 'f'.repeat(64),
  ms: 1,
});

describe('the tests', () => {
  it('go from the stubs over the rounds to the proof', () => {
    const { columns, rows, turns } = materialOf(whole).story.rounds;
    expect(columns.map(({ kind, round, passed, failed }) => [kind, round, passed, failed])).toEqual([
      ['stubs', 0, 0, 2],
      ['round', 1, 1, 1],
      ['round', 2, 2, 0],
      ['proof', 0, 2, 0],
    ]);
    expect(rows.map((row) => row.marks)).toEqual([
      ['failed', 'passed', 'passed', 'passed'],
      ['failed', 'failed', 'passed', 'passed'],
    ]);
    expect(turns).toMatchObject([{ round: 1, attempt: 1, changed: ['src/count.ts'], refused: ['test/count.test.ts'] }]);
  });

  it('keep the first and the last runs of very many', () => {
    const many = Array.from({ length: 500 }, (_, i) => tested(i + 1, lines(i % 2 === 0 ? 'failed' : 'passed')));
    const { columns, rows, dropped } = materialOf([...opening, ...many]).story.rounds;
    expect([columns.length, dropped, columns[0]?.round, columns.at(-1)?.round]).toEqual([200, 300, 1, 500]);
    expect(rows[1]?.marks.slice(-2)).toEqual(['failed', 'passed']);
  });

  it('a second red proof takes the place of the first', () => {
    const again = middle.flatMap((body): readonly Body[] =>
      body.type === 'red.proven' ? [body, { ...body, id: 'red/tests/2', attempt: 2, tests: body.tests.slice(0, 1) }] : [body],
    );
    const { columns } = materialOf([...opening, ...again]).story.rounds;
    expect(columns.map((c) => [c.kind, c.failed])).toEqual([
      ['stubs', 1],
      ['round', 1],
    ]);
  });
});

describe('the timeline', () => {
  it('has a box for each step from start to answer, and says how it ended', () => {
    const { spans } = materialOf(whole).story.spans;
    const first = spans[0]?.from ?? 0;
    expect(spans.map((s) => [s.group, s.subject, (s.from - first) / 1000, (s.to - first) / 1000, s.end, s.tone])).toEqual([
      ['plan', '', 0, 1, 'done', 'plain'],
      ['draft', 'src/count.ts', 4, 6, 'done', 'plain'],
      ['draft', 'src/cli.ts', 5, 8, 'done', 'plain'],
      ['tests', 'test/count.test.ts', 3, 9, 'done', 'plain'],
      ['red', '', 11, 12, 'done', 'good'],
      ['test', '', 14, 15, 'done', 'bad'],
      ['repair', '', 16, 17, 'done', 'plain'],
    ]);
  });

  it('a wait ends at the latest with its request', () => {
    const { waits } = materialOf([...opening, ...middle]).story.spans;
    expect(waits.map((w) => [w.subject, w.to - w.from, w.reason])).toEqual([['src/cli.ts', 1000, 'the provider is busy']]);
  });

  it('what is under way is open while the run works, and cut off when nobody does', () => {
    const ends = (running: boolean) =>
      materialOf(opening, { running })
        .story.spans.spans.filter((s) => s.end !== 'done')
        .map((s) => s.end);
    expect([ends(true), ends(false)]).toEqual([
      ['open', 'open'],
      ['cut', 'cut'],
    ]);
  });
});

describe('the money', () => {
  it('is summed by kind of work and by model, cached tokens apart', () => {
    const { roles, models, points, caps } = materialOf(whole).story.money;
    expect(roles.draft).toEqual({ cost: 0.025, answers: 2, unpriced: 0, input: 2000, cached: 400, cacheWrite: 0, output: 800 });
    expect(models['openai/gpt-5.4']?.answers).toBe(5);
    expect(points.at(-1)).toMatchObject({
      cost: { plan: 0.0125, tests: 0.0125, draft: 0.025, repair: 0.0125 },
      fresh: 5000,
      cached: 1000,
      output: 2000,
    });
    expect(caps).toMatchObject([{ worked: 0, limits: { money: 2 } }]);
  });

  it('keeps the sums right when there are too many answers to draw', () => {
    const [answer] = middle.filter((body) => body.type === 'answered');
    if (!answer) throw new Error('no answer');
    const { points } = materialOf([...opening, ...Array.from({ length: 5000 }, () => answer)]).story.money;
    expect(points.length).toBeLessThanOrEqual(2001);
    expect(points.at(-1)?.output).toBe(5002 * 400);
  });
});

it('a long log keeps its beginning and its end', () => {
  const notes = Array.from({ length: 10_000 }, (_, i): Body => ({ type: 'note', text: `note ${i}` }));
  const { head, left, tail } = materialOf([...opening, ...notes]).story.log;
  expect([head.length, tail.length, tail.at(-1)?.line.text]).toEqual([500, 500, 'note 9999']);
  expect(head.length + left + tail.length).toBeGreaterThan(10_000);
});
