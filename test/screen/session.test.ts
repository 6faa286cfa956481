// A session as a person has it: a prompt, a run that is steered and looked at, another one on the same branch, and the way out.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { romanModel, TASK } from '../e2e/roman.ts';
import { KEYS } from './keys.ts';
import { expectManners, expectRestored } from './manners.ts';
import { masked } from './mask.ts';
import { door } from './models.ts';
import { kept, READY, sitDown } from './sitting.ts';

test('the prompt line: wide characters, several lines, paste, completion, history, help', { timeout: 120_000 }, async () => {
  const { begin } = await sitDown(romanModel);
  const terminal = await begin();
  await kept(terminal, 'greeting');
  expect(terminal.modes()).toMatchObject({ paste: true, alternate: false, cursor: true });
  const top = terminal.cursor();

  await terminal.press('日本語 ok');
  await terminal.waitFor('› 日本語 ok');
  expect(terminal.cursor()).toEqual({ x: 2 + 6 + 3, y: top.y });
  await terminal.press(KEYS.home, KEYS.right, KEYS.right);
  await terminal.waitFor(() => terminal.cursor().x === 2 + 4);
  await terminal.press(KEYS.backspace, '文');
  await terminal.waitFor('› 日文語 ok');
  expect(terminal.cursor().x).toBe(2 + 4);
  await terminal.press(KEYS.ctrlC);
  await terminal.waitFor(READY);

  await terminal.press('one', KEYS.altEnter, 'two', KEYS.newline, 'three');
  await terminal.waitFor(/› one\n {2}two\n {2}three/);
  expect(terminal.cursor()).toEqual({ x: 7, y: top.y + 2 });
  await terminal.press(KEYS.up, KEYS.up, KEYS.home, '/');
  await terminal.waitFor('› /one');
  await terminal.press(KEYS.ctrlC);
  await terminal.waitFor(READY);

  await terminal.paste('first\r\nsecond\u001b[2J\u0007');
  await terminal.waitFor(/› first\n {2}second/);
  await terminal.press(KEYS.ctrlC);
  await terminal.paste('a line\n'.repeat(300));
  await terminal.waitFor(/› \[pasted 300 lines\]/);
  await terminal.press(KEYS.ctrlC);
  await terminal.waitFor(READY);

  await terminal.press('/');
  await terminal.waitFor('/plan [edit]');
  await kept(terminal, 'completion');
  await terminal.press('he');
  await terminal.waitFor(() => !terminal.screen().join().includes('/plan [edit]'));
  await terminal.press(KEYS.tab);
  await terminal.waitFor('› /help');
  await terminal.press(KEYS.enter);
  await terminal.waitFor('commands');
  await terminal.waitFor(READY);
  await terminal.press('/hlep', KEYS.enter);
  await terminal.waitFor(/There is no \/hlep; did you mean \/help\?/);
  await terminal.press(KEYS.up);
  await terminal.waitFor('› /hlep');
  await terminal.press(KEYS.up, KEYS.up, KEYS.down);
  await terminal.press(KEYS.ctrlC);
  await terminal.press(' secret', KEYS.enter, KEYS.ctrlC);
  await terminal.waitFor('INTERRUPTED', 20_000);
  await terminal.waitFor(READY);
  await terminal.press(KEYS.ctrlD);
  expect(await terminal.ended()).toBe(0);
  expectManners(terminal, 24);
  await expectRestored(terminal);

  const second = await begin();
  await second.press(KEYS.up);
  await second.waitFor('› /hlep');
  await second.press(KEYS.up);
  await second.waitFor('› /help');
  await second.press(KEYS.ctrlC, KEYS.ctrlC);
  await second.waitFor('Ctrl-C again leaves');
  await second.press(KEYS.ctrlC);
  expect(await second.ended()).toBe(0);
  await expectRestored(second);
});

test('a run is approved, steered, paused and looked at, and the next one goes on with its branch', { timeout: 180_000 }, async () => {
  const draft = door();
  const { repo, server, begin } = await sitDown(draft.before(romanModel, ({ subject }) => subject === 'src/roman.ts'));
  const terminal = await begin();
  await terminal.press(TASK, KEYS.enter);
  await terminal.waitFor(/starts in \d+ s/);
  await kept(terminal, 'plan-waits');
  await terminal.press(KEYS.enter);
  await terminal.waitFor('8 red tests');
  await kept(terminal, 'drafting');

  await terminal.press('mind the limits', KEYS.enter);
  await terminal.waitFor(/^you +mind the limits/m);
  await terminal.press(KEYS.escape);
  await terminal.waitFor('paused for');
  await kept(terminal, 'paused');
  await terminal.press(KEYS.escape);
  await terminal.waitFor(/^pause +goes on/m);

  // A view is another screen: what was there is there again.
  await terminal.quiet(150).catch(() => undefined);
  const before = terminal.everything();
  await terminal.press('/diff', KEYS.enter);
  await terminal.waitFor('not written yet: 1 file');
  expect(terminal.modes()).toMatchObject({ alternate: true });
  await kept(terminal, 'diff');
  await terminal.press(KEYS.tab);
  await terminal.waitFor('@@');
  expect(terminal.style('+import').colour).toBe(2);
  await terminal.press('q');
  await terminal.waitFor(() => !terminal.modes().alternate);
  await terminal.waitFor('type to steer');
  expect(masked(terminal.everything())).toBe(masked(before));
  const { y } = terminal.cursor();
  expect(terminal.modes()).toMatchObject({ paste: true, cursor: true });
  for (const [view, sign] of [
    ['tests', '8 red, as it must be'],
    ['cost', 'reserved for 1 request'],
    ['plan', 'src/roman.ts'],
    ['log', 'goes on'],
  ] as const) {
    await terminal.press(`/${view}`, KEYS.enter);
    await terminal.waitFor(() => terminal.modes().alternate);
    await terminal.waitFor(sign);
    if (view !== 'log') await kept(terminal, `view-${view}`);
    await terminal.press('q');
    await terminal.waitFor('type to steer');
    expect(terminal.cursor()).toEqual({ x: 2, y });
  }
  expect(masked(terminal.everything())).toBe(masked(before));

  await terminal.press('/queue Also in lower case', KEYS.enter);
  await terminal.waitFor('1 task in the queue: Also in lower case');
  draft.open();
  await terminal.waitFor(() => terminal.everything().join('\n').includes('GREEN'));
  expect(server.asked.filter((a) => a.step === 'repair').some((a) => a.text.includes('- mind the limits'))).toBe(true);
  expect(server.asked.filter((a) => a.step === 'draft').some((a) => a.text.includes('mind the limits'))).toBe(false);

  // The queued task became a run on the same branch; its plan is sent back with words, and then stopped.
  await terminal.waitFor(/starts in \d+ s/);
  expect(terminal.everything().join('\n')).toContain('Goes on with redgreen/roman-numerals');
  await terminal.press(KEYS.escape);
  await terminal.waitFor('go on? Enter: yes');
  await terminal.press('only upper case after all', KEYS.enter);
  await terminal.waitFor('starts in');
  expect(server.asked.filter((a) => a.step === 'plan').at(-1)?.text).toContain('only upper case after all');
  await terminal.press(KEYS.ctrlC);
  await terminal.waitFor('INTERRUPTED');
  await terminal.waitFor('goes on with redgreen/roman-numerals');
  await kept(terminal, 'stopped');
  await terminal.press('/quit', KEYS.enter);
  expect(await terminal.ended()).toBe(0);
  expect(terminal.everything().join('\n')).toMatch(/To go on with what was stopped: redgreen resume \S+/);
  expectManners(terminal, 24);
  await expectRestored(terminal);
  const git = (...args: string[]) => execFileSync('git', ['-C', repo, ...args], { encoding: 'utf8' }).trim();
  expect(git('log', '--format=%s', 'redgreen/roman-numerals').split('\n')).toHaveLength(2);
});
