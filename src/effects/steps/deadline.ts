// The run's time: a command that ends when it is over.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../../core/events.ts';
import type { Ports } from '../../core/ports.ts';
import type { StepContext } from '../../driver.ts';

/** Node's timers take at most this many milliseconds. */
const LONGEST = 2_147_483_647;

/** Emits `deadline` when the run's wall time is used up; ends without an event when the run ends first. */
export async function deadline(command: Command, _ports: Ports, context: StepContext): Promise<void> {
  const ms = context.state().run?.limits.wallMs;
  if (ms == null) return;
  const rung = await sleep(Math.min(ms, LONGEST), true, { signal: context.signal, ref: false }).catch(() => false);
  if (rung) context.emit({ type: 'deadline', id: command.id });
}
