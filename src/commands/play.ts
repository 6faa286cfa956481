// Plays one run on a screen: chooses the screen, passes Ctrl-C on, and says at the end how it went.
import type { Config } from '../config.ts';
import { RedgreenError } from '../core/errors.ts';
import { sanitise } from '../core/sanitise.ts';
import type { Result, Surface } from '../surfaces/surface.ts';
import { type Context, type Flags, wantsColor } from './context.ts';
import { isPerson, openLive } from './live-screen.ts';
import { sayError } from './say-error.ts';
import { type Begin, showRun } from './show-run.ts';
import { onSignals } from './signals.ts';

export type { Begin, End } from './show-run.ts';

/** A surface, and what it needs to know of the signals that the process gets. */
interface Screen {
  readonly surface: Surface;
  /** Whether another program has the terminal: a Ctrl-C there is meant for it. */
  readonly isAway: () => boolean;
  readonly leaveView: () => void;
}

/**
 * Runs `begin` on a screen and resolves to the exit code. What `begin` throws becomes the result, one sentence and an exit code.
 * `onResult` is told of it when the terminal is free again.
 */
export async function play(
  context: Context,
  config: Config,
  flags: Flags,
  begin: Begin,
  onResult: (result: Result) => void = () => {},
): Promise<number> {
  const stopping = new AbortController();
  const interrupt = interrupter(stopping, context);
  for (const note of config.notes) context.stderr.write(`redgreen: ${sanitise(note)}\n`);
  const screen = await chooseScreen(context, config, flags, interrupt);
  const release = onSignals(context, (signal) => {
    if (signal === 'SIGINT' && screen.isAway()) return;
    screen.leaveView();
    interrupt();
  });
  const { result, failure } = await showRun(screen.surface, stopping.signal, begin);
  await screen.surface.close();
  release();
  // A screen that showed the run has also shown how it failed.
  const shown = result.run !== null && flags['json'] !== true && flags['debug'] !== true;
  if (failure !== null && !shown) sayError(context, failure, flags['debug'] === true);
  onResult(result);
  return result.exitCode;
}

/** The first call stops the run and keeps its work, the second leaves at once. */
export function interrupter(stopping: AbortController, context: Context): () => void {
  return () => {
    if (stopping.signal.aborted) context.quit(130);
    stopping.abort(new RedgreenError('usage', 'Stopped by the user.'));
  };
}

async function chooseScreen(context: Context, config: Config, flags: Flags, interrupt: () => void): Promise<Screen> {
  const { stdout, env } = context;
  const alone = (surface: Surface): Screen => ({ surface, isAway: () => false, leaveView: () => undefined });
  if (flags['json'] === true) return alone((await import('../surfaces/jsonl.ts')).createJsonl(stdout));
  if (isPerson(context) && !config.values.plain) {
    const { runHooks } = await import('./live-hooks.ts');
    const live = await openLive({ context, config, hooks: runHooks(context, flags), session: false, interrupt });
    return { ...live, surface: { ...live.surface(), close: live.close } };
  }
  const color = wantsColor(config, stdout, env);
  const { createPlain } = await import('../surfaces/plain.ts');
  const plain = createPlain(stdout, { color, now: context.now });
  if (stdout.isTTY !== true || context.stdin.isTTY !== true) return alone(plain);
  const { askingPlainly } = await import('../surfaces/ask.ts');
  return alone(askingPlainly(plain, { input: context.stdin, output: stdout, interrupt }));
}
