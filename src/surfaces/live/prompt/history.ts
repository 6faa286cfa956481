// What was typed before, and the way through it. What is typed on the way is kept until something is sent.
import { type Editor, load, wholeCut } from './editor.ts';

/** Entries that are kept. */
const MOST_ENTRIES = 1000;

export interface History {
  /** Oldest first. */
  readonly entries: readonly string[];
  /** Where one looks: an index of `entries`, or their number for the line that is being written. */
  readonly at: number;
  /** What stands at the places that were left, by index. */
  readonly left: Readonly<Record<number, Editor>>;
}

export function historyOf(entries: readonly string[]): History {
  return { entries, at: entries.length, left: {} };
}

/** One entry back (-1) or on (1); null where there is none. */
export function look(history: History, editor: Editor, by: -1 | 1): { readonly history: History; readonly editor: Editor } | null {
  const at = history.at + by;
  if (at < 0 || at > history.entries.length) return null;
  const left = { ...history.left, [history.at]: editor };
  const there = left[at] ?? load(editor, history.entries[at] ?? '');
  return { history: { ...history, at, left }, editor: { ...there, cut: wholeCut(editor) } };
}

/** Whether `text` is kept: not what begins with a space, and nothing twice in a row. */
export function isKept(history: History, text: string): boolean {
  return text.trim() !== '' && !text.startsWith(' ') && history.entries.at(-1) !== text;
}

/** The history after `text` was sent, at its end again. */
export function sent(history: History, text: string): History {
  return historyOf(isKept(history, text) ? [...history.entries, text].slice(-MOST_ENTRIES) : history.entries);
}
