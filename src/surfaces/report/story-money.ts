// What was spent when, and for which kind of work.
import type { Event, Limits } from '../../core/events.ts';
import { type Role, roleOf } from '../../core/model.ts';
import { workedMs } from '../../core/reduce-words.ts';
import type { State } from '../../core/state.ts';

export const ROLES: readonly Role[] = ['plan', 'tests', 'draft', 'repair'];

/** Sums of one role. */
export interface Spent {
  readonly cost: number;
  readonly answers: number;
  /** Answers whose price is not known. */
  readonly unpriced: number;
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
}

/** What was spent up to a moment. */
export interface Point {
  /** Milliseconds of the run's own time; pauses do not count. */
  readonly worked: number;
  readonly cost: Readonly<Record<Role, number>>;
  /** Tokens sent that were not read from a cache, tokens read from one, tokens received. */
  readonly fresh: number;
  readonly cached: number;
  readonly output: number;
}

export interface Money {
  readonly points: readonly Point[];
  readonly roles: Readonly<Record<Role, Spent>>;
  /** By `provider/model`. */
  readonly models: Readonly<Record<string, Spent>>;
  /** The caps, and from when they held. */
  readonly caps: readonly { readonly worked: number; readonly limits: Limits }[];
}

const NONE: Spent = { cost: 0, answers: 0, unpriced: 0, input: 0, cached: 0, cacheWrite: 0, output: 0 };
const NO_COST: Point['cost'] = { plan: 0, tests: 0, draft: 0, repair: 0 };
/** Points of the curves; when there are more, every second one is dropped: the sums stay right. */
const MOST = 2_000;
const MOST_MODELS = 100;

type Answered = Extract<Event, { type: 'answered' }>;

/** Gathers the sums, event by event. */
export function createMoney() {
  let points: Point[] = [];
  let last: Point = { worked: 0, cost: NO_COST, fresh: 0, cached: 0, output: 0 };
  const roles: Record<Role, Spent> = { plan: NONE, tests: NONE, draft: NONE, repair: NONE };
  const models = new Map<string, Spent>();
  const caps: Money['caps'][number][] = [];

  const answered = (event: Answered, worked: number) => {
    const role = roleOf(event.step);
    roles[role] = plus(roles[role], event);
    if (models.has(event.model) || models.size < MOST_MODELS) models.set(event.model, plus(models.get(event.model) ?? NONE, event));
    const { usage } = event;
    last = {
      worked,
      cost: { ...last.cost, [role]: last.cost[role] + (event.cost ?? 0) },
      fresh: last.fresh + usage.input + usage.cacheWrite,
      cached: last.cached + usage.cached,
      output: last.output + usage.output,
    };
    points.push(last);
    if (points.length > MOST) points = points.filter((_, i) => i % 2 === 0);
  };

  return {
    event(event: Event, state: State): void {
      if (event.type === 'answered') answered(event, workedMs(state, event.at));
      else if (event.type === 'run.created' || event.type === 'limits' || event.type === 'resumed')
        caps.push({ worked: workedMs(state, event.at), limits: event.limits });
    },
    done: (): Money => ({
      points: points.at(-1) === last || points.length === 0 ? points : [...points, last],
      roles,
      models: Object.fromEntries(models),
      caps: caps.slice(-100),
    }),
  };
}

function plus(sum: Spent, { usage, cost }: Answered): Spent {
  return {
    cost: sum.cost + (cost ?? 0),
    answers: sum.answers + 1,
    unpriced: sum.unpriced + (cost === null ? 1 : 0),
    input: sum.input + usage.input,
    cached: sum.cached + usage.cached,
    cacheWrite: sum.cacheWrite + usage.cacheWrite,
    output: sum.output + usage.output,
  };
}
