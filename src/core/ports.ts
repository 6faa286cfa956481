// What the loop needs of the world. Each port has one adapter (or more) in `effects/`; the core never sees an adapter.

import type { Event } from './events.ts';
import type { ModelReply, ModelRequest } from './model.ts';
import type { LanguageId, Plan, PlannedPackage, Violation } from './plan.ts';
import type { Files, Ref, Tree } from './ref.ts';
import type { Diagnostic, TestId, TestReport } from './report.ts';

/** Contents by hash. `put` returns when the bytes are on disk. */
export interface Blobs {
  put(text: string): Promise<Ref>;
  /** Throws `RedgreenError('journal')` when there is no such blob or its bytes do not match its name. */
  get(ref: Ref): Promise<string>;
}

/** The append-only list of events of one run. */
export interface Journal {
  /** Writes and flushes; when it returns the event is on disk. */
  append(event: Event): void;
  close(): void;
}

/** One way of asking a model: a provider, a tape, or one wrapped around another. */
export interface Model {
  /**
   * Asks, streaming text to `onDelta` as it arrives, and returns the whole reply.
   * Throws `RedgreenError` with a `model.*` or `tape.*` code.
   */
  ask(request: ModelRequest, options: AskOptions): Promise<ModelReply>;
}

export interface AskOptions {
  readonly onDelta?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** A provider of models, which knows how to price what it is asked. */
export interface Provider extends Model {
  readonly name: string;
  /** Worst-case price in US dollars of a request of so many characters; null when unknown. */
  worstCase(request: ModelRequest, characters: number): number | null | Promise<number | null>;
}

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
  readonly id: LanguageId;
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
  /** Ends any helper process. */
  close(): Promise<void>;
}

/** The text that a thrown stub error carries, by which a failure is known to come from a stub. */
export const STUB_MARKER = 'redgreen: not written yet';

/** A process to run in a box for a test run. */
export interface TestCommand {
  /** First element is a tool of the toolchain (`node`, `python3`) resolved by the box adapter. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** How tests are run and their report read. One file in `effects/runners/`. */
export interface Runner {
  readonly id: string;
  readonly languages: readonly LanguageId[];
  /** Packages that the runner needs installed in the project. */
  readonly packages: readonly PlannedPackage[];
  /** What the authors are told: test file names, imports, style (Markdown). */
  readonly rules: string;
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
  parse(text: string | null, treeDir: string): TestReport;
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
}

/** Why a boxed command ended. */
export type BoxReason = 'ok' | 'exit' | 'signal' | 'time' | 'memory' | 'pids' | 'output' | 'disk' | 'denied';

export interface BoxResult {
  readonly reason: BoxReason;
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** Runs argv in the sandbox over a copy of a tree. */
export interface Box {
  /** For the header and `doctor`: `bubblewrap, own uid, seccomp`. */
  readonly rung: string;
  /** False only under `--unsafe-no-sandbox`: the run can then never be green. */
  readonly safe: boolean;
  /** Runs a test command over `tree`; returns the result, the report file's text (null when there was none or it was too large) and where the run saw the tree. */
  test(options: BoxTest): Promise<{ result: BoxResult; report: string | null; treeDir: string }>;
  /** Installs packages (scripts off, registry only). Returns the dependency folder's host path and the lock file's text. */
  install(options: BoxInstall): Promise<Installed>;
  /** Runs a tool of the toolchain over a tree without network; for adapters (Python's ast …). */
  run(options: { argv: readonly string[]; tree: Files; stdin?: string; timeoutMs: number }): Promise<BoxResult>;
}

export interface BoxTest {
  readonly tree: Files;
  readonly runner: Runner;
  readonly tests: readonly string[];
  readonly only: readonly TestId[] | null;
  /** Host folder with installed dependencies, mounted read-only; null when there are none. */
  readonly deps: string | null;
  /** True in a proof: the tree is mounted read-only. */
  readonly readOnlyTree: boolean;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface BoxInstall {
  readonly manager: 'npm' | 'pip';
  /** Manifests only (package.json; requirements). */
  readonly manifests: Files;
  readonly lock: string | null;
  readonly packages: readonly PlannedPackage[];
  readonly signal?: AbortSignal;
}

export interface Installed {
  /** Host folder to mount as dependencies, or null when nothing was installed. */
  readonly deps: string | null;
  /** Name and text of the lock file to commit, or null. */
  readonly lock: { readonly path: string; readonly text: string } | null;
  /** What went wrong, in words for the model (an unknown package, a foreign host); empty on success. */
  readonly problems: readonly string[];
}

/** The git side: the run's own object store, and the one branch it puts into the user's repository. */
export interface Workspace {
  /** The commit that the run starts from, and its files (empty for a new repository). */
  base(): Promise<{ readonly commit: string | null; readonly files: readonly string[] }>;
  /** Text of a file of the base commit; null when it is not there, is binary or larger than 1 MB. */
  readBase(path: string): Promise<string | null>;
  /**
   * Commits `tree` over the base (paths in `tree` replace or add, `deleted` go) in the run's own store, on a private ref.
   * `parent` null means the base commit. Identical tree and message give a new commit all the same.
   */
  commit(options: CommitOptions): Promise<{ readonly commit: string; readonly tree: string }>;
  /** The files of a commit of the store, read from the commit's objects alone. */
  export(commit: string): Promise<Files>;
  /** Puts `commit` on `redgreen/<slug>` (or `-2`, `-3` … when that is taken or checked out) in the user's repository. */
  ship(options: { readonly commit: string; readonly slug: string }): Promise<{ readonly branch: string; readonly checkedOut: boolean }>;
}

export interface CommitOptions {
  readonly tree: Files;
  readonly deleted: readonly string[];
  readonly parent: string | null;
  readonly subject: string;
  readonly body: string;
  /** Key and value, written as git trailers at the end of the message. */
  readonly trailers: readonly (readonly [string, string])[];
  /** Name under the run's private refs, e.g. `round-3`. */
  readonly ref: string;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Everything that the driver works with, wired by hand in `run.ts`. */
export interface Ports {
  readonly blobs: Blobs;
  readonly journal: Journal;
  readonly model: Provider;
  readonly prompts: PromptSource;
  readonly languages: readonly Language[];
  /** In the order in which a plan's author is offered them: the first that fits a language is its default. */
  readonly runners: readonly Runner[];
  readonly box: () => Promise<Box>;
  readonly workspace: Workspace;
  readonly clock: Clock;
}

/** Prompt templates by name, with user and (trusted) project overrides already applied. */
export interface PromptSource {
  /** Text of the template `name` (without `.md`) and where it came from. Throws `RedgreenError('config')` when there is none. */
  template(name: string): Promise<{ readonly text: string; readonly origin: 'built-in' | 'user' | 'project' }>;
  /** Renders `text` with `data` by a library that cannot run code; an unknown variable is an error. */
  render(text: string, data: Readonly<Record<string, unknown>>): Promise<string>;
}

export type { Tree };
