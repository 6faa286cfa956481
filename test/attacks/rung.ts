// The tests of one rung: every attempt, as every user that there is.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RungKind } from '../../sandbox/index.ts';
import { ATTEMPTS } from './attempts/index.ts';
import type { Said, User } from './run.ts';
import { hasPerl, runJob, users } from './run.ts';
import { draw } from './table.ts';

export interface Of {
  /** Which attempts; those that take tens of seconds are `long`. */
  readonly speed: 'quick' | 'long' | 'all';
  /** Default: everyone that a harness can be started as. */
  readonly as?: readonly User[];
  /** The image of a container. */
  readonly image?: string;
}

/** Declares the tests of `kind` and prints its table. Where the rung is not to be had, they are skipped with the reason. */
export function attackRung(kind: RungKind, { speed, image, as = users() }: Of): void {
  const attempts = ATTEMPTS.filter((attempt) => speed === 'all' || (attempt.long === true) === (speed === 'long'));
  const said = new Map<User, Said>();
  beforeAll(async () => {
    const job = { rung: kind, removed: [], ids: attempts.map((attempt) => attempt.id), ...(image === undefined ? {} : { image }) };
    await Promise.all(as.map(async (user) => said.set(user, await runJob(job, user))));
  }, 900_000);
  afterAll(() => console.log(draw(attempts, new Map([...said].map(([user, one]) => [`${kind} as ${user}`, one])))));

  describe.each(as)(`${kind}, started as %s`, (user) => {
    it.for(attempts.map((attempt) => [attempt.id, attempt.what] as const))('%s: %s', ([id], test) => {
      const { missing, outcomes } = said.get(user) as Said;
      if (missing !== null) return test.skip(missing);
      const outcome = outcomes.find((one) => one.id === id);
      const known = attempts.find((attempt) => attempt.id === id)?.known?.[kind] !== undefined;
      expect(`${outcome?.verdict}: ${outcome?.detail}`).toMatch(known ? /^(held|escaped): / : hasPerl ? /^held: / : /^(held|skipped): /);
    });
  });
}
