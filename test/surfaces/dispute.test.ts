import { expect, test } from 'vitest';
import type { Body, Content } from '../../src/core/events.ts';
import { initialState, reduce } from '../../src/core/reduce.ts';
import type { State } from '../../src/core/state.ts';
import { describe } from '../../src/surfaces/describe.ts';
import { play } from '../core/world.ts';

const PATH = 'test/a.test.ts';

/** The lines about disputes of a run whose first repair disputes the tests, and whose author then answers `second`. */
function disputes(second: Content): readonly string[] {
  const raised: Body = {
    type: 'tools.done',
    id: 'tools/round-1/1',
    round: 1,
    turn: 1,
    results: 'r',
    changes: [],
    refused: [],
    dispute: { path: PATH, reason: 't1: the plan says 3' },
    packages: [],
    blocked: null,
  };
  const { events } = play({
    rounds: [[1], []],
    respond: (command) => (command.id === raised.id ? raised : undefined),
    answer: (command) => (command.step === 'tests' && command.attempt === 2 ? second : undefined),
  });
  let state: State = initialState;
  return events.flatMap((event) => {
    state = reduce(state, event);
    return describe(event, state).flatMap((line) => (line.label === 'dispute' ? [line.text] : []));
  });
}

test('a dispute is shown with its reason, and with what the author decided', () => {
  const raised = `${PATH}: t1: the plan says 3`;
  const kept: Content = { kind: 'file', blob: `blob-${PATH}-1`, characters: 10 };
  expect(disputes(kept)).toEqual([raised, `${PATH}: its author holds to it`]);
  expect(disputes({ ...kept, blob: 'other' })).toEqual([raised, `${PATH}: its author corrected it`]);
});
