// The rungs that this machine offers, for tests that must hold on each of them.

import type { Policy, Rung, RungKind } from '../../sandbox/index.ts';
import { chooseRung } from '../../sandbox/index.ts';
import { makeTestImage, TEST_IMAGE } from './image.ts';

export const NODE_INSIDE = '/redgreen/bin/node';

/** Chooses `kind` and nothing else. Null, with the reason printed, where the machine cannot; throws when a box leaks. */
export async function rungOf(kind: RungKind): Promise<Rung | null> {
  const noImage = kind === 'podman' ? makeTestImage() : null;
  const choice = noImage === null ? await chooseRung({ node: process.execPath, only: kind, image: TEST_IMAGE }) : null;
  if (choice?.rung) return choice.rung;
  const why = choice?.failures.find((failure) => failure.kind === kind)?.why ?? '';
  if (why.includes('broke out')) throw new Error(`${kind}: ${why}`);
  console.warn(`skipped: no ${kind} here\n${noImage ?? choice?.remedy}`);
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
