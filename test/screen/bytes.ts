// What a program sent to a terminal, taken apart: which sequences are ours, and how far each frame reached up.

/** Every escape sequence that redgreen may send; everything else is foreign. */
const OURS: readonly RegExp[] = [
  // Colours by meaning only (red, green, yellow, cyan, default), bold, dim and inverse; never a colour number or RGB.
  /^\u001b\[(?:(?:0|1|2|7|22|27|31|32|33|36|39)(?:;(?:0|1|2|7|22|27|31|32|33|36|39))*)?m$/,
  // Cursor moves, erasing.
  /^\u001b\[[0-9;]*[ABCDEFGHJK]$/,
  // Cursor on and off, synchronised output, bracketed paste, the alternate screen.
  /^\u001b\[\?(?:25|2026|2004|1049)[hl]$/,
  // The kitty keyboard protocol: asked for, switched on, switched off.
  /^\u001b\[(?:\?|>[0-9]+|<[0-9]*)u$/,
];

/** One escape sequence, complete where it is well formed; otherwise the escape character alone. */
const SEQUENCE =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|[\u001b\u009b\u009d\u0090]/g;
/** Control characters, and characters that change what stands around them without being seen. */
const UNSEEN =
  /[\u0000-\u0009\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;
const SGR = /\u001b\[[0-9;]*m/g;
const COLOUR = /\u001b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m/g;

/** What is not ours in `raw`, as visible text; empty when everything is. */
export function foreign(raw: string): readonly string[] {
  const sequences = (raw.match(SEQUENCE) ?? []).filter((s) => !OURS.some((ours) => ours.test(s)));
  const characters = raw.replace(SEQUENCE, '').match(UNSEEN) ?? [];
  return [...new Set([...sequences, ...characters].map((s) => JSON.stringify(s)))];
}

/** Colour sequences in `raw`; attributes such as bold are none. */
export function colours(raw: string): readonly string[] {
  return [...new Set(raw.match(COLOUR) ?? [])].map((s) => JSON.stringify(s));
}

/** `raw` without its colours and attributes. */
export function unstyled(raw: string): string {
  return raw.replace(SGR, '');
}

/** A change of what a terminal remembers beside its text. */
export interface Modes {
  readonly cursor: boolean;
  readonly paste: boolean;
  readonly alternate: boolean;
  readonly synchronised: boolean;
  /** Kitty keyboard flags that are pushed and not popped. */
  readonly kitty: number;
}

/** The modes at the end of `raw`, by the sequences themselves and independent of an emulator. */
export function modesAfter(raw: string): Modes {
  const last = (mode: number, at: boolean) => {
    const on = raw.lastIndexOf(`\u001b[?${mode}h`);
    const off = raw.lastIndexOf(`\u001b[?${mode}l`);
    return on === off ? at : on > off;
  };
  const pushed = raw.match(/\u001b\[>[0-9]+u/g)?.length ?? 0;
  const popped = raw.match(/\u001b\[<[0-9]*u/g)?.length ?? 0;
  return {
    cursor: last(25, true),
    paste: last(2004, false),
    alternate: last(1049, false),
    synchronised: last(2026, false),
    kitty: pushed - popped,
  };
}

/** The bytes without what was sent to the alternate screen. */
export function primary(raw: string): string {
  return raw.replace(/\u001b\[\?1049h[\s\S]*?(?:\u001b\[\?1049l|$)/g, '');
}

/** Sequences that wipe the window or the scrollback of the primary screen. */
export function wipes(raw: string): readonly string[] {
  return (primary(raw).match(/\u001b\[(?:[23]J|H\u001b\[0?J|1;1H\u001b\[0?J)|\u001bc/g) ?? []).map((s) => JSON.stringify(s));
}

/** Most lines that any write moved up on the primary screen: the height of the tallest live part, less one. */
export function tallest(raw: string): number {
  let most = 0;
  for (const frame of primary(raw).split(/\u001b\[\?2026[hl]/)) {
    let up = 0;
    for (const [, count, move] of frame.matchAll(/\u001b\[([0-9]*)([ABEF])|\n/g)) {
      const lines = Number(count || 1);
      if (move === 'A' || move === 'F') up += lines;
      else up -= move === undefined ? 1 : lines;
      most = Math.max(most, up);
      // What lies above was only visited from the lowest line reached so far.
      if (up < 0) up = 0;
    }
  }
  return most;
}

/** Erasing that happens outside synchronised output, where it flickers; not where the terminal is handed over (bracketed paste goes off). */
export function flickers(raw: string): readonly string[] {
  const outside = primary(raw).replace(/\u001b\[\?2026h[\s\S]*?(?:\u001b\[\?2026l|$)/g, '\u0000');
  return outside
    .split('\u0000')
    .filter((part) => /\u001b\[[0-9;]*[JK]/.test(part) && !part.includes('\u001b[?2004l'))
    .map((part) => JSON.stringify(part.slice(0, 200)));
}
