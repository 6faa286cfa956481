// What the map knows of one file.

export type DefinitionKind = 'function' | 'class' | 'type' | 'method' | 'value';

export interface Definition {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly kind: DefinitionKind;
  readonly exported: boolean;
}

export interface Tags {
  readonly definitions: readonly Definition[];
  /** Names in the code and how often each stands there. */
  readonly names: ReadonlyMap<string, number>;
  /** Words in comments and strings and how often each stands there. */
  readonly words: ReadonlyMap<string, number>;
  /** What is imported, as written: `./util.js`, `pkg/sub`, `a.b`, `crate::x`. */
  readonly imports: readonly string[];
}

/** The part of the tags that needs to know the language's grammar. */
export type Outline = Pick<Tags, 'definitions' | 'imports'>;
