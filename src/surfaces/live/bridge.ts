// What the parts of the app work with, and what the layer above gives them.
import type { State } from '../../core/state.ts';
import type { Line } from '../line.ts';
import type { Meeting } from '../surface.ts';
import type { SlashName, Source } from './orders/slash.ts';
import type { Store } from './store.ts';
import type { Ui } from './ui.ts';

/** A run as it is shown: the one that works, or the last one. */
export interface Shown {
  readonly meeting: Meeting;
  readonly state: State;
}

/** What only the layer above can do. Each may throw `RedgreenError`; its sentence is shown. */
export interface Hooks {
  /** Carries out a command that needs more than the screen knows; gives what to say. */
  readonly command: (name: SlashName, args: string, run: Shown | null) => Promise<readonly Line[]>;
  /** What arguments can be completed from. */
  readonly list: (source: Source) => Promise<readonly string[]>;
  /** Opens the user's editor on `text` and gives what was saved. The terminal is free meanwhile. `signal` ends the editor. */
  readonly edit: (text: string, signal: AbortSignal) => Promise<string>;
  readonly nearest: (word: string, names: readonly string[]) => string | null;
  /** What was typed before, oldest first. */
  readonly history: readonly string[];
  readonly remember: (text: string) => void;
}

export interface Bridge {
  readonly ui: Store<Ui>;
  readonly hooks: Hooks;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly print: (lines: readonly Line[]) => void;
  /** Stops the run: cleanly the first time, at once the second. */
  readonly interrupt: () => void;
  readonly shown: () => Shown | null;
  /** Opens the user's editor on `text`; see `Hooks.edit`. */
  readonly edit: (text: string) => Promise<string>;
  /** Gives the terminal to another program while `work` goes on; finished lines are kept for afterwards. */
  readonly away: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Changes some fields of what is shown. */
export function patch(bridge: Pick<Bridge, 'ui'>, change: Partial<Ui>): void {
  bridge.ui.set((ui) => ({ ...ui, ...change }));
}
