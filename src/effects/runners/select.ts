// Which test files a run needs and in which order, and what every harness script is told.
import type { Order, RunnerOptions, TestCommand } from '../../core/ports.ts';
import type { TestId } from '../../core/report.ts';

/** The files of `tests` that hold the ids in `only`; all of them when `only` is null. Runs are narrowed by file, never by name: names need escaping, files do not. */
export function selectFiles(tests: readonly string[], only: readonly TestId[] | null): readonly string[] {
  if (only === null) return tests;
  return tests.filter((path) => only.some((id) => id === path || id.startsWith(`${path} › `)));
}

/** The files in the order that is asked for: as given, or shuffled by the seed. */
export function orderFiles(files: readonly string[], order: Order | null): readonly string[] {
  if (order === null) return files;
  const random = generator(order.seed);
  return files
    .map((file) => ({ file, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ file }) => file);
}

/**
 * The command that starts a harness script. What it is told goes to its standard input: argv and the environment
 * of a process can be read by the tests that run beside it. `seed` is null where tests within a file keep their order; `project` says by which
 * configuration of the project the script is to go, with `flags` (by themselves those of the project) for its runner.
 */
export function harnessCommand(
  argv: readonly string[],
  run: RunnerOptions,
  more: Readonly<Record<string, unknown>>,
  flags: readonly string[] = run.project?.flags ?? [],
): TestCommand {
  const { treeDir, reportPath, depsDir, nonce, order, project } = run;
  const files = orderFiles(selectFiles(run.tests, run.only), order);
  const seed = order?.within === true ? order.seed % 2 ** 32 : null;
  const own = project === null ? null : { dir: project.dir, config: project.config, flags };
  const env = project === null ? {} : { ...project.env, CI: '1' };
  return { argv, env, stdin: JSON.stringify({ treeDir, reportPath, depsDir, nonce, files, seed, project: own, ...more }) };
}

/** Numbers from 0 to 1 by Mulberry32, a public-domain generator; the same seed gives the same numbers. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value ^= value + Math.imul(value ^ (value >>> 7), 61 | value);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
