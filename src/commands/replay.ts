import { existsSync } from 'node:fs';
import { RedgreenError } from '../core/errors.ts';
import { createBlobs } from '../effects/blobs.ts';
import { readJournal } from '../effects/journal.ts';
import { type Context, configFor, type Flags } from './context.ts';
import { runNamed } from './find-runs.ts';
import { play } from './play.ts';
import { taskOfTape } from './tape-task.ts';

/** `redgreen replay RUN`: the same task, answered from the run's tape; the box, the tests, git and the proof are real again. */
export async function replay(context: Context, args: readonly string[], flags: Flags): Promise<number> {
  const run = await runNamed(context, flags, args[0] ?? '');
  const recorded = readJournal(run.journal);
  const [first] = recorded;
  if (first?.type !== 'run.created')
    throw new RedgreenError('journal', `The journal of run ${run.id} is empty: there is nothing to replay.`);
  if (!existsSync(run.tape))
    throw new RedgreenError('tape.missing', `Run ${run.id} has no tape: no model was asked in it, or it was a replay itself.`);
  const task = { text: taskOfTape(run.tape) };
  const blobs = createBlobs(run.blobs);
  const given = Object.fromEntries(
    await Promise.all(Object.entries(first.given).map(async ([path, ref]) => [path, await blobs.get(ref)] as const)),
  );
  const config = await configFor({ ...context, cwd: run.target }, flags);
  const { startRun } = await import('../run.ts');
  return play(context, config, flags, (surface, signal) =>
    startRun({
      task,
      target: { cwd: run.target, dir: null },
      config,
      surface,
      signal,
      mode: { kind: 'replay', tape: run.tape, of: first, recorded, given },
    }),
  );
}
