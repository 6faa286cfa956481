// The text of the prompt line and its caret, as data. Every function gives a new editor.
import { sanitise } from '../../../core/sanitise.ts';
import { after, before, snap } from './graphemes.ts';

export interface Editor {
  /** In it, a folded paste is one character; `expanded` gives the whole. */
  readonly text: string;
  /** Index in `text`, never inside a character. */
  readonly caret: number;
  /** The column that up and down keep to; null after any other move. */
  readonly goal: number | null;
  /** What was cut last; Ctrl-Y puts it back. */
  readonly cut: string;
  /** Folded pastes, by their number. */
  readonly pastes: readonly string[];
}

export const emptyEditor: Editor = { text: '', caret: 0, goal: null, cut: '', pastes: [] };

/** Folded pastes stand at private code points, which no keyboard types. */
const FOLDS = 0x100000;
const FOLD = /[\u{100000}-\u{10fffd}]/gu;
/** A paste of more lines or characters than these is folded. */
const FOLD_LINES = 6;
const FOLD_CHARACTERS = 1500;
/** Controls that are no text. Where one is, the text is made safe as a whole, so that no rest of an escape sequence stays. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

function clean(raw: string): string {
  const text = raw.toWellFormed().replace(/\r\n?/g, '\n').replace(FOLD, '\ufffd');
  return CONTROL.test(text) ? sanitise(text) : text;
}

/** Puts `raw` at the caret. */
export function insert(e: Editor, raw: string): Editor {
  return splice(e, e.caret, e.caret, clean(raw));
}

/** Puts what was pasted at the caret; a large paste is folded. */
export function paste(e: Editor, raw: string): Editor {
  const text = clean(raw);
  if (text.length <= FOLD_CHARACTERS && text.split('\n').length <= FOLD_LINES) return splice(e, e.caret, e.caret, text);
  const fold = String.fromCodePoint(FOLDS + e.pastes.length);
  return splice({ ...e, pastes: [...e.pastes, text] }, e.caret, e.caret, fold);
}

/** The editor with another text, the caret at its end. A huge text is folded as a whole. */
export function load(e: Editor, text: string): Editor {
  const cleared = { ...e, text: '', caret: 0, goal: null };
  return text.length > 20_000 ? paste(cleared, text) : insert(cleared, text);
}

/** The text with every folded paste in full. */
export function expanded({ text, pastes }: Editor): string {
  return text.replace(FOLD, (fold) => pastes[(fold.codePointAt(0) ?? 0) - FOLDS] ?? '');
}

/** What was cut last, with every folded paste in full: for another editor. */
export function wholeCut({ cut, pastes }: Editor): string {
  return expanded({ ...emptyEditor, text: cut, pastes });
}

/** What stands for a folded paste on the screen; null for any other character. */
export function foldName(character: string, pastes: readonly string[]): string | null {
  const paste = pastes[(character.codePointAt(0) ?? 0) - FOLDS];
  if (paste === undefined) return null;
  const lines = paste.replace(/\n$/, '').split('\n').length;
  return lines > 1 ? `[pasted ${lines} lines]` : `[pasted ${paste.length} characters]`;
}

function splice(e: Editor, from: number, to: number, text: string): Editor {
  const whole = e.text.slice(0, from) + text + e.text.slice(to);
  // A combining mark joins the character before it.
  return { ...e, text: whole, caret: snap(whole, from + text.length), goal: null };
}

/** Takes out a part and keeps it for Ctrl-Y. */
function take(e: Editor, from: number, to: number): Editor {
  return from === to ? e : { ...splice(e, from, to, ''), cut: e.text.slice(from, to) };
}

const to = (e: Editor, caret: number): Editor => ({ ...e, caret, goal: null });
const lineStart = ({ text, caret }: Editor) => text.lastIndexOf('\n', caret - 1) + 1;
const lineEnd = ({ text, caret }: Editor) => (text.indexOf('\n', caret) === -1 ? text.length : text.indexOf('\n', caret));

/** Skips what is no word, then a word. Folded pastes count as words. */
const WORD_AFTER = /[^\p{L}\p{N}\p{M}\p{Co}_]*[\p{L}\p{N}\p{M}\p{Co}_]*/uy;
const WORD_BEFORE = /[\p{L}\p{N}\p{M}\p{Co}_]+[^\p{L}\p{N}\p{M}\p{Co}_]*$/u;
const BLANK_BEFORE = /\S+\s*$/u;

function wordBefore({ text, caret }: Editor, pattern: RegExp): number {
  const found = pattern.exec(text.slice(0, caret));
  return found === null ? 0 : snap(text, found.index);
}

function wordAfter({ text, caret }: Editor): number {
  WORD_AFTER.lastIndex = caret;
  const found = WORD_AFTER.exec(text);
  return snap(text, caret + (found?.[0].length ?? 0));
}

/** What a key does to the text, by name. */
export const EDITS = {
  left: (e: Editor) => to(e, before(e.text, e.caret)),
  right: (e: Editor) => to(e, after(e.text, e.caret)),
  wordLeft: (e: Editor) => to(e, wordBefore(e, WORD_BEFORE)),
  wordRight: (e: Editor) => to(e, wordAfter(e)),
  home: (e: Editor) => to(e, lineStart(e)),
  end: (e: Editor) => to(e, lineEnd(e)),
  newline: (e: Editor) => insert(e, '\n'),
  backspace: (e: Editor) => splice(e, before(e.text, e.caret), e.caret, ''),
  delete: (e: Editor) => splice(e, e.caret, after(e.text, e.caret), ''),
  cutToStart: (e: Editor) => take(e, lineStart(e), e.caret),
  cutToEnd: (e: Editor) => take(e, e.caret, lineEnd(e) === e.caret ? after(e.text, e.caret) : lineEnd(e)),
  cutBlankWord: (e: Editor) => take(e, wordBefore(e, BLANK_BEFORE), e.caret),
  cutWordLeft: (e: Editor) => take(e, wordBefore(e, WORD_BEFORE), e.caret),
  cutWordRight: (e: Editor) => take(e, e.caret, wordAfter(e)),
  putBack: (e: Editor) => splice(e, e.caret, e.caret, e.cut),
  clear: (e: Editor) => take(e, 0, e.text.length),
} as const satisfies Readonly<Record<string, (e: Editor) => Editor>>;

export type Edit = keyof typeof EDITS;
