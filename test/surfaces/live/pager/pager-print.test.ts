import { expect, it } from 'vitest';
import type { Line } from '../../../../src/surfaces/line.ts';
import { openPager } from '../../../../src/surfaces/live/pager/pager.tsx';
import { unicodeSymbols } from '../../../../src/surfaces/live/paint/symbols.ts';
import { type Page, span, styled } from '../../../../src/surfaces/views/styled.ts';

async function readOut(pages: () => Promise<readonly Page[]>): Promise<readonly Line[]> {
  let printed: readonly Line[] = [];
  await openPager({
    stdout: process.stdout,
    stdin: process.stdin,
    painting: { color: true, symbols: unicodeSymbols, reader: true },
    title: 'diff',
    pages,
    suspend: () => Promise.reject(new Error('a view that is read out takes no screen')),
    interrupt: () => {},
    print: (lines) => {
      printed = lines;
    },
  });
  return printed;
}

it('reads a view out as plain lines, each with its one meaning', async () => {
  const lines = await readOut(async () => [
    {
      title: 'src/a.ts',
      lines: [
        styled(span('@@ -1,1 +1,1 @@', 'cyan')),
        styled(span('-', 'bad'), span('old', 'bad')),
        styled(span('+', 'good'), span('new', 'plain')),
      ],
    },
  ]);
  expect(lines.map(({ tone, text }) => [tone, text])).toEqual([
    ['plain', 'src/a.ts:'],
    ['plain', '@@ -1,1 +1,1 @@'],
    ['bad', '-old'],
    ['plain', '+new'],
  ]);
});

it('reads out as much as anybody listens to', async () => {
  const lines = await readOut(async () => [{ title: 'log', lines: Array.from({ length: 100_000 }, (_, i) => styled(span(`line ${i}`))) }]);
  expect([lines.length, lines.at(-1)?.text]).toEqual([401, 'and 99601 more lines']);
});

it('says why a view cannot be shown', async () => {
  const lines = await readOut(() => Promise.reject(new Error('the blob is gone\u001b[2J')));
  expect(lines.map((line) => line.text)).toEqual(['diff:', 'This cannot be shown:', 'the blob is gone␛']);
});
