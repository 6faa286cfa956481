import { render } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import type { Body, Signal } from '../../../src/core/events.ts';
import { Footer } from '../../../src/surfaces/live/footer.tsx';
import { Screen } from '../../../src/surfaces/live/screen.tsx';
import { createStore } from '../../../src/surfaces/live/store.ts';
import { emptyView, type View, viewEvent, viewSignal } from '../../../src/surfaces/live/view.ts';
import type { Word } from '../../../src/surfaces/surface.ts';
import { middle, opening, plan, play } from '../events.ts';

const ESCAPES = /\u001b\[[0-9;]*m/g;
let unmount = () => {};
afterEach(() => unmount());

function show(bodies: readonly Body[], signals: readonly Signal[], size: { columns: number; rows: number }) {
  const all = play(bodies);
  let view: View = emptyView;
  for (const { event, state } of all) view = viewEvent(view, event, state);
  for (const signal of signals) view = viewSignal(view, signal);
  const store = createStore(view, 0);
  const now = (view.state.startedAt || 0) + 61_000;
  const footer = <Footer color={false} columns={size.columns} answer={null} interrupted={false} interrupt={() => {}} />;
  const app = render(<Screen store={store} {...size} color={false} now={now} footer={footer} />);
  unmount = app.unmount;
  const frame = (app.lastFrame() ?? '').replace(ESCAPES, '');
  const lines = frame.split('\n').map((line) => line.trimEnd());
  // A blank line parts what scrolls away from the live part.
  const blank = lines.lastIndexOf('');
  return { live: lines.slice(blank), log: lines.slice(0, blank) };
}

describe('the live screen', () => {
  it('shows files as they grow, at 80 by 24', () => {
    const signals: Signal[] = [
      { type: 'delta', id: 'draft/src/cli.ts/1', text: 'x'.repeat(1234) },
      { type: 'delta', id: 'tests/test/count.test.ts/1', text: 'y'.repeat(90) },
    ];
    const { live, log } = show(opening, signals, { columns: 80, rows: 24 });
    expect(log.at(-1)).toBe('draft     src/count.ts · 640 B');
    expect(live).toEqual([
      '',
      '› test/count.test.ts  90 B',
      '✓ src/count.ts',
      '› src/cli.ts  1.2 kB',
      'writing tests and code, each blind to the other · 56 s · 1.3 kB',
      '$0.025 of $2.00 · 3.2k tokens · 1 min 1 s of 1 h',
      'Ctrl-C stops and keeps the work',
    ]);
  });

  it('shows the test grid and the round, at 60 by 20', () => {
    const { live } = show([...opening, ...middle], [], { columns: 60, rows: 20 });
    expect(live).toEqual([
      '',
      'tests  ✓✗',
      'repairing (round 1) · 43 s · no answer yet',
      '$0.050 of $2.00 · 6.4k tokens · 1 min 1 s of 1 h',
      'Ctrl-C stops and keeps the work',
    ]);
  });

  it('counts down to when a request that waits is sent again', () => {
    const waits: Body[] = ['tests/test/count.test.ts/1', 'draft/src/cli.ts/1'].map((id) => ({
      type: 'waiting',
      id,
      ms: 90_000,
      reason: 'busy',
    }));
    const { live, log } = show([...opening, ...waits], [], { columns: 80, rows: 24 });
    expect(live.at(-3)).toBe('writing tests and code, each blind to the other · 56 s · asking again in 38 s');
    expect(log.at(-1)).toBe('wait      asking again in 1 min 30 s: busy');
  });

  it('fills the grid while the tests run', () => {
    const bodies: Body[] = [
      ...opening,
      ...middle,
      {
        type: 'started',
        id: 'test/round-2/1',
        kind: 'test',
        step: 'test',
        subject: 'round-2',
        attempt: 1,
        reserved: null,
        reservedTokens: 0,
      },
    ];
    const line = { id: 'test/count.test.ts › counts words', path: 'test/count.test.ts', status: 'passed', why: '' } as const;
    const { live } = show(bodies, [{ type: 'test', id: 'test/round-2/1', line }], { columns: 80, rows: 24 });
    expect(live.slice(1, 3)).toEqual(['tests  ✓', 'running the tests (round 2) · 43 s · no answer yet']);
  });

  for (const size of [
    { columns: 80, rows: 24 },
    { columns: 60, rows: 20 },
  ]) {
    it(`stays within the window with forty files and a thousand tests, at ${size.columns} by ${size.rows}`, () => {
      const files = Array.from({ length: 40 }, (_, i) => ({
        path: `src/${'deep/'.repeat(20)}file-${i}.ts`,
        purpose: 'x',
        contract: '',
        uses: [],
      }));
      const bodies = opening.map(
        (body): Body =>
          body.type === 'answered' && body.content.kind === 'plan'
            ? { ...body, content: { kind: 'plan', plan: { ...plan, files } } }
            : body,
      );
      const line = (i: number): Signal => ({
        type: 'test',
        id: 'red/tests/1',
        line: { id: `t${i}`, path: 't', status: 'passed', why: '' },
      });
      const { live } = show(
        bodies,
        Array.from({ length: 1000 }, (_, i) => line(i)),
        size,
      );
      expect(live.length).toBeLessThanOrEqual(size.rows - 2);
      expect(Math.max(...live.map((text) => [...text].length))).toBeLessThanOrEqual(size.columns);
      expect(live.join('\n')).toMatch(/and 2\d more|and 3\d more/);
    });
  }

  it('wraps what scrolls away instead of cutting it', () => {
    const { log } = show(opening, [], { columns: 60, rows: 20 });
    expect(log.slice(1, 3)).toEqual(['run       20261123-120000-ab12 in /home/u/words (a new', '          repository)']);
  });

  it('shows nothing of a reply’s escape sequences', () => {
    const bodies = opening.map(
      (body): Body =>
        body.type === 'answered' && body.content.kind === 'plan'
          ? { ...body, content: { kind: 'plan', plan: { ...plan, summary: 'a\u001b]52;c;aGk=\u0007b' } } }
          : body,
    );
    const { log } = show(bodies, [], { columns: 80, rows: 24 });
    expect(log).toContain('plan      wordcount: a␛b');
  });
});

describe('the question on the plan', () => {
  async function type(...keys: string[]): Promise<{ decision: Word | null; interrupts: number }> {
    let decision: Word | null = null;
    let interrupts = 0;
    const app = render(
      <Footer color={false} columns={80} answer={(given) => (decision = given)} interrupted={false} interrupt={() => (interrupts += 1)} />,
    );
    unmount = app.unmount;
    for (const key of keys) {
      app.stdin.write(key);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return { decision, interrupts };
  }

  it('takes Enter as yes', async () => expect(await type('\r')).toEqual({ decision: { type: 'approve' }, interrupts: 0 }));
  it('takes no as no', async () => expect(await type('no', '\r')).toEqual({ decision: null, interrupts: 0 }));
  it('takes words as what to change, with backspace', async () =>
    expect(await type('use Pythonx', '\u007f', '\r')).toEqual({ decision: { type: 'reject', remark: 'use Python' }, interrupts: 0 }));
  it('takes what is pasted with its line breaks, and what is typed faster than it is drawn', async () => {
    expect(await type('use Python\r')).toEqual({ decision: { type: 'reject', remark: 'use Python' }, interrupts: 0 });
    expect(await type('one\ntwo\r\n')).toEqual({ decision: { type: 'reject', remark: 'one two' }, interrupts: 0 });
  });
  it('passes Ctrl-C on, each time', async () => expect(await type('\u0003', '\u0003')).toEqual({ decision: null, interrupts: 2 }));
});
