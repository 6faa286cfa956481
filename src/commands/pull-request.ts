// `--pr` and `/pr`: a run's branch becomes a pull request, as a step of its own that somebody asked for.
import { createInterface } from 'node:readline/promises';
import { asError, RedgreenError } from '../core/errors.ts';
import { type Branch, pullRequestBody } from '../core/pull-request.ts';
import { initialState, reduce } from '../core/reduce.ts';
import { oneLine } from '../core/sanitise.ts';
import type { State } from '../core/state.ts';
import { trailersOf } from '../core/trailers.ts';
import { createPullRequest, type Gh, type PullRequest, readProject } from '../effects/gh.ts';
import { type Git, hardened } from '../effects/git.ts';
import { readJournal } from '../effects/journal.ts';
import { type Door, doorTo, pushBranch, readRemotes } from '../effects/push.ts';
import { isRunId, runFiles } from '../effects/runs.ts';
import { openTarget, type Target } from '../effects/target.ts';
import type { Result } from '../surfaces/surface.ts';
import { type Context, dirFlag, type Flags } from './context.ts';
import { ghHere, withoutKeys } from './issue.ts';
import { sayError } from './say-error.ts';

/** A pull request that can be opened now. */
export interface Offer {
  readonly branch: string;
  /** What will be done, in words. */
  readonly lines: readonly string[];
  /** Pushes and opens it; gives its address. Throws `RedgreenError('usage')`; the branch is there in any case. */
  readonly open: () => Promise<string>;
}

/** Looks whether a pull request could be opened at all, before anything is spent. Throws `RedgreenError('usage')` with what is missing. */
export async function checkPullRequest(context: Context, flags: Flags): Promise<void> {
  const canAnswer = context.stdin.isTTY === true && context.stderr.isTTY === true && flags['json'] !== true;
  if (flags['yes'] !== true && !canAnswer)
    throw new RedgreenError('usage', '--pr asks before it pushes, and there is no terminal to answer in: add --yes.');
  await wayOut(ghHere(context, flags), await targetHere(context, flags), context);
}

/** Prepares the pull request for the branch of a run; null when the run has put nothing on one. Throws `RedgreenError('usage')`; nothing is changed. */
export async function offerPullRequest(context: Context, flags: Flags, run: string): Promise<Offer | null> {
  const target = await targetHere(context, flags);
  const state = stateOf(target, run);
  const { shipped, ended } = state;
  if (shipped === null || ended === null) return null;
  const gh = ghHere(context, flags);
  const door = await wayOut(gh, target, context);
  const first = firstOf(target, state);
  const base = first?.base.commit ?? null;
  if (first === null || base === null)
    throw new RedgreenError(
      'usage',
      'The repository had no commit before: push the branch with git push, there is nothing to merge it into.',
    );
  const git = hardened({ gitDir: target.commonDir, ...pathOf(context) });
  const { title, body } = await words(git, base, state, state.run?.series ? first.title : null);
  const { branch, commit } = shipped;
  const request: PullRequest = {
    project: door.project.url,
    head: `${door.prefix}${branch}`,
    title,
    body,
    draft: ended.outcome !== 'green',
  };
  return {
    branch,
    lines: [
      `pushes ${branch} to ${door.remote.name} (${withoutSecrets(door.remote.url)})`,
      `opens a ${request.draft ? 'draft of a ' : ''}pull request: ${title}`,
    ],
    open: async () => {
      await pushBranch({ target, remote: door.remote, branch, commit, env: withoutKeys(context.env) });
      return createPullRequest(gh, request);
    },
  };
}

/** How a run ended whose branch may become a pull request. */
type Ended = Pick<Result, 'outcome' | 'branch' | 'run'>;

/**
 * The last step of a run that was begun with `--pr`: says what it would do, asks, does it. Gives the address, null when it could not be done
 * (why is said), and undefined when it was not to be done.
 */
export async function pullRequestAfter(context: Context, flags: Flags, ended: Ended): Promise<string | null | undefined> {
  const { outcome, branch, run } = ended;
  const say = (text: string) => context.stderr.write(`redgreen: ${text}\n`);
  if (branch === null || run === null) return undefined;
  if (outcome !== 'green' && flags['prDraft'] !== true) {
    say(`no pull request, because the run ended ${outcome}; --pr=draft opens a draft all the same.`);
    return undefined;
  }
  try {
    const offer = await offerPullRequest(context, flags, run);
    if (offer === null) return undefined;
    for (const text of offer.lines) say(text);
    if (flags['yes'] !== true && !(await isConfirmed(context))) {
      say(`nothing was pushed; ${branch} is here.`);
      return undefined;
    }
    const url = await offer.open();
    say(`pull request: ${url}`);
    return url;
  } catch (thrown) {
    sayError(context, asError(thrown), flags['debug'] === true);
    return null;
  }
}

async function isConfirmed({ stdin, stderr }: Context): Promise<boolean> {
  // The live screen has let go of the keyboard, and nothing else would keep the process.
  stdin.ref();
  const asking = createInterface({ input: stdin, output: stderr });
  const closed = new Promise<string>((resolve) => asking.once('close', () => resolve('no')));
  try {
    return /^y(es)?$/i.test((await Promise.race([asking.question('Do that? [y/N] '), closed])).trim());
  } finally {
    asking.close();
  }
}

function targetHere(context: Context, flags: Flags): Promise<Target> {
  const { env } = context;
  const home = env['HOME'] === undefined ? {} : { home: { dir: env['HOME'], xdgConfig: env['XDG_CONFIG_HOME'] } };
  return openTarget({ cwd: context.cwd, dir: dirFlag(context, flags), mustExist: true, ...pathOf(context), ...home });
}

function pathOf({ env }: Context): { readonly path?: string } {
  return env['PATH'] === undefined ? {} : { path: env['PATH'] };
}

async function wayOut(gh: Gh, target: Target, context: Context): Promise<Door> {
  const remotes = await readRemotes(target, context.env);
  if (remotes.length === 0)
    throw new RedgreenError('usage', 'This repository has no remote to push to: add one (git remote add origin …), and try again.');
  return doorTo(await readProject(gh), remotes);
}

function stateOf(target: Target, run: string): State {
  if (!isRunId(run)) throw new RedgreenError('usage', `"${oneLine(run, 40)}" is no run; redgreen runs lists them.`);
  return readJournal(runFiles(target.stateDir, run).journal).reduce(reduce, initialState);
}

/** The run that began the branch: in a series of runs the first. */
function firstOf(target: Target, state: State): State['run'] {
  const first = state.run?.series?.first;
  return first === undefined || first === state.run?.run ? state.run : stateOf(target, first).run;
}

/** `title`: that of the task, where the last commit is only a part of it. */
async function words(git: Git, base: string, s: State, title: string | null): Promise<{ readonly title: string; readonly body: string }> {
  const { branch, commit } = s.shipped ?? { branch: '', commit: '' };
  const [stat, log, message] = await Promise.all([
    git.raw(['diff', '--numstat', '--no-ext-diff', '--no-textconv', '--no-renames', '-z', base, commit]),
    git.raw(['log', '--reverse', '--format=%s', `${base}..${commit}`]),
    git.raw(['log', '-1', '--format=%B', commit]),
  ]);
  const changed = stat.split('\0').flatMap((line) => {
    const [added, removed, path] = line.split('\t');
    return added === undefined || removed === undefined || path === undefined ? [] : [{ path, added, removed }];
  });
  const about: Branch = {
    branch,
    subjects: log.split('\n').filter(Boolean),
    changed,
    outcome: s.ended?.outcome ?? 'red',
    reason: s.ended?.reason ?? '',
    tests: trailersOf(message).get('Redgreen-Tests')?.[0] ?? '',
    proof: s.proof?.statement?.digest ?? null,
    issue: s.run?.issue?.number ?? null,
  };
  return { title: oneLine(title ?? message.split('\n')[0] ?? '', 120) || branch, body: pullRequestBody(about) };
}

/** An address without what stands before the @, which may be a token. */
function withoutSecrets(url: string): string {
  return oneLine(url.replace(/^([\w.+-]+:\/\/)[^/@]*@/, '$1'), 200);
}
