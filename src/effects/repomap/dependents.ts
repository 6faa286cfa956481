// Who imports a file, directly or through others.
import type { Resolve } from './imports.ts';
import { importsIn, type RecordView } from './record.ts';

/** Numbers of the files from which an import leads to one of `start`, over any number of steps, the nearest first; `start` itself is left out. */
export function dependentsOf(
  paths: readonly string[],
  views: readonly RecordView[],
  resolve: Resolve,
  start: readonly number[],
): readonly number[] {
  const importers = new Map<number, number[]>();
  for (const [i, view] of views.entries()) {
    for (const specifier of importsIn(view))
      for (const target of resolve(paths[i] ?? '', specifier)) importers.set(target, [...(importers.get(target) ?? []), i]);
  }
  const seen = new Set(start);
  const open = [...start];
  for (const at of open) {
    for (const importer of importers.get(at) ?? []) {
      if (seen.has(importer)) continue;
      seen.add(importer);
      open.push(importer);
    }
  }
  for (const i of start) seen.delete(i);
  return [...seen];
}
