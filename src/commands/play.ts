// Plays one run on a screen: chooses the screen, passes Ctrl-C on, and says at the end how it went.
import type { Config } from '../config.ts';
import { asError, type ErrorCode, RedgreenError } from '../core/errors.ts';
import type { OutcomeKind } from '../core/events.ts';
import { errorExit, exitCode } from '../core/outcome.ts';
import { sanitise } from '../core/sanitise.ts';
import type { State } from '../core/state.ts';
import { resultOf } from '../surfaces/result.ts';
import type { Result, Surface } from '../surfaces/surface.ts';
import { type Context, type Flags, wantsColor } from './context.ts';
import { sayError } from './say-error.ts';

/** How a run ended, as far as the command line wants to know. */
export interface End {
  readonly outcome: OutcomeKind;
  readonly reason: string;
  /** Why it failed, when it did. */
  readonly code: ErrorCode | null;
  readonly branch: string | null;
  readonly commit: string | null;
}

export type Begin = (surface: Surface, signal: AbortSignal) => Promise<End>;

/** Runs `begin` on a screen and resolves to the exit code. What `begin` throws becomes the result, one sentence and an exit code. */
export async function play(context: Context, config: Config, flags: Flags, begin: Begin): Promise<number> {
  const stopping = new AbortController();
  const interrupt = interrupter(stopping, context);
  const release = onSignals(context, interrupt);
  const seen: { state: State | null } = { state: null };
  for (const note of config.notes) context.stderr.write(`redgreen: ${sanitise(note)}\n`);
  const surface = await chooseSurface(context, config, flags, interrupt);
  const watched: Surface = {
    ...surface,
    event: (event, state) => {
      seen.state = state;
      surface.event(event, state);
    },
  };
  let failure: RedgreenError | null = null;
  let code: ErrorCode | null = null;
  let result: Result;
  try {
    const end = await begin(watched, stopping.signal);
    code = end.code;
    result = resultOf({ ...end, exitCode: exitCode(end.outcome, end.code) }, seen.state);
  } catch (thrown) {
    const interrupted = stopping.signal.aborted;
    failure = asError(thrown);
    const outcome = interrupted ? 'interrupted' : 'failed';
    result = resultOf(
      { outcome, reason: failure.message, branch: null, commit: null, exitCode: interrupted ? 130 : errorExit(failure.code) },
      seen.state,
    );
  }
  surface.finish(result);
  await surface.close();
  release();
  // A screen that showed the run has also shown how it failed.
  const shown = result.run !== null && flags['json'] !== true && flags['debug'] !== true;
  const said = failure ?? (result.outcome === 'failed' ? new RedgreenError(code ?? 'usage', result.reason) : null);
  if (said !== null && !shown) sayError(context, said, flags['debug'] === true);
  return result.exitCode;
}

/** The first call stops the run and keeps its work, the second leaves at once. */
function interrupter(stopping: AbortController, context: Context): () => void {
  return () => {
    if (stopping.signal.aborted) context.quit(130);
    stopping.abort(new RedgreenError('usage', 'Stopped by the user.'));
  };
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function onSignals(context: Context, interrupt: () => void): () => void {
  let closed = false;
  // The reader of our output went away (a closed pipe): the run stops, and its work is kept.
  const onError = ({ code }: NodeJS.ErrnoException) => {
    if (closed) return;
    closed = true;
    if (code !== 'EPIPE')
      context.stderr.write(
        `redgreen: The output cannot be written (${code ?? 'no reason given'}); the run stops, and redgreen resume goes on.\n`,
      );
    interrupt();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  context.stdout.on('error', onError);
  return () => {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  };
}

async function chooseSurface(context: Context, config: Config, flags: Flags, interrupt: () => void): Promise<Surface> {
  const { stdout, env } = context;
  if (flags['json'] === true) return (await import('../surfaces/jsonl.ts')).createJsonl(stdout);
  const color = wantsColor(config, stdout, env);
  const person = stdout.isTTY === true && context.stdin.isTTY === true && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '';
  if (person && !config.values.plain) {
    const { createLive } = await import('../surfaces/live/live.tsx');
    return createLive({ stdout, stdin: context.stdin, color, interrupt, now: context.now });
  }
  const { createPlain } = await import('../surfaces/plain.ts');
  const plain = createPlain(stdout, { color, now: context.now });
  if (stdout.isTTY !== true || context.stdin.isTTY !== true) return plain;
  const { askingPlainly } = await import('../surfaces/ask.ts');
  return askingPlainly(plain, { input: context.stdin, output: stdout, interrupt });
}
