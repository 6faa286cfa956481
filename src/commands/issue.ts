// `--issue N`: an issue on GitHub becomes the task.
import { projectRoot } from '../config/project.ts';
import { KEYS, settingOf } from '../config/table.ts';
import { RedgreenError } from '../core/errors.ts';
import { type IssueRef, issueTask } from '../core/issue.ts';
import { createGh, type Gh, readIssue } from '../effects/gh.ts';
import { type Context, dirFlag, type Flags } from './context.ts';

/** `gh` in `--dir` or the current folder, with the user's environment but for the keys of models, which are none of its business. */
export function ghHere(context: Context, flags: Flags): Gh {
  const cwd = projectRoot(dirFlag(context, flags) ?? context.cwd);
  return createGh({ cwd, env: withoutKeys(context.env) });
}

/** An environment without the keys of models. */
export function withoutKeys(env: Context['env']): Context['env'] {
  const keys = new Set(KEYS.filter((key) => settingOf(key).secret).flatMap((key) => settingOf(key).env));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !keys.has(name)));
}

/** The task of the issue that `--issue` names, with the user's own words. Throws `RedgreenError('usage')`. */
export async function taskOfIssue(
  context: Context,
  flags: Flags,
  words: readonly string[],
): Promise<{ readonly text: string; readonly issue: IssueRef }> {
  const written = String(flags['issue']).replace(/^#/, '');
  if (!/^[1-9]\d{0,8}$/.test(written)) throw new RedgreenError('usage', '--issue takes the number of an issue, like --issue 12.');
  if (flags['file'] !== undefined) throw new RedgreenError('usage', 'Give the task as an issue or with --file, not both.');
  const issue = await readIssue(ghHere(context, flags), Number(written));
  const { number, title, url } = issue;
  return { text: issueTask(issue, words.join(' ')), issue: { number, title: title.slice(0, 300), url: url.slice(0, 300) } };
}
