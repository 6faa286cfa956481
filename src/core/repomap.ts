// What the loop needs of a map of a repository: which code is likely meant, and where a symbol is used.
import type { Files } from './ref.ts';
import type { Frame } from './report.ts';
import type { Reference } from './semantic.ts';

/** What is looked for. */
export interface MapQuery {
  /** The task's words. */
  readonly task: string;
  /** Places that failures name, the innermost first. */
  readonly frames: readonly Frame[];
  /** Files that are known to matter (given tests, what was changed so far): their imports count. */
  readonly seeds: readonly string[];
}

export interface RankedFile {
  readonly path: string;
  readonly score: number;
  /** Lines (from 1) of the definitions that made it rank, best first. */
  readonly lines: readonly number[];
}

/** A map of the base with the run's own changes laid over it. Never executes anything of the repository. */
export interface RepoMap {
  /** The likely files, best first, at most `count`; tests are left out unless `tests`. `overlay` replaces files of the base. */
  rank(
    query: MapQuery,
    options: { readonly count: number; readonly tests?: boolean; readonly overlay?: Files },
  ): Promise<readonly RankedFile[]>;
  /** The likely files with their definitions as one text of at most `characters`. */
  render(query: MapQuery, options: { readonly characters: number; readonly overlay?: Files }): Promise<string>;
  /** Files from which an import leads to one of `paths`, over any number of steps, the nearest first. What is loaded by name at run time is not seen. */
  dependents(paths: readonly string[], options: { readonly overlay?: Files }): Promise<readonly string[]>;
  /** Definitions and uses of a name by syntax alone, definitions first, at most `count`. */
  references(name: string, options: { readonly count: number; readonly overlay?: Files }): Promise<readonly Reference[]>;
}
