// What the prompt takes of the window and what stands in it: at most a third of the height.
import type { Span } from '../../views/styled.ts';
import { statusOf, type Ui } from '../ui.ts';
import type { Choice } from './complete.ts';
import { choicesOf } from './desk.ts';
import { caretIn, promptRows, windowOf } from './prompt-rows.ts';

/** Columns of the mark before the text. */
export const MARK = 2;
const MOST_CHOICES = 6;

export interface PromptFrame {
  readonly status: readonly Span[] | null;
  readonly rows: readonly { readonly mark: string; readonly text: string }[];
  /** Where the caret is, in `rows` and their text. */
  readonly caret: { readonly row: number; readonly x: number };
  readonly choices: readonly (Choice & { readonly isChosen: boolean })[];
  /** Choices for which there is no room. */
  readonly more: number;
  /** Lines in all. */
  readonly height: number;
}

/** @param size the whole window */
export function promptFrame(ui: Ui, size: { readonly columns: number; readonly rows: number }, now: number): PromptFrame {
  const room = Math.max(1, Math.floor(size.rows / 3));
  const status = room > 1 ? statusOf(ui, now) : null;
  const most = room - (status === null ? 0 : 1);
  const all = promptRows(ui.desk.editor, size.columns - MARK);
  const caret = caretIn(all, ui.desk.editor.caret);
  const { from, to } = windowOf(all.length, caret.row, most);
  const rows = all.slice(from, to).map(({ text }, at) => ({ mark: markOf(from + at, { from, to, count: all.length }), text }));
  const { choices, more } = chosenOf(ui, Math.min(MOST_CHOICES, most - rows.length));
  const height = rows.length + choices.length + (more > 0 ? 1 : 0) + (status === null ? 0 : 1);
  return { status, rows, caret: { row: caret.row - from, x: caret.x }, choices, more, height };
}

function markOf(row: number, shown: { readonly from: number; readonly to: number; readonly count: number }): string {
  if (row === shown.from && shown.from > 0) return '^ ';
  if (row === shown.to - 1 && shown.to < shown.count) return 'v ';
  return row === 0 ? '› ' : '  ';
}

/** As many as go into `most` lines; what is left over is counted on the last one. */
function chosenOf(ui: Ui, most: number): Pick<PromptFrame, 'choices' | 'more'> {
  if (most < 1) return { choices: [], more: 0 };
  const all = choicesOf(ui.desk, ui);
  const room = all.length > most && most > 1 ? most - 1 : most;
  const { from, to } = windowOf(all.length, ui.desk.chosen ?? 0, room);
  const choices = all.slice(from, to).map((one, at) => ({ ...one, isChosen: from + at === ui.desk.chosen }));
  return { choices, more: room < most ? all.length - room : 0 };
}
