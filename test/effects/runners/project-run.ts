// Runs the tests of a fixture project in the real box, by the project's own configuration and with canaries.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { reachable } from '../../../sandbox/index.ts';
import { checkCanaries } from '../../../src/core/canaries.ts';
import type { Order, Planted, Runner } from '../../../src/core/ports.ts';
import type { Files } from '../../../src/core/ref.ts';
import type { TestReport } from '../../../src/core/report.ts';
import type { TestSetup } from '../../../src/core/survey.ts';
import { createBox } from '../../../src/effects/box.ts';
import { ownDeps } from './host.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'redgreen-state-'));
/** The real box, or null where there is none. */
export const box = await createBox({ stateDir, env: { PATH: '/usr/bin:/bin' } }).catch(() => null);
afterAll(() => {
  box?.close();
  rmSync(stateDir, { recursive: true, force: true });
});

/** Stands for a project's packages: this repository's own, or, to try other versions of a runner, the folder that REDGREEN_RUNNER_DEPS names. */
export const deps = process.env['REDGREEN_RUNNER_DEPS'] ?? ownDeps;

/** Whether a box can reach them. */
export const depsInReach = box !== null && (process.getuid?.() !== 0 || reachable(deps, { uid: 65534, gid: 65534 }) !== null);

/** The files of `test/fixtures/runners/<name>-project`, by path. */
export function fixture(name: string): Files {
  const dir = fileURLToPath(new URL(`../../fixtures/runners/${name}-project`, import.meta.url));
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [relative(dir, path), readFileSync(path, 'utf8')]));
}

/** A setup as a survey would read it. */
export function setupOf(runner: Runner, parts: Partial<TestSetup> = {}): TestSetup {
  const language = runner.languages[0] ?? 'javascript';
  return { runner: runner.id, language, dir: '', config: null, flags: [], env: {}, include: [], exclude: [], why: 'test', ...parts };
}

export interface ProjectRun {
  readonly tests: readonly string[];
  readonly project?: Partial<TestSetup>;
  readonly deps?: string | null;
  readonly order?: Order;
  readonly readOnlyTree?: boolean;
}

export interface ProjectRan {
  readonly report: TestReport;
  /** Status by id. */
  readonly statuses: Readonly<Record<string, string>>;
  readonly failed: Readonly<Record<string, string>>;
  readonly output: string;
}

/** Runs `tests` of `files` once. */
export async function runProject(runner: Runner, files: Files, options: ProjectRun): Promise<ProjectRan> {
  if (box === null) throw new Error('there is no box');
  const nonce = 'a1'.repeat(32);
  const planted: Record<string, Planted> = {};
  for (const path of options.tests) {
    const one = runner.plant(path, files[path] ?? '', nonce);
    if (one) planted[path] = one;
  }
  const { result, report, treeDir } = await box.test({
    tree: { ...files, ...Object.fromEntries(Object.entries(planted).map(([path, { text }]) => [path, text])) },
    project: setupOf(runner, options.project),
    runner,
    tests: options.tests,
    only: null,
    deps: options.deps ?? null,
    readOnlyTree: options.readOnlyTree ?? false,
    order: options.order ?? null,
    nonce,
    timeoutMs: 100_000,
  });
  const read = checkCanaries(runner.parse(report, treeDir, nonce), planted);
  return {
    report: read,
    statuses: Object.fromEntries(read.tests.map((test) => [test.id, test.status])),
    failed: Object.fromEntries(read.fileFailures.map((file) => [file.path, file.failure.message])),
    output: `${result.reason} ${result.exitCode}\n${result.stdout}\n${result.stderr}`,
  };
}
