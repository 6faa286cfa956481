// A large task in several runs, one for each part of it, on one branch: what is proven stays, and the rest is divided anew after each.
import { tokensOf } from './core/budget.ts';
import { RedgreenError } from './core/errors.ts';
import { workedMs } from './core/reduce-words.ts';
import { left, NOTHING_USED, type Series, type Slice, sum, type Used } from './core/slices.ts';
import type { State } from './core/state.ts';
import { type RunEnd, type RunOptions, startRun } from './run.ts';
import { type ResumeOptions, resumeRun } from './run-resume.ts';
import type { Earlier } from './surfaces/result.ts';
import type { Result, Surface } from './surfaces/surface.ts';

/** Characters from which on a task is divided when its user does not say. */
const LARGE = 4_000;

export interface SeriesEnd extends RunEnd {
  /** The parts that were begun, and what all runs but the last have used. */
  readonly milestones?: NonNullable<Result['milestones']>;
  readonly earlier?: Earlier;
}

/** Runs a task, in parts where it is large or that is wanted. Throws `RedgreenError` for what prevents a run from beginning. */
export async function startSeries(options: RunOptions): Promise<SeriesEnd> {
  if (!isDivided(options)) return startRun(options);
  const series = { first: null, n: 1, done: [], expected: [], used: NOTHING_USED };
  return carryOn(options, (surface) => startRun({ ...options, surface, series }));
}

/** Goes on with a run, and where it is one of several, with those that come after it. */
export function resumeSeries(options: ResumeOptions): Promise<SeriesEnd> {
  const { target, config, signal } = options;
  return carryOn({ target, config, signal, surface: options.surface }, (surface) => resumeRun({ ...options, surface }));
}

function isDivided({ mode, config, tests = [], check = null, issue = null, task }: RunOptions): boolean {
  const wish = config.values.milestones;
  if (mode.kind !== 'live' || wish === 'never') return false;
  const isGiven = tests.length > 0 || check !== null;
  if (wish === 'auto') return !isGiven && issue === null && task.text.length > LARGE;
  if (!isGiven) return true;
  throw new RedgreenError('usage', 'Milestones have tests of their own: leave out --milestones, or --tests and --check.');
}

interface Ended {
  readonly end: RunEnd;
  readonly state: State;
}

type Wishes = Pick<RunOptions, 'target' | 'config' | 'surface' | 'signal'>;

async function carryOn(wishes: Wishes, begin: (surface: Surface) => Promise<RunEnd>): Promise<SeriesEnd> {
  const all: Ended[] = [await watched(wishes.surface, begin)];
  for (let last = all[0]; last !== undefined; last = all.at(-1)) {
    const options = nextRun(wishes, last);
    if (options === null) break;
    all.push(await watched(wishes.surface, (surface) => startRun({ ...options, surface })));
  }
  return endOf(all);
}

/** Runs with an eye on the last state. */
async function watched(surface: Surface, begin: (surface: Surface) => Promise<RunEnd>): Promise<Ended> {
  const seen: { state: State | null } = { state: null };
  const end = await begin({
    ...surface,
    event: (event, state) => {
      seen.state = state;
      surface.event(event, state);
    },
  });
  if (seen.state === null) throw new RedgreenError('internal', 'the run ended without an event');
  return { end, state: seen.state };
}

/** The run for what is left after `last`; null when nothing is, or it was not green. */
function nextRun(wishes: Wishes, { end, state }: Ended): RunOptions | null {
  const { run, slices } = state;
  if (end.outcome !== 'green' || end.branch === null || end.task === undefined || !run?.series || !slices || slices.later.length === 0)
    return null;
  const used = usedBy(state);
  const { first, n, done } = run.series;
  const series: Series = { first, n: n + 1, done: [...done, slices.now.title], expected: slices.later, used: sum(run.series.used, used) };
  return {
    ...wishes,
    task: { text: end.task },
    config: { ...wishes.config, limits: left(run.limits, used) },
    mode: { kind: 'live' },
    onto: { branch: end.branch, run: run.run },
    issue: run.issue ?? null,
    series,
  };
}

function usedBy(s: State): Used {
  return { money: s.ledger.spent, tokens: tokensOf(s.ledger), requests: s.ledger.requests, wallMs: workedMs(s, s.lastAt) };
}

function endOf(all: readonly Ended[]): SeriesEnd {
  const last = all.at(-1);
  if (!last) throw new RedgreenError('internal', 'there was no run');
  const { end, state } = last;
  const { series } = state.run ?? {};
  if (!series) return end;
  const milestones = all.map(({ end, state }) => ({ title: titleOf(state), run: state.run?.run ?? '', outcome: end.outcome }));
  const proven = state.run?.onto?.branch ?? null;
  const where = end.branch === null && series.n > 1 ? { branch: proven, commit: state.run?.base.commit ?? null } : {};
  return { ...end, ...where, reason: reasonOf(end, state, series, proven), milestones, earlier: earlierOf(all.slice(0, -1)) };
}

function titleOf(s: State): string {
  return s.slices?.now.title ?? s.run?.title ?? '';
}

function reasonOf(end: RunEnd, s: State, { n, done, expected }: Series, proven: string | null): string {
  const open: readonly Slice[] = s.slices ? s.slices.later : expected.slice(1);
  const all = n + open.length;
  if (end.outcome === 'green' && open.length === 0)
    return all === 1 ? end.reason : `all ${all} milestones are green; the last: ${end.reason}`;
  const kept = done.length === 0 ? '' : `; what was done before stays proven on ${proven}`;
  const rest = open.length === 0 ? '' : `; still to do: ${open.map((one) => one.title).join(', ')}`;
  return `milestone ${n} of ${all} (${titleOf(s)}): ${end.reason}${kept}${rest}`;
}

function earlierOf(before: readonly Ended[]): Earlier {
  return before.reduce<Earlier>(
    (all, { state: s }) => ({
      cost: all.cost + s.ledger.spent,
      unpriced: all.unpriced + s.ledger.unpriced,
      tokens: all.tokens + tokensOf(s.ledger),
      rounds: all.rounds + s.round,
      ms: all.ms + workedMs(s, s.lastAt),
    }),
    { cost: 0, unpriced: 0, tokens: 0, rounds: 0, ms: 0 },
  );
}
