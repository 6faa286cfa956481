// What the loop needs of a programming language.
import type { CodeLanguage, Plan, PlannedPackage, Violation } from './plan.ts';
import type { Files } from './ref.ts';
import type { Diagnostic } from './report.ts';
import type { ReferencesResult, SemanticEdit, SemanticResult } from './semantic.ts';

/** A file that the checker changed by itself, and what it did, in words. */
export interface Mended {
  readonly path: string;
  readonly text: string;
  readonly fixes: readonly string[];
}

export interface CheckResult {
  readonly mended: readonly Mended[];
  /** What is still wrong after mending; paths relative to the tree. */
  readonly diagnostics: readonly Diagnostic[];
}

/** `throwing`: every function throws a marked error. `wrong`: every function returns a well-typed value that is not the right one. */
export type StubKind = 'throwing' | 'wrong';

/** What depends on a programming language. Never executes generated code outside a box. */
export interface Language {
  readonly id: CodeLanguage;
  /** What every author is told of this language: syntax, imports, entry files (Markdown). */
  readonly rules: string;
  /** What only the plan's author needs beside `rules`: contracts and layout (Markdown). */
  readonly planRules: string;
  /** Contracts parse, compile together, and every `uses` between planned files resolves. */
  vetPlan(plan: Plan): Promise<readonly Violation[]>;
  /** Manifests and configuration of a new project (package.json, tsconfig.json, .gitignore, pyproject.toml …), never written by a model. */
  scaffold(plan: Plan, runnerPackages: readonly PlannedPackage[]): Files;
  /** A file for each planned code file, made from its contract. `stubMarker` is part of each thrown message. */
  stubs(plan: Plan, kind: StubKind): Promise<Files>;
  /** Mends and type-checks test files against the contracts (not against code). */
  checkTests(plan: Plan, tests: Files): Promise<CheckResult>;
  /**
   * Mends and type-checks source files against their contracts and each other: unresolved, wrong or unused imports, missing exports,
   * contract drift, placeholders, syntax errors. `files` holds every file of the tree; only planned source files are mended.
   * `tests` (locked) are checked for errors but never changed. `depsDir` is the installed dependency folder on the host, or null.
   */
  check(plan: Plan, files: Files, depsDir: string | null): Promise<CheckResult>;
  /**
   * Stubs made from code itself, where there is no plan: each file of `paths` with the bodies of its functions and methods replaced.
   * Files that are no code of this language are left out.
   */
  stubsOf(files: Files, paths: readonly string[], kind: StubKind): Promise<Files>;
  /** Mutants of source files, each of which still parses (and, where it is cheap to know, type-checks). */
  mutants(options: MutantOptions): Promise<readonly Mutant[]>;
  /** Makes a change by meaning over `files` (every code file of the project). Left out where there is no engine for the language. */
  refactor?(files: Files, edit: SemanticEdit): Promise<SemanticResult>;
  /** Where a symbol that is declared in `path` is used, by the compiler's own binding. */
  references?(files: Files, path: string, name: string): Promise<ReferencesResult>;
  /** Ends any helper process. */
  close(): Promise<void>;
}

/** A small change to a source file that a good test suite notices. */
export interface Mutant {
  readonly path: string;
  /** 1-based line of the change. */
  readonly line: number;
  /** The function or method that it lies in, as `name` or `Class.name`; `module` outside of any. */
  readonly inside: string;
  /** What kind of change: `boundary`, `condition`, `arithmetic` … */
  readonly operator: string;
  /** What the program does otherwise, in words that show no code, e.g. `a count equal to the limit is treated like one above it`. */
  readonly behaviour: string;
  /** The whole changed file. */
  readonly text: string;
}

export interface MutantOptions {
  /** Every file of the tree. */
  readonly files: Files;
  /** The source files to change. */
  readonly paths: readonly string[];
  /** The same seed, files and paths give the same mutants. */
  readonly seed: number;
  /** Most mutants; spread over files and functions. */
  readonly count: number;
  /** For a file that is named here, the only lines (from 1) that may be changed: what a run changed in a file that was there before. */
  readonly lines: Readonly<Record<string, readonly number[]>>;
}

/** The text that a thrown stub error carries, by which a failure is known to come from a stub. */
export const STUB_MARKER = 'redgreen: not written yet';
