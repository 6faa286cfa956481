// A run on the screen, from the first line to the shell's next prompt.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { romanModel, TASK } from '../e2e/roman.ts';
import { colours } from './bytes.ts';
import { desk, journals } from './desk.ts';
import { expectManners, expectRestored, watchScrollback } from './manners.ts';
import { hostileModel, streaming } from './models.ts';
import { after, departs, storyOf } from './story.ts';

test('each step is said once, in order, and what scrolled away stays as it was', { timeout: 120_000 }, async () => {
  const { dir, open } = await desk(streaming(romanModel, 300));
  const terminal = open(['--dir', 'roman', TASK]);
  const changed = watchScrollback(terminal);
  await terminal.waitFor('src/roman.ts');
  expect(terminal.modes()).toMatchObject({ alternate: false });
  expect(await terminal.ended()).toBe(0);
  expect(changed()).toEqual([]);
  const lines = terminal.everything();
  const steps = [
    /^plan/,
    /^draft/,
    /^red/,
    /^round 1/,
    /^repair/,
    /^round 2/,
    /^proof/,
    /^branch/,
    /^✓ GREEN/,
    /^look/,
    /^verify/,
    /^record/,
  ];
  const found = steps.map((step) => lines.findIndex((line) => step.test(line)));
  expect(found).not.toContain(-1);
  expect(found).toEqual([...found].sort((a, b) => a - b));
  // Everything that is there, and nothing else: no line twice, no rest of a frame.
  const [journal = []] = journals(join(dir, 'roman'));
  expect(departs(lines, storyOf(journal))).toBe('');
  expect(after(lines, storyOf(journal))).toMatch(/^━+✓GREEN.*8tests.*look.*verify.*sha256:[0-9a-f]{64}.*\[exit0\]\$$/);
  expectManners(terminal, 24);
  await expectRestored(terminal);
});

test('hostile text from plan, files, tests and model is inert', { timeout: 120_000 }, async () => {
  const { dir, open } = await desk(streaming(hostileModel, 6_000));
  const terminal = open(['--dir', 'hostile', 'A task \u202e\u001b]52;c;ZXZpbA==\u0007 日本語']);
  const changed = watchScrollback(terminal);
  expect(await terminal.ended()).toBe(0);
  expect(changed()).toEqual([]);
  expect(terminal.raw()).toContain('␛');
  const [journal = []] = journals(join(dir, 'hostile'));
  expect(departs(terminal.everything(), storyOf(journal))).toBe('');
  expectManners(terminal, 24);
  await expectRestored(terminal);
});

test('a small window without colour and without UTF-8 gets plain ASCII', { timeout: 120_000 }, async () => {
  const { open } = await desk(streaming(romanModel, 300));
  const terminal = open(['--dir', 'roman', TASK], { cols: 60, rows: 20, env: { NO_COLOR: '1', LANG: 'C' } });
  await terminal.waitFor('src/roman.ts');
  expect(await terminal.ended()).toBe(0);
  expect(colours(terminal.raw())).toEqual([]);
  expect(terminal.raw().match(/[^\u0000-\u007f]+/g) ?? []).toEqual([]);
  expectManners(terminal, 20);
  await expectRestored(terminal);
});
