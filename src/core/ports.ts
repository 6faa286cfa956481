// What the loop needs of the world. Each port has one adapter (or more) in `effects/`; the core never sees an adapter.

import type { Event } from './events.ts';
import type { ModelReply, ModelRequest, Usage } from './model.ts';
import type { PlannedPackage } from './plan.ts';
import type { Language } from './ports-language.ts';
import type { Order, Runner } from './ports-runner.ts';
import type { Files, Ref, Tree } from './ref.ts';
import type { RepoMap } from './repomap.ts';
import type { TestId } from './report.ts';
import type { TestSetup } from './survey.ts';

export type * from './ports-language.ts';
export { STUB_MARKER } from './ports-language.ts';
export type * from './ports-runner.ts';

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

/** A try at a request that broke off after the provider had begun to answer. */
export interface Broken {
  /** `provider/model`. */
  readonly model: string;
  /** What it has used: what the provider said before the break, the rest estimated from what was sent and received. */
  readonly usage: Usage;
  /** US dollars; null when the price is not known. */
  readonly cost: number | null;
  readonly reason: string;
}

export interface AskOptions {
  readonly onDelta?: (text: string) => void;
  /** Told of each try that broke off, before the next is made; false: the caps allow no other try, and the error of this one stands. */
  readonly onBroken?: (broken: Broken) => boolean;
  readonly signal?: AbortSignal;
}

/** A provider of models, which knows how to price what it is asked. */
export interface Provider extends Model {
  readonly name: string;
  /** Worst-case price in US dollars of a request of so many characters; null when unknown. */
  worstCase(request: ModelRequest, characters: number): number | null | Promise<number | null>;
}

/** Why a boxed command ended. */
export type BoxReason = 'ok' | 'exit' | 'signal' | 'aborted' | 'time' | 'memory' | 'pids' | 'output' | 'disk' | 'denied';

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
  run(
    options: Pick<BoxTest, 'tree' | 'base' | 'removed'> & { argv: readonly string[]; stdin?: string; timeoutMs: number },
  ): Promise<BoxResult>;
}

export interface BoxTest {
  readonly tree: Files;
  /** Host folder (`Workspace.checkout`) that `tree` is laid over; left out: `tree` is all there is. */
  readonly base?: string;
  /** Paths of `base` that are gone. */
  readonly removed?: readonly string[];
  /** Left out: our own configuration. */
  readonly project?: TestSetup;
  readonly runner: Pick<Runner, 'harness' | 'command' | 'toolchain'>;
  readonly tests: readonly string[];
  readonly only: readonly TestId[] | null;
  /** Host folder with installed dependencies, mounted read-only; null when there are none. */
  readonly deps: string | null;
  /** More such folders of the members of a workspace: path in the tree (`packages/a/node_modules`) to host folder. */
  readonly memberDeps?: Readonly<Record<string, string>>;
  /** True in a proof: the tree is mounted read-only. */
  readonly readOnlyTree: boolean;
  readonly order: Order | null;
  readonly nonce: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Gets lines of the report file as they are written, and where the run sees the tree. For the eye only: some may be left out. */
  readonly onLine?: (line: string, treeDir: string) => void;
}

export interface BoxInstall {
  readonly manager: 'npm' | 'pip';
  /** Manifests only (package.json; requirements). */
  readonly manifests: Files;
  readonly lock: string | null;
  readonly packages: readonly PlannedPackage[];
  /** The manifests are a user's repository's, made ready by `effects/deps/prepare*`: with members of a workspace, aliases, markers. */
  readonly repository?: boolean;
  readonly signal?: AbortSignal;
}

export interface Installed {
  /** Host folder to mount as dependencies, or null when nothing was installed. */
  readonly deps: string | null;
  /** For `BoxTest.memberDeps`. */
  readonly memberDeps?: Readonly<Record<string, string>>;
  /** Name and text of the lock file to commit, or null. */
  readonly lock: { readonly path: string; readonly text: string } | null;
  /** What went wrong, in words for the model (an unknown package, a foreign host); empty on success. */
  readonly problems: readonly string[];
  /** What the user should see: what was installed, scripts that were not run, what could not be checked. Sentences. */
  readonly notes: readonly string[];
}

/** The git side: the run's own object store, and the one branch it puts into the user's repository. */
export interface Workspace {
  /** The commit that the run starts from, and its files (empty for a new repository). */
  base(): Promise<{ readonly commit: string | null; readonly files: readonly string[] }>;
  /** The files of the base commit with the names of their contents (git blobs) and their sizes in bytes. */
  list(): Promise<readonly Listed[]>;
  /** Texts of files of the base commit, in order; null as for `readBase`. */
  readMany(paths: readonly string[]): Promise<readonly (string | null)[]>;
  /** First lines of the last commits before the base, newest first. */
  subjects(count: number): Promise<readonly string[]>;
  /** What git says to a reading command (`log` and its arguments) over the base's history. */
  ask(args: readonly string[]): Promise<string>;
  /** Paths whose contents or modes differ between two commits. */
  changed(from: string, to: string): Promise<readonly string[]>;
  /** Text of a file of the base commit; null when it is not there, is binary or larger than 1 MB. */
  readBase(path: string): Promise<string | null>;
  /**
   * Commits `tree` over the base (paths in `tree` replace or add, `deleted` go) in the run's own store, on a private ref.
   * `parent` null means the base commit. Identical tree and message give a new commit all the same.
   */
  commit(options: CommitOptions): Promise<{ readonly commit: string; readonly tree: string }>;
  /** The files of a commit of the store, read from the commit's objects alone. */
  export(commit: string): Promise<Files>;
  /** Host folder with all files of a commit as they are (binaries, modes, links inside the tree); made once, shared between runs, never written to again. */
  checkout(commit: string): Promise<string>;
  /** Keeps `text` as the note of `commit` (refs/notes/redgreen) in the run's store; `ship` takes it along. */
  attach(commit: string, text: string): Promise<void>;
  /** What earlier runs left on the line of commits that leads to the base. */
  earlier(): Promise<Earlier>;
  /**
   * Puts `commit` on `redgreen/<slug>` (or `-2`, `-3` … when that is taken or checked out) in the user's repository. With `onto` that branch is
   * moved on instead, where it still stands at the base and no working tree but a clean one of redgreen's own has it checked out.
   */
  ship(options: ShipWanted): Promise<{ readonly branch: string; readonly checkedOut: boolean }>;
}

/** A file of the base commit. */
export interface Listed {
  readonly path: string;
  readonly oid: string;
  readonly size: number;
}

export interface ShipWanted {
  readonly commit: string;
  readonly slug: string;
  /** The branch that the run goes on with; null or left out for one of its own. */
  readonly onto?: string | null;
  /** Earlier commits of the same run: a branch that stands at one of them is moved on, not left behind. */
  readonly replaces?: readonly string[];
}

export interface Earlier {
  /** The last run with a commit on the line, and the runner that its commit names. */
  readonly run: string | null;
  readonly runner: string | null;
  /** The run that made the line's very first commit. */
  readonly root: string | null;
  /** Files of the base that commits of runs brought or changed, manifests and tests among them. */
  readonly paths: readonly string[];
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
  /** Sign it with the user's key, when they want that. */
  readonly sign?: boolean;
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
  /** The map of the repository, made when it is first asked for. */
  readonly map: () => Promise<RepoMap>;
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
