// Putting a branch on a remote, with the user's own git settings and login, and nothing that the repository's configuration could start.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { RedgreenError } from '../core/errors.ts';
import { oneLine } from '../core/sanitise.ts';
import type { Project } from './gh.ts';
import { hardened, trustedPath } from './git.ts';
import { openStore } from './store.ts';
import type { Target } from './target.ts';

const TIMEOUT_MS = 300_000;

type Env = Readonly<Record<string, string | undefined>>;

export interface Remote {
  readonly name: string;
  /** Where git would push to. */
  readonly url: string;
}

/** The remotes of a repository, in git's order. */
export async function readRemotes(target: Pick<Target, 'commonDir'>, env: Env): Promise<readonly Remote[]> {
  const home = { dir: env['HOME'] ?? homedir(), xdgConfig: env['XDG_CONFIG_HOME'] };
  const git = hardened({ gitDir: target.commonDir, home, ...(env['PATH'] === undefined ? {} : { path: env['PATH'] }) });
  const lines = (await git.raw(['remote', '-v'])).split('\n');
  return lines.flatMap((line) => {
    const [, name, url] = /^([^\t]+)\t(.+) \(push\)(?: \[.*\])?$/.exec(line) ?? [];
    return name === undefined || url === undefined ? [] : [{ name, url }];
  });
}

/** A remote to push to, and what a branch there is called from the project's point of view. */
export interface Door {
  readonly remote: Remote;
  /** Before the branch's name in `gh pr create --head`: empty, or `owner:` of a fork. */
  readonly prefix: string;
  readonly project: Project;
}

/** The project itself where the user may push there, else a fork of theirs: `origin`, or the only other remote. Throws `RedgreenError('usage')`. */
export function doorTo(project: Project, remotes: readonly Remote[]): Door {
  const of = (remote: Remote) => /[/:]([^/:]+)\/([^/]+?)(?:\.git)?\/?$/.exec(remote.url);
  const isProject = (remote: Remote) => {
    const [, owner, name] = of(remote) ?? [];
    return `${owner}/${name}`.toLowerCase() === project.name.toLowerCase();
  };
  const own = remotes.find(isProject) ?? (remotes.length === 1 ? remotes[0] : undefined);
  if (project.canPush && own !== undefined) return { remote: own, prefix: '', project };
  const forks = remotes.filter((remote) => !isProject(remote));
  const fork = forks.find((remote) => remote.name === 'origin') ?? (forks.length === 1 ? forks[0] : undefined);
  const owner = fork === undefined ? undefined : of(fork)?.[1];
  if (fork === undefined || owner === undefined)
    throw new RedgreenError(
      'usage',
      `You may not push to ${project.name}, and no remote here is a fork of yours: make one with gh repo fork, and try again.`,
    );
  return { remote: fork, prefix: `${owner}:`, project };
}

export interface PushOptions {
  readonly target: Pick<Target, 'root' | 'commonDir' | 'objectFormat'>;
  readonly remote: Remote;
  readonly branch: string;
  readonly commit: string;
  readonly env: Env;
}

/** Variables that would make git work on another repository than the one it is told. */
const PLACES = /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE)$/;

/**
 * Puts `commit` on `branch` of the remote, never by force. It is pushed from a passing repository that borrows the objects: the hooks, programs and
 * credentials of the repository's own configuration have no part in it, the user's do. Throws `RedgreenError('usage')`.
 */
export async function pushBranch({ target, remote, branch, commit, env }: PushOptions): Promise<void> {
  const path = localPath(remote.url, target.root);
  if (path !== null && [target.root, target.commonDir].some((folder) => path === folder || path.startsWith(folder + sep)))
    throw new RedgreenError(
      'usage',
      `The remote ${remote.name} lies inside the repository itself (${oneLine(path, 200)}); nothing is pushed.`,
    );
  const dir = await mkdtemp(join(tmpdir(), 'redgreen-push-'));
  try {
    const storeDir = join(dir, 'push.git');
    const programs = trustedPath(env['PATH'] ?? '', target.root);
    await openStore({ storeDir, commonDir: target.commonDir, objectFormat: target.objectFormat, path: programs });
    const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !PLACES.test(name)));
    const own = { ...kept, PATH: programs, GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh' };
    const settings = ['-c', 'core.hooksPath=/dev/null', '-c', 'push.gpgSign=false', '-c', 'push.followTags=false'];
    const args = [
      `--git-dir=${storeDir}`,
      ...settings,
      'push',
      '--quiet',
      '--no-verify',
      '--',
      path ?? remote.url,
      `${commit}:refs/heads/${branch}`,
    ];
    await run(args, storeDir, own, (said) => failure(remote, branch, said));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv, explain: (stderr: string) => RedgreenError): Promise<void> {
  return new Promise((done, fail) => {
    execFile('git', args, { cwd, env, timeout: TIMEOUT_MS }, (error, _, stderr) => {
      if (error === null) done();
      else fail(explain(stderr || error.message));
    });
  });
}

function failure({ name }: Remote, branch: string, said: string): RedgreenError {
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !/^(?:hint:|To )/.test(line));
  const why = oneLine(lines.join(' ').replace(/^(?:fatal|error): /, ''), 300).replace(/[.\s]+$/, '');
  return new RedgreenError(
    'usage',
    `${branch} cannot be pushed to ${name} (${why}); the branch is here, and git push ${name} ${branch} may say more.`,
  );
}

/** The absolute path of a remote that is a folder on this machine; null for any other. */
function localPath(url: string, root: string): string | null {
  const path = url.startsWith('file://') ? url.slice('file://'.length) : url;
  return /^[\w.+-]+:\/\//.test(path) || /^[^/]+:/.test(path) ? null : resolve(root, path);
}
