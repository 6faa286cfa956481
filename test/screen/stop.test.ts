// Ctrl-C in the middle of a run; the other steps are in stop.long.ts.
import { expect, test } from 'vitest';
import { KEYS } from './keys.ts';
import { expectStopped, until } from './stops.ts';

test('Ctrl-C ends a run cleanly, and says how it goes on', async () => {
  const { terminal } = await until('the drafts');
  await terminal.press(KEYS.ctrlC);
  await expectStopped(terminal);
  expect(terminal.everything().join('\n')).toMatch(/^go on +redgreen resume \d{8}-\d{6}-/m);
});

test('Ctrl-C twice leaves at once, also while tests run', async () => {
  const { terminal } = await until('the red proof');
  await terminal.press(KEYS.ctrlC, KEYS.ctrlC);
  await expectStopped(terminal);
});
