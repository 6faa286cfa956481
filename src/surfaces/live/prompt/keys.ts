// From ink's keys to what they mean on the prompt line.
import type { Key } from 'ink';
import type { Edit } from './editor.ts';

export type Press =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'edit'; readonly edit: Edit }
  | { readonly type: 'up' | 'down' | 'enter' | 'tab' | 'backTab' | 'escape' | 'interrupt' | 'end' | 'redraw' };

const CONTROL: Readonly<Record<string, Press>> = {
  a: { type: 'edit', edit: 'home' },
  b: { type: 'edit', edit: 'left' },
  c: { type: 'interrupt' },
  d: { type: 'end' },
  e: { type: 'edit', edit: 'end' },
  f: { type: 'edit', edit: 'right' },
  h: { type: 'edit', edit: 'backspace' },
  i: { type: 'tab' },
  j: { type: 'edit', edit: 'newline' },
  k: { type: 'edit', edit: 'cutToEnd' },
  l: { type: 'redraw' },
  m: { type: 'enter' },
  n: { type: 'down' },
  p: { type: 'up' },
  u: { type: 'edit', edit: 'cutToStart' },
  w: { type: 'edit', edit: 'cutBlankWord' },
  y: { type: 'edit', edit: 'putBack' },
};

const META: Readonly<Record<string, Edit>> = { b: 'wordLeft', f: 'wordRight', d: 'cutWordRight' };

/** What a key event of ink means, in order; several keys come as one event when they are typed fast. */
export function pressesOf(input: string, key: Key): readonly Press[] {
  if (key.eventType === 'release') return [];
  const named = namedKey(key);
  if (named !== null) return [named];
  if (key.ctrl) return optional(CONTROL[input.toLowerCase()]);
  const meta = key.meta ? META[input.toLowerCase()] : undefined;
  if (meta !== undefined) return [{ type: 'edit', edit: meta }];
  return key.meta ? [] : typed(input);
}

const optional = (press: Press | undefined): readonly Press[] => (press === undefined ? [] : [press]);
const edit = (name: Edit): Press => ({ type: 'edit', edit: name });

function namedKey(key: Key): Press | null {
  const byWord = key.ctrl || key.meta;
  if (key.return) return key.shift || key.meta || key.ctrl ? edit('newline') : { type: 'enter' };
  if (key.escape) return { type: 'escape' };
  if (key.tab) return { type: key.shift ? 'backTab' : 'tab' };
  if (key.backspace) return edit(byWord ? 'cutWordLeft' : 'backspace');
  if (key.delete) return edit(byWord ? 'cutWordRight' : 'delete');
  if (key.leftArrow) return edit(byWord ? 'wordLeft' : 'left');
  if (key.rightArrow) return edit(byWord ? 'wordRight' : 'right');
  if (key.upArrow) return { type: 'up' };
  if (key.downArrow) return { type: 'down' };
  if (key.home) return edit('home');
  if (key.end) return edit('end');
  return null;
}

/** Characters in one piece from which on it is no typing ahead. */
const UNMARKED_PASTE = 200;

/**
 * Text and control characters that came in one piece. In a long piece only a carriage return at the end is Enter: the others belong to a paste by a
 * terminal that does not mark pastes, and nothing of that may be sent by itself.
 */
function typed(input: string): readonly Press[] {
  const isPaste = input.length > UNMARKED_PASTE;
  const text = input.replaceAll('\r\n', '\r');
  const whole = isPaste ? text.replace(/\r(?!\r*$)/g, '\n') : text;
  return (whole.match(/[^\u0000-\u001f]+|[\u0000-\u001f]/g) ?? []).flatMap((part): readonly Press[] => {
    if (part === '\t' && isPaste) return [{ type: 'text', text: part }];
    const code = part.charCodeAt(0);
    return code < 0x20 ? optional(CONTROL[String.fromCharCode(code + 96)]) : [{ type: 'text', text: part }];
  });
}
