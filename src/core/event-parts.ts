// What events are made of.
import type { Role, ToolCall } from './model.ts';
import type { Plan, Violation } from './plan.ts';
import type { Ref } from './ref.ts';
import type { TestId, TestStatus } from './report.ts';
import type { Slices } from './slices.ts';

/** How a run ended. */
export type OutcomeKind = 'green' | 'red' | 'unproven' | 'blocked' | 'budget' | 'interrupted' | 'failed';

/** What a test run showed. Only `green` is green. */
export type VerdictKind = 'green' | 'red' | 'flaky' | 'tampered' | 'void';

export interface Verdict {
  readonly kind: VerdictKind;
  /** In words, e.g. `3 of 41 tests failed` or `no tests ran`. */
  readonly reason: string;
}

/** Caps of a run; null means no cap. */
export interface Limits {
  /** US dollars. */
  readonly money: number | null;
  readonly tokens: number | null;
  readonly requests: number | null;
  readonly rounds: number;
  /** Wall time in milliseconds. */
  readonly wallMs: number | null;
}

/** `provider/model` names for a role: the first is used, the rest are fallbacks. */
export type RoleModels = Readonly<Record<Role, readonly string[]>>;

/** A test and what it did on the two kinds of stub. */
export interface RedTest {
  readonly id: TestId;
  readonly path: string;
  readonly throwing: TestStatus | 'missing';
  readonly wrong: TestStatus | 'missing';
}

/** One test's result as state keeps it; messages are in the blob. */
export interface TestLine {
  readonly id: TestId;
  readonly path: string;
  readonly status: TestStatus;
  /** The failure in one line of at most 200 characters; empty when it passed. */
  readonly why: string;
}

/** A mutant that no test noticed; see `Mutant` in ports.ts. */
export interface Survivor {
  readonly path: string;
  readonly line: number;
  readonly inside: string;
  readonly operator: string;
  readonly behaviour: string;
}

/** What tests show of one source file. */
export interface Gauge {
  /** Changes to the file that were tried, and those that tests noticed. */
  readonly mutants: number;
  readonly killed: number;
  readonly survivors: readonly Survivor[];
  /** How many lines hold code, and which of them no test runs; null where that cannot be followed. */
  readonly lines: { readonly all: number; readonly unreached: readonly number[] } | null;
}

/** What became of a test that was written for code that exists. */
export interface Admitted {
  /** The test; the file's path where it does not load. */
  readonly id: TestId;
  readonly path: string;
  readonly kept: boolean;
  /** How far it came: it builds (loads and runs), is steady (passes in every run), is useful (shows what no test did before). */
  readonly stage: 'written' | 'built' | 'steady' | 'useful';
  /** Why it was kept or not, in words. */
  readonly why: string;
}

/** A change of an existing test by the tests' author that is more than an addition, and why. */
export interface Amend {
  readonly path: string;
  readonly why: string;
}

/** A change that a tool call made to the tree; null removes the file. */
export type Change = { readonly path: string; readonly blob: Ref | null };

/** What an answer was understood as. */
export type Content =
  | { readonly kind: 'plan'; readonly plan: Plan }
  /** Which part of a large task is done now. */
  | { readonly kind: 'slices'; readonly slices: Slices }
  | { readonly kind: 'file'; readonly blob: Ref; readonly characters: number }
  | { readonly kind: 'turn'; readonly calls: readonly ToolCall[]; readonly text: string }
  | { readonly kind: 'blocked'; readonly reason: string }
  /** The file's reply was cut off; `partial` is what came so far. */
  | { readonly kind: 'cut'; readonly partial: Ref }
  /** Not usable; asked again with these violations. */
  | { readonly kind: 'bad'; readonly violations: readonly Violation[] };

export interface Mend {
  readonly path: string;
  readonly blob: Ref;
  readonly fixes: readonly string[];
}
