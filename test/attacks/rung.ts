// The tests of one rung: every attempt, as every user that there is.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RungKind } from '../../sandbox/index.ts';
import { ATTEMPTS } from './attempts/index.ts';
import type { Said, User } from './run.ts';
import { hasPerl, runJob, users } from './run.ts';
import { draw } from './table.ts';

/** Declares the tests of `kind`. `long`: those that take tens of seconds. */
export function attackRung(kind: RungKind, long = false): void {
  const attempts = ATTEMPTS.filter((attempt) => (attempt.long ?? false) === long);
  const said = new Map<User, Said>();
  beforeAll(async () => {
    const job = { rung: kind, removed: [], ids: attempts.map((attempt) => attempt.id) };
    await Promise.all(users().map(async (user) => said.set(user, await runJob(job, user))));
  }, 600_000);
  afterAll(() => console.log(draw(attempts, new Map([...said].map(([user, one]) => [`${kind} as ${user}`, one])))));

  describe.each(users())(`${kind}, started as %s`, (user) => {
    it.each(attempts.map((attempt) => [attempt.id, attempt.what] as const))('%s: %s', (id, _what) => {
      const { missing, outcomes } = said.get(user) as Said;
      if (missing !== null) {
        console.warn(`skipped: ${missing}`);
        return;
      }
      const outcome = outcomes.find((one) => one.id === id);
      expect(`${outcome?.verdict}: ${outcome?.detail}`).toMatch(hasPerl ? /^held: / : /^(held|skipped): /);
    });
  });
}
