// Goes on with a run that was cut off.
import { existsSync } from 'node:fs';
import { indexFile, userDirs } from './config/dirs.ts';
import { type Config, processEnvironment } from './config.ts';
import { RedgreenError } from './core/errors.ts';
import type { Body, Event } from './core/events.ts';
import type { Journal } from './core/ports.ts';
import { initialState, reduce } from './core/reduce.ts';
import { left } from './core/slices.ts';
import type { State } from './core/state.ts';
import { createBlobs } from './effects/blobs.ts';
import { openJournal } from './effects/journal.ts';
import { findRun, isIndexed, latestRun, lockRun, type RunFiles, runFiles } from './effects/runs.ts';
import { readTape } from './effects/tape-file.ts';
import { openTarget, type Target } from './effects/target.ts';
import { openWorkspace, userGit } from './run-adapters.ts';
import { madeBy } from './run-ground.ts';
import { endOf, go, type RunEnd } from './run-loop.ts';
import { prepareModels } from './run-models.ts';
import { createNotes } from './run-notes.ts';
import type { Surface } from './surfaces/surface.ts';

export interface ResumeOptions {
  readonly target: { readonly cwd: string; readonly dir: string | null };
  /** The run's id or a part of it; null for the newest. */
  readonly run: string | null;
  readonly config: Config;
  readonly surface: Surface;
  readonly signal: AbortSignal;
}

/** Goes on with a run from its journal. A run that ended green is not touched; its end is given again. */
export async function resumeRun(options: ResumeOptions): Promise<RunEnd> {
  const target = await openTarget({ ...options.target, ...userGit(processEnvironment()) });
  const files = pickRun(target, options.run);
  const index = indexFile(userDirs());
  // A journal says what was proven and where packages lie: one that came with a repository is not believed.
  if (!isIndexed(index, files.id))
    throw new RedgreenError('usage', `Run ${files.id} is not one that you began here (it is not in ${index}); start its task anew.`);
  const lock = lockRun(files);
  try {
    const journal = openJournal(files.journal);
    try {
      return await resumeFrom(options, target, files, journal, journal.events);
    } finally {
      journal.close();
    }
  } finally {
    lock.release();
  }
}

async function resumeFrom(
  options: ResumeOptions,
  target: Target,
  files: RunFiles,
  journal: Journal,
  events: readonly Event[],
): Promise<RunEnd> {
  const state = events.reduce(reduce, initialState);
  if (!state.run) throw new RedgreenError('journal', `The journal of run ${files.id} is empty: start the task anew.`);
  if (state.run.source !== 'live') throw new RedgreenError('usage', `Run ${files.id} was played from a tape; play it again instead.`);
  if (state.ended?.outcome === 'green') {
    for (const event of events.slice(-1)) options.surface.event(event, state);
    return endOf(state);
  }
  const live = await prepareModels(options.config, state.run.models);
  const blobs = createBlobs(files.blobs);
  const notes = createNotes();
  const { base, createdRepository } = state.run;
  const workspace = openWorkspace({
    target,
    runId: files.id,
    base: base.commit,
    created: createdRepository,
    isOurs: (root) => madeBy(target, root),
    onNote: notes.add,
    user: userGit(processEnvironment()),
    sign: options.config.values['proof.sign'],
  });
  const { series } = state.run;
  const limits = series ? left(options.config.limits, series.used) : options.config.limits;
  const first: Body = { type: 'resumed', limits, lost: lostRequests(state, files.tape) };
  const task = { text: await blobs.get(state.run.prompt) };
  return go({ ...options, task, mode: { kind: 'live' }, target, files, journal, first: [first], events, live, blobs, workspace, notes });
}

/** Requests that were under way and whose answer did not reach the tape: they may have been paid for. */
function lostRequests({ ledger }: State, tape: string): readonly string[] {
  const open = Object.keys(ledger.reservedTokens);
  if (open.length === 0 || !existsSync(tape)) return open;
  const answered = new Set(readTape(tape).calls.map((call) => call.key));
  return open.filter((id) => !answered.has(id));
}

function pickRun(target: Target, wanted: string | null): RunFiles {
  if (wanted !== null) return findRun(target.stateDir, wanted);
  const latest = latestRun(target.stateDir);
  if (!latest) throw new RedgreenError('usage', `There is no run in ${target.root} to resume.`);
  return runFiles(target.stateDir, latest.id);
}
