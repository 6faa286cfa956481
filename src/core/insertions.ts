// Whether a test file was only added to.

const IMPORT = /^\s*(?:import\b|from\s|export\s.*\bfrom\b|use\s|(?:const|let|var)\b.*\brequire\()/;

/**
 * The first line of `before` that is not in `after` any more, in the same order; null when all are. A comma may be added at a line's end, and a line
 * that imports may name more.
 */
export function lostLine(before: string, after: string): { readonly line: number; readonly text: string } | null {
  const now = after.split('\n');
  let at = 0;
  for (const [i, text] of before.split('\n').entries()) {
    if (text.trim() === '') continue;
    const found = now.findIndex((line, k) => k >= at && keeps(text, line));
    if (found === -1) return { line: i + 1, text: text.trim().slice(0, 200) };
    at = found + 1;
  }
  return null;
}

function keeps(old: string, line: string): boolean {
  const [a, b] = [old.trimEnd(), line.trimEnd()];
  if (a === b || `${a},` === b) return true;
  if (!IMPORT.test(a) || !IMPORT.test(b)) return false;
  const words = new Set(b.match(/[\w$./@-]+/g));
  return (a.match(/[\w$./@-]+/g) ?? []).every((word) => words.has(word));
}
