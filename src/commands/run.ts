import { RedgreenError } from '../core/errors.ts';
import { splitCommand } from '../effects/runners/split.ts';
import { type Context, configFor, dirFlag, type Flags } from './context.ts';
import { isPerson } from './live-screen.ts';
import { play } from './play.ts';

import { readTask } from './task.ts';

/** `redgreen "prompt"`: one task, from the prompt to a branch. */
export async function run(context: Context, args: readonly string[], flags: Flags): Promise<number> {
  const config = await configFor(context, flags);
  const asksNothing = args.length === 0 && flags['file'] === undefined && flags['json'] !== true;
  if (asksNothing && isPerson(context) && !config.values.plain) return (await import('./session.ts')).session(context, flags, config);
  if (config.values.approve && !canAnswer(context, flags)) {
    throw new RedgreenError(
      'usage',
      '--approve needs a terminal where you can answer; leave it out, or run without --json and without pipes.',
    );
  }
  const file = typeof flags['file'] === 'string' ? flags['file'] : null;
  const text = await readTask({
    words: args,
    file,
    get stdin() {
      return context.stdin;
    },
    cwd: context.cwd,
  });
  const { startRun } = await import('../run.ts');
  return play(context, config, flags, (surface, signal) =>
    startRun({
      task: { text },
      target: { cwd: context.cwd, dir: dirFlag(context, flags) },
      config,
      surface,
      signal,
      mode: { kind: 'live' },
      tests: listOf(flags['tests']),
      check: typeof flags['check'] === 'string' ? splitCommand(flags['check']) : null,
      onto: typeof flags['on'] === 'string' ? { branch: flags['on'], run: null } : null,
    }),
  );
}

/** The values of a flag that may be given several times, or names several things after commas. */
function listOf(flag: unknown): readonly string[] {
  return Array.isArray(flag) ? flag.filter((one) => typeof one === 'string') : [];
}

function canAnswer(context: Context, flags: Flags): boolean {
  return flags['json'] !== true && context.stdin.isTTY === true && context.stdout.isTTY === true;
}
