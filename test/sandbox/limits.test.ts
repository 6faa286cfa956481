import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Rung } from '../../sandbox/index.ts';
import { BOMBS, setOff } from './bombs.ts';
import { rungOf } from './rungs.ts';

describe.each([
  { kind: 'bubblewrap', cgroup: true },
  { kind: 'bubblewrap', cgroup: false },
  { kind: 'perl', cgroup: true },
  { kind: 'perl', cgroup: false },
] as const)('on $kind, control group $cgroup, a box stops', ({ kind, cgroup }) => {
  let rung: Rung | null = null;
  beforeAll(async () => {
    const made = await rungOf(kind);
    if (made !== null && cgroup && made.cgroup === null) console.warn(`skipped: ${made.noCgroup}`);
    rung = made === null || (cgroup && made.cgroup === null) ? null : { ...made, cgroup: cgroup ? made.cgroup : null };
  });
  afterAll(() => rung?.close());

  it.for(BOMBS)('$name', async (bomb, test) => {
    if (rung === null) return test.skip();
    expect(await setOff(rung, bomb)).toBe('');
  });
});
