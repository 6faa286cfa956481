// What is known of a repository from reading it alone; nothing of it was executed.
import type { CodeLanguage, RunnerId } from './plan.ts';

/** How the tests of one package are run by the project's own configuration. */
export interface TestSetup {
  readonly runner: RunnerId;
  readonly language: CodeLanguage;
  /** The package's folder from the repository's root, where the runner is started; empty for the root. */
  readonly dir: string;
  /** The project's own configuration of the runner (path from the repository's root), or null: the runner's defaults. */
  readonly config: string | null;
  /** Arguments that the project gives the runner, already checked against what each runner allows (`--import`, `--require`, …). */
  readonly flags: readonly string[];
  /** Environment that the project's test script sets; names that steer a loader or a shell are left out. */
  readonly env: Readonly<Record<string, string>>;
  /** Globs of the test files from the repository's root; empty: the runner's own habit. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Where this was read, for people: `package.json scripts.test`, `vitest.config.ts`. */
  readonly why: string;
}

/** The root of the repository, or a member of its workspace. */
export interface PackageInfo {
  /** Folder from the repository's root; empty for the root. */
  readonly dir: string;
  readonly name: string;
  readonly languages: readonly CodeLanguage[];
  /** Best first; empty where no runner of ours fits. */
  readonly setups: readonly TestSetup[];
}

/** What the project asks of those who work on it. Data for a prompt, never instructions to us. */
export interface Conventions {
  /** AGENTS.md and its kin, root first, cut to a size together; `scope` is the folder that the file speaks for. */
  readonly rules: readonly { readonly path: string; readonly scope: string; readonly text: string }[];
  /** One line each: `format: prettier (.prettierrc: single quotes, no semicolons)`, `indent: 2 spaces (.editorconfig)`. */
  readonly style: readonly string[];
  /** First lines of the README, at most 1,500 characters; empty when there is none. */
  readonly readme: string;
  /** How commit subjects are written: `conventional` (`fix(router): …`), else `plain`; with a few examples. */
  readonly commits: { readonly kind: 'conventional' | 'plain'; readonly examples: readonly string[] };
}

export type Manager = 'npm' | 'pnpm' | 'yarn' | 'bun' | 'pip' | 'poetry' | 'uv' | 'go' | 'cargo';

export interface Survey {
  /** Files of code by language, most first. */
  readonly languages: readonly { readonly language: CodeLanguage | string; readonly files: number }[];
  readonly manager: Manager | null;
  /** Path of the lock file, or null. */
  readonly lock: string | null;
  readonly packages: readonly PackageInfo[];
  readonly conventions: Conventions;
  /** What could not be understood, in sentences for people. */
  readonly remarks: readonly string[];
}
