// What the loop needs of a test runner.
import type { CodeLanguage, PlannedPackage } from './plan.ts';
import type { Files } from './ref.ts';
import type { TestId, TestReport } from './report.ts';
import type { TestSetup } from './survey.ts';

/** A process to run in a box for a test run. */
export interface TestCommand {
  /** First element is a tool of the toolchain (`node`, `python3`) resolved by the box adapter. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What the process reads on standard input, which (unlike argv and env) no other process can look up. */
  readonly stdin?: string;
}

/** Compilers with their tools, which boxes are given only when a runner needs them. */
export type Toolchain = 'go' | 'rust';

/** How tests are run and their report read. One file in `effects/runners/`. */
export interface Runner {
  readonly id: string;
  readonly languages: readonly CodeLanguage[];
  /** Its command runs all tests, whatever files are asked for. */
  readonly runsAll?: true;
  /** Whether plans of new projects may name it; the others run what a repository has. */
  readonly plans: boolean;
  /** Packages that the runner needs installed in the project. */
  readonly packages: readonly PlannedPackage[];
  /** What the authors are told: test file names, imports, style (Markdown). */
  readonly rules: string;
  /** What a box must hold besides Node and Python. */
  readonly toolchain?: Toolchain;
  /** Where a green of this runner means less than a test report that we sealed ourselves: why, in words. */
  readonly weak?: string;
  /** True for a path that this runner would run as a test file. */
  isTestFile(path: string): boolean;
  /**
   * Files of our own that the run needs (reporter, configuration), by name; they are mounted read-only at `harnessDir`.
   * Texts come from `src/effects/runners/assets/` (shipped beside the bundle).
   */
  readonly harness: Files;
  /**
   * The command that runs `tests` (paths in the tree) and writes its report to `reportPath`.
   * `only` narrows the run to these ids where the runner can; it may run more.
   */
  command(options: RunnerOptions): TestCommand;
  /** Reads the report file's text; `null` when there was none. Never throws: a broken report is `broken` in the result. */
  parse(text: string | null, treeDir: string, nonce: string): TestReport;
  /** Appends canaries to a test file's text (lines above keep their numbers). Null for a file that holds no tests (a fixture, a conftest). */
  plant(path: string, text: string, nonce: string): Planted | null;
}

/** A test file with canaries: tests of ours that must pass and must fail, with names that nobody can guess. */
export interface Planted {
  readonly text: string;
  readonly pass: readonly TestId[];
  /** By id: what each of them does, in words. Its failure names the last part of the id. */
  readonly fail: Readonly<Record<TestId, string>>;
}

/** In which order the tests of a run are run. */
export interface Order {
  readonly seed: number;
  /** Also tests within a file, where the runner can; else only files. */
  readonly within: boolean;
}

export interface RunnerOptions {
  /** The tree's path inside the box. */
  readonly treeDir: string;
  /** Where `harness` is mounted inside the box. */
  readonly harnessDir: string;
  /** File to write, inside the box. */
  readonly reportPath: string;
  readonly tests: readonly string[];
  readonly only: readonly TestId[] | null;
  /** Where the dependencies are mounted inside the box (e.g. `/work/node_modules`), or null. */
  readonly depsDir: string | null;
  /** Null: as written. */
  readonly order: Order | null;
  /** The project's own configuration to run by; null: ours. */
  readonly project: TestSetup | null;
  /** Random, new for each run; the report must carry it. */
  readonly nonce: string;
}
