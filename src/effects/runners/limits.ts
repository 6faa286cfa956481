// How long tests may take, in milliseconds. Generous, because a loaded machine must not turn an honest test red.
import type { RunnerOptions } from '../../core/ports.ts';

/** One test or hook. */
export const TEST_MS = 30_000;

/** Silence of a runner, or of a file's process, after which it is stopped; more than `TEST_MS`. */
export const SILENCE_MS = 45_000;

/** The same for tests by a project's own configuration, which were not written to be quick; where the project allows more, it counts. */
const PROJECT_TEST_MS = 60_000;
const PROJECT_SILENCE_MS = 120_000;

/** A project may ask for more, up to this: a test that hangs (one that needs the network, say) must not take the whole time. */
export const MOST_TEST_MS = 90_000;

export interface Limits {
  /** Milliseconds after which one test or hook fails. */
  readonly testMs?: number;
  /** Milliseconds without any news from the runner, or a file's process, after which it is stopped; more than `testMs`. */
  readonly silenceMs?: number;
}

/** What holds for a run: `own` where it is set, else the limits above. */
export function limitsOf({ project }: Pick<RunnerOptions, 'project'>, own: Limits): Required<Limits> {
  const [testMs, silenceMs] = project === null ? [TEST_MS, SILENCE_MS] : [PROJECT_TEST_MS, PROJECT_SILENCE_MS];
  return { testMs: own.testMs ?? testMs, silenceMs: own.silenceMs ?? silenceMs };
}
