import { Text } from 'ink';
import { createContext, memo, use } from 'react';
import type { Span, Tint } from '../../views/styled.ts';
import { fit } from './paint-spans.ts';
import { type Symbols, toAscii, unicodeSymbols } from './symbols.ts';

/** How everything of the live screen is painted. */
export interface Painting {
  /** Whether colours are on. */
  readonly color: boolean;
  readonly symbols: Symbols;
  /** For a screen reader: words instead of drawings, and new ones only when there is something to say. */
  readonly reader: boolean;
}

export const Paint = createContext<Painting>({ color: true, symbols: unicodeSymbols, reader: false });

type Props = { readonly color?: string; readonly dimColor?: boolean; readonly bold?: boolean };

const PAINTS: Readonly<Record<Tint, Props>> = {
  plain: {},
  good: { color: 'green' },
  bad: { color: 'red' },
  warn: { color: 'yellow' },
  quiet: { dimColor: true },
  strong: { bold: true },
  cyan: { color: 'cyan' },
};

/** The properties of ink's Text for a meaning. */
export function paintOf(color: boolean, tone: Tint): Props {
  return color ? PAINTS[tone] : {};
}

export interface RowProps {
  /** Sanitised pieces, from left to right. */
  readonly spans: readonly Span[];
  /** What does not fit is cut. */
  readonly columns: number;
}

/** One line of the live region: never higher, never wider. */
export const Row = memo(function Row({ spans, columns }: RowProps) {
  const { color, symbols } = use(Paint);
  const fitted = fit(spans, columns);
  return (
    <Text wrap="truncate">
      {fitted.length === 0 ? ' ' : null}
      {fitted.map(({ text, tone, bold }, at) => (
        <Text key={at} {...paintOf(color, tone)} {...(bold && color ? { bold } : {})}>
          {symbols.ascii ? toAscii(text) : text}
        </Text>
      ))}
    </Text>
  );
}, isSame);

function isSame(a: RowProps, b: RowProps): boolean {
  if (a.columns !== b.columns || a.spans.length !== b.spans.length) return false;
  return a.spans.every((span, at) => {
    const other = b.spans[at];
    return other !== undefined && span.text === other.text && span.tone === other.tone && span.bold === other.bold;
  });
}
