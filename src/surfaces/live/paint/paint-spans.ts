// Lines of the live region as pieces: measured, cut and put side by side by columns, because wide characters take two.
import { columns, cut } from '../../../core/sanitise.ts';
import type { Span } from '../../views/styled.ts';

/** One line, in pieces from left to right. */
export type Pieces = readonly Span[];

/** Columns that the pieces take. */
export function widthOf(pieces: Pieces): number {
  return pieces.reduce((sum, piece) => sum + columns(piece.text), 0);
}

/** The pieces cut to `most` columns in all; what has no room, or nothing in it, is left out. */
export function fit(pieces: Pieces, most: number): Pieces {
  const out: Span[] = [];
  let room = most;
  for (const piece of pieces) {
    if (piece.text === '') continue;
    const text = cut(piece.text, room);
    if (text !== '') out.push({ ...piece, text });
    room -= columns(text);
    if (text !== piece.text || room <= 0) break;
  }
  return out;
}

/** The pieces in exactly `width` columns. */
export function padded(pieces: Pieces, width: number): Pieces {
  const fitted = fit(pieces, width);
  const gap = width - widthOf(fitted);
  return gap === 0 ? fitted : [...fitted, { text: ' '.repeat(gap), tone: 'plain' }];
}

/** Text in exactly `width` columns. */
export function padText(text: string, width: number): string {
  const short = cut(text, width);
  return short + ' '.repeat(Math.max(0, width - columns(short)));
}

/** The end of a text in at most `max` columns: what tells paths from each other stands there. */
export function keepEnd(text: string, max: number): string {
  if (columns(text) <= max) return text;
  const characters = [...text];
  let room = max - 1;
  let from = characters.length;
  while (from > 0) {
    room -= columns(characters[from - 1] ?? '');
    if (room < 0) break;
    from -= 1;
  }
  return max < 1 ? '' : `…${characters.slice(from).join('')}`;
}

/** `left` and `right` on one line of `width` columns, `right` at its end; `left` gives way. */
export function apart(left: Pieces, right: Pieces, width: number): Pieces {
  const end = fit(right, width);
  const room = width - widthOf(end);
  return room <= 2 ? end : [...padded(left, room - 2), { text: '  ', tone: 'plain' }, ...end];
}

/** Parts with ` · ` between them. */
export function joined(parts: readonly Pieces[]): Pieces {
  return parts
    .filter((part) => part.length > 0)
    .flatMap((part, at) => (at === 0 ? part : [{ text: ' · ', tone: 'quiet' } as const, ...part]));
}
