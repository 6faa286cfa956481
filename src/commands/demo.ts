import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedgreenError } from '../core/errors.ts';
import { packageFile } from '../root.ts';
import { type Context, configFor, dirFlag, type Flags } from './context.ts';
import { play } from './play.ts';

/** `redgreen demo`: the model's replies come from the tape in `demo/`; the box, the tests, git and the proof are real. */
export async function demo(context: Context, _args: readonly string[], flags: Flags): Promise<number> {
  const text = await readFile(packageFile('demo/task.md'), 'utf8').catch((cause: unknown) => {
    throw new RedgreenError('tape.missing', 'There is no recorded run in demo/: this installation is incomplete.', { cause });
  });
  const dir = dirFlag(context, flags) ?? (await mkdtemp(join(tmpdir(), 'redgreen-demo-')));
  const config = await configFor(context, { ...flags, dir });
  const { startRun } = await import('../run.ts');
  return play(context, config, flags, (surface, signal) =>
    startRun({
      task: { text },
      target: { cwd: context.cwd, dir },
      config,
      surface,
      signal,
      mode: { kind: 'demo', tape: packageFile('demo/tape.jsonl') },
    }),
  );
}
