// Acceptance cases as data: what is asked of the built artefact from outside, and what must come back.
import type { Value } from './oracle-value.ts';

/** Sizes of an oracle file. */
export const ORACLE_LIMITS = {
  characters: 200_000,
  cases: 60,
  properties: 20,
  /** Calls, commands or requests of one case. */
  steps: 40,
  /** Inputs that are made for one property in one run. */
  inputs: 60,
} as const;

/** True for a test file that holds cases as data and is run by the harness itself, not by the plan's test runner. */
export function isOracleFile(path: string): boolean {
  return path === 'oracle.json' || path.endsWith('/oracle.json');
}

/** What a call must give; `names` of a thrown error are its class and what that extends. Null: anything. */
export type Expected = { readonly returns: Value } | { readonly throws: { readonly name: string | null; readonly message: Value | null } };

export interface CallStep {
  /** `new` makes an instance of a class, `get` reads an export or a property. */
  readonly kind: 'call' | 'new' | 'get';
  /** An export's name, or with `on` a member's. */
  readonly name: string;
  /** The result of an earlier step (its `as`) that the member is looked up on; null: the module. */
  readonly on: string | null;
  readonly args: readonly Value[];
  /** Keyword arguments (Python). */
  readonly kwargs: Readonly<Record<string, Value>>;
  /** Name under which later steps find the result. */
  readonly as: string | null;
  readonly expect: Expected | null;
}

export interface CommandStep {
  /** The entry file (or `-m`, module) and its arguments. */
  readonly argv: readonly string[];
  readonly stdin: string;
  readonly env: Readonly<Record<string, string>>;
  readonly exit: number | null;
  readonly stdout: Value | null;
  readonly stderr: Value | null;
  /** Files as they must be afterwards; null: absent. */
  readonly after: Readonly<Record<string, Value>>;
}

export interface RequestStep {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON; undefined: no body. */
  readonly body: Value | undefined;
  /** Name to JSON pointer: parts of the answer's body that later steps use as `{name}`. */
  readonly save: Readonly<Record<string, string>>;
  readonly expect: {
    readonly status: number | null;
    readonly headers: Readonly<Record<string, Value>>;
    readonly json: Value | undefined;
    readonly text: Value | null;
  };
}

export type OracleCase =
  | { readonly kind: 'calls'; readonly name: string; readonly module: string; readonly steps: readonly CallStep[] }
  | {
      readonly kind: 'commands';
      readonly name: string;
      readonly files: Readonly<Record<string, string>>;
      readonly steps: readonly CommandStep[];
    }
  | {
      readonly kind: 'server';
      readonly name: string;
      readonly argv: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly files: Readonly<Record<string, string>>;
      readonly steps: readonly RequestStep[];
    };

/** How inputs of a property are made. Ranges are inclusive. */
export type Generator =
  | { readonly kind: 'int' | 'float'; readonly from: number; readonly to: number }
  | { readonly kind: 'text'; readonly alphabet: readonly string[]; readonly from: number; readonly to: number }
  | { readonly kind: 'list'; readonly item: Generator; readonly from: number; readonly to: number }
  | { readonly kind: 'oneOf'; readonly values: readonly Value[] }
  | { readonly kind: 'tuple'; readonly items: readonly Generator[] }
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, Generator>> };

/** Properties with a second call, which is made in another box: nothing can be remembered. */
export const PAIRED = ['inverse', 'idempotent', 'commutative', 'same'] as const;
/** Properties of one call: its output alone, or held against its first argument. */
export const SINGLE = [
  'sorted',
  'permutation',
  'subset',
  'sameLength',
  'concatenates',
  'sums',
  'matches',
  'between',
  'returns',
  'throws',
] as const;

export type Relation = (typeof PAIRED)[number] | (typeof SINGLE)[number];

export interface Target {
  readonly module: string;
  readonly call: string;
}

export interface Property extends Target {
  readonly name: string;
  readonly holds: Relation;
  /** The other function of `inverse` and `same`. */
  readonly by: Target | null;
  readonly given: readonly Generator[];
  /** Of `matches`. */
  readonly pattern: string | null;
  /** Of `between`. */
  readonly range: readonly [number, number] | null;
  /** Class of the error, of `throws`; null: any. */
  readonly error: string | null;
}

export interface Oracle {
  readonly cases: readonly OracleCase[];
  readonly properties: readonly Property[];
}

/** True for a program or module that Python runs. */
export function isPython(word: string): boolean {
  return word === '-m' || word.endsWith('.py');
}
