// The colours of the live screen: by meaning, and none where they are off.
import { renderToString } from 'ink';
import type { ReactNode } from 'react';
import { expect, it, vi } from 'vitest';
import { closing } from '../../../../src/surfaces/closing.ts';
import { Paint } from '../../../../src/surfaces/live/paint/paint.tsx';
import { unicodeSymbols } from '../../../../src/surfaces/live/paint/symbols.ts';
import { Screen } from '../../../../src/surfaces/live/run/screen.tsx';
import { Transcript } from '../../../../src/surfaces/live/transcript.tsx';
import { resultOf } from '../../../../src/surfaces/result.ts';
import { stories, tell } from '../stories.ts';

// What ink colours with looks at the terminal once, when it is loaded.
vi.hoisted(() => {
  process.env['FORCE_COLOR'] = '1';
});

function painted(element: ReactNode, color: boolean): string {
  return renderToString(<Paint value={{ color, symbols: unicodeSymbols, reader: false }}>{element}</Paint>, { columns: 80 });
}

const end = { outcome: 'green', reason: 'all pass', branch: 'redgreen/a', commit: null, exitCode: 0 } as const;
const elements: readonly ReactNode[] = [
  ...Object.values(stories).map((beats) => {
    const { view, now } = tell(beats);
    return <Screen key={now} view={view} columns={80} rows={20} now={now} />;
  }),
  <Transcript key="story" lines={tell(stories['taken back'] ?? []).lines} columns={80} />,
  <Transcript key="end" lines={closing(resultOf(end, tell(stories['proof'] ?? []).view.state))} columns={80} />,
];

it('are bold, dim, red, green, yellow and cyan, and nothing else', () => {
  const codes = new Set(elements.flatMap((element) => painted(element, true).match(/\u001b[^m]*m/g) ?? []));
  expect([...codes].sort()).toEqual([1, 2, 22, 31, 32, 33, 36, 39].map((code) => `\u001b[${code}m`).sort());
});

it('are none where colour is off', () => {
  for (const element of elements) expect(painted(element, false)).not.toContain('\u001b');
});
