// `redgreen` in a terminal: a prompt, and one run after the other.
import type { Config } from '../config.ts';
import { RedgreenError } from '../core/errors.ts';
import type { Onto } from '../run.ts';
import { line, WHOLE } from '../surfaces/line.ts';
import type { Live } from '../surfaces/live/live.tsx';
import type { Wish } from '../surfaces/live/orders/wishes.ts';
import { type Context, configFor, dirFlag, type Flags } from './context.ts';
import { greeting, modelLines } from './greeting.ts';
import { openLive } from './live-screen.ts';
import { interrupter } from './play.ts';
import { runToResume } from './resume.ts';
import { type Holding, sessionHooks } from './session-hooks.ts';
import { type Begin, type Ran, showRun } from './show-run.ts';
import { onSignals } from './signals.ts';

const MOST_CHARACTERS = 1_000_000;

/** What changes while a session lasts. */
interface Session {
  readonly context: Context;
  flags: Flags;
  onto: Onto | null;
  /** The last run. */
  last: string | null;
  /** Runs of this session that were stopped and can go on. */
  readonly stopped: Set<string>;
  /** Stops the run that works; null while none does. */
  interrupt: (() => void) | null;
  /** A signal wants the process to end. */
  isEnding: boolean;
}

/** Greets, then carries out what is wished until the person leaves. Resolves to 0, or 130 when it was ended in the middle of a run. */
export async function session(context: Context, flags: Flags, config: Config): Promise<number> {
  const onto = typeof flags['on'] === 'string' ? { branch: flags['on'], run: null } : null;
  const s: Session = { context, flags, onto, last: null, stopped: new Set(), interrupt: null, isEnding: false };
  const hooks = sessionHooks(
    context,
    holdingOf(s, () => live),
  );
  const live: Live = await openLive({ context, config, hooks, session: true, interrupt: () => s.interrupt?.() });
  const release = onSignals(context, (signal) => endBy(s, live, signal));
  try {
    live.goesOn(onto?.branch ?? null);
    live.print(await greeting(context, config, flags));
    void modelLines(config).then(live.print);
    return await carryOn(s, live);
  } finally {
    await live.close();
    release();
    for (const id of s.stopped) context.stdout.write(`To go on with what was stopped: redgreen resume ${id}\n`);
  }
}

function holdingOf(s: Session, live: () => Live): Holding {
  return {
    flags: () => s.flags,
    setFlags: (flags) => {
      s.flags = flags;
    },
    onto: () => s.onto?.branch ?? null,
    goOnWith: (branch) => {
      s.onto = branch === null ? null : { branch, run: null };
      live().goesOn(branch);
    },
    lastRun: () => s.last,
    print: (lines) => live().print(lines),
  };
}

/** A Ctrl-C that another program has asked for is its own; any other signal stops the run, and then the session. */
function endBy(s: Session, live: Live, signal: string): void {
  if (signal === 'SIGINT' && live.isAway()) return;
  live.leaveView();
  s.isEnding = true;
  if (s.interrupt === null) live.leave();
  else s.interrupt();
}

async function carryOn(s: Session, live: Live): Promise<number> {
  for (;;) {
    const wish = await live.next();
    if (wish.type === 'leave') return 0;
    const ran = await carryOut(s, live, wish);
    if (s.isEnding) return ran.result.run === null ? 0 : 130;
  }
}

async function carryOut(s: Session, live: Live, wish: Exclude<Wish, { type: 'leave' }>): Promise<Ran> {
  const stopping = new AbortController();
  s.interrupt = interrupter(stopping, s.context);
  const ran = await showRun(live.surface(), stopping.signal, wish.type === 'task' ? task(s, wish.text) : again(s, wish.run));
  s.interrupt = null;
  const { result, failure } = ran;
  if (result.run === null) {
    live.print([line('bad', '', failure?.message ?? result.reason, WHOLE)]);
    live.takeBack(wish.type === 'task' ? wish.text : `/resume${wish.run === null ? '' : ` ${wish.run}`}`);
    return ran;
  }
  s.last = result.run;
  // The branch of a series is that of the runs before.
  if ((result.branch === null || result.milestones !== undefined) && ['interrupted', 'budget', 'failed'].includes(result.outcome))
    s.stopped.add(result.run);
  else s.stopped.delete(result.run);
  if (result.branch !== null) {
    s.onto = { branch: result.branch, run: result.run };
    live.goesOn(result.branch);
  }
  return ran;
}

/** The plan is always shown and waits, so that a key can stop it; see `PLAN_MS`. */
function task(s: Session, text: string): Begin {
  return async (surface, signal) => {
    if (text.length > MOST_CHARACTERS)
      throw new RedgreenError('usage', 'That is more than 1 MB; a task is a text that a person could read.');
    const { context, flags, onto } = s;
    const config = await configFor(context, flags);
    const { startSeries } = await import('../run-series.ts');
    return startSeries({
      task: { text },
      target: { cwd: context.cwd, dir: dirFlag(context, flags) },
      config: { ...config, values: { ...config.values, approve: true } },
      surface,
      signal,
      mode: { kind: 'live' },
      onto,
    });
  };
}

function again(s: Session, name: string | null): Begin {
  return async (surface, signal) => {
    const run = await runToResume(s.context, s.flags, name ?? undefined);
    const config = await configFor({ ...s.context, cwd: run.target }, s.flags);
    const { resumeSeries } = await import('../run-series.ts');
    return resumeSeries({ target: { cwd: run.target, dir: null }, run: run.id, config, surface, signal });
  };
}
