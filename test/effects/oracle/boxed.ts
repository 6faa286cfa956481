// One real box for the tests of a file, and oracle files run in it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, test } from 'vitest';
import type { Order } from '../../../src/core/ports.ts';
import type { Files } from '../../../src/core/ref.ts';
import { createBox } from '../../../src/effects/box.ts';
import { runOracle } from '../../../src/effects/oracle/run.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'redgreen-oracle-'));
export const box = await createBox({ stateDir, env: { PATH: '/usr/bin:/bin' } }).catch(() => null);
afterAll(() => {
  box?.close();
  rmSync(stateDir, { recursive: true, force: true });
});

export const inBox = test.runIf(box !== null);

export interface Asked {
  readonly cases?: readonly object[];
  readonly properties?: readonly object[];
}

/** What an oracle shows of a tree: by name `passed`, or the failure's message. */
export async function ask(
  tree: Files,
  { cases = [], properties = [] }: Asked,
  order: Order | null = null,
  timeoutMs = 60_000,
): Promise<Record<string, string>> {
  if (box === null) return {};
  const path = 'test/oracle.json';
  const files = { 'package.json': '{"type":"module"}', ...tree, [path]: JSON.stringify({ cases, properties }) };
  const { report, result } = await runOracle(box, {
    tree: files,
    path,
    tests: [path],
    deps: null,
    readOnlyTree: true,
    order,
    timeoutMs,
  });
  if (report.broken || report.fileFailures.length > 0)
    return {
      broken: report.broken?.message ?? '',
      file: report.fileFailures[0]?.failure.message ?? '',
      why: `${result?.reason} ${result?.stderr}`,
    };
  return Object.fromEntries(report.tests.map((t) => [t.name, t.failure?.message ?? t.status]));
}

/** `ask`, all of whose names are expected to pass. */
export function passed(names: readonly { readonly name?: string }[]): Record<string, string> {
  return Object.fromEntries(names.map(({ name = '' }) => [name, 'passed']));
}
