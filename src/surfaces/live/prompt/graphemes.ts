// What a person takes for one character, and how wide it is.
import { columns, sanitise } from '../../../core/sanitise.ts';

const SEGMENTER = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** In which every character stands for itself. */
const SIMPLE = /^[\n\x20-\x7e]*$/;

/** The characters of `text`, as a person counts them. */
export function graphemes(text: string): readonly string[] {
  if (SIMPLE.test(text)) return text.split('');
  return Array.from(SEGMENTER.segment(text), (one) => one.segment);
}

/** The boundary before `at`. */
export function before(text: string, at: number): number {
  return at <= 0 ? 0 : (SEGMENTER.segment(text).containing(at - 1)?.index ?? 0);
}

/** The boundary after `at`. */
export function after(text: string, at: number): number {
  const one = SEGMENTER.segment(text).containing(at);
  return one === undefined ? text.length : one.index + one.segment.length;
}

/** `at` when it is a boundary, else the next one. */
export function snap(text: string, at: number): number {
  if (at <= 0) return 0;
  const one = SEGMENTER.segment(text).containing(at);
  return one === undefined || one.index === at ? Math.min(at, text.length) : one.index + one.segment.length;
}

/** How one character is shown, without anything that a terminal would obey. */
export function shown(character: string): string {
  return character === '\t' ? '  ' : sanitise(character);
}

/** Columns of one character as it is shown. A picture joined of several is as wide as one. */
export function widthOf(character: string): number {
  const text = shown(character);
  const width = columns(text);
  return text === character && character.length > 1 && character !== '\t' ? Math.min(2, width) : width;
}
