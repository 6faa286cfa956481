// Which repository a run works on.
import { access, constants, mkdir, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { RedgreenError } from '../core/errors.ts';
import { oneLine } from '../core/sanitise.ts';
import { checkGitVersion, type GitOptions, hardened } from './git.ts';
import { foreignLink } from './target-link.ts';

/** A repository to work on. All paths are absolute. */
export interface Target {
  /** The working tree's root; of a bare repository its git directory. */
  readonly root: string;
  /** Git directory of this working tree (in a linked worktree its own). */
  readonly gitDir: string;
  /** Git directory that all working trees share. */
  readonly commonDir: string;
  /** `<commonDir>/redgreen`: runs and their store. */
  readonly stateDir: string;
  /** The commit that a run starts from; null in a repository without commits. */
  readonly head: string | null;
  readonly objectFormat: 'sha1' | 'sha256';
  readonly bare: boolean;
  /** Redgreen made this repository just now. */
  readonly created: boolean;
  /** What the user should know (another root than where they stand, a new repository); empty when nothing. */
  readonly remarks: readonly string[];
}

export interface TargetOptions {
  /** Where the user stands. */
  readonly cwd: string;
  /** `--dir`: the folder to work in, relative to `cwd`; null when it was not given. */
  readonly dir: string | null;
  /** `PATH` for finding git. */
  readonly path?: string;
  /** Home of the user, whose git configuration may hold `safe.directory`. */
  readonly home?: { readonly dir: string; readonly xdgConfig?: string | undefined };
  /** No repository is made where there is none. */
  readonly mustExist?: boolean;
}

/** Left behind by file managers; a folder with nothing else is empty. */
const LITTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

function targetError(message: string, cause?: unknown): RedgreenError {
  return new RedgreenError('target', message, { cause });
}

/** What is in a folder: `missing`, `empty` or `full`. Throws `RedgreenError('target')` for a file or what cannot be read. */
async function look(dir: string): Promise<'missing' | 'empty' | 'full'> {
  const found = await stat(dir).catch((thrown: unknown) => {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    throw targetError(`${dir} cannot be read; choose another folder with --dir.`, thrown);
  });
  if (found === null) return 'missing';
  if (!found.isDirectory()) throw targetError(`${dir} is a file; choose a folder with --dir.`);
  const names = await readdir(dir).catch((thrown: unknown) => {
    throw targetError(`${dir} cannot be read; choose another folder with --dir.`, thrown);
  });
  return names.every((name) => LITTER.has(name)) ? 'empty' : 'full';
}

interface Discovered {
  readonly root: string;
  readonly gitDir: string;
  readonly commonDir: string;
  readonly objectFormat: string;
  readonly bare: boolean;
}

const ASKED = [
  '--is-bare-repository',
  '--is-inside-work-tree',
  '--path-format=absolute',
  '--git-dir',
  '--git-common-dir',
  '--show-object-format',
  '--show-cdup',
];

/** The repository around a folder, or null when there is none. Throws when git refuses to look, with what to do. */
async function discover(dir: string, git: GitOptions): Promise<Discovered | null> {
  let text: string;
  try {
    text = await hardened({ ...git, cwd: dir, bare: true }).raw(['rev-parse', ...ASKED]);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : '';
    if (/not a git repository/.test(message) && !/gitdir|\.git\b.*invalid/i.test(message)) return null;
    await checkGitVersion(git.path === undefined ? {} : { path: git.path });
    throw explain(dir, message, thrown);
  }
  const lines = text.replace(/\n$/, '').split('\n');
  const [bare, inside, gitDir, commonDir, objectFormat, up] = lines;
  // `--show-cdup` says nothing outside a working tree.
  if (lines.length !== (inside === 'true' ? 6 : 5) || gitDir === undefined || commonDir === undefined) {
    // A git that is too old gives options that it does not know back as lines.
    await checkGitVersion(git.path === undefined ? {} : { path: git.path });
    throw targetError(`The path of the repository around ${oneLine(dir, 200)} has a line break; move it.`);
  }
  if (bare !== 'true' && inside !== 'true')
    throw targetError(`${dir} is inside a .git folder; go to the project's own folder, or give it with --dir.`);
  return {
    root: bare === 'true' ? gitDir : resolve(dir, up ?? ''),
    gitDir,
    commonDir,
    objectFormat: objectFormat ?? 'sha1',
    bare: bare === 'true',
  };
}

function explain(dir: string, message: string, cause: unknown): RedgreenError {
  if (/dubious ownership/.test(message)) {
    return targetError(
      `The repository at ${dir} belongs to another user, so git will not use it; if you trust it, run: git config --global --add safe.directory ${dir}`,
      cause,
    );
  }
  const said = message.replace(/^git rev-parse failed: /, '');
  return targetError(`The repository at ${dir} cannot be used (${said}); mend it, or choose another folder with --dir.`, cause);
}

/** The commit of HEAD, or null when its branch has none yet. */
async function readHead(found: Discovered, path: string | undefined): Promise<string | null> {
  const git = hardened({ gitDir: found.gitDir, bare: true, ...(path === undefined ? {} : { path }) });
  const commit = await git.raw(['rev-parse', '--verify', '--end-of-options', 'HEAD^{commit}']).catch(() => null);
  if (commit !== null) return commit.trim();
  // Unborn, or broken? A HEAD that names an object without giving a commit is broken.
  const branch = await git.raw(['symbolic-ref', '-q', 'HEAD']).catch(() => null);
  const exists = await git.raw(['rev-parse', '--verify', '--end-of-options', 'HEAD']).then(
    () => true,
    () => false,
  );
  if (branch === null || exists)
    throw targetError(`HEAD of the repository at ${found.root} names no commit; mend the repository first (git fsck shows what is wrong).`);
  return null;
}

async function init(dir: string, path: string | undefined): Promise<void> {
  try {
    await hardened({ gitDir: null, cwd: dir, bare: true, ...(path === undefined ? {} : { path }) }).raw([
      'init',
      '--quiet',
      '--initial-branch=main',
      '--template=',
      '.',
    ]);
  } catch (thrown) {
    throw targetError(`A repository cannot be made in ${dir}; check that you may write there.`, thrown);
  }
}

/** Like `mkdir -p`. Node's own never returns where a file system answers ENOENT to mkdir (/proc does). */
async function makeFolders(dir: string): Promise<void> {
  const parent = dirname(dir);
  if (parent !== dir && (await stat(parent).catch(() => null)) === null) await makeFolders(parent);
  await mkdir(dir);
}

/** Makes an empty or missing folder a repository. */
async function create(dir: string, state: 'missing' | 'empty', path: string | undefined): Promise<void> {
  if (state === 'missing') {
    await makeFolders(dir).catch((thrown: unknown) => {
      throw targetError(`The folder ${dir} cannot be made; check that you may write there.`, thrown);
    });
  }
  await init(dir, path);
}

async function finish(found: Discovered, created: boolean, remarks: readonly string[], path: string | undefined): Promise<Target> {
  await access(found.commonDir, constants.W_OK).catch((thrown: unknown) => {
    throw targetError(`You may not write to ${found.commonDir}, where the branch would go; work on a clone that is yours.`, thrown);
  });
  if (found.objectFormat !== 'sha1' && found.objectFormat !== 'sha256')
    throw targetError(
      `The repository at ${found.root} names its objects by ${oneLine(found.objectFormat, 40)}, which redgreen does not know.`,
    );
  return {
    root: found.root,
    gitDir: found.gitDir,
    commonDir: found.commonDir,
    stateDir: join(found.commonDir, 'redgreen'),
    head: created ? null : await readHead(found, path),
    objectFormat: found.objectFormat,
    bare: found.bare,
    created,
    remarks,
  };
}

/**
 * Decides on the repository: the one around `dir` (or `cwd`), also from a subfolder or a linked worktree; an empty folder, or a missing one given with
 * `--dir`, becomes a new repository. Throws `RedgreenError('target')` with what to do for anything else: files without a repository, a file, a folder
 * that cannot be written, a broken repository; `RedgreenError('git')` when git is missing or too old.
 */
export async function openTarget(options: TargetOptions): Promise<Target> {
  const base = options.path === undefined ? {} : { path: options.path };
  const dir = resolve(options.cwd, options.dir ?? '.');
  if (/[\u0000-\u001f\u007f]/.test(dir))
    throw targetError(`The path ${oneLine(dir, 200)} has a control character; choose another folder with --dir.`);
  const state = await look(dir);
  if (state === 'missing' && options.mustExist) throw nothingThere(dir);
  if (state === 'missing' && options.dir === null)
    throw targetError(`The current folder ${dir} does not exist any more; go to another one.`);
  // The user's own configuration is read here alone: `safe.directory` counts only there.
  const search: GitOptions = { gitDir: null, ...base, home: options.home ?? { dir: homedir() }, anyBare: true };
  const fresh = state !== 'full' && options.dir !== null && options.mustExist !== true;
  const found = fresh ? null : await discover(dir, search);
  if (found !== null) {
    const foreign = await foreignLink({ dir, ...found });
    if (foreign !== null)
      throw targetError(`${foreign}; go to the repository itself, or mend the link (a moved working tree: \`git worktree repair\`).`);
    return finish(found, false, remarksOn(found, dir), options.path);
  }
  if (state === 'full') {
    const broken = (await stat(join(dir, '.git')).catch(() => null)) !== null;
    if (broken)
      throw targetError(`${dir} has a .git that is no repository (any more); mend or remove it, or choose another folder with --dir.`);
    throw targetError(
      `${dir} has files but is no git repository; run \`git init\` there and commit them, or give a new folder with --dir.`,
    );
  }
  if (options.mustExist) throw nothingThere(dir);
  await create(dir, state, options.path);
  const made = await discover(dir, search);
  if (made === null) throw targetError(`A repository cannot be made in ${dir}.`);
  return finish(made, true, [], options.path);
}

function nothingThere(dir: string): RedgreenError {
  return targetError(`There is no git repository in ${dir} yet, so it has no branch to go on with.`);
}

function remarksOn(found: Discovered, dir: string): readonly string[] {
  if (found.bare) return [`${found.root} is a bare repository; the branch is put there and nothing is checked out.`];
  return found.root === dir ? [] : [`Working on the repository at ${found.root}.`];
}
