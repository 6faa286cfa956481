// How wide a terminal of today draws a character: emoji take two columns, and a sequence of emoji is not joined (as in tmux and VS Code).
import type { IUnicodeVersionProvider } from '@xterm/headless';

const NOTHING = /[\p{M}\p{Cf}\p{DI}]/u;
const FLAG_LETTER = /[\u{1f1e6}-\u{1f1ff}]/u;
/** East Asian Width W and F: unicode.org/Public/UCD/latest/ucd/EastAsianWidth.txt, without the emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const EMOJI = /\p{Emoji_Presentation}/u;

function widthOf(code: number): 0 | 1 | 2 {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return 0;
  if (code < 0x300) return 1;
  const char = String.fromCodePoint(code);
  if (NOTHING.test(char)) return 0;
  if (FLAG_LETTER.test(char)) return 1;
  return WIDE.test(char) || EMOJI.test(char) ? 2 : 1;
}

/** For the emulator's `unicode.register`. The packed form of a character's properties is xterm.js's own: state, width and join in one number. */
export const MODERN: IUnicodeVersionProvider = {
  version: 'modern',
  wcwidth: widthOf,
  charProperties: (code, preceding) => {
    const width = widthOf(code);
    const before = (preceding >> 1) & 3;
    const joins = width === 0 && before > 0;
    return ((joins ? before : width) << 1) | (joins ? 1 : 0);
  },
};
