// GitHub through the user's own command line tool, `gh` (https://cli.github.com): redgreen holds no token of its own.
import { execFile } from 'node:child_process';
import { RedgreenError } from '../core/errors.ts';
import type { Issue } from '../core/issue.ts';
import { oneLine } from '../core/sanitise.ts';
import { trustedPath } from './git.ts';

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT = 8 * 1024 * 1024;

export interface GhOptions {
  /** Folder of the repository: `gh` finds out by itself which one on GitHub it belongs to. */
  readonly cwd: string;
  /** The user's environment, in which `gh` finds its login. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs `gh` with `input` on its standard input and gives its output. Throws `RedgreenError('usage')` with one sentence. */
export type Gh = (args: readonly string[], input?: string) => Promise<string>;

/** The tool, from folders that no project fills; what the repository's git configuration could start is off. */
export function createGh({ cwd, env }: GhOptions): Gh {
  const environment = {
    ...env,
    PATH: trustedPath(env['PATH'] ?? '', cwd),
    GH_PROMPT_DISABLED: '1',
    GH_NO_UPDATE_NOTIFIER: '1',
    GH_PAGER: 'cat',
    NO_COLOR: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'core.hooksPath',
    GIT_CONFIG_VALUE_0: '/dev/null',
    GIT_CONFIG_KEY_1: 'core.fsmonitor',
    GIT_CONFIG_VALUE_1: 'false',
  };
  return (args, input = '') =>
    new Promise((done, fail) => {
      const options = { cwd, env: environment, encoding: 'utf8', timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT } as const;
      const child = execFile('gh', args, options, (error, stdout, stderr) => {
        if (error === null) done(stdout);
        else fail(ghError(args, error, stderr));
      });
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });
}

/** Exit code 4: not logged in (`gh help exit-codes`). */
function ghError(args: readonly string[], error: Error & { readonly code?: unknown }, stderr: string): RedgreenError {
  const usage = (message: string) => new RedgreenError('usage', message, { cause: error });
  if (error.code === 'ENOENT')
    return usage('gh was not found: install it (https://cli.github.com), log in with gh auth login, and try again.');
  if (error.code === 4 || /gh auth login|not logged in/i.test(stderr))
    return usage('gh is not logged in: run gh auth login, and try again.');
  if (/no git remotes|none of the git remotes/i.test(stderr))
    return usage('This repository has no remote on GitHub: add one (git remote add origin …), and try again.');
  const what = args.slice(0, 2).join(' ');
  return usage(`gh ${what} failed: ${oneLine(stderr || error.message, 300).replace(/[.\s]+$/, '')}.`);
}

/** Reads an issue of the repository. Throws `RedgreenError('usage')`, also when there is none. */
export async function readIssue(gh: Gh, number: number): Promise<Issue> {
  const text = await gh(['issue', 'view', String(number), '--json', 'number,title,body,comments,url,labels']).catch((thrown: unknown) => {
    if (thrown instanceof RedgreenError && /could not resolve to an issue|not found/i.test(thrown.message.replace('gh was not found', '')))
      throw new RedgreenError('usage', `There is no issue #${number} in this repository's GitHub project.`, { cause: thrown });
    throw thrown;
  });
  const root = record(parsed(text));
  const title = textIn(root, 'title').trim();
  if (root['number'] !== number || title === '') throw new RedgreenError('usage', `gh gave no usable answer on issue #${number}.`);
  return {
    number,
    title,
    body: textIn(root, 'body'),
    url: textIn(root, 'url'),
    labels: listIn(root, 'labels').map((label) => textIn(label, 'name')),
    comments: listIn(root, 'comments').map((one) => ({ author: textIn(record(one['author']), 'login'), body: textIn(one, 'body') })),
  };
}

/** The project on GitHub that pull requests go to. */
export interface Project {
  /** `owner/name`. */
  readonly name: string;
  readonly url: string;
  /** The user may push branches to it. */
  readonly canPush: boolean;
}

/** Which project on GitHub the repository belongs to. Throws `RedgreenError('usage')`. */
export async function readProject(gh: Gh): Promise<Project> {
  const root = record(parsed(await gh(['repo', 'view', '--json', 'nameWithOwner,url,viewerPermission'])));
  const name = textIn(root, 'nameWithOwner');
  const url = textIn(root, 'url');
  if (!/^\w[\w.-]*\/[\w.-]+$/.test(name) || !/^https?:\/\/[\w.:-]+\/[\w.-]+\/[\w.-]+$/.test(url))
    throw new RedgreenError('usage', 'gh does not say which project on GitHub this repository belongs to.');
  return { name, url, canPush: ['ADMIN', 'MAINTAIN', 'WRITE'].includes(textIn(root, 'viewerPermission')) };
}

export interface PullRequest {
  /** Address of the project that it goes to. */
  readonly project: string;
  /** The branch, or `owner:branch` for one in another project. */
  readonly head: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
}

/** Opens a pull request for a branch that is pushed already, and gives its address. Throws `RedgreenError('usage')`. */
export async function createPullRequest(gh: Gh, request: PullRequest): Promise<string> {
  const { project, head, title, body, draft } = request;
  const said = await gh(
    ['pr', 'create', '--repo', project, '--head', head, '--title', title, '--body-file', '-', ...(draft ? ['--draft'] : [])],
    body,
  );
  return /https?:\/\/\S+/.exec(said)?.[0] ?? oneLine(said, 200);
}

type Rec = Readonly<Record<string, unknown>>;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new RedgreenError('usage', 'gh gave an answer that is no JSON; is it up to date?', { cause: thrown });
  }
}

function record(value: unknown): Rec {
  return typeof value === 'object' && value !== null ? (value as Rec) : {};
}

function textIn(from: Rec, key: string): string {
  const value = from[key];
  return typeof value === 'string' ? value : '';
}

function listIn(from: Rec, key: string): readonly Rec[] {
  const value = from[key];
  return Array.isArray(value) ? value.map(record) : [];
}
