// One pass over a text that tells code from comments and strings: names, words, and the code alone.
import type { MapLanguage } from './sources.ts';
import type { Tags } from './tags.ts';

const LINE = String.raw`\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)`;
const HASH = String.raw`#[^\n]*`;
const DOUBLE = String.raw`"(?:[^"\\\n]|\\.)*"`;
const SINGLE = String.raw`'(?:[^'\\\n]|\\.)*'`;
const CHARACTER = String.raw`'(?:[^'\\\n]|\\[^\n]{1,8}?)'`;
const BACK = '`(?:[^`\\\\]|\\\\[\\s\\S])*`';
const REGEX = String.raw`\/(?<=(?:[=(,:!&|?{};[\n]|return|^)[ \t]{0,20}\/)(?![*\/ ])(?:[^\/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.){0,200}\]){1,300}\/`;
const TRIPLE = String.raw`"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)`;

const OTHER_THAN_CODE = {
  script: new RegExp([LINE, DOUBLE, SINGLE, BACK, REGEX].join('|'), 'g'),
  python: new RegExp([TRIPLE, HASH, DOUBLE, SINGLE].join('|'), 'g'),
  hash: new RegExp([HASH, DOUBLE, SINGLE].join('|'), 'g'),
  php: new RegExp([LINE, `${HASH}`, DOUBLE, SINGLE].join('|'), 'g'),
  c: new RegExp([LINE, DOUBLE, CHARACTER, BACK].join('|'), 'g'),
};

const FAMILY: Readonly<Record<MapLanguage, keyof typeof OTHER_THAN_CODE>> = {
  typescript: 'script',
  tsx: 'script',
  javascript: 'script',
  python: 'python',
  ruby: 'hash',
  php: 'php',
  go: 'c',
  rust: 'c',
  java: 'c',
  'c-sharp': 'c',
  cpp: 'c',
  pattern: 'c',
};

const NAME = /[A-Za-z_$\x80-\uffff][\w$\x80-\uffff]*/g;
const WORD = /[A-Za-z_$\x80-\uffff][\w$\x80-\uffff]+/g;
/** Names so long are keys or encoded data. */
const MAX_NAME = 60;
/** Distinct names and words of one file that are kept: what a table of data holds beyond is no help. */
const MAX_DISTINCT = 2_000;

/** The text with comments and strings blanked (their lines stay), and what is named in code and said beside it. */
export function scan(text: string, language: MapLanguage): { readonly code: string } & Pick<Tags, 'names' | 'words'> {
  const words = new Map<string, number>();
  const code = text.replace(OTHER_THAN_CODE[FAMILY[language]], (piece) => {
    count(piece, WORD, words);
    return blank(piece);
  });
  const names = new Map<string, number>();
  count(code, NAME, names);
  return { code, names, words };
}

function count(text: string, pattern: RegExp, into: Map<string, number>): void {
  for (const word of text.match(pattern) ?? []) {
    const seen = into.get(word);
    if (seen !== undefined) into.set(word, seen + 1);
    else if (word.length <= MAX_NAME && into.size < MAX_DISTINCT) into.set(word, 1);
  }
}

/** As many line ends as there were, between quotes when it was a string. */
function blank(piece: string): string {
  const quote = piece[0] === '/' || piece[0] === '#' ? '' : '"';
  return piece.includes('\n') ? quote + '\n'.repeat(piece.split('\n').length - 1) + quote : quote + quote;
}
