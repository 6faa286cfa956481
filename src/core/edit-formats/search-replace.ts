// Blocks between markers: `<<<<<<< SEARCH`, `=======`, `>>>>>>> REPLACE`, also with `------- SEARCH` and `+++++++ REPLACE`, also with a line hint.
import type { Hunk } from '../edits.ts';
import { type FileEdit, isFence, linesOf, pathIn, type ReadEdits } from './file-edit.ts';

const OPEN = /^(?:<{5,9}|-{5,9}) (?:SEARCH|ORIGINAL|HEAD)>?\s*$/;
const MIDDLE = /^={5,9}\s*$/;
const CLOSE = /^(?:>{5,9}|\+{5,9}) (?:REPLACE|UPDATED)\s*$/;
const HINT = /^:(start|end)_line:\s*(\d+)\s*$/;
/** A marker that is meant as text. */
const ESCAPED = /^\\(?=<{7}|={7}|>{7}|-{7}|\+{7}|:(?:start|end)_line:)/;

/** True for a reply with such a block. */
export function hasBlocks(reply: string): boolean {
  return linesOf(reply).some((line) => OPEN.test(line) || CLOSE.test(line));
}

/** Reads the blocks of a reply; a block without a path belongs to the file of the block before it. */
export function readBlocks(reply: string): ReadEdits {
  const lines = linesOf(reply);
  const edits: Extract<FileEdit, { kind: 'hunks' }>[] = [];
  let path: string | null = null;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (CLOSE.test(line)) return broken(at, line, 'it closes no block');
    if (!OPEN.test(line)) continue;
    path = pathBefore(lines, at) ?? path;
    const end = lines.findIndex((each, i) => i > at && (CLOSE.test(each) || OPEN.test(each)));
    if (end === -1 || OPEN.test(lines[end] ?? '')) return broken(at, line, 'no `>>>>>>> REPLACE` closes it');
    const hunk = readBlock(lines.slice(at + 1, end));
    if (hunk === null) return broken(at, line, 'it needs exactly one line `=======` (put a backslash before one that is text)');
    const last = edits.at(-1);
    if (last?.path === path) edits[edits.length - 1] = { ...last, hunks: [...last.hunks, hunk] };
    else edits.push({ kind: 'hunks', path, hunks: [hunk], order: 'free', to: null });
    at = end;
  }
  return { edits };
}

function broken(at: number, line: string, why: string): ReadEdits {
  return {
    problem: `The block at line ${at + 1} of the reply (\`${line.trim().slice(0, 40)}\`) is malformed: ${why}. Nothing was changed.`,
  };
}

function readBlock(lines: readonly string[]): Hunk | null {
  const dividers = lines.flatMap((line, i) => (MIDDLE.test(line) ? [i] : []));
  const exact = dividers.filter((i) => lines[i]?.trim() === '=======');
  const [middle] = exact.length === 1 ? exact : dividers;
  if (middle === undefined || (dividers.length > 1 && exact.length !== 1)) return null;
  let from = 0;
  let start: number | null = null;
  for (let match = HINT.exec(lines[from] ?? ''); match !== null && from < middle; match = HINT.exec(lines[++from] ?? ''))
    if (match[1] === 'start') start = Number(match[2]);
  if (from < middle && /^-{7}\s*$/.test(lines[from] ?? '')) from++;
  const text = (part: readonly string[]): string => part.map((line) => line.replace(ESCAPED, '')).join('\n');
  const find = text(lines.slice(from, middle));
  const replace = text(lines.slice(middle + 1));
  if (start === null) return { find, replace };
  if (find.trim() !== '') return { find, replace, line: start };
  return { find: '', replace, insert: start === 0 ? 'after' : 'before', line: start === 0 ? Number.POSITIVE_INFINITY : start };
}

/** The path that stands on one of the three lines before a block, at most a fence between. */
function pathBefore(lines: readonly string[], at: number): string | null {
  for (let i = at - 1; i >= Math.max(0, at - 3); i--) {
    const line = lines[i] ?? '';
    if (isFence(line) || line.trim() === '') continue;
    return CLOSE.test(line) ? null : pathIn(line);
  }
  return null;
}
