import { describe, expect, it, vi } from 'vitest';
import type { Body } from '../../src/core/events.ts';
import { createPlain } from '../../src/surfaces/plain.ts';
import { resultOf } from '../../src/surfaces/result.ts';
import { closing, created, middle, opening, play, START } from './events.ts';

function screen(bodies: readonly Body[], options: { color?: boolean; exitCode?: number } = {}) {
  let text = '';
  const surface = createPlain({ write: (piece) => (text += piece) }, { color: options.color ?? false, now: Date.now });
  const all = play(bodies);
  for (const { event, state } of all) surface.event(event, state);
  return { surface, all, text: () => text };
}

describe('plain lines', () => {
  it('tell a green run from the task to the branch', () => {
    const { surface, all, text } = screen([...opening, ...middle, ...closing]);
    surface.finish(
      resultOf(
        {
          outcome: 'green',
          reason: 'all 2 tests pass, proven in a clean room',
          branch: 'redgreen/wordcount',
          commit: '3'.repeat(40),
          exitCode: 0,
        },
        all.at(-1)?.state ?? null,
      ),
    );
    expect(text()).toBe(`task      a tool that counts words
run       20261123-120000-ab12 in /home/u/words (a new repository)
models    openai/gpt-5.4
limits    $2.00 · 1 h · 12 rounds
box       bubblewrap, own uid, seccomp
plan      wordcount: Counts words in files
          2 files, 1 test file, 0 packages; typescript, node:test
          src/count.ts: Counts the words of a text
          src/cli.ts: Reads files and prints counts
          test/count.test.ts: 2 checks
          decided: a word is a run of letters
draft     src/count.ts · 640 B
wait      asking again in 2 s: the provider is busy
draft     src/cli.ts · 1.8 kB
tests     test/count.test.ts · 900 B
red       2 tests fail without the code, as they must; locked
check     1 slip mended in 1 file without a model
          src/cli.ts:12 Type string is not assignable to type number.
round 1   1 of 2 pass · 1.2 s · $0.050 so far
          test/count.test.ts › empty text: count('') is 1␛ instead of 0
repair    changed src/count.ts
refused   test/count.test.ts is locked; it stays as it is
round 2   2 of 2 pass (was 1) · 1.1 s · $0.063 so far
proof     2 tests passed 3 times in a clean room, from the commit alone · 4.3 s
branch    redgreen/wordcount at 3333333333, checked out

green     all 2 tests pass, proven in a clean room
          $0.063 · 8.0k tokens · 2 rounds · 25 s
          1 write to locked files refused
look      git -C /home/u/words log -p redgreen/wordcount
`);
  });

  it('have no escape sequence without colour, whatever a test prints', () => {
    expect(screen([...opening, ...middle, ...closing]).text()).not.toContain('\u001b');
  });

  it('have only the harness’s own colours with colour', () => {
    const text = screen([...opening, ...middle], { color: true }).text();
    expect(text).toContain('\u001b[31mround 1');
    expect([...new Set(text.match(/\u001b[^m]*m/g))].sort()).toEqual([
      '\u001b[2m',
      '\u001b[31m',
      '\u001b[32m',
      '\u001b[33m',
      '\u001b[39;22m',
    ]);
  });

  it('say how to go on after an interruption', () => {
    const { surface, all, text } = screen([created, { type: 'stopped', reason: 'stopped by the user' }]);
    surface.finish(
      resultOf(
        { outcome: 'interrupted', reason: 'stopped by the user', branch: null, commit: null, exitCode: 130 },
        all.at(-1)?.state ?? null,
      ),
    );
    expect(text().split('\n').slice(4)).toEqual([
      'stop      stopping; the work is kept',
      '',
      'interrupted stopped by the user',
      '          $0.00 · 0 tokens · 0 rounds · 1 s',
      'go on     redgreen resume 20261123-120000-ab12',
      '',
    ]);
  });

  it('tell once that many requests wait for the same reason, and again when it goes on', () => {
    const waits: Body[] = ['a', 'b', 'a'].map((id, n) => ({
      type: 'waiting',
      id: `draft/${id}/1`,
      ms: n === 0 ? 1500 : 4000,
      reason: 'busy',
    }));
    expect(screen(waits).text()).toBe('wait      asking again in 1.5 s: busy\nwait      asking again in 4 s: busy\n');
  });

  it('say what was wrong with a reply only when it is asked for again', () => {
    const bad = (subject: string, step: 'plan' | 'draft'): Body => ({
      ...(opening[3] as Extract<Body, { type: 'answered' }>),
      step,
      subject,
      content: { kind: 'bad', violations: [{ where: step === 'plan' ? 'reply' : subject, message: 'the reply is empty' }] },
    });
    const { text } = screen([bad('plan', 'plan'), bad('src/cli.ts', 'draft'), { type: 'stopped', reason: '' }, bad('src/cli.ts', 'draft')]);
    expect(text()).toBe(`plan      asking again, the reply is empty
draft     src/cli.ts: asking again, the reply is empty
stop      stopping; the work is kept
`);
  });

  it('give a sign of life after a minute without news, and none after the end', () => {
    vi.useFakeTimers({ now: START });
    try {
      const { surface, text } = screen(opening.slice(0, 3));
      surface.signal({ type: 'delta', id: 'plan/plan/1', text: 'x'.repeat(2500) });
      const before = text();
      vi.advanceTimersByTime(59_999);
      expect(text()).toBe(before);
      vi.advanceTimersByTime(60_001);
      expect(text().slice(before.length)).toBe('still     planning · 58 s · 2.5 kB\nstill     planning · 1 min 58 s · 2.5 kB\n');
      surface.finish(resultOf({ outcome: 'interrupted', reason: '', branch: null, commit: null, exitCode: 130 }, null));
      const end = text();
      vi.advanceTimersByTime(600_000);
      expect(text()).toBe(end);
    } finally {
      vi.useRealTimers();
    }
  });

  it('warn of an unsafe box, of vacuous tests and of a plan that was sent back', () => {
    const red: Body = {
      type: 'red.proven',
      baseline: [],
      id: 'red/tests/1',
      attempt: 1,
      mended: [],
      problems: [],
      report: '0',
      tests: [
        { id: 'a', path: 'a', throwing: 'failed', wrong: 'failed' },
        { id: 'b', path: 'a', throwing: 'passed', wrong: 'passed' },
      ],
    };
    const { text } = screen([
      { type: 'box.chosen', rung: 'none (--unsafe-no-sandbox)', safe: false },
      { type: 'plan.vetted', id: 'vet/plan/1', violations: [{ where: 'files[0].path', message: 'must stay inside the tree' }] },
      red,
    ]);
    expect(text()).toBe(`box       none (--unsafe-no-sandbox): nothing in this run can be called green
plan      sent back, files[0].path: must stay inside the tree
red       1 test fails without the code, as it must; locked
          1 test passed without the code and proves nothing
`);
  });
});
