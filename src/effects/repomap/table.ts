// The files of a tree with their records; the run's own changes are laid over the base.
import type { Files } from '../../core/ref.ts';
import { extract } from './extract.ts';
import { buildGraph, type Graph } from './graph.ts';
import { createResolver } from './imports.ts';
import { type Place, placeOf } from './place.ts';
import type { Ranked } from './rank.ts';
import type { RecordView } from './record.ts';
import { languageOf } from './sources.ts';

export interface Table extends Ranked {
  /** Number of a path, or undefined. */
  readonly numberOf: (path: string) => number | undefined;
  readonly packages: ReadonlyMap<string, string>;
}

/**
 * Makes the table of `paths` and their records.
 *
 * @param packages names of workspace members to their folders
 */
export function createTable(paths: readonly string[], views: readonly RecordView[], packages: ReadonlyMap<string, string>): Table {
  const numbers = new Map(paths.map((path, i) => [path, i]));
  let places: readonly Place[] | null = null;
  let graph: Graph | null = null;
  return {
    paths,
    views,
    packages,
    get places() {
      places ??= paths.map(placeOf);
      return places;
    },
    graph: () => {
      graph ??= buildGraph(paths, views, createResolver(paths, packages));
      return graph;
    },
    numberOf: (path) => numbers.get(path),
  };
}

/** The table with `overlay` laid over it; the same table when it changes nothing that the map reads. */
export function withOverlay(base: Table, overlay: Files | undefined): Table {
  const changed = Object.entries(overlay ?? {}).filter(([path, text]) => languageOf(path, text.length) !== null);
  if (changed.length === 0) return base;
  const paths = [...base.paths];
  const views = [...base.views];
  for (const [path, text] of changed) {
    const i = base.numberOf(path) ?? paths.push(path) - 1;
    views[i] = { words: extract(path, '', text), at: 0 };
  }
  return createTable(paths, views, base.packages);
}
