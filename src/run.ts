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
import { go, type Mode, type RunEnd, type RunOptions } from './run-loop.ts';
import { prepareModels } from './run-models.ts';
import { createNotes } from './run-notes.ts';

export type { Mode, RunEnd, RunOptions } from './run-loop.ts';
export { resumeRun } from './run-resume.ts';

/** Runs one task from the prompt to an outcome. Throws `RedgreenError` for what prevents a run from beginning. */
export async function startRun(options: RunOptions): Promise<RunEnd> {
  const { config, mode } = options;
  // Models first: where there is none, nothing is made in the folder.
  const live = mode.kind === 'live' ? await prepareModels(config) : null;
  const target = await openTarget({ ...options.target, ...userGit(processEnvironment()) });
  const files = createRun(target.stateDir, { now: Date.now(), random: Math.random });
  indexRun(indexFile(userDirs()), { stateDir: target.stateDir, id: files.id });
  const lock = lockRun(files);
  const journal = openJournal(files.journal);
  try {
    const blobs = createBlobs(files.blobs);
    const prompt = await blobs.put(options.task.text);
    const notes = createNotes();
    const before = mode.kind === 'replay' ? mode.of : null;
    const base = before ? before.base.commit : target.head;
    const workspace = openWorkspace({
      target,
      runId: files.id,
      base,
      created: target.created,
      onNote: notes.add,
      user: userGit(processEnvironment()),
      sign: config.values['proof.sign'],
    });
    const first: Body = {
      type: 'run.created',
      run: files.id,
      redgreen: version(),
      node: process.versions.node,
      prompt,
      title: oneLine(options.task.text.trim().split('\n')[0] ?? '', 120),
      dir: target.root,
      createdRepository: target.created,
      models: live?.models ?? tapeModels(mode),
      limits: config.limits,
      concurrency: config.values.concurrency,
      approve: before === null && config.values.approve,
      mutants: mutantsOf(options),
      language: before ? before.language : config.values.language,
      runner: before ? before.runner : config.values.runner,
      base: await workspace.base(),
      onto: null,
      kept: {},
      source: mode.kind,
    };
    return await go({ ...options, target, files, journal, first: [first], events: [], live, blobs, workspace, notes });
  } finally {
    journal.close();
    lock.release();
  }
}

/** A run that is played has as many as when it was recorded. */
function mutantsOf({ config, mode }: RunOptions): number {
  return mode.kind === 'replay' ? mode.of.mutants : config.values['proof.mutants'];
}

/** A tape's own model, for the header of a run that is played. */
function tapeModels(mode: Mode): RoleModels {
  if (mode.kind === 'live') throw new RedgreenError('internal', 'a live run has no tape');
  const { model } = readTape(mode.tape).meta;
  const name = [typeof model === 'string' ? model : 'a recorded model'];
  return { plan: name, tests: name, draft: name, repair: name };
}
