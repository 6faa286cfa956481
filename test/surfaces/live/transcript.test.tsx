import { renderToString } from 'ink';
import { render } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { closing } from '../../../src/surfaces/closing.ts';
import type { Line } from '../../../src/surfaces/line.ts';
import { Paint, type Painting } from '../../../src/surfaces/live/paint/paint.tsx';
import { asciiSymbols, unicodeSymbols } from '../../../src/surfaces/live/paint/symbols.ts';
import { Transcript } from '../../../src/surfaces/live/transcript.tsx';
import type { Result } from '../../../src/surfaces/surface.ts';
import { stories, tell } from './stories.ts';

const PLAIN: Painting = { color: false, symbols: unicodeSymbols, reader: false };
const result: Result = {
  type: 'result',
  outcome: 'green',
  reason: 'all 46 tests pass 3 times in the clean room',
  branch: 'redgreen/expense-splitter',
  commit: '3'.repeat(40),
  source: 'live',
  cost: 0.412,
  unpriced: 0,
  tokens: 152_300,
  rounds: 3,
  proof: `sha256:${'a'.repeat(64)}`,
  mutants: { tried: 30, noticed: 28 },
  refused: 1,
  run: '20261123-120000-ab12',
  dir: '/home/u/split expenses',
  ms: 372_000,
  exitCode: 0,
};
const ends: Readonly<Record<string, Result>> = {
  green: result,
  red: { ...result, outcome: 'red', reason: 'no progress with any strategy; 3 tests are still failing', proof: null },
  budget: {
    ...result,
    outcome: 'budget',
    reason: 'the next request may cost up to $0.31; $1.80 is spent of $2.00',
    proof: null,
    unpriced: 2,
  },
  unproven: { ...result, outcome: 'unproven', reason: 'all 46 tests passed, but without a sandbox: nothing of it is proven', proof: null },
  interrupted: { ...result, outcome: 'interrupted', reason: 'stopped by the user', branch: null, proof: null, source: 'demo' },
};

function printed(lines: readonly Line[], columns: number, paint = PLAIN): string {
  const text = renderToString(
    <Paint value={paint}>
      <Transcript lines={lines} columns={columns} />
    </Paint>,
    { columns },
  );
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

let unmount = () => {};
afterEach(() => unmount());

describe('finished lines', () => {
  for (const columns of [80, 120, 60])
    it(`look as they did, at ${columns} columns`, async () => {
      const story = printed(tell(stories['taken back'] ?? []).lines, columns);
      const pages = [story, ...Object.entries(ends).map(([name, end]) => `== ${name}\n${printed(closing(end), columns)}`)];
      await expect(`${pages.join('\n\n')}\n`).toMatchFileSnapshot(`snapshots/transcript-${columns}.txt`);
    });

  it('are printed once for each batch', async () => {
    const batch = (...texts: readonly string[]): readonly Line[] => texts.map((text) => ({ tone: 'plain', label: 'note', text }));
    const first = batch('one', 'two');
    const app = render(<Transcript lines={first} columns={40} />);
    unmount = app.unmount;
    app.rerender(<Transcript lines={first} columns={40} />);
    app.rerender(<Transcript lines={batch('three')} columns={40} />);
    app.rerender(<Transcript lines={batch()} columns={40} />);
    app.rerender(<Transcript lines={batch('four')} columns={40} />);
    const times = (text: string) => app.frames.filter((frame, at) => frame.includes(text) && !app.frames[at - 1]?.includes(text)).length;
    expect(['one', 'two', 'three', 'four'].map(times)).toEqual([1, 1, 1, 1]);
  });

  it('are words and no drawing for a screen reader', () => {
    expect(printed(closing(result), 200, { ...PLAIN, reader: true }).split('\n')[0]).toBe(
      'green: all 46 tests pass 3 times in the clean room',
    );
  });

  it('are ASCII where the terminal has nothing else', () => {
    const lines = [...closing(result), { tone: 'bad', label: '', text: 'naïve 合計 › “x”…' } as const];
    const text = printed(lines, 80, { ...PLAIN, symbols: asciiSymbols });
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
    expect(text).toContain('na?ve ???? > "x"~');
  });
});
