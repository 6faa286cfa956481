// Changes of code by meaning, which we execute: the model names the symbol, no text is guessed.
import type { Files } from './ref.ts';

/** Paths are from the repository's root. `name` is a symbol declared in `path` (`function`, `Class`, `Class.method`, a type, a constant). */
export type SemanticEdit =
  | { readonly op: 'rename_symbol'; readonly path: string; readonly name: string; readonly to: string }
  | { readonly op: 'move_symbol'; readonly path: string; readonly name: string; readonly to: string }
  | { readonly op: 'move_file'; readonly path: string; readonly to: string }
  /** `parameter` as it is declared (`limit: number` or `limit = 10`), put before the parameter that is now at `at` (from 0; at the end when larger); `argument` is what each call passes, empty to pass nothing. */
  | {
      readonly op: 'add_parameter';
      readonly path: string;
      readonly name: string;
      readonly parameter: string;
      readonly at: number;
      readonly argument: string;
    }
  | { readonly op: 'remove_parameter'; readonly path: string; readonly name: string; readonly parameter: string }
  | { readonly op: 'organise_imports'; readonly path: string };

/** A place where a symbol is used; `text` is the trimmed line. */
export interface Reference {
  readonly path: string;
  readonly line: number;
  readonly text: string;
  readonly isDefinition: boolean;
}

/** What a semantic edit changed; or why it could not be made, in a sentence for the model. Nothing is changed then. */
export type SemanticResult =
  | { readonly changed: Files; readonly removed: readonly string[]; readonly summary: string }
  | { readonly problem: string };

export type ReferencesResult = { readonly references: readonly Reference[] } | { readonly problem: string };
