// Edits in the text of a reply, in whatever format the model was trained on.
import { type FileEdit, isFence, linesOf, pathIn, type ReadEdits } from './file-edit.ts';
import { hasPatch, readPatch } from './patch.ts';
import { hasBlocks, readBlocks } from './search-replace.ts';
import { hasUnifiedDiff, readUnifiedDiff } from './udiff.ts';

export type { FileEdit, ReadEdits } from './file-edit.ts';

/**
 * Reads the edits of a reply: a patch (`*** Begin Patch`), search-and-replace blocks, unified diffs, or whole files in fences under their path.
 * A reply in none of these forms is a problem, with the forms in it.
 */
export function readEdits(reply: string): ReadEdits {
  const read = hasPatch(reply)
    ? readPatch(reply)
    : hasBlocks(reply)
      ? readBlocks(reply)
      : hasUnifiedDiff(reply)
        ? readUnifiedDiff(reply)
        : readWholeFiles(reply);
  if ('problem' in read || read.edits.length > 0) return read;
  return { problem: 'There is no edit in the reply: no tool call, no search-and-replace block, diff, patch or whole file under its path.' };
}

/** Whole files: a path on a line of its own (or after the fence's language), then a fenced block. */
function readWholeFiles(reply: string): ReadEdits {
  const lines = linesOf(reply);
  const edits: FileEdit[] = [];
  for (let at = 0; at < lines.length; at++) {
    const fence = /^\s*(`{3,}|~{3,})\s*\S*\s*(\S*)/.exec(lines[at] ?? '');
    if (fence === null) continue;
    const close = lines.findIndex((line, i) => i > at && line.trim() === fence[1]);
    if (close === -1)
      return { problem: `The fence at line ${at + 1} of the reply is not closed: it was cut off, and nothing was changed.` };
    const above = lines.slice(Math.max(0, at - 2), at).findLast((line) => line.trim() !== '' && !isFence(line));
    const path = pathIn(fence[2] ?? '') ?? (above === undefined ? null : pathIn(above));
    if (path !== null) edits.push({ kind: 'write', path, text: `${lines.slice(at + 1, close).join('\n')}\n`, isNew: false });
    at = close;
  }
  return { edits };
}
