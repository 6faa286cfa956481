// A large project in a small window: 80 files and 504 tests.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { desk, journals } from './desk.ts';
import { KEYS } from './keys.ts';
import { expectManners, expectRestored, watchScrollback } from './manners.ts';
import { bigModel, door, streaming } from './models.ts';
import { kept } from './sitting.ts';
import { departs, notOnce, storyOf } from './story.ts';

test('80 files and 504 tests in 24 rows: nothing lost, nothing twice, no flicker', { timeout: 300_000 }, async () => {
  const repair = door();
  const last = door();
  const held = repair.before(streaming(bigModel, 400), ({ step }) => step === 'repair');
  const { dir, open } = await desk(last.before(held, ({ subject }) => subject === 'src/part55.ts'));
  const terminal = open(['--dir', 'big', 'Many small functions']);
  const changed = watchScrollback(terminal);
  await terminal.waitFor('504 red tests', 120_000);
  await kept(terminal, 'big-drafting');
  await terminal.press('/tests', KEYS.enter);
  await terminal.waitFor('504 red, as it must be');
  await terminal.press('G', 'g', 'q');
  last.open();
  await terminal.waitFor('round 1 · 31 of 504 fail', 120_000);
  await kept(terminal, 'big-round');
  repair.open();
  expect(await terminal.ended(120_000)).toBe(0);
  expect(changed()).toEqual([]);
  const [journal = []] = journals(join(dir, 'big'));
  expect(departs(terminal.everything(), storyOf(journal))).toBe('');
  expectManners(terminal, 24);
  await expectRestored(terminal);
});

test('the window changes while 80 files stream: every finished line once, also where the live part was taller than the window', {
  timeout: 300_000,
}, async () => {
  const { dir, open } = await desk(streaming(bigModel, 200));
  const terminal = open(['--dir', 'big', 'Many small functions'], { rows: 40, cols: 100 });
  await terminal.waitFor(/^draft /m, 60_000);
  for (const [cols, rows] of [
    [60, 40],
    [120, 40],
    [80, 20],
    [100, 40],
  ] as const) {
    await terminal.resize(cols, rows);
    await new Promise((done) => setTimeout(done, 700));
  }
  await terminal.press(KEYS.ctrlC);
  expect(await terminal.ended()).toBe(130);
  const [journal = []] = journals(join(dir, 'big'));
  expect(notOnce(terminal.everything(), storyOf(journal))).toEqual([]);
  await expectRestored(terminal);
});
