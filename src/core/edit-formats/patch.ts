// The patch format between `*** Begin Patch` and `*** End Patch`: files added, deleted, updated by hunks under lines that name their place.
import type { Hunk } from '../edits.ts';
import { type FileEdit, isFence, linesOf, type ReadEdits } from './file-edit.ts';
import { hunkLines, toHunk } from './hunk-lines.ts';

const HEAD = /^\*\*\* (Add|Delete|Update) File: (.+?)\s*$/;
const MOVE = /^\*\*\* Move to: (.+?)\s*$/;
const END_OF_FILE = /^\*\*\* End of File\s*$/;

/** True for a reply that holds such a patch. */
export function hasPatch(reply: string): boolean {
  return linesOf(reply).some((line) => /^\*\*\* Begin Patch\s*$/.test(line) || HEAD.test(line));
}

/** Reads the patch of a reply, one edit a file. A patch without its last line was cut off: nothing of it is taken. */
export function readPatch(reply: string): ReadEdits {
  const all = linesOf(reply);
  const begin = all.findIndex((line) => /^\*\*\* Begin Patch\s*$/.test(line));
  const end = all.findIndex((line, i) => i > begin && /^\*\*\* End Patch\s*$/.test(line));
  if (begin !== -1 && end === -1) return { problem: 'The patch has no line `*** End Patch`: it was cut off, and nothing was changed.' };
  const lines = all.slice(begin + 1, end === -1 ? all.length : end);
  const edits: FileEdit[] = [];
  for (let at = 0; at < lines.length; ) {
    const head = HEAD.exec(lines[at] ?? '');
    if (head === null) {
      if ((lines[at] ?? '').trim() !== '' && !isFence(lines[at] ?? '') && begin !== -1)
        return {
          problem: `\`${(lines[at] ?? '').slice(0, 80)}\` is under no \`*** Update File:\`, \`*** Add File:\` or \`*** Delete File:\`.`,
        };
      at++;
      continue;
    }
    let next = at + 1;
    while (next < lines.length && !HEAD.test(lines[next] ?? '')) next++;
    const edit = readFile(head[1] ?? '', (head[2] ?? '').replace(/^\.\//, ''), lines.slice(at + 1, next));
    if ('problem' in edit) return edit;
    edits.push(edit);
    at = next;
  }
  return edits.length > 0 ? { edits } : { problem: 'The patch changes no file.' };
}

function readFile(kind: string, path: string, lines: readonly string[]): FileEdit | { readonly problem: string } {
  if (kind === 'Delete') return { kind: 'delete', path };
  if (kind === 'Add') {
    const added = lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1));
    const other = lines.find((line) => line.trim() !== '' && !line.startsWith('+') && !isFence(line));
    if (other !== undefined) return { problem: `\`${other.slice(0, 80)}\` in the new file ${path} does not start with \`+\`.` };
    return { kind: 'write', path, text: added.length === 0 ? '' : `${added.join('\n')}\n`, isNew: true };
  }
  const move = MOVE.exec(lines[0] ?? '');
  const hunks: Hunk[] = [];
  for (const part of split(move === null ? lines : lines.slice(1))) {
    const hunk = readHunk(part);
    if (hunk === null) return { problem: `A hunk of ${path} adds and removes nothing.` };
    hunks.push(hunk);
  }
  const to = move?.[1] ?? null;
  if (hunks.length === 0 && to === null) return { problem: `There is no hunk for ${path}.` };
  return { kind: 'hunks', path, hunks, order: 'ordered', to };
}

interface Part {
  readonly under: string[];
  readonly lines: string[];
  atEnd: boolean;
}

function split(lines: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  for (const line of lines) {
    const last = parts.at(-1);
    if (END_OF_FILE.test(line)) {
      if (last !== undefined) last.atEnd = true;
    } else if (line.startsWith('@@')) {
      const anchor = /^@@+ -\d/.test(line) ? '' : line.replace(/^@@+|@@+\s*$/g, '').trim();
      const under = anchor === '' ? [] : [anchor];
      // Several such lines in a row name a place inside a place.
      if (last !== undefined && last.lines.length === 0) last.under.push(...under);
      else parts.push({ under, lines: [], atEnd: false });
    } else if (last === undefined) {
      if (line.trim() !== '') parts.push({ under: [], lines: [line], atEnd: false });
    } else last.lines.push(line);
  }
  return parts.filter((part) => part.lines.some((line) => line !== '') || part.under.length > 0);
}

function readHunk({ under, lines, atEnd }: Part): Hunk | null {
  const read = hunkLines(lines);
  if (read === null) return null;
  if (read.find.length > 0) return { ...toHunk(read), under, atEnd, endsLine: true };
  const replace = read.replace.join('\n');
  const anchor = under.at(-1);
  if (anchor === undefined) return { find: '', replace, insert: 'after', line: Number.POSITIVE_INFINITY, endsLine: true };
  return { find: anchor, replace, insert: 'after', under: under.slice(0, -1) };
}
