// Everything that can happen in a run: one flat union. The journal is a list of these, and every screen reads them.
import type { CoverBody } from './cover-events.ts';
import type { ErrorCode } from './errors.ts';
import type { Amend, Change, Content, Limits, Mend, OutcomeKind, RedTest, RoleModels, Survivor, TestLine, Verdict } from './event-parts.ts';
import type { IssueRef } from './issue.ts';
import type { Step, Stop, Usage } from './model.ts';
import type { CodeLanguage, Plan, RunnerId, Violation } from './plan.ts';
import type { Ref, Tree } from './ref.ts';
import type { Diagnostic, TestId } from './report.ts';
import type { Series } from './slices.ts';
import type { TestSetup } from './survey.ts';

export type * from './event-parts.ts';

/** Version of the event format. A journal with another one is refused or migrated, never misread. */
export const EVENT_VERSION = 5;

export type Body =
  | {
      readonly type: 'run.created';
      readonly run: string;
      readonly redgreen: string;
      readonly node: string;
      readonly prompt: Ref;
      /** First words of the prompt, for lists and titles. */
      readonly title: string;
      /** The target repository's folder. */
      readonly dir: string;
      readonly createdRepository: boolean;
      readonly models: RoleModels;
      readonly limits: Limits;
      readonly concurrency: number;
      readonly approve: boolean;
      /** Most mutants of the code to try the tests with; 0: none. */
      readonly mutants: number;
      readonly language: string | null;
      readonly runner: string | null;
      readonly base: { readonly commit: string | null; readonly files: readonly string[] };
      /** What the run goes on with: the branch that it starts from and puts its work on, and the run that made it; null for a branch of its own. */
      readonly onto: { readonly branch: string; readonly run: string | null } | null;
      /** Test files of the base that stay as they are and must pass at the end, too. */
      readonly kept: Tree;
      /** `new`: planned and written anew. `change`: code that exists is changed. `cover`: tests are written for code that exists. */
      readonly mode: 'new' | 'change' | 'cover';
      /** The source files to write tests for; left out but in the mode `cover`. */
      readonly cover?: readonly string[];
      /** The user's own test files (and what came with them), which are locked and have to pass. Empty where the model writes the tests. */
      readonly given: Tree;
      /** A command of the user's that has to end with 0, where no test report is to be had; null: none. */
      readonly check: readonly string[] | null;
      /** The issue that the task was made of. */
      readonly issue?: IssueRef;
      /** The run is one of several for a large task, each of which does a part of it. */
      readonly series?: Series;
      /** `live`, or the tape that answers. */
      readonly source: 'live' | 'replay' | 'demo';
    }
  | { readonly type: 'box.chosen'; readonly rung: string; readonly safe: boolean }
  /** A command was issued. `reserved` is the worst-case price of a request, null when unknown or when it is no request. */
  | {
      readonly type: 'started';
      readonly id: string;
      readonly kind: CommandKind;
      readonly step: string;
      readonly subject: string;
      readonly attempt: number;
      readonly reserved: number | null;
      readonly reservedTokens: number;
    }
  | {
      readonly type: 'answered';
      readonly id: string;
      readonly step: Step;
      readonly subject: string;
      readonly attempt: number;
      readonly reply: Ref;
      readonly stop: Stop;
      readonly model: string;
      readonly usage: Usage;
      readonly cost: number | null;
      readonly sentCharacters: number;
      readonly content: Content;
    }
  /** The repository was read, without executing anything of it. */
  | {
      readonly type: 'surveyed';
      readonly id: string;
      /** `Survey`, as JSON. */
      readonly survey: Ref;
      /** It in one line. */
      readonly line: string;
      readonly language: CodeLanguage;
      readonly runner: RunnerId;
      /** How tests are run, best first; empty: by our own configuration. */
      readonly setups: readonly TestSetup[];
    }
  /** The tests that the repository has were run on the base as it is. */
  | {
      readonly type: 'based';
      readonly id: string;
      /** `Baseline`, as JSON. */
      readonly baseline: Ref;
      readonly files: number;
      readonly passed: number;
      readonly failing: number;
      /** What is not as it should be (they did not end in time, there are none …), in a sentence; empty when all is well. */
      readonly remark: string;
      /** No test can be run here at all, and not because of what the tests do. */
      readonly unusable?: boolean;
      readonly ms: number;
    }
  | CoverBody
  | { readonly type: 'plan.vetted'; readonly id: string; readonly violations: readonly Violation[] }
  | { readonly type: 'plan.approved'; readonly remark: string }
  | { readonly type: 'plan.rejected'; readonly remark: string }
  /** The user's own version of the plan; it is vetted like a model's. */
  | { readonly type: 'plan.edited'; readonly plan: Plan }
  /** What the user said while the run works; it goes into the next prompts. */
  | { readonly type: 'remark'; readonly text: string }
  /** Nothing new begins until `continued`; what is under way ends. */
  | { readonly type: 'paused' }
  | { readonly type: 'continued' }
  /** The user changed the caps. */
  | { readonly type: 'limits'; readonly limits: Limits }
  /** Manifests are written and packages installed. `deps` names the dependency folder in the run's store. */
  | {
      readonly type: 'installed';
      readonly id: string;
      readonly attempt: number;
      readonly files: Tree;
      readonly deps: string | null;
      /** Folders of the members of a workspace, as in `BoxTest`. */
      readonly memberDeps?: Readonly<Record<string, string>>;
      /** Of folders that are the user's own: what they looked like. */
      readonly stamp?: string | null;
      readonly problems: readonly string[];
    }
  /** The red proof: tests were checked against the contracts and run on both kinds of stub. */
  | {
      readonly type: 'red.proven';
      readonly id: string;
      readonly attempt: number;
      readonly mended: readonly Mend[];
      readonly problems: readonly Violation[];
      readonly tests: readonly RedTest[];
      readonly report: Ref;
      /** What new and kept tests do on the base as it is, by id; empty where nothing that was there is changed (`isChange` in kept.ts). */
      readonly baseline: readonly TestLine[];
    }
  /** Drafts, or a round's edits, were mended and checked. */
  | { readonly type: 'checked'; readonly id: string; readonly mended: readonly Mend[]; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly type: 'tested';
      readonly id: string;
      readonly round: number;
      readonly verdict: Verdict;
      readonly tests: readonly TestLine[];
      /** Tests of the repository that passed before and still do, which `tests` does not list. */
      readonly alsoPassed?: number;
      /** Tests of the repository that fail now and failed on the base, too, when they were tried again: they count no more. */
      readonly unsteady?: readonly TestId[];
      readonly report: Ref;
      readonly ms: number;
    }
  /** A turn's tool calls were executed. */
  | {
      readonly type: 'tools.done';
      readonly id: string;
      readonly round: number;
      readonly turn: number;
      readonly results: Ref;
      readonly changes: readonly Change[];
      /** Touches of locked or forbidden paths, refused and told to the model. */
      readonly refused: readonly string[];
      readonly dispute: { readonly path: string; readonly reason: string } | null;
      readonly packages: readonly string[];
      readonly blocked: string | null;
      /** What the run's own tests showed after the turn's edits; left out where they were not run. */
      readonly targets?: 'green' | 'red';
      readonly amended?: readonly Amend[];
      /** Why no test can show the task; the run can then not be called green. */
      readonly untestable?: string;
    }
  /** Mutants of the code were run against the tests. The second time only the survivors of the first, against more tests. */
  | {
      readonly type: 'mutated';
      readonly id: string;
      readonly attempt: number;
      /** Mutants that were run. */
      readonly mutants: number;
      readonly killed: number;
      readonly survivors: readonly Survivor[];
      /** The time for it was over before all were run. */
      readonly cut: boolean;
      readonly ms: number;
    }
  | {
      readonly type: 'committed';
      readonly id: string;
      readonly name: 'tests' | 'candidate' | 'best' | 'final';
      readonly commit: string;
      readonly tree: string;
    }
  | {
      readonly type: 'proven';
      readonly id: string;
      readonly commit: string;
      readonly tree: string;
      readonly verdict: Verdict;
      readonly tests: readonly TestLine[];
      readonly report: Ref;
      /** Fresh runs that were made (none when a lock was found broken before), and the seed of each one's order; 0 is the order as written. */
      readonly runs: number;
      readonly seeds: readonly number[];
      /** Ids that passed although the implementation was taken back, and were not known to prove nothing. Empty in a green proof. */
      readonly unreverted: readonly TestId[];
      /** The proof's statement (in-toto, JSON) and its sha256; null unless green. */
      readonly statement: { readonly blob: Ref; readonly digest: string } | null;
      readonly ms: number;
    }
  | { readonly type: 'shipped'; readonly id: string; readonly branch: string; readonly commit: string; readonly checkedOut: boolean }
  | { readonly type: 'stopped'; readonly reason: string }
  | { readonly type: 'deadline'; readonly id: string }
  /** A cap would be overshot by the next request: one of this run's, or one of the day's that all runs of the user share. */
  | { readonly type: 'budget.reached'; readonly cap: keyof Limits; readonly of: 'run' | 'day'; readonly reason: string }
  /** A try at a request broke off after the provider had begun to answer: what it has used, as far as it can be known. The command goes on. */
  | {
      readonly type: 'broke';
      readonly id: string;
      readonly model: string;
      readonly usage: Usage;
      readonly cost: number | null;
      readonly reason: string;
    }
  /** The machine slept, or the process was stopped; that is not the run's time. */
  | { readonly type: 'suspended'; readonly ms: number }
  /** A command could not be carried out. */
  | { readonly type: 'failed'; readonly id: string; readonly code: ErrorCode; readonly message: string; readonly retryable: boolean }
  /** A request waits: the provider is busy or asked us to. */
  | { readonly type: 'waiting'; readonly id: string; readonly ms: number; readonly reason: string }
  | { readonly type: 'note'; readonly text: string }
  | {
      readonly type: 'ended';
      readonly outcome: OutcomeKind;
      readonly reason: string;
      readonly code: ErrorCode | null;
      readonly branch: string | null;
      readonly commit: string | null;
    }
  /** A run that was cut off or interrupted goes on: what was in flight is asked again. `lost`: ids of requests that were under way and have no answer on the tape. */
  | { readonly type: 'resumed'; readonly limits: Limits; readonly lost: readonly string[] };

export type CommandKind = Command['kind'];

/** An event as it stands in the journal. */
export type Event = Body & {
  readonly v: typeof EVENT_VERSION;
  /** 1 for the first event of a run. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
};

/** What is seen while it happens and never journaled. */
export type Signal =
  | { readonly type: 'delta'; readonly id: string; readonly text: string }
  | { readonly type: 'test'; readonly id: string; readonly line: TestLine }
  /** How far a trial of the tests on changed code is. */
  | { readonly type: 'mutants'; readonly id: string; readonly tried: number; readonly of: number; readonly noticed: number };

interface Base {
  /** step / subject / attempt */
  readonly id: string;
  readonly step: string;
  readonly subject: string;
  readonly attempt: number;
}

/** What the driver is told to do. Every command ends in exactly one event that carries its id (or `failed`). */
export type Command =
  | (Base & { readonly kind: 'ask'; readonly step: Step })
  | (Base & { readonly kind: 'vet-plan' })
  | (Base & { readonly kind: 'survey' })
  | (Base & { readonly kind: 'baseline' })
  | (Base & { readonly kind: 'gauge' })
  | (Base & { readonly kind: 'admit' })
  | (Base & { readonly kind: 'install' })
  | (Base & { readonly kind: 'red' })
  | (Base & { readonly kind: 'check' })
  | (Base & { readonly kind: 'test' })
  | (Base & { readonly kind: 'tools' })
  | (Base & { readonly kind: 'mutate' })
  | (Base & { readonly kind: 'commit'; readonly name: 'tests' | 'candidate' | 'best' | 'final' })
  | (Base & { readonly kind: 'prove' })
  | (Base & { readonly kind: 'ship' })
  | (Base & { readonly kind: 'deadline' })
  | (Base & { readonly kind: 'end' });
