// Blocks with lines left out (`...`, `// ... existing code ...`).
import type { Hunk } from './edits-place.ts';

const ELIDED = /^\s*(?:\/\/|#|--|;|\/\*|<!--|\{\/\*)?\s*(?:\.\.\.|…)[^\n]{0,60}$/;

/**
 * The parts of a block between the lines that say that something is left out, each with its replacement; null when `find` has no such line,
 * `replace` has another number of them, or a part of `find` is blank while its replacement is not.
 */
export function elidedParts(find: string, replace: string): readonly Hunk[] | null {
  const finds = parts(find);
  const replaces = parts(replace);
  if (finds.length < 2 || finds.length !== replaces.length) return null;
  const hunks = finds.map((part, i) => ({ find: part, replace: replaces[i] ?? '' }));
  const kept = hunks.filter((hunk) => hunk.find.trim() !== '');
  const lost = hunks.some((hunk) => hunk.find.trim() === '' && hunk.replace.trim() !== '');
  return lost || kept.length === 0 ? null : kept;
}

function parts(text: string): string[] {
  const found: string[][] = [[]];
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
    if (ELIDED.test(line)) found.push([]);
    else found.at(-1)?.push(line);
  }
  return found.map((lines) => lines.join('\n'));
}
