// The path gate: which names may be in a tree, and which of them a repair may write.
import { checkPath, foldPath, parents, quote } from './guard-paths.ts';
import { isBuildFile, isSteering, looksLikeTest } from './guard-steering.ts';

export { checkPath, checkStructure, checkTree, findCollisions, foldPath, MAX_FILES, MAX_TEXT } from './guard-paths.ts';
export { isBuildFile, isSteering, looksLikeTest } from './guard-steering.ts';

/** What a repair may write: `planned` source files, and new files that are none of the rest. */
export interface WriteRules {
  readonly planned: Iterable<string>;
  /** Tests and every file frozen with them. */
  readonly locked: Iterable<string>;
  /** Files that exist and are not planned; they may not be written. */
  readonly existing?: Iterable<string>;
  /** True for a path that the runner would run as a test, beside what looks like one by its name. */
  readonly isTest?: (path: string) => boolean;
}

export type Gate = (path: string) => { readonly ok: true } | { readonly reason: string };

/**
 * The write gate of the repair step: gives a function that answers for one path. A refused path has a reason for the model.
 * Paths are compared as a case-insensitive file system would.
 */
export function writeGate(rules: WriteRules): Gate {
  const planned = foldAll(rules.planned);
  const locked = foldAll(rules.locked);
  const existing = foldAll(rules.existing ?? []);
  const known = [...planned.values(), ...locked.values(), ...existing.values()];
  const folders = new Map(known.flatMap((path) => parents(path).map((parent) => [foldPath(parent), parent] as const)));
  const refuse = (path: string, reason: string) => ({ reason: `${quote(path)} may not be written: ${reason}.` });

  return (path) => {
    const unsafe = checkPath(path);
    if (unsafe !== null) return refuse(path, unsafe);
    const fold = foldPath(path);
    if (locked.has(fold)) return refuse(path, 'it is locked; tests and what steers them are frozen');
    const spelled = planned.get(fold);
    if (isSteering(path) && !(spelled === path && isBuildFile(path)))
      return refuse(path, 'it steers a tool; such files are not written by a repair');
    if (spelled === path) return { ok: true };
    if (spelled !== undefined) return refuse(path, `it differs only in case from ${quote(spelled)}`);
    if (existing.has(fold)) return refuse(path, 'it is not among the planned files');
    if (looksLikeTest(path) || rules.isTest?.(path) === true) return refuse(path, 'it is a test file, and a repair may not add tests');
    const folder = folders.get(fold);
    if (folder !== undefined) return refuse(path, `${quote(folder)} is a folder`);
    const above = parents(path).find(
      (parent) => planned.has(foldPath(parent)) || locked.has(foldPath(parent)) || existing.has(foldPath(parent)),
    );
    if (above !== undefined) return refuse(path, `${quote(above)} is a file`);
    const twin = parents(path).find((parent) => (folders.get(foldPath(parent)) ?? parent) !== parent);
    return twin === undefined ? { ok: true } : refuse(path, `the folder ${quote(twin)} differs only in case from one that exists`);
  };
}

function foldAll(paths: Iterable<string>): Map<string, string> {
  return new Map(Array.from(paths, (path) => [foldPath(path), path]));
}
