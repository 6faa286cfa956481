import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { columns as widthOf } from '../../../../src/core/sanitise.ts';
import { Paint, type Painting } from '../../../../src/surfaces/live/paint/paint.tsx';
import { unicodeSymbols } from '../../../../src/surfaces/live/paint/symbols.ts';
import { Screen } from '../../../../src/surfaces/live/run/screen.tsx';
import { changeStories } from '../change-stories.ts';
import { type Beat, stories, tell } from '../stories.ts';

const PLAIN: Painting = { color: false, symbols: unicodeSymbols, reader: false };
const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 60, rows: 20 },
] as const;

/** What the app leaves to the run: two lines of air, the prompt and a line above it. */
const LEFT = 4;

function show(beats: readonly Beat[], size: { columns: number; rows: number }, paint: Painting = PLAIN): string {
  const { view, now } = tell(beats);
  const screen = <Screen view={view} columns={size.columns} rows={size.rows - LEFT} now={now} />;
  return renderToString(<Paint value={paint}>{screen}</Paint>, { columns: size.columns });
}

const trimmed = (text: string) => text.split('\n').map((line) => line.trimEnd());

const PICTURES = [
  ['screen', stories],
  ['change', changeStories],
] as const;

describe('the main screens', () => {
  for (const size of SIZES)
    for (const [name, told] of PICTURES)
      it(`look as they did, at ${size.columns} by ${size.rows}: ${name}`, async () => {
        const pages = Object.entries(told).map(
          ([title, beats]) => `${`== ${title} `.padEnd(size.columns, '=')}\n${trimmed(show(beats, size)).join('\n')}\n`,
        );
        await expect(pages.join('\n')).toMatchFileSnapshot(`snapshots/${name}-${size.columns}x${size.rows}.txt`);
      });
});

describe('the live region', () => {
  for (const [columns, rows] of [
    [80, 24],
    [120, 40],
    [60, 20],
    [40, 10],
    [40, 6],
    [20, 5],
  ] as const)
    it(`never exceeds ${columns} by ${rows - LEFT}`, () => {
      for (const [name, beats] of Object.entries({ ...stories, ...changeStories })) {
        const lines = trimmed(show(beats, { columns, rows }));
        expect(lines.length, name).toBeLessThanOrEqual(Math.max(1, rows - LEFT));
        for (const line of lines) expect(widthOf(line), `${name}: ${line}`).toBeLessThanOrEqual(columns);
      }
    });
});
