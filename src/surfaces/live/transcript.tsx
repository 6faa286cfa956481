import { Box, Static, Text } from 'ink';
import { use, useRef } from 'react';
import type { Line } from '../line.ts';
import { rowsOf } from '../views/layout.ts';
import { Paint, paintOf } from './paint/paint.tsx';
import { toAscii } from './paint/symbols.ts';

export interface TranscriptProps {
  /** A batch of finished lines. Another array is another batch. */
  readonly lines: readonly Line[];
  readonly columns: number;
}

/** Finished lines above everything that still changes: each batch is printed once, and then forgotten. */
export function Transcript({ lines, columns }: TranscriptProps) {
  // ink's Static prints what comes after the items it had; for each batch there is another one, so that none are kept.
  const batch = useRef({ lines, number: 0 });
  if (batch.current.lines !== lines) batch.current = { lines, number: batch.current.number + 1 };
  return (
    <Static key={batch.current.number} items={lines as Line[]}>
      {(line, index) => <Printed key={index} line={line} columns={columns} />}
    </Static>
  );
}

/** Columns of a line's label: a digest still has room beside it in 80 columns. */
const LABEL = 9;

function Printed({ line, columns }: { readonly line: Line; readonly columns: number }) {
  const { color, symbols, reader } = use(Paint);
  const look = (text: string) => (symbols.ascii ? toAscii(text) : text);
  if (reader) return <Text>{look(line.label === '' ? line.text : `${line.label}: ${line.text}`)}</Text>;
  if (line.banner) return <Banner line={line} columns={columns} />;
  // The label, or a mark in its place, says what a line means; whole texts in colour are hard to read.
  const mark = line.label !== '' ? '' : line.tone === 'bad' ? symbols.failed : line.tone === 'warn' ? symbols.warning : '';
  return (
    <Box width={columns}>
      <Box width={LABEL} flexShrink={0}>
        <Text wrap="truncate" {...paintOf(color, line.tone)}>
          {mark === '' ? look(line.label) : `${' '.repeat(LABEL - 2)}${mark}`}
        </Text>
      </Box>
      <Text {...paintOf(color, line.tone === 'quiet' ? 'quiet' : 'plain')}>{look(wrapped(line.text, columns - LABEL))}</Text>
    </Box>
  );
}

/** How a run ended, under a rule across the window. */
function Banner({ line, columns }: { readonly line: Line; readonly columns: number }) {
  const { color, symbols } = use(Paint);
  const paint = paintOf(color, line.tone);
  const mark = line.tone === 'good' ? symbols.passed : line.tone === 'bad' ? symbols.failed : symbols.warning;
  const said = `${mark} ${line.label.toUpperCase()}`;
  const label = Math.max(LABEL, said.length + 2);
  const look = (text: string) => (symbols.ascii ? toAscii(text) : text);
  return (
    <Box flexDirection="column" width={columns}>
      <Text> </Text>
      <Text wrap="truncate" {...paint}>
        {symbols.rule.repeat(columns)}
      </Text>
      <Box>
        <Box flexShrink={0} width={label}>
          <Text {...paint} bold={color}>
            {said}
          </Text>
        </Box>
        <Text>{look(wrapped(line.text, columns - label))}</Text>
      </Box>
    </Box>
  );
}

/** Text broken between words, without the spaces that ink leaves at the beginning of a row. */
function wrapped(text: string, width: number): string {
  return rowsOf({ spans: [{ text, tone: 'plain' }], indent: 0 }, Math.max(1, width))
    .map((row) => row.map((piece) => piece.text).join(''))
    .join('\n');
}
