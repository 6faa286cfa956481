// Which files speak of which: a cheap guess at imports in any language, good enough to choose which tests to run first.
import type { Files } from './ref.ts';

/**
 * The tests that come to the module at `path`, with how far they are from it: 1 names it, 2 names a file that names it, and so on.
 * All of `tests`, at distance 1, where none is seen to come to it.
 */
export function testsOf(files: Files, tests: readonly string[], path: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const seen = new Set([path]);
  for (let edge = [path], distance = 1; edge.length > 0; distance += 1) {
    const names = edge.map(nameOf);
    edge = Object.keys(files).filter((file) => !seen.has(file) && names.some((name) => name.test(files[file] ?? '')));
    for (const file of edge) {
      seen.add(file);
      if (tests.includes(file)) found.set(file, distance);
    }
  }
  return found.size > 0 ? found : new Map(tests.map((test) => [test, 1]));
}

/** The files that name the module at `path`. */
export function namedBy(files: Files, path: string): readonly string[] {
  const name = nameOf(path);
  return Object.keys(files).filter((file) => file !== path && name.test(files[file] ?? ''));
}

/** Files that are named by their folder. */
const FOLDER_FILES = /^(index|__init__|__main__)$/;

/** The module's name as an import, a path or an argument spells it, with or without its ending. */
function nameOf(path: string): RegExp {
  const parts = path.split('/');
  const stem = (parts.at(-1) ?? path).replace(/\.[^.]+$/, '');
  const names = [stem, ...(FOLDER_FILES.test(stem) ? parts.slice(-2, -1) : [])].map((name) => name.replace(/[^\w]/g, '\\$&')).join('|');
  return new RegExp(`['"/](?:[\\w.]*\\.)?(?:${names})(?:\\.\\w+)?['"/]|^\\s*(?:from|import) [\\w., ]*\\b(?:${names})\\b`, 'm');
}

/**
 * The order in which `tests` are run on a changed module: the nearest first, among them the quickest. Quick ones share a part, which
 * saves starting a process for each; one that takes much longer is a part of its own.
 *
 * @param ms how long each test file takes, in milliseconds
 */
export function inParts(distances: ReadonlyMap<string, number>, ms: ReadonlyMap<string, number>): readonly (readonly string[])[] {
  const time = (test: string) => ms.get(test) ?? 0;
  const quick = 2 * Math.min(...[...distances.keys()].map(time));
  const groups = new Map<string, string[]>();
  const order = [...distances].sort(([a, near], [b, far]) => near - far || time(a) - time(b));
  for (const [test, distance] of order) {
    const key = time(test) <= quick ? `${distance}` : `${distance} ${test}`;
    groups.set(key, [...(groups.get(key) ?? []), test]);
  }
  return [...groups.values()];
}
