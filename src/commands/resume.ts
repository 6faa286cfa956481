import { RedgreenError } from '../core/errors.ts';
import type { RunSummary } from '../effects/runs.ts';
import { type Context, configFor, type Flags } from './context.ts';
import { canResume, runNamed, runsHere } from './find-runs.ts';
import { play } from './play.ts';

/** `redgreen resume [RUN]`: goes on where a run stopped; without a name, the newest one that can. */
export async function resume(context: Context, args: readonly string[], flags: Flags): Promise<number> {
  const run = await runToResume(context, flags, args[0]);
  const config = await configFor({ ...context, cwd: run.target }, flags);
  const { resumeSeries } = await import('../run-series.ts');
  return play(context, config, flags, (surface, signal) =>
    resumeSeries({ target: { cwd: run.target, dir: null }, run: run.id, config, surface, signal }),
  );
}

/** The run that is meant, where it can go on. Throws `RedgreenError('usage')` or `('locked')`. */
export async function runToResume(context: Context, flags: Flags, name: string | undefined): Promise<RunSummary> {
  const run = name === undefined ? (await runsHere(context, flags)).find(canResume) : await runNamed(context, flags, name);
  if (run === undefined) throw new RedgreenError('usage', 'There is no run here that can go on; redgreen runs lists them.');
  if (run.running) throw new RedgreenError('locked', `The run ${run.id} is still going on.`);
  if (!canResume(run)) throw new RedgreenError('usage', `The run ${run.id} has ended ${run.outcome}; start a new one.`);
  return run;
}
