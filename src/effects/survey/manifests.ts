// What package.json says, and small helpers for lists of names.
import { at, record, strings } from './formats/data.ts';

/** Names of what a package.json depends on, in any way. */
export function dependencyNames(manifest: unknown): readonly string[] {
  return ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].flatMap((key) =>
    Object.keys(record(at(manifest, key))),
  );
}

/** The workspace globs of a package.json: a list, or an object with `packages`. */
export function workspaceGlobs(manifest: unknown): readonly string[] {
  const workspaces = at(manifest, 'workspaces');
  return Array.isArray(workspaces) ? strings(workspaces) : strings(at(workspaces, 'packages'));
}

/** The different words, the most frequent first. */
export function mostFirst(words: Iterable<string>): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
