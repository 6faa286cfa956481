// The run's time: a command that ends when it is over.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../../core/events.ts';
import type { Ports } from '../../core/ports.ts';
import { workedMs } from '../../core/reduce-words.ts';
import type { StepContext } from '../../driver.ts';

/** The cap may change and the run may pause while it is waited for: looked at this often, in milliseconds. */
const LOOK = 500;

/** Emits `deadline` when the run's wall time, pauses left out, is used up; ends without an event when the run ends first. */
export async function deadline(command: Command, { clock }: Ports, context: StepContext): Promise<void> {
  const before = workedMs(context.state(), clock.now());
  const left = () => (context.state().run?.limits.wallMs ?? Infinity) - (workedMs(context.state(), clock.now()) - before);
  while (left() > 0) {
    const rung = await sleep(Math.min(left(), LOOK), true, { signal: context.signal, ref: false }).catch(() => false);
    if (!rung) return;
  }
  context.emit({ type: 'deadline', id: command.id });
}
