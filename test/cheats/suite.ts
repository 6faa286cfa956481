// Cases as tests: each is played, and at the end the count is printed.
import { afterAll, expect, test } from 'vitest';
import type { Honest } from './case.ts';
import { unplayable } from './judge-case.ts';
import { stage } from './play.ts';
import type { Outcome } from './read-outcome.ts';

/** Makes a test of each case. `problem` says what is wrong with how it ended, or null. */
export function playAll<T extends Honest>(title: string, cases: readonly T[], problem: (one: T, outcome: Outcome) => string | null): void {
  const place = stage();
  const wrong: string[] = [];
  const skipped: string[] = [];
  const times: number[] = [];
  afterAll(() => {
    place.remove();
    const seconds = (times.reduce((sum, ms) => sum + ms, 0) / Math.max(1, times.length) / 1000).toFixed(1);
    process.stdout.write(
      `${title} ${wrong.length} of ${cases.length - skipped.length} (${seconds} s each)\n${[...wrong, ...skipped].join('\n')}\n`,
    );
  });
  test.each(cases.map((one) => [one.runner, one.name, one] as const))('%s: %s', { timeout: 600_000 }, async (_runner, _name, one) => {
    const outcome = await place.play(one.played);
    const away = unplayable(outcome);
    if (away !== null) return void skipped.push(`skipped: ${one.runner}: ${one.name}: ${away}`);
    times.push(outcome.ms);
    const found = problem(one, outcome);
    if (found !== null) wrong.push(`${one.runner}: ${one.name}`);
    expect(found, found ?? '').toBeNull();
  });
}
