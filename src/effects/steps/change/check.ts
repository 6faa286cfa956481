// What can be said of changed code without running it.
import type { Command } from '../../../core/events.ts';
import type { Ports } from '../../../core/ports.ts';
import type { StepContext } from '../../../driver.ts';

/** Emits `checked`: changed code is judged by the tests and, where the repository has one, by its own type checker, which is a tool of the conversation. */
export async function checkChange(command: Command, _ports: Ports, context: StepContext): Promise<void> {
  context.emit({ type: 'checked', id: command.id, mended: [], diagnostics: [] });
}
