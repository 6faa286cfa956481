// Runs test files of a project in the real box, the way a step does.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { Order, Runner } from '../../../src/core/ports.ts';
import type { Files } from '../../../src/core/ref.ts';
import type { TestId, TestReport } from '../../../src/core/report.ts';
import { createBox, type HostBox } from '../../../src/effects/box.ts';
import { runTests } from '../../../src/effects/steps/testing.ts';

/** The box of this machine, with the user's own environment; null where there is none. */
export async function openTestBox(): Promise<HostBox | null> {
  const stateDir = mkdtempSync(join(tmpdir(), 'redgreen-state-'));
  const box = await createBox({ stateDir, env: process.env }).catch(() => null);
  afterAll(() => {
    box?.close();
    rmSync(stateDir, { recursive: true, force: true });
  });
  return box;
}

/** The files of a project in test/fixtures/runners. */
export function fixture(name: string): Files {
  const root = fileURLToPath(new URL(`../../fixtures/runners/${name}`, import.meta.url));
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(root, path)).isFile());
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

export interface BoxedRun {
  readonly report: TestReport;
  /** Status by id. */
  readonly statuses: Readonly<Record<TestId, string>>;
  /** Message by id of a failing test, or by path of a file that failed outside its tests. */
  readonly messages: Readonly<Record<string, string>>;
  readonly output: string;
}

export interface BoxedOptions {
  readonly tree: Files;
  readonly tests: readonly string[];
  readonly only?: readonly TestId[];
  readonly order?: Order;
  readonly readOnlyTree?: boolean;
}

/** Runs `tests` once. */
export async function runBoxed(box: HostBox, runner: Runner, options: BoxedOptions): Promise<BoxedRun> {
  const run = { deps: null, timeoutMs: 240_000, signal: new AbortController().signal, ...options };
  const { report, output } = await runTests({ box: async () => box }, { ...run, runner });
  return {
    report,
    statuses: Object.fromEntries(report.tests.map((test) => [test.id, test.status])),
    messages: Object.fromEntries([
      ...report.tests.flatMap((test) => (test.failure === null ? [] : [[test.id, test.failure.message]])),
      ...report.fileFailures.map((file) => [file.path, file.failure.message]),
    ]),
    output,
  };
}
