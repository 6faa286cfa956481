import type { Config } from '../config.ts';
import { RedgreenError } from '../core/errors.ts';
import type { IssueRef } from '../core/issue.ts';
import { splitCommand } from '../effects/runners/split.ts';
import type { Result } from '../surfaces/surface.ts';
import { type Context, configFor, dirFlag, type Flags } from './context.ts';
import { isPerson } from './live-screen.ts';
import { type Begin, play } from './play.ts';
import { readTask } from './task.ts';

/** `redgreen "prompt"`: one task, from the prompt to a branch. */
export async function run(context: Context, args: readonly string[], flags: Flags): Promise<number> {
  const config = await configFor(context, flags);
  const asksNothing = args.length === 0 && flags['file'] === undefined && flags['issue'] === undefined && flags['json'] !== true;
  if (asksNothing && isPerson(context) && !config.values.plain) return (await import('./session.ts')).session(context, flags, config);
  if (config.values.approve && !canAnswer(context, flags)) {
    throw new RedgreenError(
      'usage',
      '--approve needs a terminal where you can answer; leave it out, or run without --json and without pipes.',
    );
  }
  const { text, issue } = await taskFor(context, args, flags);
  const { startSeries } = await import('../run-series.ts');
  return playWithPullRequest(context, config, flags, (surface, signal) =>
    startSeries({
      task: { text },
      target: { cwd: context.cwd, dir: dirFlag(context, flags) },
      config,
      surface,
      signal,
      mode: { kind: 'live' },
      tests: listOf(flags['tests']),
      check: typeof flags['check'] === 'string' ? splitCommand(flags['check']) : null,
      onto: typeof flags['on'] === 'string' ? { branch: flags['on'], run: null } : null,
      issue,
    }),
  );
}

/** The task's text, and the issue that it comes from. */
async function taskFor(
  context: Context,
  args: readonly string[],
  flags: Flags,
): Promise<{ readonly text: string; readonly issue: IssueRef | null }> {
  if (flags['issue'] !== undefined) return (await import('./issue.ts')).taskOfIssue(context, flags, args);
  const file = typeof flags['file'] === 'string' ? flags['file'] : null;
  const text = await readTask({
    words: args,
    file,
    get stdin() {
      return context.stdin;
    },
    cwd: context.cwd,
  });
  return { text, issue: null };
}

/** Plays the run, and where that was asked for opens a pull request at its end. */
async function playWithPullRequest(context: Context, config: Config, flags: Flags, begin: Begin): Promise<number> {
  if (flags['pr'] !== true && flags['prDraft'] !== true) return play(context, config, flags, begin);
  const { checkPullRequest, pullRequestAfter } = await import('./pull-request.ts');
  await checkPullRequest(context, flags);
  if (flags['json'] === true) {
    // The result is the last line: what becomes of the pull request is part of it.
    return play(context, config, flags, async (surface, signal) => {
      const end = await begin(surface, signal);
      const pullRequest = await pullRequestAfter(context, flags, { run: null, ...end });
      return pullRequest === undefined ? end : { ...end, pullRequest };
    });
  }
  const seen: { result: Result | null } = { result: null };
  const code = await play(context, config, flags, begin, (result) => {
    seen.result = result;
  });
  const made = seen.result === null ? undefined : await pullRequestAfter(context, flags, seen.result);
  return made === null ? 2 : code;
}

/** The values of a flag that may be given several times, or names several things after commas. */
function listOf(flag: unknown): readonly string[] {
  return Array.isArray(flag) ? flag.filter((one) => typeof one === 'string') : [];
}

function canAnswer(context: Context, flags: Flags): boolean {
  return flags['json'] !== true && context.stdin.isTTY === true && context.stdout.isTTY === true;
}
