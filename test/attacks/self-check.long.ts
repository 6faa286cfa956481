// Do the attempts bite? Protections are taken away in an outer box, and what they are there for must then succeed.
import { describe, expect, it } from 'vitest';
import type { Attempt } from './attempt.ts';
import { ATTEMPTS } from './attempts/index.ts';
import { runInOuter, whyNoOuter } from './outer.ts';
import type { User } from './run.ts';
import type { Removal } from './weaken.ts';
import { REMOVALS } from './weaken.ts';

const RUNGS = ['bubblewrap', 'perl'] as const;
type Rung = (typeof RUNGS)[number];

interface Group {
  readonly rung: Rung;
  readonly user: User;
  readonly removed: readonly Removal[];
  readonly attempts: readonly Attempt[];
}

/** Attempts that the same removals let through, on each rung that they are shown on. */
function groups(): readonly Group[] {
  const all = new Map<string, Group & { attempts: Attempt[] }>();
  for (const attempt of ATTEMPTS) {
    if (typeof attempt.bites === 'string') continue;
    for (const rung of attempt.bitesOn?.rung === undefined ? RUNGS : [attempt.bitesOn.rung]) {
      const user = attempt.bitesOn?.user ?? 'root';
      const key = `${rung} ${user} ${attempt.bites.join('+')}`;
      const group = all.get(key) ?? { rung, user, removed: attempt.bites, attempts: [] };
      all.set(key, group);
      group.attempts.push(attempt);
    }
  }
  return [...all.values()].map((group) => ({ ...group, name: `${group.rung} without ${group.removed.join(' and ')}, as ${group.user}` }));
}

const why = whyNoOuter();
if (why !== null) console.warn(`skipped: ${why}`);

describe.skipIf(why !== null)('the attempts bite', () => {
  it.each(RUNGS)(
    'and fail in the outer box too when nothing is removed: %s',
    async (rung) => {
      const ids = ATTEMPTS.filter((attempt) => attempt.long !== true).map((attempt) => attempt.id);
      const { outcomes } = await runInOuter({ rung, removed: [], ids }, 'root');
      expect(outcomes.filter((outcome) => outcome.verdict !== 'held')).toEqual([]);
      expect(outcomes.length).toBe(ids.length);
    },
    400_000,
  );

  it('and fail on the rung of Perl where root may not make user namespaces', async () => {
    const ids = ATTEMPTS.filter((attempt) => attempt.long !== true).map((attempt) => attempt.id);
    const { outcomes } = await runInOuter({ rung: 'perl', removed: [], ids, noUserns: true }, 'root');
    expect(outcomes.filter((outcome) => outcome.verdict !== 'held')).toEqual([]);
    expect(outcomes.length).toBe(ids.length);
  }, 400_000);

  it.each(groups())(
    '$name',
    async ({ rung, user, removed, attempts }) => {
      const { outcomes } = await runInOuter({ rung, removed, ids: attempts.map((attempt) => attempt.id) }, user);
      expect(outcomes.map(({ id, verdict }) => `${id}: ${verdict}`).sort()).toEqual(attempts.map(({ id }) => `${id}: escaped`).sort());
    },
    400_000,
  );
});

describe('the self-check', () => {
  it('shows every protection to be needed by itself', () => {
    const alone = new Set(ATTEMPTS.flatMap(({ bites }) => (typeof bites !== 'string' && bites.length === 1 ? bites : [])));
    const missing = Object.keys(REMOVALS).filter((removal) => !alone.has(removal as Removal) && !(removal in LAYERED));
    expect(missing).toEqual([]);
  });
});

/** Protections behind another one: only together are they missed. */
const LAYERED = { userns: 'the filter refuses new namespaces as well' };
