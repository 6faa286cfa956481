// Making the edits of a reply: per file all or none.
import { applyShownHunks, type FailedHunk, type HunksResult } from '../edits.ts';
import { wholeText } from '../edits-whole.ts';
import type { Files } from '../ref.ts';
import type { FileEdit } from './file-edit.ts';

/** A file that was left as it is: why, and its hunks (from 0, over all of its edits) that did not fit. */
export interface FileFailure {
  readonly path: string;
  readonly problem: string;
  readonly failed: readonly FailedHunk[];
}

/** Files with their new text, files that are gone, and files that were left as they are because an edit of theirs could not be made. */
export interface AppliedEdits {
  readonly changed: Files;
  readonly removed: readonly string[];
  readonly failures: readonly FileFailure[];
}

/**
 * Makes edits on texts that were shown with `reveal`. `read` gives a file's text, or null when there is none; `only` is the file that is meant where
 * a reply names no path (null: then that is a failure).
 */
export function applyFileEdits(
  read: (path: string) => string | null,
  edits: readonly FileEdit[],
  only: string | null = null,
): AppliedEdits {
  const now = new Map<string, string | null>();
  const failures = new Map<string, FileFailure>();
  for (const edit of edits) {
    const path = edit.path ?? only;
    if (path === null) failures.set('', { path: '', problem: 'An edit names no file: say its path on the line before it.', failed: [] });
    else if (!failures.has(path)) {
      const current = now.has(path) ? (now.get(path) ?? null) : read(path);
      const made = makeOne(path, current, edit, read);
      if ('problem' in made) failures.set(path, made);
      else for (const [at, text] of made.texts) now.set(at, text);
    }
  }
  const kept = [...now].filter(([path]) => !failures.has(path));
  return {
    changed: Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== null)),
    removed: kept.filter(([, text]) => text === null).map(([path]) => path),
    failures: [...failures.values()],
  };
}

type Made = { readonly texts: readonly (readonly [string, string | null])[] };

function makeOne(path: string, current: string | null, edit: FileEdit, read: (path: string) => string | null): Made | FileFailure {
  const fail = (problem: string, failed: readonly FailedHunk[] = []): FileFailure => ({ path, problem, failed });
  if (edit.kind === 'delete') return current === null ? fail(`There is no file ${path} to delete.`) : { texts: [[path, null]] };
  if (edit.kind === 'write') {
    if (edit.isNew && current !== null && current.trim() !== '')
      return fail(`There is a file ${path} already: change it instead of adding it.`);
    return { texts: [[path, wholeText(edit.text, current ?? '')]] };
  }
  const creates = edit.hunks.every((hunk) => hunk.find.trim() === '');
  if (current === null && !creates) return fail(`There is no file ${path}.`);
  const result: HunksResult = applyShownHunks(current ?? '', edit.hunks, edit.order);
  if ('failed' in result) return fail(`Nothing in ${path} was changed.`, result.failed);
  const text = current === null && !result.text.endsWith('\n') ? `${result.text}\n` : result.text;
  if (edit.to === null || edit.to === path) return { texts: [[path, text]] };
  if (read(edit.to) !== null) return fail(`There is a file ${edit.to} already: ${path} cannot be moved there.`);
  return {
    texts: [
      [path, null],
      [edit.to, text],
    ],
  };
}
