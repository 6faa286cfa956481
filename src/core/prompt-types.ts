// What a prompt is made from, before it is rendered.
import type { ToolSpec } from './model.ts';
import type { CodeLanguage, Plan, PlannedFile, PlannedTest, Violation } from './plan.ts';
import type { Files } from './ref.ts';
import type { Diagnostic, Frame } from './report.ts';

/** One template (a file of `prompts/`, without `.md`) and its variables. `cache` marks the end of a part that other requests share. */
export interface Piece {
  readonly template: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly cache?: true;
}

/** A request before it is rendered: pure data, made by the functions of `prompt.ts`, rendered by `effects/prompts.ts`. */
export interface PromptSpec {
  readonly system: Piece;
  /** The first message, stable parts first. */
  readonly parts: readonly Piece[];
  /** Goes after the turns of a conversation (into the first message when there are none). */
  readonly tail: readonly Piece[];
  readonly tools: readonly ToolSpec[];
  readonly schema?: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
  readonly maxOutputTokens: number;
}

/** Rules of a language or a runner, to choose from. */
export interface Rules {
  readonly id: string;
  /** Markdown. */
  readonly text: string;
}

export interface PlanInput {
  readonly task: string;
  /** Paths of the existing repository; empty for a new one. */
  readonly baseFiles: readonly string[];
  /** Fixed by the user, or null: the plan chooses. */
  readonly language: CodeLanguage | null;
  readonly runner: string | null;
  readonly languageRules: readonly Rules[];
  readonly runnerRules: readonly Rules[];
  /** The last plan (its JSON, or the reply as it came) and what was wrong with it. */
  readonly previous: { readonly plan: string | null; readonly violations: readonly Violation[] } | null;
  /** What the user said to earlier plans, oldest first. */
  readonly remarks: readonly string[];
  /** The last of them came when the plan was being carried out. */
  readonly amends?: boolean;
  /** Texts of existing files that matter for the task. */
  readonly excerpts?: Files;
  /** The user's own tests. */
  readonly givenTests?: Files;
  /** The branch that the run goes on with, by the name that the project has there, and the tests from before (paths). */
  readonly onto?: { readonly name: string; readonly kept: readonly string[] };
}

/** What every author of a run is told, in the same bytes. */
export interface AuthorInput {
  readonly task: string;
  readonly plan: Plan;
  readonly languageRules: string;
  readonly runnerRules: string;
  /** What the user said since the plan was accepted. */
  readonly remarks: readonly string[];
}

export interface TestsInput extends AuthorInput {
  readonly test: PlannedTest;
  /** The text of an earlier test file that is to be written anew; null for a new one. */
  readonly current: string | null;
  /** What is wrong with `previous`, or with the last reply. */
  readonly problems: readonly Violation[];
  readonly previous: string | null;
  /** What came of a reply that was cut off: the rest is asked for. */
  readonly partial: string | null;
  /** The file is asked for because of changes to the code that no test noticed; they are the test's checks. */
  readonly strength: boolean;
  /** Why the repairer says that `previous` departs from the task: the author judges it. */
  readonly dispute: string | null;
}

export interface DraftInput extends AuthorInput {
  readonly file: PlannedFile;
  /** The text of a file that exists and is to be changed. */
  readonly current: string | null;
  readonly problems: readonly Violation[];
  readonly previous: string | null;
  readonly partial: string | null;
  /** The user's own tests, which the code's author must see. */
  readonly givenTests?: Files;
}

export interface FailureIn {
  readonly id: string;
  readonly message: string;
  readonly frames: readonly Frame[];
}

export interface RepairInput {
  readonly task: string;
  readonly plan: Plan;
  readonly round: number;
  readonly failures: readonly FailureIn[];
  readonly diagnostics: readonly Diagnostic[];
  /** Full texts of the files that are likely wrong, the likeliest first. */
  readonly files: Files;
  /** Texts of the failing tests' files. */
  readonly lockedTests: Files;
  /** Paths of the tree that are not shown. */
  readonly otherPaths: readonly string[];
  /** One line on each earlier round. */
  readonly tried: readonly string[];
  readonly strategy: 0 | 1 | 2;
  /** What was wrong with the last reply of this conversation. */
  readonly bad: readonly Violation[];
  /** What the user said since the plan was accepted. */
  readonly remarks: readonly string[];
  readonly languageRules?: string;
  /** The user's own tests cannot be disputed: paths. */
  readonly givenTests?: readonly string[];
  /** Failing tests from before the change, which cannot be disputed either: paths. */
  readonly kept?: readonly string[];
}
