// Keys as a terminal sends them.

/** Ctrl with a letter. */
const ctrl = (letter: string) => String.fromCharCode(letter.charCodeAt(0) & 0x1f);

export const KEYS = {
  enter: '\r',
  newline: '\n',
  altEnter: '\u001b\r',
  escape: '\u001b',
  tab: '\t',
  backspace: '\u007f',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  home: '\u001b[H',
  end: '\u001b[F',
  pageUp: '\u001b[5~',
  pageDown: '\u001b[6~',
  ctrlA: ctrl('a'),
  ctrlC: ctrl('c'),
  ctrlD: ctrl('d'),
  ctrlE: ctrl('e'),
  ctrlK: ctrl('k'),
  ctrlU: ctrl('u'),
  ctrlW: ctrl('w'),
} as const;
