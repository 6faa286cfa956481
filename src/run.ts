// Begins a run: target, journal, models, then the loop.
import { indexFile, userDirs } from './config/dirs.ts';
import { processEnvironment } from './config.ts';
import { RedgreenError } from './core/errors.ts';
import type { Body, RoleModels } from './core/events.ts';
import { oneLine } from './core/prompt-text.ts';
import { createBlobs } from './effects/blobs.ts';
import { openJournal } from './effects/journal.ts';
import { createRun, indexRun, lockRun } from './effects/runs.ts';
import { readTape } from './effects/tape-file.ts';
import { openTarget } from './effects/target.ts';
import { version } from './root.ts';
import { openWorkspace, userGit } from './run-adapters.ts';
import { madeBy, standOn, startOf } from './run-ground.ts';
import { type Created, go, type Mode, type RunEnd, type RunOptions } from './run-loop.ts';
import { prepareModels } from './run-models.ts';
import { createNotes } from './run-notes.ts';

export type { Mode, Onto, RunEnd, RunOptions } from './run-loop.ts';
export { resumeRun } from './run-resume.ts';

/** Runs one task from the prompt to an outcome. Throws `RedgreenError` for what prevents a run from beginning. */
export async function startRun(options: RunOptions): Promise<RunEnd> {
  const { config, mode } = options;
  // Models first: where there is none, nothing is made in the folder.
  const live = mode.kind === 'live' ? await prepareModels(config) : null;
  const target = await openTarget({
    ...options.target,
    ...userGit(processEnvironment()),
    mustExist: (options.onto ?? null) !== null || options.cover !== undefined,
  });
  const start = await startOf(options, target);
  const files = createRun(target.stateDir, { now: Date.now(), random: Math.random });
  indexRun(indexFile(userDirs()), { stateDir: target.stateDir, id: files.id });
  const lock = lockRun(files);
  const journal = openJournal(files.journal);
  try {
    const blobs = createBlobs(files.blobs);
    const prompt = await blobs.put(options.task.text);
    const notes = createNotes();
    const workspace = openWorkspace({
      target,
      runId: files.id,
      base: start,
      created: target.created,
      isOurs: (root) => madeBy(target, root),
      onNote: notes.add,
      user: userGit(processEnvironment()),
      sign: config.values['proof.sign'],
    });
    const links = linksOf(options, files.id);
    const first: Body = {
      type: 'run.created',
      run: files.id,
      redgreen: version(),
      node: process.versions.node,
      prompt,
      title: titleOf(options, links.series),
      dir: target.root,
      createdRepository: target.created,
      models: live?.models ?? tapeModels(mode),
      limits: config.limits,
      concurrency: config.values.concurrency,
      approve: approveOf(options),
      mutants: mutantsOf(options),
      ...(await standOn(options, target, { workspace, blobs, say: notes.add })),
      ...links,
      source: mode.kind,
    };
    return await go({ ...options, target, files, journal, first: [first], events: [], live, blobs, workspace, notes });
  } finally {
    journal.close();
    lock.release();
  }
}

/** The issue of a run, and the runs before it that it goes on with. */
function linksOf({ mode, issue, series }: RunOptions, id: string): Pick<Created, 'issue' | 'series'> {
  const its = mode.kind === 'replay' ? mode.of : { issue, series };
  return {
    ...(its.issue ? { issue: its.issue } : {}),
    ...(its.series ? { series: { ...its.series, first: its.series.first ?? id } } : {}),
  };
}

/** The first line of a task, without the marks of a heading; of a later part what it was thought to be. */
function titleOf({ task }: RunOptions, series: Created['series']): string {
  const first = series?.expected[0]?.title ?? task.text.trim().split('\n')[0] ?? '';
  return oneLine(first.replace(/^#{1,6}\s+/, ''), 120);
}

/** A run that is played waits for a word on its plan where one was given, which is said again. */
function approveOf({ config, mode }: RunOptions): boolean {
  if (mode.kind !== 'replay') return config.values.approve;
  return mode.of.approve && mode.recorded.some((event) => event.type === 'plan.approved');
}

/** A run that is played has as many as when it was recorded. */
function mutantsOf({ config, mode }: RunOptions): number {
  if (mode.kind === 'replay') return mode.of.mutants;
  const wanted = config.values['proof.mutants'];
  if (mode.kind === 'live' || config.origins['proof.mutants'].layer !== 'default') return wanted;
  const { mutants } = readTape(mode.tape).meta;
  return typeof mutants === 'number' ? mutants : wanted;
}

/** A tape's own model, for the header of a run that is played. */
function tapeModels(mode: Mode): RoleModels {
  if (mode.kind === 'live') throw new RedgreenError('internal', 'a live run has no tape');
  const { model } = readTape(mode.tape).meta;
  const name = [typeof model === 'string' ? model : 'a recorded model'];
  return { plan: name, tests: name, draft: name, repair: name };
}
