// The first lines of a session: where one is, what will be asked, what may be spent, and what is missing.
import type { Config } from '../config.ts';
import { asError } from '../core/errors.ts';
import type { RoleModels } from '../core/events.ts';
import { version } from '../root.ts';
import { knownBox } from '../run-known-box.ts';
import { prepareModels } from '../run-models.ts';
import { caps } from '../surfaces/describe.ts';
import { type Line, line, WHOLE } from '../surfaces/line.ts';
import { type Context, dirFlag, type Flags } from './context.ts';
import { gitHere, stateDir } from './find-runs.ts';

/** What is known at once. */
export async function greeting(context: Context, config: Config, flags: Flags): Promise<readonly Line[]> {
  const dir = dirFlag(context, flags) ?? context.cwd;
  const state = await stateDir(context, flags);
  const branch = state === null ? null : await checkedOut(context, flags);
  const where = state === null ? 'no git repository yet' : branch === null ? 'no branch checked out' : `on ${branch}`;
  return [
    line('good', 'redgreen', `${version()} · say what to build: it comes as a branch, your files stay put`),
    line('plain', 'where', `${dir} · ${where}`, WHOLE),
    line('quiet', 'limits', `${caps(config.limits)} for each run`),
    ...boxLines(context, config),
    ...config.notes.map((note) => line('warn', 'note', note, WHOLE)),
  ];
}

/** The models that will be asked, or what is missing and the remedies. Looks for local servers when nothing else is set. */
export async function modelLines(config: Config): Promise<readonly Line[]> {
  try {
    return [line('quiet', 'models', modelNames((await prepareModels(config)).models).join(', '))];
  } catch (thrown) {
    return [line('warn', 'models', asError(thrown).message, WHOLE)];
  }
}

/** The first choice of each role, each once. */
export function modelNames(models: RoleModels): readonly string[] {
  return [...new Set(Object.values(models).flatMap((names) => names.slice(0, 1)))];
}

function boxLines(context: Context, config: Config): readonly Line[] {
  if (config.values.unsafeNoSandbox) return [line('warn', 'box', 'none (--unsafe-no-sandbox): nothing can be called green')];
  return knownBox(context.dirs.state).held() ? [] : [line('quiet', 'box', 'not tried yet on this machine; the first run does')];
}

/** The branch that is checked out; null when none is. */
async function checkedOut(context: Context, flags: Flags): Promise<string | null> {
  const name = await gitHere(context, flags)
    .raw(['symbolic-ref', '--quiet', '--short', 'HEAD'])
    .catch(() => '');
  return name.trim() === '' ? null : name.trim();
}
