// What the person has at hand: the line, its history, what can be chosen. A fold over keys; what a key asks for is handed out.
import { type Choice, choicesFor, type Lists } from './complete.ts';
import { EDITS, type Editor, emptyEditor, expanded, insert, load, paste, wholeCut } from './editor.ts';
import { type History, historyOf, look, sent } from './history.ts';
import type { Press } from './keys.ts';
import { vertical } from './prompt-rows.ts';

export interface Desk {
  readonly editor: Editor;
  readonly history: History;
  /** The choice that was moved to; null while none was. */
  readonly chosen: number | null;
  /** The choices were put away for the text as it stands. */
  readonly closed: boolean;
}

/** What a key asks for beyond the line itself. */
export type Act =
  | { readonly type: 'send'; readonly text: string }
  /** Esc, Ctrl-C, and Ctrl-D on an empty line. */
  | { readonly type: 'escape' | 'interrupt' | 'end' | 'redraw' };

export interface Around {
  /** Columns for the text. */
  readonly width: number;
  readonly session: boolean;
  readonly lists: Lists;
}

export interface Moved {
  readonly desk: Desk;
  readonly act: Act | null;
}

export function deskOf(entries: readonly string[]): Desk {
  return { editor: emptyEditor, history: historyOf(entries), chosen: null, closed: false };
}

export function isEmpty(desk: Desk): boolean {
  return desk.editor.text === '';
}

/** The choices that are shown. */
export function choicesOf(desk: Desk, around: Pick<Around, 'session' | 'lists'>): readonly Choice[] {
  return desk.closed ? [] : choicesFor(desk.editor, around.session, around.lists);
}

/** The desk after a key, and what the key asks for. */
export function press(desk: Desk, key: Press, around: Around): Moved {
  const choices = choicesOf(desk, around);
  switch (key.type) {
    case 'text':
      return typed(desk, insert(desk.editor, key.text));
    case 'edit':
      return typed(desk, EDITS[key.edit](desk.editor));
    case 'up':
    case 'down':
      return quiet(choices.length > 0 ? choose(desk, choices.length, key.type) : vertically(desk, around.width, key.type));
    case 'tab':
    case 'backTab':
      return quiet(tab(desk, choices, key.type));
    case 'enter':
      return enter(desk, choices);
    case 'escape':
      return choices.length > 0 ? quiet({ ...desk, closed: true, chosen: null }) : { desk, act: { type: 'escape' } };
    case 'interrupt':
    case 'redraw':
      return { desk, act: { type: key.type } };
    case 'end':
      return isEmpty(desk) ? { desk, act: { type: 'end' } } : typed(desk, EDITS.delete(desk.editor));
    default: {
      const never: never = key;
      return never;
    }
  }
}

/** The desk after a paste. */
export function pasted(desk: Desk, text: string): Desk {
  return typed(desk, paste(desk.editor, text)).desk;
}

/** The desk with an empty line; what stood there can be put back with Ctrl-Y. */
export function cleared(desk: Desk): Desk {
  return withLine(desk, EDITS.clear(desk.editor));
}

/** The desk with `text` on the line, unless something is being typed there. */
export function offered(desk: Desk, text: string): Desk {
  return isEmpty(desk) ? withLine(desk, load(desk.editor, text)) : desk;
}

const quiet = (desk: Desk): Moved => ({ desk, act: null });

function withLine(desk: Desk, editor: Editor): Desk {
  return { ...desk, editor, chosen: null, closed: editor.text === desk.editor.text && desk.closed };
}

function typed(desk: Desk, editor: Editor): Moved {
  return quiet(withLine(desk, editor));
}

function choose(desk: Desk, count: number, key: 'up' | 'down'): Desk {
  const from = desk.chosen ?? (key === 'down' ? -1 : 0);
  return { ...desk, chosen: (from + (key === 'down' ? 1 : count - 1)) % count };
}

function vertically(desk: Desk, width: number, key: 'up' | 'down'): Desk {
  const by = key === 'up' ? -1 : 1;
  const moved = vertical(desk.editor, width, by);
  if (moved !== null) return { ...desk, editor: moved };
  const other = look(desk.history, desk.editor, by);
  return other === null ? desk : { ...withLine(desk, other.editor), history: other.history, closed: true };
}

/** Takes the choice; where several begin alike, first what they share. */
function tab(desk: Desk, choices: readonly Choice[], key: 'tab' | 'backTab'): Desk {
  if (choices.length === 0) return desk;
  if (key === 'backTab') return choose(desk, choices.length, 'up');
  const shared = desk.chosen === null ? sharedStart(choices.map((one) => one.line)) : '';
  const line = choices.length > 1 && shared.length > desk.editor.text.length ? shared : choices[desk.chosen ?? 0]?.line;
  return line === undefined ? desk : withLine(desk, load(desk.editor, line));
}

function sharedStart([first = '', ...rest]: readonly string[]): string {
  let length = first.length;
  for (const one of rest) while (!one.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}

/** Sends the line. What is chosen, or the only choice there is, is taken first; of several nothing is guessed. */
function enter(desk: Desk, choices: readonly Choice[]): Moved {
  const { text } = desk.editor;
  const isWhole = choices.some((one) => one.line.trimEnd() === text);
  const taken = desk.chosen !== null ? choices[desk.chosen] : !isWhole && choices.length === 1 && !/\s/.test(text) ? choices[0] : undefined;
  if (taken !== undefined) return send(withLine(desk, load(desk.editor, taken.line.trimEnd())));
  if (!isWhole && choices.length > 1 && desk.chosen === null && !/\s/.test(text) && text !== '/') return quiet(tab(desk, choices, 'tab'));
  const { caret } = desk.editor;
  return text[caret - 1] === '\\' ? typed(desk, insert(EDITS.backspace(desk.editor), '\n')) : send(desk);
}

/** What was begun before an older entry was looked up stands on the line again. */
function send(desk: Desk): Moved {
  const { history, editor } = desk;
  const text = expanded(editor);
  const last = history.entries.length;
  const begun = history.at === last ? emptyEditor : (history.left[last] ?? emptyEditor);
  return {
    desk: { editor: { ...begun, cut: wholeCut(editor) }, history: sent(history, text), chosen: null, closed: false },
    act: { type: 'send', text },
  };
}
