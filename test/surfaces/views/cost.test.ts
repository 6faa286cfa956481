import { describe, expect, it } from 'vitest';
import type { Body } from '../../../src/core/events.ts';
import { type Costs, costEvent, costView, noCosts } from '../../../src/surfaces/views/cost.ts';
import { textOf } from '../../../src/surfaces/views/styled.ts';
import { closing, created, middle, opening, play } from '../events.ts';
import { snapshot } from './story.ts';

function costsOf(bodies: readonly Body[]) {
  let costs: Costs = noCosts;
  const all = play(bodies);
  for (const { event } of all) costs = costEvent(costs, event);
  const state = all.at(-1)?.state;
  if (!state) throw new Error('no events');
  return { costs, state };
}

const unpriced = (body: Body): Body =>
  body.type === 'answered' && body.step === 'draft' ? { ...body, cost: null, model: 'ollama/qwen' } : body;

describe('the cost of a run', () => {
  it('is told by model and step, with what is reserved and the caps', async () => {
    const { costs, state } = costsOf([...opening, ...middle]);
    await expect(snapshot(costView(costs, state, state.lastAt + 60_000))).toMatchFileSnapshot('snapshots/cost.txt');
  });

  it('says which prices are not known', async () => {
    const { costs, state } = costsOf([...opening, ...middle].map(unpriced));
    await expect(snapshot(costView(costs, state, state.lastAt + 60_000))).toMatchFileSnapshot('snapshots/cost-unpriced.txt');
  });

  it('adds up to the ledger, number by number', () => {
    const { costs, state } = costsOf([...opening, ...middle, ...closing].map(unpriced));
    for (const name of ['requests', 'input', 'cached', 'cacheWrite', 'output', 'spent', 'unpriced'] as const)
      expect([...costs.values()].reduce((sum, row) => sum + row[name], 0)).toBeCloseTo(state.ledger[name], 10);
  });

  it('keeps a row for each step and model, however many answers come', () => {
    const answers = Array.from({ length: 500 }, () => opening.find((body) => body.type === 'answered')).filter(
      (body) => body !== undefined,
    );
    expect(costsOf([created, ...answers]).costs.size).toBe(1);
  });

  it('says of a tape that nothing is spent', () => {
    const { costs, state } = costsOf([{ ...created, source: 'demo' } as Body, ...opening.slice(1)]);
    expect(costView(costs, state, state.lastAt + 60_000)[0]?.lines.map(textOf)[0]).toContain('Nothing is spent');
  });
});
