import { describe, expect, it } from 'vitest';
import type { Body } from '../../../src/core/events.ts';
import { createLog } from '../../../src/surfaces/views/log.ts';
import { textOf } from '../../../src/surfaces/views/styled.ts';
import { closing, created, middle, opening, play } from '../events.ts';
import { snapshot } from './story.ts';

function logOf(bodies: readonly Body[]) {
  const log = createLog();
  for (const { event, state } of play(bodies)) log.event(event, state);
  return log.pages();
}

describe('the log', () => {
  it('tells what happened with the time of the run', async () => {
    await expect(snapshot(logOf([...opening, ...middle, ...closing]))).toMatchFileSnapshot('snapshots/log.txt');
  });

  it('leaves pauses out of the time', () => {
    const bodies: Body[] = [
      created,
      { type: 'note', text: 'one' },
      { type: 'paused' },
      { type: 'note', text: 'two' },
      { type: 'continued' },
      { type: 'note', text: 'three' },
    ];
    const lines = logOf(bodies)[0]?.lines.map(textOf) ?? [];
    expect(lines.filter((line) => line.includes('note'))).toEqual([
      '   0:01  note      one',
      '   0:02  note      two',
      '   0:03  note      three',
    ]);
  });

  it('keeps its last 5,000 lines and says how many are gone', () => {
    const [page] = logOf([created, ...Array.from({ length: 12_345 }, (_, i): Body => ({ type: 'note', text: `n${i}` }))]);
    const lines = page?.lines.map(textOf) ?? [];
    expect(lines.length).toBe(5001);
    expect(lines[0]).toBe('7349 earlier lines are left out; the report has them all');
    expect([lines[1], lines.at(-1)]).toEqual(['2:02:26  note      n7345', '3:25:45  note      n12344']);
  });
});
