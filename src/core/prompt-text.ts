// Text that is shown to a model: fenced, capped, and with nothing invisible in it.

import { sanitise } from './sanitise.ts';

// Joiners are part of the spelling in these scripts (Arabic, Indic and their neighbours).
const JOINED = /(?<=[\u0590-\u1cff])([\u200c\u200d])(?=[\u0590-\u1cff])/;

/** Text as `sanitise` makes it, with `\n` line ends, and with joiners kept where words are spelled with them. */
export function visible(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n');
  return lines
    .split(JOINED)
    .map((piece, i) => (i % 2 === 1 ? piece : sanitise(piece)))
    .join('');
}

/** Text on one line of at most `max` characters: a path, a test's name, a title. */
export function oneLine(text: string, max = 300): string {
  const line = visible(text).replace(/\s+/g, ' ').trim();
  return line.length <= max ? line : `${wholeCharacters(line.slice(0, max - 1))}…`;
}

/** Text as an item of a Markdown list: every character inside kept (an example's spaces count), further lines indented. */
export function listItem(text: string): string {
  return visible(text).trim().replace(/\n/g, '\n  ');
}

/** At most about `max` characters of a text: its head (two thirds) and its tail, with a line that says what was left out. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = wholeCharacters(text.slice(0, Math.ceil((max * 2) / 3)));
  const tail = text.slice(text.length - Math.floor(max / 3)).replace(/^[\udc00-\udfff]/, '');
  return `${head}\n[… ${text.length - head.length - tail.length} characters left out …]\n${tail}`;
}

/** Drops half of a surrogate pair at the end. */
function wholeCharacters(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '');
}

/**
 * A Markdown fence around `text`, longer than any run of backticks inside, so that the text cannot end it. The text is made visible.
 *
 * @param label the word after the opening fence: a language, or `text`
 */
export function fence(text: string, label = 'text'): string {
  const shown = withoutLastBreaks(visible(text));
  const longest = (shown.match(/`+/g) ?? []).reduce((n, run) => Math.max(n, run.length), 2);
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${label.replace(/[^\w+-]/g, '')}\n${shown}\n${ticks}`;
}

function withoutLastBreaks(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n') end--;
  return text.slice(0, end);
}

const LABELS: Readonly<Record<string, string>> = {
  ts: 'ts',
  mts: 'ts',
  cts: 'ts',
  tsx: 'tsx',
  js: 'js',
  mjs: 'js',
  cjs: 'js',
  jsx: 'jsx',
  py: 'python',
  pyi: 'python',
  json: 'json',
  md: 'markdown',
  html: 'html',
  css: 'css',
  yml: 'yaml',
  yaml: 'yaml',
  sh: 'sh',
  sql: 'sql',
  toml: 'toml',
};

/** The word for a fence around a file: by its extension, else `text`. */
export function labelOf(path: string): string {
  return LABELS[extensionOf(path)] ?? 'text';
}

/** The extension of a path in lower case, without the dot; empty when it has none. */
export function extensionOf(path: string): string {
  return /[^/]\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
}
