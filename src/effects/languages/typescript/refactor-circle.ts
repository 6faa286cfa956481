// Whether two files import each other.
import { ts } from './compiler.ts';
import type { Project } from './refactor-project.ts';

/** The way from `a` over its imports to `b` and back, as `a → … → b → … → a`; null when there is none. Types count, too. */
export function circleBetween(project: Project, a: string, b: string): string | null {
  const there = way(project, a, b);
  const back = way(project, b, a);
  return there === null || back === null ? null : [...there, ...back.slice(1)].join(' → ');
}

function way(project: Project, from: string, to: string): readonly string[] | null {
  const before = new Map<string, string | null>([[from, null]]);
  for (const path of before.keys()) {
    if (path === to) break;
    const text = project.files[path];
    if (text === undefined) continue;
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
      const next = project.resolve(path, fileName)?.path;
      if (next !== undefined && !before.has(next)) before.set(next, path);
    }
  }
  if (!before.has(to)) return null;
  const found: string[] = [];
  for (let at: string | null = to; at !== null; at = before.get(at) ?? null) found.unshift(at);
  return found;
}
