// The only loop: state → next(state) → commands → effects → events → journal → reduce → state.
import PQueue from 'p-queue';
import { type Asked, admit, worstTokens } from './core/budget.ts';
import { asError, RedgreenError } from './core/errors.ts';
import { type Body, type Command, EVENT_VERSION, type Event, type Signal } from './core/events.ts';
import { next } from './core/next.ts';
import { outcomeOf } from './core/outcome.ts';
import type { Clock, Journal } from './core/ports.ts';
import { reduce } from './core/reduce.ts';
import { awaitsPlan } from './core/reduce-words.ts';
import type { State } from './core/state.ts';

/** What a step may do while it works. */
export interface StepContext {
  /** The state as it is now; it moves on while a step works. */
  readonly state: () => State;
  /** Journals an event, then believes it. */
  readonly emit: (body: Body) => void;
  /** Shows something that is never journaled. */
  readonly show: (signal: Signal) => void;
  /** Checks a request against the caps and reserves its worst case; false when a cap would be overshot (the run then ends). */
  readonly reserve: (command: Command, asked: Asked) => boolean;
  readonly signal: AbortSignal;
}

/** Carries out one command. What it emits last ends the command. */
export type Perform = (command: Command, context: StepContext) => Promise<void>;

export interface DriveOptions {
  readonly state: State;
  /** Events that open the run, journaled before anything else happens. */
  readonly first: readonly Body[];
  /** Requests to models at a time. */
  readonly concurrency: number;
  /** Events journaled so far. */
  readonly seq: number;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly perform: Perform;
  readonly onEvent: (event: Event, state: State) => void;
  readonly onSignal: (signal: Signal) => void;
  /** Stops the run cleanly; it can be resumed. */
  readonly stop: AbortSignal;
  /** Told of each request to a model before it is made from the state; it waits for the promise. */
  readonly beforeAsk?: (command: Command) => Promise<void> | undefined;
  /** Hands over what the user says while the run works. */
  readonly inbox?: (say: (body: Body) => void) => void;
}

/** Drives a run to its end and returns the last state. Never throws for what a step does wrong: that is an event. */
export async function drive(options: DriveOptions): Promise<State> {
  const loop = createLoop(options);
  for (const body of options.first) loop.emit(body);
  options.inbox?.(loop.say);
  const stop = () => loop.say({ type: 'stopped', reason: 'stopped by the user' });
  if (options.stop.aborted) stop();
  else options.stop.addEventListener('abort', stop, { once: true });
  try {
    return await loop.run();
  } finally {
    options.stop.removeEventListener('abort', stop);
  }
}

function createLoop(options: DriveOptions) {
  let state = options.state;
  let seq = options.seq;
  let wake = () => {};
  /** What broke the journal, and what no step expected. */
  let crash: { readonly thrown: unknown } | null = null;
  let bug: { readonly thrown: unknown } | null = null;
  const running = new Map<string, Promise<void>>();
  const requests = new PQueue({ concurrency: options.concurrency });
  const aborter = new AbortController();

  /** Without its journal a run cannot go on: what is under way is stopped, and the error is thrown by `run`. */
  const crashed = (thrown: unknown): void => {
    crash ??= { thrown };
    aborter.abort();
    wake();
  };

  const emit = (body: Body): void => {
    const event: Event = { ...body, v: EVENT_VERSION, seq: ++seq, at: options.clock.now() };
    try {
      options.journal.append(event);
    } catch (thrown) {
      crashed(thrown);
      throw thrown;
    }
    state = reduce(state, event);
    options.onEvent(event, state);
    if (state.ended || (state.ending && !settlesItself(state))) aborter.abort();
    wake();
  };

  const reserve = (command: Command, asked: Asked): boolean => {
    if (state.ending) return false;
    const limits = state.run?.limits;
    const refusal = limits ? admit(state.ledger, limits, asked) : null;
    if (refusal) {
      emit({ type: 'budget.reached', of: 'run', ...refusal });
      return false;
    }
    emit(started(command, asked));
    return true;
  };

  const context: StepContext = {
    state: () => state,
    // What a step says after the end of the run is no part of it.
    emit: (body) => (state.ended ? undefined : emit(body)),
    show: options.onSignal,
    reserve,
    signal: aborter.signal,
  };

  const request = async (command: Command): Promise<void> => {
    await options.beforeAsk?.(command);
    if (!state.ending) await options.perform(command, context);
  };

  const carryOut = async (command: Command): Promise<void> => {
    try {
      if (command.kind === 'ask') await requests.add(() => request(command));
      else {
        emit(started(command, null));
        await options.perform(command, context);
      }
      if (command.kind !== 'deadline' && state.inflight[command.id]) throw noResult(command, state);
    } catch (thrown) {
      if (state.ended || state.ending?.outcome === 'interrupted') return;
      const expected = state.ending !== null;
      const error = asError(thrown);
      emit({ type: 'failed', id: command.id, code: error.code, message: error.message, retryable: error.retryable });
      if (error.code === 'internal' && !expected) bug ??= { thrown };
    }
  };

  const launch = (command: Command): void => {
    if (command.kind === 'end') {
      const shipped = state.shipped;
      emit({ type: 'ended', ...outcomeOf(state), branch: shipped?.branch ?? null, commit: shipped?.commit ?? null });
      return;
    }
    const work = carryOut(command)
      .catch(crashed)
      .finally(() => running.delete(command.id));
    running.set(command.id, work);
  };

  const say = (body: Body): void => {
    if (state.ended || crash) return;
    try {
      emit(body);
    } catch (thrown) {
      crashed(thrown);
    }
  };

  /** Nothing is under way, nothing may begin, and nobody is asked. */
  const isStuck = (): boolean => {
    const waitsForUser = awaitsPlan(state) || state.pausedAt !== null;
    return !waitsForUser && ![...running.keys()].some((id) => !id.startsWith('deadline/'));
  };

  const advance = async (): Promise<void> => {
    while (!state.ended && !crash) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      for (const command of next(state)) if (!running.has(command.id) && !state.ended) launch(command);
      if (!state.ended && isStuck())
        throw new RedgreenError('internal', 'the run has come to a state from which it does not know how to go on');
      if (!state.ended) await Promise.race([...running.values(), woken]);
    }
  };

  const run = async (): Promise<State> => {
    await advance().catch(crashed);
    aborter.abort();
    requests.clear();
    await Promise.allSettled(running.values());
    const failure = crash ?? bug;
    if (failure) throw failure.thrown;
    return state;
  };

  return { run, emit, say };
}

/** Requests in flight are paid for: when a cap other than time ends a run, their answers are still waited for. */
function settlesItself(s: State): boolean {
  return s.ending?.outcome === 'budget' && !s.ending.reason.startsWith('the time');
}

/** A step that was stopped ends without a result; one that was not must never do so. */
function noResult({ id }: Command, { ending }: State): RedgreenError {
  return new RedgreenError(ending?.code ?? 'internal', ending ? `${id} was stopped` : `${id} ended without a result`);
}

function started(command: Command, asked: Asked | null): Body {
  const { id, kind, step, subject, attempt } = command;
  return {
    type: 'started',
    id,
    kind,
    step,
    subject,
    attempt,
    reserved: asked?.dollars ?? null,
    reservedTokens: asked ? worstTokens(asked) : 0,
  };
}
