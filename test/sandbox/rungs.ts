// The rungs that this machine offers, for tests that must hold on each of them.

import type { Policy, Rung, RungKind } from '../../sandbox/index.ts';
import { chooseRung } from '../../sandbox/index.ts';

export const NODE_INSIDE = '/redgreen/bin/node';

/** Chooses `kind` and nothing else. Null, with the reason printed, where the machine cannot; throws when a box leaks. */
export async function rungOf(kind: 'bubblewrap' | 'perl'): Promise<Rung | null> {
  const others = (['bubblewrap', 'perl'] as const).filter((other) => other !== kind) satisfies RungKind[];
  const choice = await chooseRung({ node: process.execPath, hide: others });
  if (choice.rung !== null) return choice.rung;
  const why = choice.failures.find((failure) => failure.kind === kind)?.why ?? '';
  if (why.includes('broke out')) throw new Error(`${kind}: ${why}`);
  console.warn(`skipped: no ${kind} here\n${choice.remedy}`);
  return null;
}

/** A policy with Node and nothing else; a copy of Node where the boxed user cannot reach this one (a private home, as root). */
export async function policyWith(on: Rung, extra: Partial<Policy> = {}): Promise<Policy> {
  return {
    read: [{ source: await on.staging.file(process.execPath), target: NODE_INSIDE }],
    write: [],
    env: { PATH: '/redgreen/bin:/usr/bin:/bin', HOME: '/tmp/home' },
    network: 'none',
    ...extra,
  };
}
