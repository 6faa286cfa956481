// The one sanitiser for all text that others wrote and that reaches a screen, a report or a prompt.
// Every scan moves forward only, so hostile text costs linear time.

const ESC = 0x1b;
const SHOWN_ESC = '␛';
/** How far a terminal string (OSC, DCS …) may reach before its opening is shown instead of the whole being removed. */
const MAX_STRING = 4_096;
/** Combining marks kept on one base character. */
export const MAX_MARKS = 4;

/** Printable text of the usual blocks, in which `SUSPECT` finds nothing: its Unicode classes take 10 ms to compile. */
export const PLAIN = /^[\t\n\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u22ff]*$/;
/** Anything that the slow path must look at; text without it is returned as it is. */
const SUSPECT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{DI}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\p{M}{5}/u;
/** Characters with no visible form: zero-width, bidirectional, fillers, variation selectors, tags; line and paragraph separators. */
export const INVISIBLE = /[\p{DI}\p{Cf}\p{Zl}\p{Zp}]/u;
const MARK = /\p{M}/u;
const PICTOGRAPH = /[\p{Extended_Pictographic}\p{Emoji_Modifier}0-9#*]/u;
const PICTURE = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u;

/** Index after a CSI sequence whose parameters start at `at`. */
function afterCsi(text: string, at: number): number {
  let i = at;
  while (i < text.length && text.charCodeAt(i) >= 0x20 && text.charCodeAt(i) <= 0x3f) i++;
  const final = text.charCodeAt(i);
  return final >= 0x40 && final <= 0x7e ? i + 1 : i;
}

/** Index after a terminal string whose body starts at `at`, or -1 when it is not closed on its line within the limit. */
function afterString(text: string, at: number): number {
  const end = Math.min(text.length, at + MAX_STRING);
  for (let i = at; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x07 || code === 0x9c) return i + 1;
    if (code === ESC) return text.charCodeAt(i + 1) === 0x5c ? i + 2 : -1;
    if (code < 0x20 || (code >= 0x80 && code <= 0x9f)) return -1;
  }
  return -1;
}

/** Takes the escape sequence at `at`; gives what is shown for it and where to go on. */
function takeEscape(text: string, at: number): { readonly shown: string; readonly next: number } {
  const first = text.charCodeAt(at);
  const eight = first !== ESC;
  const kind = eight ? first - 0x40 : text.charCodeAt(at + 1);
  const body = at + (eight ? 1 : 2);
  if (kind === 0x5b) {
    const next = afterCsi(text, body);
    return { shown: text[next - 1] === 'm' && next > body ? '' : SHOWN_ESC, next };
  }
  if (kind === 0x5d || kind === 0x50 || kind === 0x58 || kind === 0x5e || kind === 0x5f) {
    const next = afterString(text, body);
    return { shown: SHOWN_ESC, next: next === -1 ? body : next };
  }
  if (eight) return { shown: `\\x${first.toString(16)}`, next: at + 1 };
  // ESC, intermediates, one final character.
  let next = at + 1;
  while (next < text.length && text.charCodeAt(next) >= 0x20 && text.charCodeAt(next) <= 0x2f) next++;
  const final = text.charCodeAt(next);
  return { shown: SHOWN_ESC, next: final >= 0x30 && final <= 0x7e ? next + 1 : next };
}

function showControl(code: number): string {
  return code === 0x7f ? '␡' : String.fromCharCode(0x2400 + code);
}

/** A combining mark, which is drawn over the character before it. */
export function isMark(char: string): boolean {
  return char >= '\u0300' && MARK.test(char);
}

function codeName(char: string): string {
  return `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** Invisible characters are part of emoji sequences: a joiner between pictures, a variation selector after one. */
export function belongsToEmoji(char: string, before: string, after: string): boolean {
  if (char === '\u200d') return PICTURE.test(before) && /\p{Extended_Pictographic}/u.test(after);
  return (char === '\ufe0f' || char === '\ufe0e') && PICTOGRAPH.test(before);
}

/**
 * Makes text safe to show: CRLF becomes LF; colours are dropped; other escape sequences, whole terminal strings included, become `␛`;
 * control characters, bidirectional overrides, zero-width characters and Unicode tags become visible; lone surrogates become U+FFFD; towers of
 * combining marks are cut. Tabs and newlines stay. Applying it twice changes nothing more. Time is linear in the text.
 */
export function sanitise(text: string): string {
  if (PLAIN.test(text) || !SUSPECT.test(text)) return text;
  const source = text.toWellFormed().replaceAll('\r\n', '\n');
  const out: string[] = [];
  let before = '';
  let marks = 0;
  for (let i = 0; i < source.length; ) {
    const code = source.charCodeAt(i);
    if (code === ESC || (code >= 0x80 && code <= 0x9f)) {
      const { shown, next } = takeEscape(source, i);
      i = next;
      // What is dropped without a trace separates nothing.
      if (shown === '') continue;
      out.push(shown);
      before = '';
      marks = 0;
      continue;
    }
    const char = String.fromCodePoint(source.codePointAt(i) ?? 0);
    i += char.length;
    if (code < 0x20 || code === 0x7f) {
      out.push(code === 0x09 || code === 0x0a ? char : showControl(code));
      before = '';
      marks = 0;
      continue;
    }
    if (code >= 0xad && INVISIBLE.test(char)) {
      const after = i < source.length ? String.fromCodePoint(source.codePointAt(i) ?? 0) : '';
      const kept = belongsToEmoji(char, before, after);
      out.push(kept ? char : codeName(char));
      before = kept ? char : '';
      continue;
    }
    marks = isMark(char) ? marks + 1 : 0;
    if (marks > MAX_MARKS) continue;
    out.push(char);
    before = char;
  }
  return out.join('');
}

/** Double-width characters: the wide and full-width blocks of Unicode's East Asian Width, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;

function charWidth(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  // Hangul vowels and finals are drawn into the syllable that the initial before them begins.
  if ((code >= 0x1160 && code <= 0x11ff) || (code >= 0xd7b0 && code <= 0xd7ff)) return 0;
  if (INVISIBLE.test(char) || MARK.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

/** Columns that sanitised text takes in a terminal; newlines and tabs count as one. */
export function columns(text: string): number {
  let sum = 0;
  for (const char of text) sum += charWidth(char);
  return sum;
}

/** Cuts sanitised text to at most `max` columns, the last one being `…` when something was cut. */
export function cut(text: string, max: number): string {
  let sum = 0;
  let at = 0;
  let room = 0;
  for (const char of text) {
    sum += charWidth(char);
    if (sum > max) return max < 1 ? '' : `${text.slice(0, room)}…`;
    at += char.length;
    if (sum <= max - 1) room = at;
  }
  return text;
}

/** Text as one line of at most `max` columns: sanitised, runs of white space as one space, cut with `…`. */
export function oneLine(text: string, max: number): string {
  // Far more than can be shown, so that a huge line costs nothing.
  const head = text.length > max * 64 + 1_024 ? `${text.slice(0, max * 64 + 1_024)}…` : text;
  return cut(sanitise(head).replace(/\s+/g, ' ').trim(), max);
}
