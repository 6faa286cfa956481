// What a screen is: a reader of events. None decides anything.
import type { Event, OutcomeKind, Signal } from '../core/events.ts';
import type { Plan } from '../core/plan.ts';
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
  /** Asks the user about the plan; absent where nobody can answer. */
  readonly decide?: (plan: Plan) => Promise<Decision>;
}

/** The user's word on a plan. `remark` says what to change, or is empty. */
export interface Decision {
  readonly approved: boolean;
  readonly remark: string;
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
  /** Digest of the proof's record (`sha256:…`); null unless green. */
  readonly proof: string | null;
  /** Changes to the code that were tried, and how many of them the tests noticed; null when none were. */
  readonly mutants: { readonly tried: number; readonly noticed: number } | null;
  /** Writes to locked files that were refused. */
  readonly refused: number;
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
