import { expect, test } from 'vitest';
import { claimedIdle, testsTrailer, trailersOf } from '../../src/core/trailers.ts';

test('only the last paragraph of a message holds trailers', () => {
  const message =
    'Add x\n\nRedgreen-Outcome: green\n\nWords.\n\nRedgreen-Run: 1\nSigned-off-by: A\nRedgreen-Proof: sha256:aa\nRedgreen-Proof: sha256:bb\n';
  expect([...trailersOf(message)]).toEqual([
    ['Redgreen-Run', ['1']],
    ['Redgreen-Proof', ['sha256:aa', 'sha256:bb']],
  ]);
  expect(trailersOf('').size).toBe(0);
  expect(trailersOf('Redgreen-Outcome: green').get('Redgreen-Outcome')).toEqual(['green']);
});

test('a value is one line without anything that a terminal obeys', () => {
  expect(trailersOf('x\n\nRedgreen-Outcome: gr\u001b[31meen\u202e\r\n').get('Redgreen-Outcome')?.[0]).not.toMatch(/[\u001b\u202e\r]/);
});

test('a message of megabytes is read by its end', () => {
  expect(trailersOf(`${'a\n'.repeat(3e6)}\n\nRedgreen-Outcome: green\n`).get('Redgreen-Outcome')).toEqual(['green']);
});

test('how many tests prove nothing is written and read back', () => {
  expect(testsTrailer(7, 7, 0)).toBe('7 of 7 passed');
  expect(claimedIdle('7 of 7 passed')).toBe(0);
  expect(claimedIdle(testsTrailer(7, 7, 2))).toBe(2);
});
