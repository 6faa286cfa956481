// The window changes while a plan waits: nothing streams, so what is seen depends on the screen alone.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { romanModel, TASK } from '../e2e/roman.ts';
import { wipes } from './bytes.ts';
import { desk, journals } from './desk.ts';
import { expectRestored } from './manners.ts';
import { departs, storyOf } from './story.ts';

const SIZES = [
  [100, 44],
  [60, 44],
  [120, 44],
  [80, 34],
  [80, 44],
] as const;

test('the live part is drawn once after each change of the window, and finished lines stay', { timeout: 120_000 }, async () => {
  const { dir, open } = await desk(romanModel);
  const terminal = open(['--approve', '--dir', 'roman', TASK], { cols: 80, rows: 44 });
  await terminal.waitFor('the plan waits');
  for (const [cols, rows] of SIZES) {
    await new Promise((done) => setTimeout(done, 500));
    await terminal.resize(cols, rows);
    await new Promise((done) => setTimeout(done, 500));
    const heads = terminal.everything().filter((line) => line.startsWith('redgreen  '));
    expect(heads.length, terminal.picture()).toBe(1);
  }
  await terminal.press('\r');
  expect(await terminal.ended()).toBe(0);
  const [journal = []] = journals(join(dir, 'roman'));
  expect(departs(terminal.everything(), storyOf(journal))).toBe('');
  expect(wipes(terminal.raw())).toEqual([]);
  await expectRestored(terminal);
});
