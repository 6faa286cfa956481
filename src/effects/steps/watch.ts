// Hands the results of a test run to the screens while it lasts.
import type { Command } from '../../core/events.ts';
import type { TestId } from '../../core/report.ts';
import type { StepContext } from '../../driver.ts';
import type { Watcher } from '../runners/live.ts';

/** Shows each result as a signal of `command`. `known`: the ids that were collected before, or null. */
export function watcherOf(command: Command, context: Pick<StepContext, 'show' | 'signal'>, known: readonly TestId[] | null): Watcher {
  return { known, tell: (line) => (context.signal.aborted ? undefined : context.show({ type: 'test', id: command.id, line })) };
}
