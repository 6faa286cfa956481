import { Box, Text } from 'ink';
import { type ReactNode, use, useRef } from 'react';
import { Paint, Row } from '../paint/paint.tsx';
import { toAscii } from '../paint/symbols.ts';
import { screenRows } from './screen-layout.ts';
import { stepKey, stepWords } from './screen-words.ts';
import type { View } from './view.ts';

export interface ScreenProps {
  readonly view: View;
  readonly columns: number;
  /** Lines that it may take at most. */
  readonly rows: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What happens in a run now, in at most `rows` lines; nothing before it began and after it ended. */
export function Screen({ view, columns, rows, now }: ScreenProps): ReactNode {
  const { symbols, reader } = use(Paint);
  if (rows < 1 || view.state.run === null || view.state.ended !== null) return null;
  if (reader) return <Step view={view} />;
  return (
    <Box flexDirection="column" width={columns}>
      {screenRows(view, symbols, { columns, rows }, now).map((spans, at) => (
        <Row key={at} spans={spans} columns={columns} />
      ))}
    </Box>
  );
}

/** The step in words, which stay as they are until the next one begins. */
function Step({ view }: { readonly view: View }) {
  const { symbols } = use(Paint);
  const key = stepKey(view);
  const said = useRef({ key: '', text: '' });
  if (said.current.key !== key) said.current = { key, text: stepWords(view) };
  return <Text>{symbols.ascii ? toAscii(said.current.text) : said.current.text}</Text>;
}
