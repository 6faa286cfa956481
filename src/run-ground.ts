// What a run begins with: a commit, and where it goes on with a branch the tests from before.
import { indexFile, userDirs } from './config/dirs.ts';
import { processEnvironment } from './config.ts';
import { RedgreenError } from './core/errors.ts';
import { isSteering } from './core/guard.ts';
import type { Blobs, Workspace } from './core/ports.ts';
import type { Files } from './core/ref.ts';
import { groundOf, readAll } from './effects/ground.ts';
import { readJournal } from './effects/journal.ts';
import { branchTip } from './effects/onto.ts';
import { isIndexed, isRunId, runFiles } from './effects/runs.ts';
import type { Target } from './effects/target.ts';
import { createRunnerList, userGit } from './run-adapters.ts';
import type { Created, RunOptions } from './run-loop.ts';

/** The commit that a run starts from: the recorded one in a replay, the branch's tip, else HEAD. Throws `RedgreenError('usage')` for a branch that is not there. */
export async function startOf({ mode, onto }: RunOptions, target: Target): Promise<string | null> {
  if (mode.kind === 'replay') return mode.of.base.commit;
  return onto ? branchTip(target, onto.branch, userGit(processEnvironment()).path) : target.head;
}

type Ground = Pick<Created, 'base' | 'onto' | 'kept' | 'language' | 'runner' | 'mode' | 'given' | 'check' | 'cover'>;

/** What `run.created` says of the base. A replay repeats what was recorded; a branch brings its language and runner with its tests. */
export async function standOn(options: RunOptions, target: Target, { workspace, blobs, say }: Means): Promise<Ground> {
  const { mode, config } = options;
  const base = await workspace.base();
  const onto = options.onto ?? null;
  const wanted = { language: config.values.language, runner: config.values.runner };
  const put = async (files: Files) =>
    Object.fromEntries(await Promise.all(Object.entries(files).map(async ([path, text]) => [path, await blobs.put(text)] as const)));
  if (mode.kind === 'replay') {
    const { onto, language, runner, check, mode: of, cover } = mode.of;
    const [given, kept] = [await put(mode.given ?? {}), await put(await readAll(workspace, Object.keys(mode.of.kept)))];
    return { base, onto, kept, language, runner, mode: of, given, check, ...(cover ? { cover } : {}) };
  }
  if (options.cover) {
    const { coveredFiles } = await import('./effects/covered.ts');
    const { target: where } = options;
    const runners = createRunnerList();
    const found = await coveredFiles({
      patterns: options.cover,
      cwd: where.dir ?? where.cwd,
      root: target.root,
      files: base.files,
      runners,
    });
    for (const note of found.notes) say(note);
    return { base, onto: null, kept: {}, ...wanted, given: {}, check: null, mode: 'cover', cover: found.paths };
  }
  const asked = await askedFor(options, target, { workspace, files: base.files, say });
  const wants = { given: await put(asked), check: options.check ?? null };
  const isChange =
    Object.keys(asked).length > 0 ||
    wants.check !== null ||
    hasCode(base.files) ||
    (base.files.length > 0 && config.values['junit.command'] !== null);
  // A branch of a repository that redgreen made goes on as it began: with a plan, and with its tests kept.
  const goesOn = onto !== null && isOwn(wants) && (await workspace.earlier()).root !== null;
  if (isChange && !goesOn) return { base, onto, kept: {}, ...wanted, ...wants, mode: 'change' };
  if (wanted.runner !== null && ONLY_CHANGES.includes(wanted.runner))
    throw new RedgreenError(
      'usage',
      `${wanted.runner} runs the tests of code that exists; for a new project leave the runner out, or name node:test, vitest, jest, unittest or pytest.`,
    );
  if (onto === null) return { base, onto, kept: {}, ...wanted, ...wants, mode: 'new' };
  const ground = await groundOf(workspace, createRunnerList());
  const count = Object.keys(ground.kept).length;
  if (ground.run === null) say(`No commit of redgreen's is on ${onto.branch}: tests that it has of its own are not run again.`);
  else say(`Goes on with ${onto.branch}: ${count === 1 ? 'one test file' : `${count} test files`} from before must pass, too.`);
  const made = ground.made ?? wanted;
  if ((wanted.language ?? made.language) !== made.language || (wanted.runner ?? made.runner) !== made.runner)
    say(`${onto.branch} is in ${made.language} with ${made.runner}; that stays so, whatever the settings say.`);
  return { base, onto: { branch: onto.branch, run: onto.run ?? ground.run }, kept: await put(ground.kept), ...made, ...wants, mode: 'new' };
}

/** Neither tests nor a command of the user's are to be satisfied. */
function isOwn({ given, check }: Pick<Ground, 'given' | 'check'>): boolean {
  return check === null && Object.keys(given).length === 0;
}

/** Runners that no new project is written for. */
const ONLY_CHANGES: readonly string[] = ['mocha', 'go', 'cargo', 'junit'];

interface Means {
  readonly workspace: Workspace;
  readonly blobs: Blobs;
  readonly say: (note: string) => void;
}

/** The tests that the user gives, by path. */
async function askedFor(
  { tests, target: { cwd } }: RunOptions,
  target: Target,
  { workspace, files, say }: Pick<Means, 'workspace' | 'say'> & { readonly files: readonly string[] },
): Promise<Files> {
  if (!tests || tests.length === 0) return {};
  const { readGiven } = await import('./effects/given.ts');
  const readBase = (path: string) => workspace.readBase(path);
  const given = await readGiven({ patterns: tests, cwd, root: target.root, files, readBase, runners: createRunnerList() });
  for (const note of given.notes) say(note);
  return given.files;
}

/** Files in a language that can be changed here, configuration of tools aside. */
function hasCode(files: readonly string[]): boolean {
  return files.some((path) => /\.(?:[cm]?[jt]sx?|py|go|rs)$/.test(path) && !isSteering(path));
}

/**
 * Whether redgreen made the repository: the run that its first commit names was begun by this user on this machine, and says so. What came with
 * a repository cannot pretend that, for which runs there were is kept elsewhere.
 */
export function madeBy(target: Target, run: string | null): boolean {
  if (run === null || !isRunId(run) || !isIndexed(indexFile(userDirs()), run)) return false;
  try {
    const [first] = readJournal(runFiles(target.stateDir, run).journal);
    return first?.type === 'run.created' && first.run === run && first.createdRepository;
  } catch {
    // A journal that was tidied away or cannot be read says nothing.
    return false;
  }
}
