// Wires a run by hand: target, journal, models, adapters, box and screen, then the loop.
import { indexFile, userDirs } from './config/dirs.ts';
import { type Config, processEnvironment } from './config.ts';
import { asError, type ErrorCode, RedgreenError } from './core/errors.ts';
import type { Body, Event, OutcomeKind, RoleModels } from './core/events.ts';
import type { Journal, Ports, Provider } from './core/ports.ts';
import { oneLine } from './core/prompt-text.ts';
import { initialState, reduce } from './core/reduce.ts';
import type { State } from './core/state.ts';
import { drive } from './driver.ts';
import { createBlobs } from './effects/blobs.ts';
import { openJournal } from './effects/journal.ts';
import { createRun, findRun, indexRun, latestRun, lockRun, type RunFiles, runFiles } from './effects/runs.ts';
import { createSteps } from './effects/steps/index.ts';
import { recordTo, replayFrom } from './effects/tape.ts';
import { readTape } from './effects/tape-file.ts';
import { openTarget, type Target } from './effects/target.ts';
import { version } from './root.ts';
import {
  createLanguages,
  createRunnerList,
  existingCode,
  type LazyBox,
  lazyBox,
  openWorkspace,
  promptSource,
  providedBySystem,
} from './run-adapters.ts';
import { chooseModels, findEndpoints, liveModels } from './run-models.ts';
import type { Surface } from './surfaces/surface.ts';

/** Where the model's answers come from. */
export type Mode =
  | { readonly kind: 'live' }
  /** From a tape file: `replay` stops at a request that differs, `demo` goes on. `pace` is in characters a second. */
  | { readonly kind: 'demo'; readonly tape: string; readonly pace?: number }
  /** `of` is the beginning of the run that is played again: it starts from the same commit with the same wishes. */
  | { readonly kind: 'replay'; readonly tape: string; readonly pace?: number; readonly of: Created };

type Created = Extract<Body, { type: 'run.created' }>;

export interface RunOptions {
  readonly task: { readonly text: string };
  readonly target: { readonly cwd: string; readonly dir: string | null };
  readonly config: Config;
  readonly surface: Surface;
  readonly signal: AbortSignal;
  readonly mode: Mode;
}

export interface RunEnd {
  readonly outcome: OutcomeKind;
  readonly reason: string;
  readonly code: ErrorCode | null;
  readonly branch: string | null;
  readonly commit: string | null;
}

/** Runs one task from the prompt to an outcome. Throws `RedgreenError` for what prevents a run from beginning. */
export async function startRun(options: RunOptions): Promise<RunEnd> {
  const { config, mode } = options;
  const target = await openTarget({ cwd: options.target.cwd, dir: options.target.dir });
  const live = mode.kind === 'live' ? await prepareModels(config) : null;
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
    const workspace = await openWorkspace({ target, runId: files.id, base, created: target.created, onNote: notes.add });
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
      language: before ? before.language : config.values.language,
      runner: before ? before.runner : config.values.runner,
      base: await workspace.base(),
      source: mode.kind,
    };
    return await go({ ...options, target, files, journal, first: [first], events: [], live, blobs, workspace, notes });
  } finally {
    journal.close();
    lock.release();
  }
}

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
  const target = await openTarget({ cwd: options.target.cwd, dir: options.target.dir });
  const files = pickRun(target, options.run);
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
  const workspace = await openWorkspace({ target, runId: files.id, base: base.commit, created: createdRepository, onNote: notes.add });
  const first: Body = { type: 'resumed', limits: options.config.limits };
  const task = { text: await blobs.get(state.run.prompt) };
  return go({ ...options, task, mode: { kind: 'live' }, target, files, journal, first: [first], events, live, blobs, workspace, notes });
}

function pickRun(target: Target, wanted: string | null): RunFiles {
  if (wanted !== null) return findRun(target.stateDir, wanted);
  const latest = latestRun(target.stateDir);
  if (!latest) throw new RedgreenError('usage', `There is no run in ${target.root} to resume.`);
  return runFiles(target.stateDir, latest.id);
}

interface Live {
  readonly models: RoleModels;
  readonly provider: (news: Parameters<typeof liveModels>[3]) => Provider;
}

async function prepareModels(config: Config, before?: RoleModels): Promise<Live> {
  const { endpoints, servers } = await findEndpoints(config.values, config.models);
  const named = before && Object.values(config.models).every((m) => m.length === 0) ? before : config.models;
  const models = await chooseModels(named, endpoints, servers);
  return { models, provider: (news) => liveModels(models, endpoints, config.values, news) };
}

/** A tape's own model, for the header of a run that is played. */
function tapeModels(mode: Mode): RoleModels {
  if (mode.kind === 'live') throw new RedgreenError('internal', 'a live run has no tape');
  const { model } = readTape(mode.tape).meta;
  const name = [typeof model === 'string' ? model : 'a recorded model'];
  return { plan: name, tests: name, draft: name, repair: name };
}

interface Wired extends Omit<RunOptions, 'target'> {
  readonly target: Target;
  readonly files: RunFiles;
  readonly journal: Journal;
  readonly first: readonly Body[];
  readonly events: readonly Event[];
  readonly live: Live | null;
  readonly blobs: Ports['blobs'];
  readonly workspace: Ports['workspace'];
  readonly notes: Notes;
}

/** Holds what adapters have to say until the loop can journal it. */
interface Notes {
  readonly add: (text: string) => void;
  listen(say: (text: string) => void): void;
}

function createNotes(): Notes {
  const held: string[] = [];
  let tell = (text: string): void => void held.push(text);
  return {
    add: (text) => tell(text),
    listen: (say) => {
      tell = say;
      for (const text of held.splice(0)) say(text);
    },
  };
}

async function go(wired: Wired): Promise<RunEnd> {
  const { config, surface, events } = wired;
  const say: { now: (body: Body) => void } = { now: () => {} };
  const box = lazyBox({ config, target: wired.target, env: processEnvironment() });
  const languages = createLanguages(box.get, existingCode(wired.workspace));
  const runners = createRunnerList();
  const { provider, close } = modelOf(wired, (body) => say.now(body));
  const prompts = promptSource(config, wired.target, userDirs(), (note) => say.now({ type: 'note', text: note }));
  const clock = { now: () => Date.now() };
  const ports: Ports = {
    blobs: wired.blobs,
    journal: wired.journal,
    model: provider,
    prompts,
    languages,
    runners,
    box: box.get,
    workspace: wired.workspace,
    clock,
  };
  const perform = createSteps(ports, { testTimeoutMs: config.values.testTimeout, provided: providedBySystem(box.get) });
  try {
    const state = await drive({
      state: events.reduce(reduce, initialState),
      seq: events.length,
      first: wired.first,
      concurrency: config.values.concurrency,
      journal: wired.journal,
      clock,
      perform,
      onEvent: (event, now) => {
        surface.event(event, now);
        if (event.type === 'plan.vetted') void askUser(surface, now, say.now);
      },
      onSignal: (signal) => surface.signal(signal),
      stop: wired.signal,
      inbox: (tell) => {
        say.now = tell;
        announce(wired, box, tell);
      },
    });
    return endOf(state);
  } finally {
    close();
    await Promise.all(languages.map((l) => l.close()));
    await box.close();
  }
}

/** Says what is known at the start; the box says of itself when its probe is through. */
function announce(wired: Wired, box: LazyBox, tell: (body: Body) => void): void {
  for (const text of wired.target.remarks) tell({ type: 'note', text });
  wired.notes.listen((text) => tell({ type: 'note', text }));
  box.get().then(
    (b) => tell({ type: 'box.chosen', rung: b.rung, safe: b.safe }),
    (thrown) => {
      const error = asError(thrown, 'box.failed');
      tell({ type: 'failed', id: 'box', code: error.code, message: error.message, retryable: false });
    },
  );
}

function modelOf(wired: Wired, say: (body: Body) => void): { provider: Provider; close: () => void } {
  const { mode, live, files, config } = wired;
  if (mode.kind !== 'live') {
    const onDiffer = (key: string, difference: string) =>
      say({ type: 'note', text: `The request of ${key} is not the recorded one: ${difference}` });
    return { provider: replayFrom(mode.tape, { strict: mode.kind === 'replay', onDiffer, pace: mode.pace ?? 0 }), close: () => {} };
  }
  if (!live) throw new RedgreenError('internal', 'a live run has no models');
  const provider = live.provider({
    onWait: (ms, reason, request) => say({ type: 'waiting', id: `${request.step}/${request.subject}/${request.attempt}`, ms, reason }),
    onFallback: (from, to, reason) => say({ type: 'note', text: `${from} does not answer (${reason}); ${to} is asked instead` }),
  });
  const { openaiKey, anthropicKey, anthropicToken } = config.values;
  const secrets = [openaiKey, anthropicKey, anthropicToken].filter((s): s is string => typeof s === 'string' && s.length >= 8);
  const meta = { run: files.id, redgreen: version(), model: live.models.plan[0] ?? '', task: wired.task.text };
  const recorder = recordTo(files.tape, provider, { secrets, meta });
  return { provider: recorder, close: () => recorder.close() };
}

/** Asks for the user's word on a plan where the run waits for it. */
async function askUser(surface: Surface, s: State, say: (body: Body) => void): Promise<void> {
  const plan = s.planning.candidate;
  if (!plan || !s.planning.vetted || s.plan || !s.run?.approve) return;
  const decision = (await surface.decide?.(plan)) ?? { approved: true, remark: '' };
  say(decision.approved ? { type: 'plan.approved', remark: decision.remark } : { type: 'plan.rejected', remark: decision.remark });
}

function endOf(s: State): RunEnd {
  const ended = s.ended;
  if (!ended) throw new RedgreenError('internal', 'the run stopped without an end');
  return { outcome: ended.outcome, reason: ended.reason, code: ended.code, branch: ended.branch, commit: ended.commit };
}
