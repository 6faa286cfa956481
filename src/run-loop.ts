// A wired run: the ports put together, then the loop.

import { userDirs } from './config/dirs.ts';
import type { Config } from './config.ts';
import { processEnvironment } from './config.ts';
import { asError, type ErrorCode, RedgreenError } from './core/errors.ts';
import type { Body, Event, OutcomeKind } from './core/events.ts';
import type { IssueRef } from './core/issue.ts';
import type { Journal, Ports, Provider } from './core/ports.ts';
import { initialState, reduce } from './core/reduce.ts';
import type { Files } from './core/ref.ts';
import type { Series } from './core/slices.ts';
import type { State } from './core/state.ts';
import { drive } from './driver.ts';
import { type DiffStat, diffStat } from './effects/diff-stat.ts';
import type { RunFiles } from './effects/runs.ts';
import { createSteps } from './effects/steps/index.ts';
import { recordTo, replayFrom } from './effects/tape.ts';
import type { Target } from './effects/target.ts';
import { uncommitted } from './effects/uncommitted.ts';
import { version } from './root.ts';
import {
  createLanguages,
  createRunnerList,
  existingCode,
  junitRunners,
  type LazyBox,
  lazyBox,
  mapOf,
  promptSource,
  providedBySystem,
} from './run-adapters.ts';
import { createProvide } from './run-deps.ts';
import { knownBox } from './run-known-box.ts';
import type { Live } from './run-models.ts';
import type { Notes } from './run-notes.ts';
import { createResay } from './run-resay.ts';
import { answerFor, meetingOf } from './run-talk.ts';
import type { Surface } from './surfaces/surface.ts';

/** Where the model's answers come from. */
export type Mode =
  | { readonly kind: 'live' }
  /** From a tape file: `replay` stops at a request that differs, `demo` goes on. `pace` is in characters a second. */
  | { readonly kind: 'demo'; readonly tape: string; readonly pace?: number }
  /** `of` is the beginning of the run that is played again: it starts from the same commit with the same wishes; `recorded` is all of it, whose words are said again; `given` the user's own tests. */
  | {
      readonly kind: 'replay';
      readonly tape: string;
      readonly pace?: number;
      readonly of: Created;
      readonly recorded: readonly Event[];
      readonly given?: Files;
    };

export type Created = Extract<Body, { type: 'run.created' }>;

export interface RunOptions {
  readonly task: { readonly text: string };
  readonly target: { readonly cwd: string; readonly dir: string | null };
  readonly config: Config;
  readonly surface: Surface;
  readonly signal: AbortSignal;
  readonly mode: Mode;
  /** The branch to go on with, and the run that made it where that is known; null or left out for a branch of its own. Not read in a replay. */
  readonly onto?: Onto | null;
  /** The user's own tests, as files, folders or globs. Not read in a replay. */
  readonly tests?: readonly string[];
  /** A command that has to end with 0, as argv; null or left out: none. Not read in a replay. */
  readonly check?: readonly string[] | null;
  /** Source files to write tests for, as files, folders or globs; left out: the task is another. Not read in a replay. */
  readonly cover?: readonly string[];
  /** The issue that the task was made of; null or left out: none. Not read in a replay. */
  readonly issue?: IssueRef | null;
  /** The task is done in parts, of which this run does one; `first` is null in the first run. Not read in a replay. */
  readonly series?: (Omit<Series, 'first'> & { readonly first: string | null }) | null;
}

export type Onto = NonNullable<Created['onto']>;

export interface RunEnd {
  readonly run: string;
  /** The whole task; left out where the run had ended before. */
  readonly task?: string;
  readonly outcome: OutcomeKind;
  readonly reason: string;
  readonly code: ErrorCode | null;
  readonly branch: string | null;
  readonly commit: string | null;
  /** What the branch changes of code that exists, in files and lines. */
  readonly diff?: DiffStat;
}

export interface Wired extends Omit<RunOptions, 'target'> {
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

/** The command that the run's task is to make succeed; null when there is none. */
function checkOf({ first, events }: Wired): readonly string[] | null {
  const created = [...events.slice(0, 1), ...first].find((body) => body.type === 'run.created');
  return created?.type === 'run.created' ? created.check : null;
}

/** Drives a run to its end and gives it. */
export async function go(wired: Wired): Promise<RunEnd> {
  const { config, surface, events } = wired;
  const say: { now: (body: Body) => void } = { now: () => {} };
  const box = lazyBox({ config, target: wired.target, env: processEnvironment() });
  const languages = createLanguages(box.get, existingCode(wired.workspace));
  const runners = [...createRunnerList(checkOf(wired)), ...(await junitRunners(config))];
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
    map: mapOf(wired.workspace, wired.target.root),
    clock,
  };
  const perform = createSteps(ports, {
    testTimeoutMs: config.values.testTimeout,
    suiteTimeoutMs: config.values['tests.baselineTime'],
    scope: config.values['tests.scope'],
    mutationMs: config.values['proof.mutationTime'],
    provided: providedBySystem(box.get),
    provideChange: createProvide({ root: wired.target.root, workspace: wired.workspace, box: box.get }),
  });
  const resay = wired.mode.kind === 'replay' ? createResay(wired.mode.recorded, (body) => say.now(body)) : null;
  let quiet = () => {};
  let seen = events.reduce(reduce, initialState);
  if (events.length > 0) surface.recall?.(events);
  surface.meet?.(
    meetingOf(
      wired,
      () => seen,
      (body) => say.now(body),
    ),
  );
  try {
    const state = await drive({
      state: seen,
      seq: events.length,
      first: wired.first,
      concurrency: config.values.concurrency,
      journal: wired.journal,
      clock,
      perform,
      onEvent: (event, now) => {
        seen = now;
        surface.event(event, now);
        resay?.event(event);
        if (event.type === 'plan.vetted') answerFor(surface, seen, say.now);
      },
      ...(resay ? { beforeAsk: resay.beforeAsk } : {}),
      onSignal: (signal) => surface.signal(signal),
      stop: wired.signal,
      inbox: (tell) => {
        say.now = tell;
        quiet = announce(wired, box, tell);
      },
    });
    return { ...endOf(state), task: wired.task.text, ...(await diffOf(wired, state)) };
  } finally {
    quiet();
    close();
    await Promise.all(languages.map((l) => l.close()));
    await box.close();
  }
}

/**
 * Where a box held on this machine since it was started, the first request goes out before the box is probed again, which costs as much
 * as all that comes before it. Elsewhere the probe comes first: nothing is asked of a model that could not be used.
 */
const PROBE_AFTER_MS = 150;

/** Says what is known at the start, and a little later what the box says of itself. The function that it gives ends that. */
function announce(wired: Wired, box: LazyBox, tell: (body: Body) => void): () => void {
  for (const text of wired.target.remarks) tell({ type: 'note', text });
  wired.notes.listen((text) => tell({ type: 'note', text }));
  const known = knownBox(userDirs().state);
  const probe = () =>
    box.get().then(
      (b) => {
        if (b.safe) known.remember();
        tell({ type: 'box.chosen', rung: b.rung, safe: b.safe });
      },
      (thrown) => {
        const error = asError(thrown, 'box.failed');
        tell({ type: 'failed', id: 'box', code: error.code, message: error.message, retryable: false });
      },
    );
  if (!known.held()) void probe();
  const timer = known.held() ? setTimeout(() => void probe(), PROBE_AFTER_MS) : undefined;
  const ended = new AbortController();
  const isFirst = wired.mode.kind === 'live' && wired.events.length === 0 && !wired.target.created;
  const later = isFirst ? setTimeout(() => void tellUncommitted(wired.target, ended.signal, tell), PROBE_AFTER_MS) : undefined;
  return () => {
    ended.abort();
    clearTimeout(timer);
    clearTimeout(later);
  };
}

/** Says that a run does not see what is not committed, unless it has ended by then. Never rejects: what cannot be counted is not spoken of. */
async function tellUncommitted(target: Target, ended: AbortSignal, tell: (body: Body) => void): Promise<void> {
  const count = await uncommitted(target).catch(() => 0);
  if (count === 0 || ended.aborted) return;
  const files = count === 1 ? '1 file' : `${count} files`;
  const text =
    target.head === null
      ? `Nothing is committed here yet, so what is in this folder (${files}) is not read, and a new project is written; commit it first to have it changed.`
      : `What is not committed here (${files}) is no part of this run.`;
  tell({ type: 'note', text });
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
  const mutants = config.values['proof.mutants'];
  const meta = { run: files.id, redgreen: version(), model: live.models.plan[0] ?? '', task: wired.task.text, mutants };
  const recorder = recordTo(files.tape, provider, { secrets, meta });
  return { provider: recorder, close: () => recorder.close() };
}

/** What the branch changes of code that exists; nothing for a part of a large task, whose branch holds more. */
async function diffOf({ target }: Wired, { run, ended }: State): Promise<Pick<RunEnd, 'diff'>> {
  if (run === null || run.mode === 'new' || run.series || run.base.commit === null || !ended?.commit) return {};
  const diff = await diffStat(target.commonDir, run.base.commit, ended.commit);
  return diff === null ? {} : { diff };
}

/** How a run ended, from its last event. */
export function endOf(s: State): RunEnd {
  const ended = s.ended;
  if (!ended) throw new RedgreenError('internal', 'the run stopped without an end');
  const { outcome, reason, code, branch, commit } = ended;
  return { run: s.run?.run ?? '', outcome, reason, code, branch, commit };
}
