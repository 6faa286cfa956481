import { expect, it } from 'vitest';
import { createJsonl } from '../../src/surfaces/jsonl.ts';
import { resultOf } from '../../src/surfaces/result.ts';
import { closing, lines, middle, opening, play } from './events.ts';

it('--json gives every event as it was journaled, one a line, and the result last', () => {
  let text = '';
  const surface = createJsonl({ write: (piece) => (text += piece) });
  const all = play([...opening, ...middle, ...closing]);
  for (const { event, state } of all) surface.event(event, state);
  surface.signal({ type: 'delta', id: 'draft/a/1', text: 'not for the record' });
  surface.finish(
    resultOf(
      { outcome: 'green', reason: 'proven', branch: 'redgreen/wordcount', commit: '3'.repeat(40), exitCode: 0 },
      all.at(-1)?.state ?? null,
    ),
  );
  const values = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(values.slice(0, -1)).toEqual(all.map(({ event }) => event));
  expect(values.at(-1)).toEqual({
    type: 'result',
    outcome: 'green',
    reason: 'proven',
    branch: 'redgreen/wordcount',
    commit: '3'.repeat(40),
    source: 'live',
    cost: 0.0625,
    unpriced: 0,
    tokens: 8000,
    rounds: 2,
    proof: null,
    mutants: null,
    refused: 1,
    run: '20261123-120000-ab12',
    dir: '/home/u/words',
    ms: 25_000,
    exitCode: 0,
  });
});

it('--json has no control character and no bidirectional override in it, and loses none', () => {
  let text = '';
  const surface = createJsonl({ write: (piece) => (text += piece) });
  const why = 'a\u0007b\u009b31mc\u202ed\u2028e';
  const [{ event, state } = { event: null, state: null }] = play([
    { type: 'tested', id: 'test/round-1/1', round: 1, verdict: { kind: 'red', reason: why }, tests: lines('failed'), report: '0', ms: 1 },
  ]);
  if (event === null) throw new Error('no event');
  surface.event(event, state);
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2028]/);
  expect(JSON.parse(text).verdict.reason).toBe(why);
});

it('a run that never began has a result too', () => {
  expect(resultOf({ outcome: 'failed', reason: 'no model', branch: null, commit: null, exitCode: 2 }, null)).toEqual({
    type: 'result',
    outcome: 'failed',
    reason: 'no model',
    branch: null,
    commit: null,
    source: 'live',
    cost: 0,
    unpriced: 0,
    tokens: 0,
    rounds: 0,
    proof: null,
    mutants: null,
    refused: 0,
    run: null,
    dir: null,
    ms: 0,
    exitCode: 2,
  });
});
