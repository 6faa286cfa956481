// What may run now where code that exists is changed.
import type { Command } from './events.ts';
import type { State } from './state.ts';

/** Reading the repository, trying its tests on the base, and having tests written that show the task. */
export function preparing(s: State, make: Make): readonly Command[] {
  if (!s.change) return [make('survey', 'survey', 'repository')];
  if (!s.installs.done) return [];
  return s.change.baseline === null ? [make('baseline', 'baseline', 'tests')] : [];
}

type Make = (kind: 'survey' | 'baseline', step: string, subject: string) => Command;

/** True while the tests' author is at work. */
export function isReproducing(s: State): boolean {
  return s.conversation?.kind === 'reproduce' && !s.conversation.done;
}

/** The repository's own tests were tried, where a run needs to know what they do. */
export function isBased(s: State): boolean {
  return s.run?.mode !== 'change' || (s.change !== null && s.change.baseline !== null);
}
