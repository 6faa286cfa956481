import { Box, type DOMElement, measureElement, Text, useCursor, useInput, usePaste } from 'ink';
import { useRef } from 'react';
import { columns as widthOf } from '../../../core/sanitise.ts';
import type { Span } from '../../views/styled.ts';
import { Row } from '../paint/paint.tsx';
import type { Press } from './keys.ts';
import { pressesOf } from './keys.ts';
import { MARK, type PromptFrame } from './prompt-frame.ts';

export interface PromptProps {
  readonly frame: PromptFrame;
  readonly columns: number;
  /** What an empty line says. */
  readonly placeholder: string;
  readonly press: (key: Press) => void;
  readonly paste: (text: string) => void;
}

/** The line that is typed on, what can be chosen below it, and the terminal's own cursor at the caret, so that input methods compose there. */
export function Prompt({ frame, columns, placeholder, press, paste }: PromptProps) {
  useInput((input, key) => {
    for (const one of pressesOf(input, key)) press(one);
  });
  usePaste(paste);
  const place = useRef<DOMElement>(null);
  const { setCursorPosition } = useCursor();
  const { row, x } = frame.caret;
  setCursorPosition({
    x: MARK + x,
    // Read when the frame is written: only then is it known how high the part above is.
    get y() {
      return row + (place.current === null ? 0 : measureElement(place.current).y);
    },
  });
  const isEmpty = frame.rows.length === 1 && frame.rows[0]?.text === '';
  return (
    <Box flexDirection="column" width={columns}>
      {frame.status === null ? null : <Row spans={frame.status} columns={columns} />}
      <Box ref={place} flexDirection="column">
        {frame.rows.map(({ mark, text }, at) => (
          <Line key={at} mark={mark} text={text} hint={isEmpty ? placeholder : ''} columns={columns} />
        ))}
      </Box>
      {frame.choices.map((one) => (
        <Row key={one.line} spans={choiceSpans(one)} columns={columns} />
      ))}
      {frame.more > 0 ? <Row spans={[{ text: `  + ${frame.more} more: type on, or Down`, tone: 'quiet' }]} columns={columns} /> : null}
    </Box>
  );
}

function Line({
  mark,
  text,
  hint,
  columns,
}: {
  readonly mark: string;
  readonly text: string;
  readonly hint: string;
  readonly columns: number;
}) {
  const before: Span = { text: mark, tone: 'cyan' };
  if (text === '') return <Row spans={[before, { text: hint, tone: 'quiet' }]} columns={columns} />;
  return (
    <Box width={columns}>
      <Row spans={[before]} columns={MARK} />
      <Text wrap="truncate">{text}</Text>
    </Box>
  );
}

/** Columns that the names take. */
const NAMES = 24;

function choiceSpans({ name, help, isChosen }: PromptFrame['choices'][number]): readonly Span[] {
  const gap = help === '' ? '' : ' '.repeat(Math.max(1, NAMES - widthOf(name)));
  return [
    { text: isChosen ? '› ' : '  ', tone: 'cyan' },
    { text: `${name}${gap}`, tone: isChosen ? 'strong' : 'plain' },
    { text: help, tone: 'quiet' },
  ];
}
