// The window changes while a model streams.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { romanModel, TASK } from '../e2e/roman.ts';
import { foreign, wipes } from './bytes.ts';
import { desk, journals } from './desk.ts';
import { expectRestored } from './manners.ts';
import { streaming } from './models.ts';
import { after, departs, storyOf } from './story.ts';

/** High enough for the live part when its lines are wrapped: what a terminal pushes out at its top, nobody can take back. */
const SIZES = [
  [60, 44],
  [120, 44],
  [80, 34],
  [80, 50],
  [80, 44],
] as const;

test('no garbage and no line twice when the window changes in the middle of a stream', { timeout: 120_000 }, async () => {
  const { dir, open } = await desk(streaming(romanModel, 60));
  const terminal = open(['--dir', 'roman', TASK], { cols: 80, rows: 44 });
  await terminal.waitFor('src/roman.ts');
  for (const [cols, rows] of SIZES) {
    await terminal.quiet(50).catch(() => undefined);
    await terminal.resize(cols, rows);
    await new Promise((done) => setTimeout(done, 350));
    // The live part is drawn once: its last line is at the end of the screen's text and nowhere else.
    const hints = terminal.everything().filter((line) => line.includes('Ctrl-C'));
    expect(hints.length, terminal.picture()).toBeLessThanOrEqual(1);
  }
  expect(await terminal.ended()).toBe(0);
  const [journal = []] = journals(join(dir, 'roman'));
  expect(departs(terminal.everything(), storyOf(journal))).toBe('');
  expect(after(terminal.everything(), storyOf(journal))).toMatch(/^━+✓GREEN/);
  expect(foreign(terminal.raw())).toEqual([]);
  expect(wipes(terminal.raw())).toEqual([]);
  await expectRestored(terminal);
});
