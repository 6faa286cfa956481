import { createContext } from 'react';
import type { Tone } from '../line.ts';

/** Whether colours are on. */
export const Paint = createContext(true);

type Props = { readonly color?: string; readonly dimColor?: boolean; readonly bold?: boolean };

const PAINTS: Readonly<Record<Tone | 'strong', Props>> = {
  plain: {},
  good: { color: 'green' },
  bad: { color: 'red' },
  warn: { color: 'yellow' },
  quiet: { dimColor: true },
  strong: { bold: true },
};

/** The properties of ink's Text for a meaning. */
export function paintOf(color: boolean, tone: Tone | 'strong'): Props {
  return color ? PAINTS[tone] : {};
}
