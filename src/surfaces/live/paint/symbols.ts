// The marks of the screen, in Unicode and for terminals that have only ASCII.
import { columns } from '../../../core/sanitise.ts';

export interface Symbols {
  readonly ascii: boolean;
  readonly passed: string;
  readonly failed: string;
  readonly skipped: string;
  /** A test that fails because its code is not written, as it must. */
  readonly red: string;
  readonly pending: string;
  readonly planned: string;
  readonly drafting: string;
  readonly drafted: string;
  /** The activity mark, in turns. */
  readonly beat: readonly [string, string];
  readonly paused: string;
  readonly asks: string;
  readonly warning: string;
  readonly separator: string;
  readonly bar: { readonly used: string; readonly held: string; readonly free: string };
  readonly rule: string;
}

export const unicodeSymbols: Symbols = {
  ascii: false,
  passed: '✓',
  failed: '✗',
  skipped: '-',
  red: '○',
  pending: '·',
  planned: '·',
  drafting: '›',
  drafted: '○',
  beat: ['●', '○'],
  paused: '‖',
  asks: '?',
  warning: '!',
  separator: '·',
  bar: { used: '━', held: '╍', free: '╌' },
  rule: '━',
};

export const asciiSymbols: Symbols = {
  ascii: true,
  passed: '+',
  failed: 'x',
  skipped: '-',
  red: 'o',
  pending: '.',
  planned: '.',
  drafting: '>',
  drafted: 'o',
  beat: ['*', 'o'],
  paused: '=',
  asks: '?',
  warning: '!',
  separator: '-',
  bar: { used: '#', held: '+', free: '.' },
  rule: '=',
};

/**
 * The marks that the terminal described by `env` can show: ASCII where the locale says that it is not UTF-8, and on consoles with a font of 256
 * glyphs. No locale at all, as in most containers, says nothing of the terminal.
 */
export function symbolsFor(env: Readonly<Record<string, string | undefined>>, platform: string): Symbols {
  const term = env['TERM'] ?? '';
  if (term === 'linux' || term === 'dumb') return asciiSymbols;
  if (platform === 'win32') return env['WT_SESSION'] || env['TERM_PROGRAM'] ? unicodeSymbols : asciiSymbols;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return locale === '' || /utf-?8/i.test(locale) ? unicodeSymbols : asciiSymbols;
}

const ASCII: Readonly<Record<string, string>> = {
  '…': '~',
  '·': '-',
  '›': '>',
  '✓': '+',
  '✗': 'x',
  '—': '-',
  '–': '-',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '→': '>',
  '×': 'x',
};

/** Sanitised text in ASCII, as wide as it was: what has no likeness becomes `?`. */
export function toAscii(text: string): string {
  return text.replace(/[^\n\t\x20-\x7e]/gu, (char) => ASCII[char] ?? '?'.repeat(columns(char)));
}
