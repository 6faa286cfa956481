import { expect, it } from 'vitest';
import { runsView } from '../../../src/surfaces/views/runs.ts';
import { textOf } from '../../../src/surfaces/views/styled.ts';
import { START } from '../events.ts';
import { snapshot } from './story.ts';

it('lists runs as they are handed in', async () => {
  const one = { title: 'a tool that counts\u001b]0;x\u0007 words', startedAt: START, branch: null, reason: '' };
  const runs = [
    { ...one, run: '20261123-120000-ab12', state: 'running' },
    {
      ...one,
      run: '20261123-110000-ab12',
      state: 'green',
      branch: 'redgreen/wordcount',
      reason: 'all 2 tests pass, proven in a clean room',
      startedAt: START - 3_600_000,
    },
    {
      ...one,
      run: '20261122-120000-ab12',
      state: 'red',
      reason: 'no progress with any strategy; 1 test is still failing',
      startedAt: START - 86_400_000,
    },
  ];
  await expect(snapshot(runsView(runs, START + 65_000), 60)).toMatchFileSnapshot('snapshots/runs.txt');
  expect(runsView([], START)[0]?.lines.map(textOf)).toEqual(['No runs yet.']);
});
