// Windows and terminals that are not as one would wish.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { redgreen } from '../e2e/redgreen.ts';
import { romanModel, TASK } from '../e2e/roman.ts';
import { colours, foreign } from './bytes.ts';
import { desk, journals } from './desk.ts';
import { KEYS } from './keys.ts';
import { expectManners, expectRestored } from './manners.ts';
import { busy, door, hostileModel, streaming } from './models.ts';
import { kept, sitDown } from './sitting.ts';
import { departs, storyOf } from './story.ts';

test('a window that becomes far too small breaks nothing', async () => {
  const { open } = await desk(streaming(romanModel, 200));
  const terminal = open(['--dir', 'roman', TASK]);
  await terminal.waitFor('src/roman.ts');
  for (const [cols, rows] of [
    [40, 10],
    [12, 4],
    [2, 1],
    [80, 24],
  ] as const) {
    await terminal.resize(cols, rows);
    await new Promise((done) => setTimeout(done, 300));
  }
  expect(await terminal.ended()).toBe(0);
  expect(terminal.everything().filter((line) => line.startsWith('✓ GREEN'))).toHaveLength(1);
  expect(foreign(terminal.raw())).toEqual([]);
  await expectRestored(terminal);
});

test.each([
  [60, 20],
  [40, 10],
  [120, 40],
])('a run in %i columns and %i rows', { timeout: 120_000 }, async (cols, rows) => {
  const last = door();
  const { dir, open } = await desk(last.before(romanModel, ({ step }) => step === 'repair'));
  const terminal = open(['--dir', 'roman', TASK], { cols, rows });
  await terminal.waitFor(() => terminal.everything().join(' ').includes('round 1'));
  await terminal.waitFor(/repairing/);
  await kept(terminal, `repairing-${cols}x${rows}`);
  last.open();
  expect(await terminal.ended()).toBe(0);
  const [journal = []] = journals(join(dir, 'roman'));
  expect(departs(terminal.everything(), storyOf(journal))).toBe('');
  expectManners(terminal, rows);
  await expectRestored(terminal);
});

test('hostile text in a narrow window', { timeout: 120_000 }, async () => {
  const { open } = await desk(streaming(hostileModel, 6_000));
  const terminal = open(['--dir', 'hostile', 'A task'], { cols: 40, rows: 12 });
  await terminal.waitFor('double.ts');
  for (const view of ['diff', 'tests', 'log', 'plan', 'cost']) {
    await terminal.press(`/${view}`, KEYS.enter);
    await terminal.waitFor(() => terminal.modes().alternate);
    await terminal.press(KEYS.tab, ' ', 'G');
    await terminal.quiet(100);
    await terminal.press('q');
    await terminal.waitFor(() => !terminal.modes().alternate);
  }
  expect(await terminal.ended()).toBe(0);
  expect(foreign(terminal.raw())).toEqual([]);
  await expectRestored(terminal);
});

test('a dumb terminal, CI and --plain get plain lines', { timeout: 120_000 }, async () => {
  const dumb = (await desk(romanModel)).open(['--dir', 'a', TASK], { env: { TERM: 'dumb' } });
  expect(await dumb.ended()).toBe(0);
  expect(dumb.raw()).not.toContain('\u001b');
  const plain = (await desk(romanModel)).open(['--plain', '--dir', 'b', TASK]);
  expect(await plain.ended()).toBe(0);
  expect(plain.raw().replace(/\u001b\[[0-9;]*m/g, '')).not.toContain('\u001b');
  expect(foreign(plain.raw())).toEqual([]);
});

test('a pipe gets plain lines, and no session', { timeout: 120_000 }, async () => {
  const { dir, home, server } = await desk(romanModel);
  const ran = await redgreen(['--dir', 'roman', TASK], { cwd: dir, home, env: { OPENAI_BASE_URL: server.url, TERM: 'xterm-256color' } });
  expect(ran.code).toBe(0);
  expect(ran.stdout).not.toContain('\u001b');
  const none = await redgreen([], { cwd: dir, home });
  expect([none.code, none.stdout]).toEqual([2, '']);
  expect(none.stderr).toMatch(/^redgreen: Say what to build.*\n$/);
});

test('a screen reader hears words: no art, no clock, each step once', { timeout: 120_000 }, async () => {
  const { open } = await desk(streaming(romanModel, 300));
  const terminal = open(['--screen-reader', '--dir', 'roman', TASK]);
  expect(await terminal.ended()).toBe(0);
  const text = terminal.everything().join('\n');
  expect(text).not.toMatch(/[━╌╍○●✓✗]/);
  expect(text).toContain('8 of 8');
  expect(foreign(terminal.raw())).toEqual([]);
  await expectRestored(terminal);
});

test('a provider that is busy is waited for, and it is said', { timeout: 120_000 }, async () => {
  const { open } = await desk(busy(romanModel, 3));
  const terminal = open(['--dir', 'roman', TASK]);
  await terminal.waitFor(/‖ .* is busy|‖ .*asking again in \d+ s/);
  expect(await terminal.ended(90_000)).toBe(0);
  expectManners(terminal, 24);
  await expectRestored(terminal);
});

test('colour is by meaning, in the terminal’s own palette', { timeout: 120_000 }, async () => {
  const { open } = await desk(romanModel);
  const terminal = open(['--dir', 'roman', TASK]);
  expect(await terminal.ended()).toBe(0);
  expect(terminal.style('✓ GREEN')).toMatchObject({ colour: 2, bold: true });
  expect(colours(terminal.raw()).length).toBeGreaterThan(2);
});

test('Shift-Enter is a new line where the terminal tells it', { timeout: 60_000 }, async () => {
  const { begin } = await sitDown(romanModel);
  const terminal = await begin({ kitty: true });
  await terminal.waitFor(() => terminal.modes().kitty === 1);
  await terminal.press('one', '\u001b[13;2u', 'two');
  await terminal.waitFor(/› one\n {2}two/);
  await terminal.press('\u001b[99;5u');
  await terminal.waitFor('what shall be built?');
  await terminal.press('\u001b[100;5u');
  expect(await terminal.ended()).toBe(0);
  await expectRestored(terminal);
});
