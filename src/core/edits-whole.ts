// A whole new text in the way of the file that it is for.
import { reveal, unreveal } from './reveal.ts';

const BOM = '\ufeff';

/**
 * `content` for a file that was `before` (empty for a new one): with its byte order mark and, where all its lines end so, its CRLF; with a line end at the
 * end; and what `reveal` had written out in `before` meant as the characters themselves.
 */
export function wholeText(content: string, before: string): string {
  const text = reveal(before) === before ? content : unreveal(content);
  const ended = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  const lines = before.includes('\r\n') && !/(^|[^\r])\n/.test(before) ? ended.replace(/\r?\n/g, '\r\n') : ended;
  return before.startsWith(BOM) && !lines.startsWith(BOM) ? BOM + lines : lines;
}
