// The plan: what will be built, as data.

/** Languages that a plan may be written in: contracts, stubs and mutants are made of them. */
export type LanguageId = 'typescript' | 'javascript' | 'python';

/** Languages in which code that exists can be changed: tests run, and code is found, without a plan. */
export type CodeLanguage = LanguageId | 'go' | 'rust';

/** Test runners that have an adapter in `effects/runners/`. */
export type RunnerId = string;

/** A source file to be drafted. */
export interface PlannedFile {
  readonly path: string;
  /** One sentence: what the file is for. */
  readonly purpose: string;
  /**
   * The file's exports as typed declarations that compile before any code exists:
   * TypeScript declarations for TypeScript and JavaScript, `.pyi`-style signatures for Python.
   * Empty for a file that is not code (a README, a data file).
   */
  readonly contract: string;
  /** Planned paths and package names that the file may import. */
  readonly uses: readonly string[];
}

/** An acceptance test file to be written before any code. */
export interface PlannedTest {
  readonly path: string;
  /** What the tests in this file check, one sentence each. */
  readonly checks: readonly string[];
  readonly uses: readonly string[];
}

/** A package from the language's registry. */
export interface PlannedPackage {
  readonly name: string;
  /** A version range, or empty for the newest. */
  readonly range: string;
  readonly dev: boolean;
}

/** A command that a user of the result would run, as argv. It is shown and documented, never executed on the host. */
export interface PlannedCommand {
  readonly name: string;
  readonly argv: readonly string[];
  readonly purpose: string;
}

export interface Plan {
  /** Kebab-case name of the project; the branch's slug comes from it. */
  readonly name: string;
  readonly summary: string;
  readonly language: CodeLanguage;
  readonly runner: RunnerId;
  readonly files: readonly PlannedFile[];
  readonly tests: readonly PlannedTest[];
  readonly packages: readonly PlannedPackage[];
  /** Choices where two people would choose differently and a user would notice. */
  readonly decisions: readonly string[];
  readonly commands: readonly PlannedCommand[];
}

/** What is wrong with a plan or a reply, said so that a model can mend it. */
export interface Violation {
  /** Where: a path in the data (`files[2].contract`) or a planned file. */
  readonly where: string;
  readonly message: string;
}
