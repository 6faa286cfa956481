// What a command gets from the process, so that it can be run without one.
import { resolve } from 'node:path';
import type { Dirs } from '../config/dirs.ts';
import { projectRoot } from '../config/project.ts';
import { type Config, loadConfig } from '../config.ts';

/** Options as commander gives them, by camel-cased name. */
export type Flags = Readonly<Record<string, unknown>>;

export interface Context {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The user's folders; see `config/dirs.ts`. */
  readonly dirs: Dirs;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Leaves the process at once. Only for a second Ctrl-C. */
  readonly quit: (code: number) => void;
}

/** One verb of the command line. Resolves to the exit code. */
export type Command = (context: Context, args: readonly string[], flags: Flags) => Promise<number>;

/** Absolute path of `--dir`, or null when it was not given. */
export function dirFlag(context: Context, flags: Flags): string | null {
  return typeof flags['dir'] === 'string' ? resolve(context.cwd, flags['dir']) : null;
}

/** The settings for work in `--dir` or the current folder. */
export function configFor(context: Context, flags: Flags): Promise<Config> {
  const project = projectRoot(dirFlag(context, flags) ?? context.cwd);
  return loadConfig({ flags, env: context.env, project, configDir: context.dirs.config });
}

/** Whether `stream` takes colour, by the setting, `NO_COLOR` (already in the setting) and the terminal. */
export function wantsColor(config: Config, stream: { readonly isTTY?: boolean }, env: Context['env']): boolean {
  const { color } = config.values;
  return color === 'always' || (color === 'auto' && stream.isTTY === true && env['TERM'] !== 'dumb');
}
