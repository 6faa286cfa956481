// How long tests may take, in milliseconds. Generous, because a loaded machine must not turn an honest test red.

/** One test or hook. */
export const TEST_MS = 30_000;

/** Silence of a runner, or of a file's process, after which it is stopped; more than `TEST_MS`. */
export const SILENCE_MS = 45_000;
