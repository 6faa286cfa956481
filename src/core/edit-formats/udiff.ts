// Unified diffs, also with line numbers that are wrong or left out.
import type { Hunk } from '../edits.ts';
import { type FileEdit, isFence, linesOf, type ReadEdits } from './file-edit.ts';
import { hunkLines, toHunk } from './hunk-lines.ts';

const NUMBERS = /^@@+ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@/;

/** True for a reply that holds a unified diff. */
export function hasUnifiedDiff(reply: string): boolean {
  const lines = linesOf(reply);
  return lines.some((line, i) => line.startsWith('@@') || startsFile(lines, i)) && lines.some((line) => /^[-+]/.test(line));
}

/** Reads the diffs of a reply, one edit a file. */
export function readUnifiedDiff(reply: string): ReadEdits {
  const lines = linesOf(reply);
  const edits: FileEdit[] = [];
  let at = 0;
  while (at < lines.length) {
    const named = startsFile(lines, at);
    if (!named && !(lines[at] ?? '').startsWith('@@')) {
      at++;
      continue;
    }
    const from = named ? at + 2 : at;
    let end = from;
    while (end < lines.length && !startsFile(lines, end) && !isFence(lines[end] ?? '') && !/^diff --git /.test(lines[end] ?? '')) end++;
    const [before, after] = named ? [nameIn(lines[at] ?? ''), nameIn(lines[at + 1] ?? '')] : [null, null];
    const edit = readFile(before, after, lines.slice(from, end));
    if ('problem' in edit) return edit;
    edits.push(edit);
    at = end;
  }
  return { edits };
}

function startsFile(lines: readonly string[], at: number): boolean {
  return /^--- \S/.test(lines[at] ?? '') && /^\+\+\+ \S/.test(lines[at + 1] ?? '');
}

/** The path of a `---` or `+++` line; null for `/dev/null`. */
function nameIn(line: string): string | null {
  const name = (line.slice(4).split('\t')[0] ?? '').trim().replace(/^"|"$/g, '');
  return name === '/dev/null' ? null : name;
}

function readFile(before: string | null, after: string | null, lines: readonly string[]): FileEdit | { readonly problem: string } {
  const pair = before !== null && after !== null && /^[a-z]\//.test(before) && /^[a-z]\//.test(after);
  const bare = (name: string | null): string | null => (name === null ? null : pair || /^[ab]\//.test(name) ? name.slice(2) : name);
  const [from, to] = [bare(before), bare(after)];
  if (from !== null && after === null) return { kind: 'delete', path: from };
  const hunks = split(lines).map(readHunk);
  const path = to ?? from;
  if (hunks.some((hunk) => hunk === null))
    return {
      problem: `A hunk of ${path ?? 'the diff'} changes nothing, or adds lines without a line of context that says where: add one.`,
    };
  const all = hunks.filter((hunk) => hunk !== null);
  if (before === null && after !== null)
    return { kind: 'write', path, text: `${all.map((hunk) => hunk.replace).join('\n')}\n`, isNew: true };
  return { kind: 'hunks', path: from ?? path, hunks: all, order: 'ordered', to: null };
}

interface Part {
  readonly head: string;
  readonly lines: string[];
}

function split(lines: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  for (const line of lines) {
    if (line.startsWith('@@')) parts.push({ head: line, lines: [] });
    else if (parts.length === 0 && line.trim() !== '') parts.push({ head: '', lines: [line] });
    else parts.at(-1)?.lines.push(line);
  }
  return parts;
}

function readHunk({ head, lines }: Part): Hunk | null {
  const read = hunkLines(lines);
  const numbers = NUMBERS.exec(head);
  if (read === null) return null;
  const line = numbers === null ? null : Number(numbers[1]);
  if (read.find.length > 0) return line === null ? toHunk(read) : { ...toHunk(read), line };
  // `-12,0` says that lines are put after line 12: a diff without context.
  if (line === null || numbers?.[2] !== '0') return null;
  return { find: '', replace: read.replace.join('\n'), insert: 'after', line };
}
