import type { RedgreenError } from '../core/errors.ts';
import { sanitise } from '../core/sanitise.ts';
import type { Context } from './context.ts';

/** One sentence on stderr; with `debug` also where it came from. */
export function sayError(context: Context, error: RedgreenError, debug: boolean): void {
  const hint = error.code === 'internal' && !debug ? ' (an internal error; --debug shows where)' : '';
  context.stderr.write(`redgreen: ${sanitise(error.message).slice(0, 4000)}${hint}\n`);
  if (debug) context.stderr.write(`${sanitise(stackOf(error))}\n`);
}

function stackOf(error: Error): string {
  const stacks: string[] = [];
  for (let e: unknown = error; e instanceof Error && stacks.length < 5; e = e.cause) stacks.push(e.stack ?? e.message);
  return stacks.join('\ncaused by: ');
}
