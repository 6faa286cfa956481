// What redgreen wrote at the end of a commit's message: git-interpret-trailers(1).
import { oneLine } from './sanitise.ts';

/** Redgreen's own trailers of a message by key, each with every value that it has there; only the last paragraph counts. */
export function trailersOf(message: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const last =
    message
      .trimEnd()
      .slice(-20_000)
      .split(/\n[ \t]*\n/)
      .at(-1) ?? '';
  for (const line of last.split('\n')) {
    const [, key, value] = /^(Redgreen-[A-Za-z]{1,20}):[ \t]*(.{0,400})/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) found.set(key, [...(found.get(key) ?? []), oneLine(value, 400)]);
  }
  return found;
}

/** The value of `Redgreen-Tests`. `idle` counts the tests that passed on stubs too and prove nothing. */
export function testsTrailer(passed: number, all: number, idle: number): string {
  return `${passed} of ${all} passed${idle === 0 ? '' : `, ${idle} also on stubs`}`;
}

/** How many tests a commit says prove nothing. */
export function claimedIdle(value: string): number {
  return Number(/, (\d{1,6}) also on stubs$/.exec(value)?.[1] ?? 0);
}
