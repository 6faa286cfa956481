// What the files that an author added to held before.

import type { TestId } from '../../../core/report.ts';
import type { State } from '../../../core/state.ts';
import { bareGround } from '../change/ground.ts';
import { runSuite } from '../change/suite.ts';
import type { Bench } from './bench.ts';

export interface Known {
  /** The written files that were there before. */
  readonly files: readonly string[];
  readonly ids: ReadonlySet<TestId>;
  /** Of these the ones that passed. */
  readonly passed: readonly TestId[];
}

/** Runs those files as the base has them. */
export async function knownTests({ ports, s, times, signal }: Bench, own: readonly string[]): Promise<Known> {
  const files = existing(s, own);
  if (files.length === 0) return { files, ids: new Set(), passed: [] };
  const ground = await bareGround(ports, s);
  const { report } = await runSuite(ports, s, { ground, tests: files, planted: false, timeoutMs: times.testTimeoutMs, signal });
  return {
    files,
    ids: new Set(report.tests.map((t) => t.id)),
    passed: report.tests.filter((t) => t.status === 'passed').map((t) => t.id),
  };
}

function existing(s: State, own: readonly string[]): readonly string[] {
  const base = new Set(s.run?.base.files ?? []);
  return own.filter((path) => base.has(path));
}
