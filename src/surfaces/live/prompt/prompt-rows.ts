// The prompt's text as the rows of the screen: where each character stands, and where the caret is.
import { type Editor, foldName } from './editor.ts';
import { graphemes, shown, widthOf } from './graphemes.ts';

export interface PromptRow {
  readonly text: string;
  /** Where the caret can stand: an index in the editor's text, and its column. */
  readonly stops: readonly { readonly at: number; readonly x: number }[];
}

/** The rows of `e`, each of less than `width` columns, so that there is always room for the caret behind the last character. */
export function promptRows(e: Pick<Editor, 'text' | 'pastes'>, width: number): readonly PromptRow[] {
  const room = Math.max(2, width - 1);
  const rows: PromptRow[] = [];
  let text = '';
  let stops = [{ at: 0, x: 0 }];
  let at = 0;
  let x = 0;
  const close = () => {
    rows.push({ text, stops });
    text = '';
    x = 0;
    stops = [];
  };
  for (const character of graphemes(e.text)) {
    if (character === '\n') {
      close();
    } else {
      const fold = foldName(character, e.pastes);
      const look = fold ?? shown(character);
      const wide = fold?.length ?? widthOf(character);
      if (x > 0 && x + wide > room) {
        // The caret at a break stands on the row below.
        stops.pop();
        close();
        stops.push({ at, x });
      }
      text += wide > room ? '…' : look;
      x += wide > room ? 1 : wide;
    }
    at += character.length;
    stops.push({ at, x });
  }
  close();
  return rows;
}

/** The caret's row and column. */
export function caretIn(rows: readonly PromptRow[], caret: number): { readonly row: number; readonly x: number } {
  for (const [row, { stops }] of rows.entries()) {
    const stop = stops.find((s) => s.at === caret);
    if (stop !== undefined) return { row, x: stop.x };
  }
  return { row: 0, x: 0 };
}

/** Moves the caret up (-1) or down (1) a row, as near to its column as can be; null on the first or last row. */
export function vertical(e: Editor, width: number, by: -1 | 1): Editor | null {
  const rows = promptRows(e, width);
  const { row, x } = caretIn(rows, e.caret);
  const next = rows[row + by];
  if (next === undefined) return null;
  const goal = e.goal ?? x;
  const stop = next.stops.filter((s) => s.x <= goal).at(-1) ?? next.stops[0];
  return stop === undefined ? null : { ...e, caret: stop.at, goal };
}

/** At most `most` rows with the caret among them, and what is hidden on both sides. */
export function windowOf(count: number, row: number, most: number): { readonly from: number; readonly to: number } {
  const from = Math.max(0, Math.min(row - Math.floor(most / 2), count - most));
  return { from, to: Math.min(count, from + most) };
}
