// Which test files a narrowed run needs.
import type { TestId } from '../../core/report.ts';

/** The files of `tests` that hold the ids in `only`; all of them when `only` is null. Runs are narrowed by file, never by name: names need escaping, files do not. */
export function selectFiles(tests: readonly string[], only: readonly TestId[] | null): readonly string[] {
  if (only === null) return tests;
  return tests.filter((path) => only.some((id) => id === path || id.startsWith(`${path} › `)));
}
