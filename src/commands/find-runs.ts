import { join } from 'node:path';
import { indexFile } from '../config/dirs.ts';
import { RedgreenError } from '../core/errors.ts';
import { type Git, hardened } from '../effects/git.ts';
import { findRun, listRuns, type RunSummary, readIndex, summarise } from '../effects/runs.ts';
import { type Context, dirFlag, type Flags } from './context.ts';

/** git in `--dir` or the current folder, safe in any repository. */
export function gitHere(context: Context, flags: Flags): Git {
  const { env } = context;
  const path = env['PATH'] === undefined ? {} : { path: env['PATH'] };
  const home = env['HOME'] === undefined ? {} : { home: { dir: env['HOME'], xdgConfig: env['XDG_CONFIG_HOME'] } };
  return hardened({ gitDir: null, cwd: dirFlag(context, flags) ?? context.cwd, anyBare: true, ...path, ...home });
}

/** `<git common dir>/redgreen` of the repository around `--dir` or the current folder; null outside a repository. Makes nothing. */
export async function stateDir(context: Context, flags: Flags): Promise<string | null> {
  try {
    return join((await gitHere(context, flags).raw(['rev-parse', '--path-format=absolute', '--git-common-dir'])).trimEnd(), 'redgreen');
  } catch (thrown) {
    if (thrown instanceof RedgreenError && thrown.message.includes('not a git repository')) return null;
    throw thrown;
  }
}

/** The runs of this repository, newest first; outside a repository, and with `all`, those of every repository. */
export async function runsHere(context: Context, flags: Flags, all = false): Promise<readonly RunSummary[]> {
  const here = all ? null : await stateDir(context, flags);
  return here === null ? readIndex(indexFile(context.dirs)) : listRuns(here);
}

/** The run that `name` (an id, or its beginning or end) means: in this repository, else anywhere. Throws `RedgreenError('usage')`. */
export async function runNamed(context: Context, flags: Flags, name: string): Promise<RunSummary> {
  const here = await stateDir(context, flags);
  const elsewhere = readIndex(indexFile(context.dirs)).filter((run) => run.id === name);
  const [only] = elsewhere;
  const run =
    here === null || (only !== undefined && !listRuns(here).some((mine) => mine.id === name))
      ? (only ?? null)
      : summarise(findRun(here, name));
  if (run === null) throw new RedgreenError('usage', `No run is called "${name}"; redgreen runs --all lists them.`);
  if (run.problem !== null) throw new RedgreenError('journal', `The run ${run.id} cannot be read: ${run.problem}.`);
  return run;
}

/** Whether a run can go on: it was cut off, stopped, or met a limit or an error. */
export function canResume(run: RunSummary): boolean {
  return !run.running && run.problem === null && (run.outcome === null || ['interrupted', 'budget', 'failed'].includes(run.outcome));
}
