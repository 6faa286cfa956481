// A line as every text surface shows it.
import { oneLine } from '../core/sanitise.ts';

/** What a line means; colour follows from it and from nothing else. */
export type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'quiet';

export interface Line {
  readonly tone: Tone;
  /** One word on the left; empty on the lines that continue. */
  readonly label: string;
  readonly text: string;
  /** How a run ended: what nobody may overlook. */
  readonly banner?: true;
}

/** Columns of a line's text, unless more is asked for. */
export const WIDTH = 160;
/** Where a person decides by it, there is room for the whole. */
export const WHOLE = 600;

/** A line of the harness's own words and of sanitised foreign text, at most `width` columns of it. */
export function line(tone: Tone, label: string, text: string, width = WIDTH): Line {
  return { tone, label, text: oneLine(text, width) };
}
