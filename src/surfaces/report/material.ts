// Everything that the page is made from. It is read by the command and handed in; nothing here is read or written.
import type { Failure, Frame, TestId } from '../../core/report.ts';
import type { State } from '../../core/state.ts';
import type { Survey } from '../../core/survey.ts';
import type { Story } from './story.ts';

/** A failing test of a round. */
export interface FailingTest {
  readonly id: TestId;
  readonly message: string;
  readonly frames: readonly Frame[];
}

/** What was said to the model, or a part of it. */
export interface Passage {
  readonly where: string;
  readonly text: string;
}

export interface ToldCall {
  readonly name: string;
  /** Its arguments by name; under `arguments` what could not be read as such. */
  readonly args: readonly (readonly [name: string, value: string])[];
  /** What the tool answered; null when it was not carried out. */
  readonly result: string | null;
}

export interface ToldTurn {
  readonly attempt: number;
  readonly model: string;
  readonly text: string;
  readonly calls: readonly ToldCall[];
  readonly changed: readonly string[];
  readonly refused: readonly string[];
}

/** A test run that was not green or was followed by a repair, with what was done about it. */
export interface ToldRound {
  /** Index into the story's columns. */
  readonly column: number;
  readonly failing: readonly FailingTest[];
  readonly outside: readonly { readonly path: string; readonly failure: Failure }[];
  /** What the runner said about the run as a whole. */
  readonly broken: string | null;
  readonly output: string;
  /** The first request of the repair, as the tape has it; null when there is no tape, or no request was answered. */
  readonly saw: readonly Passage[] | null;
  readonly turns: readonly ToldTurn[];
}

/** Something of the story's troubles that a model answered. */
export interface ToldTrouble {
  /** Index into the story's troubles. */
  readonly trouble: number;
  readonly reply: string | null;
  readonly saw: readonly Passage[] | null;
}

/** A file of the branch, from the base to the end. */
export interface ToldFile {
  readonly path: string;
  readonly part: 'code' | 'tests' | 'manifests';
  /** Null: it was not there before, or could not be read. */
  readonly before: string | null;
  /** The text at the end; null when it is not there. */
  readonly after: string | null;
  /** The first draft, where mends or repairs changed it since; else null. */
  readonly draft: string | null;
}

export interface ToldDispute {
  readonly path: string;
  readonly reason: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface Material {
  readonly story: Story;
  readonly state: State;
  /** A living process works on the run. */
  readonly running: boolean;
  /** When the page is made, in milliseconds since the epoch. */
  readonly now: number;
  /** redgreen's version that makes the page. */
  readonly version: string;
  /** The whole task. */
  readonly task: string;
  /** What was read of a repository whose code is changed; null in a new one. */
  readonly survey: Survey | null;
  /** What the tests' author did on code that exists. */
  readonly author: readonly ToldTurn[];
  readonly rounds: readonly ToldRound[];
  readonly troubles: readonly ToldTrouble[];
  readonly files: readonly ToldFile[];
  readonly disputes: readonly ToldDispute[];
  /** The proof's statement, as JSON text; null when there is none. */
  readonly statement: string | null;
  /** What was left out, in sentences. */
  readonly left: readonly string[];
}

/** What the page is made of beside the run. */
export interface Assets {
  readonly css: string;
  readonly script: string;
  readonly uplotCss: string;
  readonly uplotScript: string;
  readonly uplotLicence: string;
}
