// Ways out of a session, from everywhere, and the editor on a plan.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { romanModel, TASK } from '../e2e/roman.ts';
import { KEYS } from './keys.ts';
import { expectManners, expectRestored } from './manners.ts';
import { door, holding } from './models.ts';
import { kept, READY, sitDown } from './sitting.ts';
import type { Terminal } from './terminal.ts';

const held = holding(romanModel, ({ subject }) => subject === 'src/roman.ts');

/** A shell script as the user's editor. */
function editor(dir: string, script: string): Record<string, string> {
  const path = join(dir, 'editor.sh');
  writeFileSync(path, script);
  return { EDITOR: `sh ${path}`, VISUAL: '' };
}

async function toPlan(terminal: Terminal): Promise<void> {
  await terminal.press(TASK, KEYS.enter);
  await terminal.waitFor(/starts in \d+ s/);
}

async function toWork(terminal: Terminal): Promise<void> {
  await toPlan(terminal);
  await terminal.press(KEYS.enter);
  await terminal.waitFor('type to steer');
}

test('a plan is edited, wrongly at first, and then built', { timeout: 120_000 }, async () => {
  const { dir, repo, begin } = await sitDown(romanModel);
  const seen = join(dir, 'stty');
  const script = `stty -a </dev/tty >${seen}\nif [ ! -e ${dir}/once ]; then touch ${dir}/once; echo '{ "name": 3 }' >"$1"; else sed -i 's/as a library and a command/EDITED/' "$1"; fi\n`;
  const terminal = await begin({ env: editor(dir, script) });
  await toPlan(terminal);
  await terminal.press('e');
  await terminal.waitFor('The plan cannot be read');
  // The editor had the terminal as the shell gave it to us.
  expect(readFileSync(seen, 'utf8')).toMatch(/[^-]icanon/);
  expect(readFileSync(seen, 'utf8')).toMatch(/[^-]echo /);
  await kept(terminal, 'plan-edited-wrongly');
  writeFileSync(join(dir, 'editor.sh'), `cat >"$1" <<'EOF'\n${JSON.stringify(planOf())}\nEOF\n`);
  await terminal.press('e');
  await terminal.waitFor(/EDITED/);
  await terminal.waitFor(/go on\?|starts in/);
  await terminal.press(KEYS.enter);
  await terminal.waitFor(() => terminal.everything().join('\n').includes('✓ GREEN'));
  await terminal.press(KEYS.ctrlD);
  expect(await terminal.ended()).toBe(0);
  expectManners(terminal, 24);
  await expectRestored(terminal);
  expect(repo).not.toBe('');
});

function planOf(): unknown {
  const reply = romanModel({ step: 'plan', subject: '', n: 1, text: '', body: {}, bytes: 0, at: 0 });
  return { ...JSON.parse(reply?.text ?? '{}'), summary: 'EDITED by hand.' };
}

test('a plan that nobody holds is approved by itself', { timeout: 120_000 }, async () => {
  const { begin } = await sitDown(held);
  const terminal = await begin();
  await toPlan(terminal);
  await terminal.waitFor(/^plan +approved/m, 20_000);
  await terminal.press(KEYS.ctrlC);
  await terminal.waitFor('INTERRUPTED');
  await terminal.press(KEYS.ctrlD);
  expect(await terminal.ended()).toBe(0);
  await expectRestored(terminal);
});

test('Ctrl-C while a plan waits, and in a view, ends the run and not the session', { timeout: 120_000 }, async () => {
  const { begin } = await sitDown(held);
  const terminal = await begin();
  await toPlan(terminal);
  await terminal.press(KEYS.ctrlC);
  await terminal.waitFor('INTERRUPTED');
  await terminal.waitFor(READY);
  await toWork(terminal);
  await terminal.press('/log', KEYS.enter);
  await terminal.waitFor(() => terminal.modes().alternate);
  await terminal.press(KEYS.ctrlC);
  await terminal.waitFor(() => terminal.everything().filter((line) => line.includes('INTERRUPTED')).length === 2);
  expect(terminal.modes().alternate).toBe(false);
  await terminal.waitFor(READY);
  await terminal.press('/resume', KEYS.enter);
  await terminal.waitFor(/^resume +goes on/m);
  await terminal.press('/quit', KEYS.enter);
  expect(await terminal.ended()).toBeLessThan(131);
  expectManners(terminal, 24);
  await expectRestored(terminal);
});

test.each(['SIGTERM', 'SIGHUP'] as const)(
  '%s ends an idle session, and one with a view, an editor or a waiting plan',
  { timeout: 120_000 },
  async (signal) => {
    const { dir, begin } = await sitDown(held);
    const idle = await begin();
    await idle.press('half a tas');
    idle.signal(signal);
    await idle.ended();
    expect(idle.everything().join('\n')).toContain('half a tas');
    await expectRestored(idle);

    const plan = await begin();
    await toPlan(plan);
    plan.signal(signal);
    expect(await plan.ended()).toBe(130);
    await expectRestored(plan);

    const view = await begin();
    await toWork(view);
    await view.press('/diff', KEYS.enter);
    await view.waitFor(() => view.modes().alternate);
    view.signal(signal);
    expect(await view.ended()).toBe(130);
    expect(view.everything().join('\n')).toContain('redgreen resume');
    await expectRestored(view);

    const editing = await begin({ env: editor(dir, 'printf "in the editor\\n"\nexec sleep 40\n') });
    await toPlan(editing);
    await editing.press('e');
    await editing.waitFor('in the editor');
    editing.signal(signal);
    expect(await editing.ended(15_000)).toBe(130);
    await expectRestored(editing);
  },
);

test('Ctrl-C in an editor is the editor’s', { timeout: 60_000 }, async () => {
  const { dir, begin } = await sitDown(romanModel);
  const terminal = await begin({ env: editor(dir, 'printf "in the editor\\n"\nsleep 40\n') });
  await toPlan(terminal);
  await terminal.press('e');
  await terminal.waitFor('in the editor');
  await terminal.press(KEYS.ctrlC);
  await terminal.waitFor(/The editor .* ended with/);
  await terminal.waitFor('go on?');
  await terminal.press(KEYS.ctrlC);
  await terminal.waitFor('INTERRUPTED');
  await terminal.press(KEYS.ctrlC, KEYS.ctrlC);
  await terminal.ended();
  await expectRestored(terminal);
});

test('Ctrl-C twice in a session leaves at once', { timeout: 60_000 }, async () => {
  const { begin } = await sitDown(held);
  const terminal = await begin();
  await toWork(terminal);
  await terminal.press(KEYS.ctrlC, KEYS.ctrlC);
  await terminal.ended(15_000);
  await expectRestored(terminal);
});

test('a remark that comes too late is the next task', { timeout: 120_000 }, async () => {
  const proof = door();
  const { begin } = await sitDown(proof.before(romanModel, ({ subject }) => subject === 'src/roman.ts'));
  const terminal = await begin();
  await toWork(terminal);
  proof.open();
  await terminal.waitFor(/proving/);
  await terminal.press('and in lower case, too', KEYS.enter);
  await terminal.waitFor(() => /^queue +1\. and in lower case/m.test(terminal.everything().join('\n')));
  await terminal.waitFor(/starts in \d+ s/);
  await terminal.press(KEYS.ctrlC);
  await terminal.waitFor('INTERRUPTED');
  await terminal.press('/new', KEYS.enter);
  await terminal.waitFor('the next task starts a branch of its own');
  await terminal.press('/quit', KEYS.enter);
  expect(await terminal.ended()).toBe(0);
  await expectRestored(terminal);
});
