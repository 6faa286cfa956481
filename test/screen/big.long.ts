// A large project in a small window: 80 files and 504 tests.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { desk, journals } from './desk.ts';
import { KEYS } from './keys.ts';
import { expectManners, expectRestored, watchScrollback } from './manners.ts';
import { bigModel, streaming } from './models.ts';
import { kept } from './sitting.ts';
import { departs, storyOf } from './story.ts';

test('80 files and 504 tests in 24 rows: nothing lost, nothing twice, no flicker', { timeout: 300_000 }, async () => {
  const { dir, open } = await desk(streaming(bigModel, 400));
  const terminal = open(['--dir', 'big', 'Many small functions']);
  const changed = watchScrollback(terminal);
  await terminal.waitFor('504 red tests', 120_000);
  await terminal.press('/tests', KEYS.enter);
  await terminal.waitFor('504 red, as it must be');
  await terminal.press('G', 'g', 'q');
  await terminal.waitFor(() => terminal.everything().join('\n').includes('round 1'), 120_000);
  expect(await terminal.ended(120_000)).toBe(0);
  expect(changed()).toEqual([]);
  const [journal = []] = journals(join(dir, 'big'));
  expect(departs(terminal.everything(), storyOf(journal))).toBe('');
  expectManners(terminal, 24);
  await expectRestored(terminal);
  await kept(terminal, 'big-end');
});

test('the window changes while 80 files stream', { timeout: 300_000 }, async () => {
  const { dir, open } = await desk(streaming(bigModel, 200));
  const terminal = open(['--dir', 'big', 'Many small functions'], { rows: 40, cols: 100 });
  await terminal.waitFor('src/part20', 60_000);
  for (const [cols, rows] of [
    [60, 40],
    [120, 40],
    [80, 50],
    [100, 40],
  ] as const) {
    await terminal.resize(cols, rows);
    await new Promise((done) => setTimeout(done, 700));
  }
  await terminal.press(KEYS.ctrlC);
  expect(await terminal.ended()).toBe(130);
  const [journal = []] = journals(join(dir, 'big'));
  expect(departs(terminal.everything(), storyOf(journal))).toBe('');
  await expectRestored(terminal);
});
