// Git, hardened: no hooks, no monitors, no filters, no prompts, no network, and an environment made from nothing.
// The configuration of a user's repository is untrusted; what could run a program is overridden on the command line.
import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, sep } from 'node:path';
import { asError, RedgreenError } from '../core/errors.ts';
import { oneLine } from '../core/sanitise.ts';

/** Where programs are looked for when the caller does not say. */
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin';
/** The oldest git with `rev-parse --path-format`, which discovery needs. */
const OLDEST_GIT = [2, 31] as const;
/** Longest answer of git that is taken, in bytes. */
const MAX_OUTPUT = 512 * 1024 * 1024;
const TIMEOUT_MS = 120_000;

/** Settings that beat every configuration file (`-c`). */
const SETTINGS: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.protectHFS=true',
  'core.protectNTFS=true',
  'core.autocrlf=false',
  'core.eol=lf',
  'core.safecrlf=false',
  'core.attributesFile=/dev/null',
  'core.fsync=committed,reference',
  'core.quotePath=false',
  'core.pager=cat',
  'core.editor=false',
  'core.askPass=false',
  'core.sshCommand=false',
  'core.alternateRefsCommand=false',
  'protocol.allow=never',
  'submodule.recurse=false',
  'diff.external=',
  'commit.gpgSign=false',
  'log.showSignature=false',
  'tag.gpgSign=false',
  'credential.helper=',
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.detachedHead=false',
];

/** Guards of simple-git that these settings would trip: each is set to a value that runs nothing. */
const UNSAFE = {
  allowUnsafeHooksPath: true,
  allowUnsafeFsMonitor: true,
  allowUnsafePager: true,
  allowUnsafeEditor: true,
  allowUnsafeAskPass: true,
  allowUnsafeSshCommand: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeTemplateDir: true,
} as const;

export interface GitOptions {
  /** The repository's git directory, or null for commands that need none (`init`, `--version`, discovery). */
  readonly gitDir: string | null;
  /** Folder to run in; the git directory when left out. */
  readonly cwd?: string;
  /** Plain calls by a bare process: for what comes before the first request, where loading a library would be felt. */
  readonly bare?: boolean;
  /** `PATH` for finding git. */
  readonly path?: string;
  /** More variables, such as `GIT_INDEX_FILE`. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * The user's home, to read the user's own git configuration (identity, `safe.directory`). Left out: no configuration but the repository's.
   * Only for commands that read.
   */
  readonly home?: { readonly dir: string; readonly xdgConfig?: string | undefined };
  /** Allows a bare repository that was found and not named, which `safe.bareRepository` forbids. */
  readonly anyBare?: boolean;
}

/** Hardened git over one repository. Every call is one process and throws `RedgreenError('git')` when git ends with anything but 0. */
export interface Git {
  /** Runs git and gives its output as text. For commands without input. */
  raw(args: readonly string[]): Promise<string>;
  /** Runs git with `input` on its standard input and gives its output as bytes. */
  pipe(args: readonly string[], input: string | Uint8Array): Promise<Buffer>;
}

/** The folders of a PATH that no project fills: absolute ones, outside every node_modules and, when it is given, outside `project`. */
export function trustedPath(path: string, project?: string): string {
  const isProject = (folder: string) => project !== undefined && (folder === project || folder.startsWith(project + sep));
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !folder.split(/[\\/]/).includes('node_modules') && !isProject(folder))
    .join(delimiter);
}

function environment(options: GitOptions): Record<string, string> {
  const own: Record<string, string> =
    options.home === undefined
      ? { HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }
      : { HOME: options.home.dir, ...(options.home.xdgConfig ? { XDG_CONFIG_HOME: options.home.xdgConfig } : {}) };
  return {
    PATH: trustedPath(options.path ?? DEFAULT_PATH) || DEFAULT_PATH,
    LC_ALL: 'C.UTF-8',
    ...own,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    // Beats protocol.*.allow of any configuration; there is no transport of this name.
    GIT_ALLOW_PROTOCOL: 'none',
    ...options.env,
  };
}

function settings(options: GitOptions): readonly string[] {
  return options.anyBare === true ? SETTINGS : [...SETTINGS, 'safe.bareRepository=explicit'];
}

function gitError(args: readonly string[], stderr: string, cause?: unknown): RedgreenError {
  const command = args.find((arg, i) => !arg.startsWith('-') && args[i - 1] !== '-c') ?? 'git';
  const said = stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('hint:'))
    .join(' ');
  return new RedgreenError('git', `git ${command} failed: ${oneLine(said.replace(/^(?:fatal|error): /, ''), 300) || 'it said nothing'}`, {
    cause,
  });
}

function missing(thrown: unknown): RedgreenError | null {
  const text = thrown instanceof Error ? `${thrown.message} ${'code' in thrown ? String(thrown.code) : ''}` : '';
  return /ENOENT/.test(text)
    ? new RedgreenError('git', 'git was not found: install git 2.31 or newer and try again.', { cause: thrown })
    : null;
}

/**
 * Hardened git calls. Plain commands go through simple-git, commands with input through execa, both with the same settings and environment.
 * Libraries are loaded at the first call.
 */
export function hardened(options: GitOptions): Git {
  const env = environment(options);
  const cwd = options.cwd ?? options.gitDir ?? '/';
  const where = options.gitDir === null ? [] : [`--git-dir=${options.gitDir}`];
  return {
    raw: (args) => (options.bare ? runBare : runByLibrary)(cwd, env, settings(options), [...where, ...args]),
    pipe: (args, input) => runPiped(cwd, env, settings(options), [...where, ...args], input),
  };
}

async function runByLibrary(cwd: string, env: Record<string, string>, config: readonly string[], args: readonly string[]): Promise<string> {
  const { simpleGit } = await import('simple-git');
  // simple-git keeps only the text of an error, so ours is kept beside it.
  let failure: RedgreenError | null = null;
  try {
    const git = simpleGit({
      baseDir: cwd,
      config: [...config],
      trimmed: false,
      timeout: { block: TIMEOUT_MS },
      unsafe: UNSAFE,
      allowEnvironment: Object.keys(env),
      // Strict: the default lets an exit code other than 0 pass when nothing was said on stderr.
      errors: (error, result) => {
        if (error === undefined && result.exitCode === 0) return undefined;
        const stderr = Buffer.concat(result.stdErr).toString('utf8');
        failure = missing(error) ?? gitError(args, stderr || (error instanceof Error ? error.message : ''), error);
        return failure;
      },
    });
    return await git.env(env).raw([...args]);
  } catch (thrown) {
    throw failure ?? missing(thrown) ?? gitError(args, asError(thrown).message, thrown);
  }
}

async function runBare(cwd: string, env: Record<string, string>, config: readonly string[], args: readonly string[]): Promise<string> {
  const line = [...config.flatMap((setting) => ['-c', setting]), ...args];
  return new Promise((done, fail) => {
    execFile('git', line, { cwd, env, encoding: 'utf8', maxBuffer: MAX_OUTPUT, timeout: TIMEOUT_MS }, (error, stdout, stderr) => {
      if (error === null) done(stdout);
      else fail(missing(error) ?? gitError(args, stderr || (typeof error.code === 'number' ? '' : error.message), error));
    });
  });
}

async function runPiped(
  cwd: string,
  env: Record<string, string>,
  config: readonly string[],
  args: readonly string[],
  input: string | Uint8Array,
): Promise<Buffer> {
  const { execa } = await import('execa');
  const result = await execa('git', [...config.flatMap((setting) => ['-c', setting]), ...args], {
    cwd,
    env,
    extendEnv: false,
    input,
    encoding: 'buffer',
    maxBuffer: MAX_OUTPUT,
    timeout: TIMEOUT_MS,
    stripFinalNewline: false,
    reject: false,
  });
  if (result.failed) {
    const stderr = Buffer.from(result.stderr ?? new Uint8Array()).toString('utf8');
    throw missing(result.cause) ?? gitError(args, stderr || (result.shortMessage ?? ''), result.cause);
  }
  return Buffer.from(result.stdout);
}

/** A name and address for commits. */
export interface Identity {
  readonly name: string;
  readonly email: string;
  /** False when the user has none and redgreen's own is used. */
  readonly own: boolean;
}

export const REDGREEN_IDENTITY: Identity = { name: 'redgreen', email: 'redgreen@localhost', own: false };

/** A name or address as git takes it in a commit: one line, without `<` and `>`. */
export function identityPart(text: string): string {
  return oneLine(text.replace(/[<>\n\r\0]/g, ' '), 120);
}

/**
 * The user's identity from the repository's and the user's git configuration; `redgreen <redgreen@localhost>` when either part is missing.
 * `home` is where the user's configuration is (default: the account's home).
 */
export async function readIdentity(options: {
  readonly gitDir: string;
  readonly path?: string;
  readonly home?: { readonly dir: string; readonly xdgConfig?: string | undefined };
}): Promise<Identity> {
  const git = hardened({ ...options, home: options.home ?? { dir: homedir() } });
  const text = await git.raw(['config', '--includes', '-z', '--get-regexp', '^user\\.(name|email)$']).catch(() => '');
  const values = new Map(
    text.split('\0').map((entry) => [entry.slice(0, entry.indexOf('\n')), entry.slice(entry.indexOf('\n') + 1)] as const),
  );
  const name = identityPart(values.get('user.name') ?? '');
  const email = identityPart(values.get('user.email') ?? '');
  return name === '' || email === '' ? REDGREEN_IDENTITY : { name, email, own: true };
}

/** `2.39.5` as numbers; throws `RedgreenError('git')` when git is missing or older than 2.31. */
export async function checkGitVersion(options: { readonly path?: string } = {}): Promise<string> {
  const text = await hardened({ gitDir: null, cwd: '/', bare: true, ...options }).raw(['--version']);
  const match = /(\d+)\.(\d+)(?:\.\d+)*/.exec(text);
  const major = Number(match?.[1] ?? 0);
  const minor = Number(match?.[2] ?? 0);
  if (major > OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor >= OLDEST_GIT[1])) return match?.[0] ?? '';
  throw new RedgreenError('git', `git ${match?.[0] ?? 'of an unknown version'} is too old: install git ${OLDEST_GIT.join('.')} or newer.`);
}
