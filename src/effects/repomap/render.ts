// A map as text: paths, and under each the lines of its definitions, cut to a size.
import type { Detail } from './details.ts';

/** A file of the map; `score` orders files, `details` are its definitions, the most fitting first. */
export interface MapFile {
  readonly path: string;
  readonly score: number;
  readonly details: readonly Detail[];
}

interface Item {
  readonly file: number;
  /** Null: the path itself. */
  readonly detail: Detail | null;
  readonly value: number;
}

/** Definitions of one file that are shown at most. */
const MAX_DETAILS = 40;
/** How much less each further definition of a file says. */
const FADE = 0.9;

/** As much of the files (best first) as fits into `characters`: the best paths first, then definitions by how well file and definition fit. */
export function renderMap(files: readonly MapFile[], characters: number): string {
  const best = files[0]?.score ?? 1;
  const items: Item[] = files.flatMap((file, i) => {
    const share = file.score / best;
    return [
      { file: i, detail: null, value: 4 * share },
      ...file.details.slice(0, MAX_DETAILS).map((detail, n) => ({ file: i, detail, value: share * detail.value * FADE ** n })),
    ];
  });
  items.sort((a, b) => b.value - a.value || a.file - b.file);
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (written(files, items.slice(0, middle)).length <= characters) low = middle;
    else high = middle - 1;
  }
  return written(files, items.slice(0, low));
}

function written(files: readonly MapFile[], items: readonly Item[]): string {
  const shown = new Map<number, Detail[]>();
  for (const { file, detail } of items) shown.set(file, [...(shown.get(file) ?? []), ...(detail === null ? [] : [detail])]);
  return [...shown]
    .sort(([a], [b]) => a - b)
    .map(([file, details]) => {
      const lines = details.sort((a, b) => a.line - b.line).map(({ line, text }) => `  ${line}: ${text}`);
      return [`${files[file]?.path ?? ''}${lines.length > 0 ? ':' : ''}`, ...lines].join('\n');
    })
    .join('\n');
}
