// What is known of a run: a fold over its events. Small, because contents are blobs.

import type { Change } from './change.ts';
import type { Cover } from './cover.ts';
import type { ErrorCode } from './errors.ts';
import type { Body, OutcomeKind, RedTest, Survivor, TestLine, Verdict } from './events.ts';
import type { Turn } from './model.ts';
import type { Plan, Violation } from './plan.ts';
import type { Ref, Tree } from './ref.ts';
import type { Diagnostic, TestId } from './report.ts';
import type { Carried } from './rounds.ts';
import type { Slices } from './slices.ts';

/** A file or test file on its way from the plan to the branch. */
export interface Item {
  readonly path: string;
  readonly status: 'planned' | 'drafted' | 'frozen' | 'admitted';
  /** Attempts at the author that were answered. */
  readonly attempts: number;
  readonly blob: Ref | null;
  /** What was received of a reply that was cut off. */
  readonly partial: Ref | null;
  /** Why the last version was sent back; empty when it was not. */
  readonly problems: readonly Violation[];
  /** A dispute was raised over this test file (at most once). */
  readonly disputed: string | null;
  /** Its text when the dispute was raised. */
  readonly before: Ref | null;
}

export interface Ledger {
  /** US dollars of answers whose price is known. */
  readonly spent: number;
  /** Worst-case dollars of the requests in flight, by command. */
  readonly reserved: Readonly<Record<string, number>>;
  /** Worst-case tokens of the requests in flight, by command. */
  readonly reservedTokens: Readonly<Record<string, number>>;
  readonly requests: number;
  /** What was or may have been paid for answers that never came whole: tries that broke off, requests under way in a crash. It counts against the caps. */
  readonly lost: { readonly requests: number; readonly dollars: number; readonly tokens: number };
  /** Answers whose price is not known. */
  readonly unpriced: number;
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly sentCharacters: number;
}

export interface Conversation {
  /** Who speaks: the author of the tests that show the task, or whoever changes the code. */
  readonly kind: 'repair' | 'reproduce';
  readonly round: number;
  /** The sources (for the tests' author: the run's own tests) when it began, as its first message shows them. */
  readonly start: Tree;
  /** What was wrong with the tests of the conversation before; the first message tells it. */
  readonly problems: readonly Violation[];
  readonly turns: readonly Turn[];
  /** The reply whose tool calls are not executed yet. */
  readonly pending: Ref | null;
  readonly touched: readonly string[];
  /** Turns that were asked for and answered. */
  readonly asked: number;
  /** What is wrong with the last reply, when it was not usable. */
  readonly bad: readonly Violation[];
  readonly done: boolean;
}

/** A tree that was tested, by how little fails on it. */
export interface Best {
  readonly sources: Tree;
  /** The test files that it was tried with. */
  readonly tests: Tree;
  readonly last: NonNullable<State['last']>;
  readonly failing: readonly TestId[];
  readonly diagnostics: number;
}

/** How strong the tests are: what mutants of the code they notice. */
export interface Strength {
  readonly attempts: number;
  readonly mutants: number;
  readonly killed: number;
  readonly survivors: readonly Survivor[];
  readonly ms: number;
  readonly cut: boolean;
  /** The test file that was asked for because of survivors, or null. */
  readonly path: string | null;
  /** The sources that the tests were tried on, which passed all other tests. */
  readonly before: Tree;
  /** Why that file was given up; null when it was not. */
  readonly dropped: string | null;
  readonly done: boolean;
}

/** A word of the user's. */
export interface Remark {
  readonly text: string;
  /** `open`: a repair still has to hear it. `planned`: the plan has taken it up. `late`: it came when the code was green already, and reaches no prompt of this run. */
  readonly fate: 'open' | 'planned' | 'heard' | 'late';
}

export interface State {
  readonly run: Extract<Body, { type: 'run.created' }> | null;
  readonly startedAt: number;
  readonly lastAt: number;
  readonly box: { readonly rung: string; readonly safe: boolean } | null;
  /** Commands under way, by id. */
  readonly inflight: Readonly<Record<string, true>>;
  /** Commands that ended, by id. */
  readonly done: Readonly<Record<string, true>>;
  readonly planning: {
    readonly attempts: number;
    /** Plans in a row that were refused. */
    readonly refusals: number;
    readonly candidate: Plan | null;
    /** The last reply, for a model that has to mend it. */
    readonly reply: Ref | null;
    readonly violations: readonly Violation[];
    /** Remarks of the user on earlier plans. */
    readonly remarks: readonly string[];
    /** How many of them the last request for a plan told. */
    readonly remarksTold: number;
    /** How many of them the last plan has answered. */
    readonly remarksSeen: number;
    /** The accepted plan is asked for again because of a remark. */
    readonly amends: boolean;
    /** Paths that are written again because of the last remark; null before there was one. */
    readonly amended: readonly string[] | null;
    /** The candidate is the user's own version; what is wrong with it is theirs to mend. */
    readonly edited: boolean;
    readonly vetted: boolean;
    readonly approved: boolean;
  };
  /** Which part of a large task this run does; null until that is known, and where the whole task is done at once. */
  readonly slices: Slices | null;
  /** Requests for that which were answered, and what was wrong with the last answer. */
  readonly slicing: { readonly attempts: number; readonly violations: readonly Violation[] };
  /** What is known of the repository whose code is changed; null in a new one, and before it was read. */
  readonly change: Change | null;
  /** The source files that tests are written for, and how far each is; null in other runs, and before the repository was read. */
  readonly cover: Cover | null;
  /** The accepted plan; where code is changed, what stands for one. */
  readonly plan: Plan | null;
  /** Counts accepted plans: a second one (after an install that could not be) starts the authors anew. */
  readonly epoch: number;
  readonly installs: {
    readonly attempts: number;
    readonly done: boolean;
    readonly files: Tree;
    readonly deps: string | null;
    readonly memberDeps: Readonly<Record<string, string>>;
    /** Null: the folders are not the user's own. */
    readonly stamp: string | null;
    readonly extra: readonly string[];
    readonly problems: readonly string[];
  };
  readonly tests: Readonly<Record<string, Item>>;
  readonly files: Readonly<Record<string, Item>>;
  readonly red: {
    readonly attempts: number;
    readonly tests: readonly RedTest[];
    /** What new and kept tests do on the base as it is. */
    readonly baseline: readonly TestLine[];
    readonly proven: boolean;
  };
  /** Source files as they stand (after admission, mends and repairs). */
  readonly sources: Tree;
  readonly checks: {
    readonly done: number;
    /** The round whose test run the last check was for. */
    readonly round: number;
    readonly diagnostics: readonly Diagnostic[];
  };
  readonly round: number;
  readonly last: {
    readonly verdict: Verdict;
    readonly tests: readonly TestLine[];
    readonly report: Ref;
    readonly diagnostics: readonly Diagnostic[];
  } | null;
  readonly conversation: Conversation | null;
  readonly best: Best | null;
  /** Rounds in a row without progress, and the strategy in force. */
  readonly stale: number;
  readonly strategy: number;
  readonly carried: readonly Carried[];
  /** What mutation showed; null before it was tried. */
  readonly strength: Strength | null;
  /** What the user said since the plan was accepted, oldest first. */
  readonly remarks: readonly Remark[];
  /** Since when nothing new begins, in milliseconds since the epoch; null while the run works. */
  readonly pausedAt: number | null;
  /** Milliseconds of earlier pauses. They do not count as the run's time. */
  readonly pausedMs: number;
  /** Touches of locked paths that were refused. */
  readonly refused: number;
  readonly proofs: number;
  readonly commits: Readonly<Partial<Record<'tests' | 'candidate' | 'best' | 'final', { readonly commit: string; readonly tree: string }>>>;
  /** Commits of this run that were or may have been put on a branch, oldest first. */
  readonly made: readonly string[];
  readonly proof: {
    readonly commit: string;
    readonly tree: string;
    readonly verdict: Verdict;
    readonly statement: { readonly blob: Ref; readonly digest: string } | null;
  } | null;
  readonly shipped: { readonly branch: string; readonly commit: string; readonly checkedOut: boolean } | null;
  readonly ledger: Ledger;
  /** Set once the run is on its way to an end. */
  readonly ending: { readonly outcome: OutcomeKind; readonly reason: string; readonly code: ErrorCode | null } | null;
  readonly ended: Extract<Body, { type: 'ended' }> | null;
}
