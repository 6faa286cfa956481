// File contents with what is invisible in them written out, so that a model sees it, can repeat it in an edit, and nothing of it is lost.
import { belongsToEmoji, INVISIBLE, isMark, MAX_MARKS, PLAIN } from './sanitise.ts';

/** Letters of scripts in which joiners are part of the spelling: Arabic, the Indic scripts and their neighbours. */
const JOINED = /[\u0590-\u1cff]/;
const TOKEN = /<U\+([0-9A-F]{4,6})>/g;
/** The `<` of what already looks like a written-out character. */
const LITERAL = /<(?=U\+[0-9A-F]{4,6}>)/g;

/**
 * Text in which every control, invisible or direction-changing character, every lone carriage return and every combining mark beyond the fourth
 * stands as `<U+200B>`. Text without any is returned as it is. `unreveal` gives the text back, character for character.
 */
export function reveal(text: string): string {
  if (PLAIN.test(text)) return text;
  return writeOut(text) === text ? text : writeOut(text.replace(LITERAL, '<U+003C>'));
}

/** Undoes `reveal`, for text that it changed. */
export function unreveal(text: string): string {
  return text.replace(TOKEN, (token, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code > 0x10ffff ? token : String.fromCodePoint(code);
  });
}

/** Writes hidden characters out and leaves what is written out already. */
export function writeOut(text: string): string {
  if (PLAIN.test(text)) return text;
  const out: string[] = [];
  let before = '';
  let marks = 0;
  for (let i = 0; i < text.length; ) {
    const char = String.fromCodePoint(text.codePointAt(i) ?? 0);
    i += char.length;
    const after = i < text.length ? String.fromCodePoint(text.codePointAt(i) ?? 0) : '';
    marks = isMark(char) ? marks + 1 : 0;
    const hidden = marks > MAX_MARKS || isHidden(char, before, after);
    out.push(hidden ? `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>` : char);
    before = hidden ? '' : char;
  }
  return out.join('');
}

function isHidden(char: string, before: string, after: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  if (char === '\t' || char === '\n') return false;
  if (char === '\r') return after !== '\n';
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0xd800 && code <= 0xdfff)) return true;
  if (code < 0xad || !INVISIBLE.test(char)) return false;
  const joins = (char === '\u200c' || char === '\u200d') && JOINED.test(before) && JOINED.test(after);
  return !joins && !belongsToEmoji(char, before, after);
}
