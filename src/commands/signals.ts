// What the outside says to the process: signals, and an output that nobody reads any more.
import type { Context } from './context.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type Signalled = (signal: (typeof SIGNALS)[number] | 'closed') => void;

/** Calls `told` for each signal, and once when the output cannot be written any more. Gives how to end that. */
export function onSignals(context: Pick<Context, 'stdout' | 'stderr'>, told: Signalled): () => void {
  let closed = false;
  // The reader of our output went away (a closed pipe): the run stops, and its work is kept.
  const onError = ({ code }: NodeJS.ErrnoException) => {
    if (closed) return;
    closed = true;
    if (code !== 'EPIPE')
      context.stderr.write(
        `redgreen: The output cannot be written (${code ?? 'no reason given'}); the run stops, and redgreen resume goes on.\n`,
      );
    told('closed');
  };
  for (const signal of SIGNALS) process.on(signal, told);
  context.stdout.on('error', onError);
  return () => {
    for (const signal of SIGNALS) process.off(signal, told);
  };
}
