// What a screen is: a reader of events. None decides anything.
import type { CoverCounts } from '../core/cover.ts';
import type { Admitted, Event, Gauge, Limits, OutcomeKind, Signal, TestLine } from '../core/events.ts';
import type { Ref } from '../core/ref.ts';
import type { State } from '../core/state.ts';

export interface Surface {
  /** A journaled event, and the state after it. */
  event(event: Event, state: State): void;
  /** What is seen while it happens and never journaled. */
  signal(signal: Signal): void;
  /** How it ended, also when it failed before it began. Called once, before `close`. */
  finish(result: Result): void;
  /** Restores the terminal; resolves when everything is written. */
  close(): Promise<void>;
  /** What a run that is resumed went through before: to be known, not told again. */
  readonly recall?: (events: readonly Event[]) => void;
  /** Handed over before the first event, where somebody can answer: how to speak to the run and to look at what it made. */
  readonly meet?: (run: Meeting) => void;
}

/** What a person may say to a run that is under way. What does not fit the moment is left out by the run, without harm. */
export type Word =
  | { readonly type: 'approve' }
  /** The plan goes back, with what to change about it. */
  | { readonly type: 'reject'; readonly remark: string }
  /** The plan as its user wrote it: JSON text. */
  | { readonly type: 'edit'; readonly text: string }
  | { readonly type: 'remark'; readonly text: string }
  | { readonly type: 'pause' }
  | { readonly type: 'continue' }
  | { readonly type: 'limits'; readonly limits: Limits };

/** A run as its screen meets it. */
export interface Meeting {
  /** Speaks to the run. Gives what is wrong with the word (one sentence), or null when it was taken. */
  say(word: Word): string | null;
  /** The text of a blob that an event names. Throws `RedgreenError('journal')`. */
  read(ref: Ref): Promise<string>;
  /** Text of a file of the commit that the run began with; null when it is not there or no text. */
  base(path: string): Promise<string | null>;
}

/** What a run that writes tests for code that exists kept, and why not the rest. */
export interface CoverResult extends CoverCounts {
  readonly files: readonly {
    readonly path: string;
    /** Why no test of it was tried; empty where some were. */
    readonly why: string;
    readonly before: Omit<Gauge, 'survivors'> | null;
    readonly after: Omit<Gauge, 'survivors'> | null;
  }[];
  readonly tests: readonly Admitted[];
  /** Tests that fail on the code and may be right. */
  readonly suspects: readonly TestLine[];
}

/** How much a commit changes. */
export interface DiffStat {
  /** The commit that it is compared with. */
  readonly from: string;
  readonly files: number;
  /** Lines; those of binary files are not counted. */
  readonly added: number;
  readonly removed: number;
}

/** The last line of `--json`, and the source of every closing summary. */
export interface Result {
  readonly type: 'result';
  readonly outcome: OutcomeKind;
  /** One sentence. */
  readonly reason: string;
  readonly branch: string | null;
  readonly commit: string | null;
  /** `live`, or what answered instead of a model: nothing is spent then, and cost and tokens are those of the recording. */
  readonly source: 'live' | 'replay' | 'demo';
  /** US dollars of the answers whose price is known. */
  readonly cost: number;
  /** Answers whose price is not known. */
  readonly unpriced: number;
  /** Tokens sent and received, cached ones included. */
  readonly tokens: number;
  readonly rounds: number;
  /** Of a change of code that exists; left out in other runs. */
  readonly change?: {
    /** What the branch changes; null where there is none, or the run is a part of a series. */
    readonly diff: DiffStat | null;
    /** Tests of the repository that passed before; null where they were not run. */
    readonly passedBefore: number | null;
    /** Existing tests that were changed, and why. */
    readonly amended: readonly { readonly path: string; readonly why: string }[];
    /** Tests of the repository that count no more. */
    readonly unsteady: readonly string[];
    /** Why no test shows the task; null where one does. */
    readonly untestable: string | null;
  };
  /** What became of tests for code that exists; left out in other runs. */
  readonly cover?: CoverResult;
  /** Digest of the proof's record (`sha256:…`); null unless green. */
  readonly proof: string | null;
  /** Changes to the code that were tried, and how many of them the tests noticed; null when none were. */
  readonly mutants: { readonly tried: number; readonly noticed: number } | null;
  /** Writes to locked files that were refused. */
  readonly refused: number;
  /** The parts that a large task was done in, with the run of each; left out where it was done at once. */
  readonly milestones?: readonly { readonly title: string; readonly run: string; readonly outcome: OutcomeKind }[];
  /** Address of the pull request; null when one was asked for and none could be opened, left out when none was. */
  readonly pullRequest?: string | null;
  readonly run: string | null;
  /** The target repository, absolute. */
  readonly dir: string | null;
  /** Wall time in milliseconds. */
  readonly ms: number;
  readonly exitCode: number;
}

/** Where a surface writes. */
export interface Out {
  write(text: string): unknown;
}
