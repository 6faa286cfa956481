import { afterEach, describe, expect, it } from 'vitest';
import type { Body } from '../../../src/core/events.ts';
import { resultOf } from '../../../src/surfaces/result.ts';
import { closing, created, middle, opening } from '../events.ts';
import { puppet, type StageOptions, stage } from './stage.ts';

const ENTER = '\r';
const ESC = '\u001b';
const CTRL_C = '\u0003';
let close = async () => {};
afterEach(() => close());

function open(options: StageOptions = {}) {
  const made = stage(options);
  close = () => made.live.close();
  return made;
}

/** Up to a plan that waits for a word. */
const waiting: readonly Body[] = [{ ...created, approve: true } as Body, ...opening.slice(1, 5)];

describe('a session', () => {
  it('takes a task from the prompt, keeps it in the history, and shows the run', async () => {
    const { live, press, sees, said } = open();
    const wish = live.next();
    await sees('what shall be built?');
    await press('a tool that', ESC + ENTER, 'counts words', ENTER);
    expect(await wish).toEqual({ type: 'task', text: 'a tool that\ncounts words' });
    expect(said.remembered).toEqual(['a tool that\ncounts words']);
    const run = puppet(live.surface());
    run.emit(...opening);
    await sees('draft    src/count.ts · 640 B');
    await sees('type to steer');
  });

  it('has the terminal’s cursor at the caret, also after wide characters and while a run is shown above', async () => {
    const { live, press, sees, cursor, screen } = open();
    void live.next();
    await press('日本', 'x', '\u001b[D');
    await sees('› 日本x');
    await sees(() => cursor().x === 6);
    expect(cursor().row).toContain('› 日本x');
    const run = puppet(live.surface());
    run.emit(...opening);
    await sees('src/count.ts');
    await sees(() => cursor().row?.includes('› 日本x') === true && cursor().x === 6);
    expect(screen().filter((row) => row.includes('› 日本x'))).toHaveLength(1);
  });

  it('approves a plan by itself after a while, and by Enter at once', async () => {
    const slow = open({ planMs: 10_000 });
    const surface = slow.live.surface();
    const run = puppet(surface);
    run.emit(...waiting);
    await slow.sees('starts in 10 s: Enter now');
    await slow.press(ENTER);
    expect(run.heard.at(-1)).toEqual({ type: 'plan.approved', remark: '' });
    await slow.live.close();
    const quick = open({ planMs: 80 });
    const other = puppet(quick.live.surface());
    other.emit(...waiting);
    await quick.sees(() => other.heard.at(-1)?.type === 'plan.approved');
  });

  it('holds a plan at any key, sends words back, and never approves by itself with --approve', async () => {
    const { live, press, sees } = open({ planMs: 150 });
    const run = puppet(live.surface());
    run.emit(...waiting);
    await press(ESC);
    await sees('go on? Enter: yes');
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(run.heard).toHaveLength(waiting.length);
    await press('use Python', ENTER);
    expect(run.heard.at(-1)).toEqual({ type: 'plan.rejected', remark: 'use Python' });
    await live.close();
    const asked = open({ planMs: null });
    puppet(asked.live.surface()).emit(...waiting);
    await asked.sees('go on? Enter: yes');
  });

  it('opens the editor on the plan by e, says what is wrong with it, and opens it again on what was written', async () => {
    const given: string[] = [];
    const answers = ['{ "name": ', JSON.stringify({ ...planOf(waiting), summary: 'Mine' })];
    const edit = async (text: string) => {
      given.push(text);
      return `// The comment stays out.\n${answers.shift() ?? ''}`;
    };
    const { live, press, sees, modes } = open({ planMs: 10_000, hooks: { edit } });
    const run = puppet(live.surface());
    run.emit(...waiting);
    await press('e');
    await sees('The plan cannot be read');
    expect(given[0]).toMatch(/^\/\/ The plan\.[^\n]*\n\{\n {2}"name": "wordcount"/);
    expect(modes.slice(-2)).toEqual([false, true]);
    await press('e');
    await sees('edited by you');
    expect(given[1]).toContain('{ "name": ');
    expect(run.heard.at(-1)).toMatchObject({ type: 'plan.edited', plan: { summary: 'Mine' } });
  });

  it('takes a word that begins with e as a word', async () => {
    const { live, press, sees } = open({ planMs: 10_000, hooks: { edit: async () => Promise.reject(new Error('opened')) } });
    const run = puppet(live.surface());
    run.emit(...waiting);
    await press('e', 'ach file smaller', ENTER);
    await sees(() => run.heard.at(-1)?.type === 'plan.rejected');
    expect(run.heard.at(-1)).toEqual({ type: 'plan.rejected', remark: 'each file smaller' });
  });

  it('says words to the run that works, and queues what comes too late', async () => {
    const { live, press, sees } = open();
    const run = puppet(live.surface());
    run.emit(...opening, ...middle);
    await press('also accept TSV', ENTER);
    await sees('also accept TSV');
    expect(run.heard.at(-1)).toEqual({ type: 'remark', text: 'also accept TSV' });
    run.emit(...closing, { type: 'remark', text: 'and CSV' });
    await sees('1 task in the queue: and CSV');
    const surface = live.surface();
    surface.finish(resultOf({ outcome: 'green', reason: 'proven', branch: 'redgreen/x', commit: null, exitCode: 0 }, run.state()));
    expect(await live.next()).toEqual({ type: 'task', text: 'and CSV' });
  });

  it('pauses and goes on by Esc; clears the line by the second Esc', async () => {
    const { live, press, sees, shown } = open();
    const run = puppet(live.surface());
    run.emit(...opening);
    await press(ESC);
    await sees('paused · Esc goes on');
    expect(run.heard.at(-1)).toEqual({ type: 'paused' });
    await press(ESC);
    await sees(() => run.heard.at(-1)?.type === 'continued');
    await press('words', ESC);
    await sees('Esc again clears the line');
    await press(ESC);
    await sees(() => !shown().some((row) => row.includes('words')) || shown().at(-1)?.includes('type to steer') === true);
    await press('\u0019');
    await sees('› words');
  });

  it('stops the run by Ctrl-C on an empty line, and clears the line before', async () => {
    const { live, press, sees, said } = open();
    puppet(live.surface()).emit(...opening);
    await press('words', CTRL_C);
    expect(said.interrupts).toBe(0);
    await press(CTRL_C);
    await sees('Ctrl-C again leaves at once');
    expect(said.interrupts).toBe(1);
    await press(CTRL_C);
    expect(said.interrupts).toBe(2);
  });

  it('is left by Ctrl-D, by Ctrl-C twice, and by /quit', async () => {
    for (const keys of [['\u0004'], [CTRL_C, CTRL_C], ['/quit', ENTER]]) {
      const { live, press } = open();
      const wish = live.next();
      await press(...keys);
      expect(await wish).toEqual({ type: 'leave' });
      await live.close();
    }
  });

  it('queues tasks, drops them, and holds them after a run that did not end well', async () => {
    const { live, press, sees } = open();
    const run = puppet(live.surface());
    run.emit(...opening);
    await press('/queue one', ENTER, '/queue two', ENTER, '/queue drop 1', ENTER);
    await sees('1 task in the queue: two');
    const result = resultOf({ outcome: 'interrupted', reason: 'stopped', branch: null, commit: null, exitCode: 130 }, run.state());
    live.surface().finish(result);
    const wish = live.next();
    await sees('Enter starts the next task of the queue');
    await press(ENTER);
    expect(await wish).toEqual({ type: 'task', text: 'two' });
  });

  it('keeps a task that was sent before anybody asked for one', async () => {
    const { live, press } = open();
    await press('a tool', ENTER);
    expect(await live.next()).toEqual({ type: 'task', text: 'a tool' });
  });

  it('gives commands to the layer above, says what there is not, and puts a task back that could not begin', async () => {
    const { live, press, sees, said } = open();
    void live.next();
    await press('/budget $3 2h', ENTER, '/dfif', ENTER);
    await sees('There is no /dfif; did you mean /diff?');
    expect(said.commands).toEqual([['budget', '$3 2h']]);
    live.takeBack('my task');
    await sees('› my task');
  });

  it('loses nothing that is typed when a run ends, when the window changes, and when it is left', async () => {
    const { live, press, sees, resize } = open();
    const surface = live.surface();
    const run = puppet(surface);
    run.emit(...opening);
    await press('half a thou');
    run.emit(...middle, ...closing);
    surface.finish(resultOf({ outcome: 'green', reason: 'proven', branch: 'redgreen/x', commit: null, exitCode: 0 }, run.state()));
    await sees('› half a thou');
    resize(60, 20);
    await press('ght');
    await sees('› half a thought');
    await live.close();
    await sees(/^not sent\s+half a thought/);
  });
});

describe('one run', () => {
  it('has no commands of a session, and gives back what a tape cannot hear', async () => {
    const { live, press, sees } = open({ session: false });
    const run = puppet(live.surface());
    run.emit({ ...created, source: 'demo' } as Body, ...opening.slice(1));
    await press('/new', ENTER);
    await sees('/new is for sessions');
    await press('also TSV', ENTER);
    await sees('The replies come from a tape');
    await sees('› also TSV');
  });

  it('says at its end what was said too late', async () => {
    const { live, sees } = open({ session: false });
    const surface = live.surface();
    const run = puppet(surface);
    run.emit(...opening, ...middle, ...closing, { type: 'remark', text: 'and CSV' });
    surface.finish(resultOf({ outcome: 'green', reason: 'proven', branch: 'redgreen/x', commit: null, exitCode: 0 }, run.state()));
    await sees(/not done\s+and CSV/);
  });
});

describe('the window', () => {
  for (const [columns, rows] of [
    [80, 24],
    [60, 20],
    [40, 10],
  ] as const) {
    it(`is never filled by the live part, at ${columns} by ${rows}`, async () => {
      const { live, press, sees, raw } = open({ size: { columns, rows } });
      const run = puppet(live.surface());
      run.emit(...opening);
      await sees('src/cli.ts');
      for (let i = 0; i < 12; i++) await press(`line ${i}`, '\n');
      await sees('line 11');
      // What is higher than the window is redrawn as a whole.
      expect(raw()).not.toContain('\u001b[2J');
      expect(raw()).not.toContain('\u001b[3J');
      const heights = raw()
        .split('\u001b[?2026h')
        .map((frame) => (frame.match(/\u001b\[1A/g) ?? []).length);
      expect(Math.max(...heights)).toBeLessThanOrEqual(rows - 1);
    });
  }
});

function planOf(bodies: readonly Body[]) {
  const answer = bodies.find((body) => body.type === 'answered');
  return answer?.type === 'answered' && answer.content.kind === 'plan' ? answer.content.plan : null;
}
