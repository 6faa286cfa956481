import { RedgreenError } from '../core/errors.ts';
import { type Context, configFor, dirFlag, type Flags } from './context.ts';
import { play } from './play.ts';

/** `redgreen cover PATH…`: tests for code that exists. */
export async function cover(context: Context, args: readonly string[], flags: Flags): Promise<number> {
  if (args.length === 0)
    throw new RedgreenError('usage', 'Say what to write tests for: redgreen cover src/parse.ts (a file, a folder or a glob).');
  const config = await configFor(context, flags);
  const { startRun } = await import('../run.ts');
  return play(context, config, flags, (surface, signal) =>
    startRun({
      task: { text: `Write tests for ${args.join(', ')}.` },
      target: { cwd: context.cwd, dir: dirFlag(context, flags) },
      config,
      surface,
      signal,
      mode: { kind: 'live' },
      cover: args,
    }),
  );
}
