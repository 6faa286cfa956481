// What a run that goes on with a branch stands on: the tests from before, the code beside them, and what they are made with.
import type { CodeLanguage } from '../core/plan.ts';
import type { Runner, Workspace } from '../core/ports.ts';
import type { Files } from '../core/ref.ts';
import { detect, isTestOf } from './verify/project.ts';

export interface Ground {
  /** The last run on the branch; null when none was there. */
  readonly run: string | null;
  /** Test files of earlier runs, with their texts. */
  readonly kept: Files;
  /** The other files of earlier runs. */
  readonly others: readonly string[];
  /** What the kept tests are run with; null when there are none. */
  readonly made: { readonly language: CodeLanguage; readonly runner: string } | null;
}

/** Reads it from the base commit alone. Files that are no text, or larger than what `readBase` gives, are no tests. */
export async function groundOf(workspace: Pick<Workspace, 'base' | 'earlier' | 'readBase'>, runners: readonly Runner[]): Promise<Ground> {
  const { run, runner: hint, paths } = await workspace.earlier();
  const likely = paths.filter((path) => runners.some((runner) => isTestOf(runner, path)));
  const texts = await readAll(workspace, likely);
  const { files } = await workspace.base();
  const project = detect(texts, Object.fromEntries(files.map((path) => [path, ''])), likely, hint, runners);
  const kept = Object.fromEntries(Object.entries(texts).filter(([path]) => project !== null && isTestOf(project.runner, path)));
  const made = project && { language: project.language, runner: project.runner.id };
  return { run, kept, others: paths.filter((path) => kept[path] === undefined), made };
}

/** Texts of files of the base, those that can be had. */
export async function readAll(workspace: Pick<Workspace, 'readBase'>, paths: readonly string[]): Promise<Files> {
  const found = await Promise.all(paths.map(async (path) => [path, await workspace.readBase(path)] as const));
  return Object.fromEntries(found.flatMap(([path, text]) => (text === null ? [] : [[path, text]])));
}
