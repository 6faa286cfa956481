// What a test run says of its tests while it lasts. For the eye only: the sealed report at the end alone decides.
import { ownTests } from '../../core/canaries.ts';
import type { TestLine } from '../../core/events.ts';
import type { Planted } from '../../core/ports.ts';
import type { TestId, TestReport, TestResult, TestStatus } from '../../core/report.ts';
import { lineOf } from '../../core/verdict.ts';
import { createLineReader } from './wire.ts';

/** Somebody who wants to see results as they come. */
export interface Watcher {
  /** Ids that may be told of; null before any were collected: then all of the run's own test files. */
  readonly known: readonly TestId[] | null;
  readonly tell: (line: TestLine) => void;
}

export interface Watch {
  /** A line of the report as it is written, which may hold anything. `treeDir` is where the run sees the tree. */
  line(text: string, treeDir: string): void;
  /** The report as it was read at the end: tells what was not told, or was told otherwise. */
  settle(report: TestReport): void;
}

/** Most tests that are told of when none are known. */
const MOST_TESTS = 2_000;

/** Tells `watcher` of each test once, and once more when the report says otherwise; never of what was `planted`. */
export function createWatch(watcher: Watcher, tests: readonly string[], planted: Readonly<Record<string, Planted>>): Watch {
  const paths = new Set(tests);
  const known = watcher.known === null ? null : new Set(watcher.known);
  const isOurs = ownTests(planted);
  const told = new Map<TestId, TestStatus>();
  let read: ReturnType<typeof createLineReader> | null = null;
  const mayTell = (test: TestResult) =>
    (known === null ? paths.has(test.path) && told.size < MOST_TESTS : known.has(test.id)) && !isOurs(test.id);
  const tell = (test: TestResult) => {
    told.set(test.id, test.status);
    watcher.tell(lineOf(test));
  };
  return {
    line(text, treeDir) {
      read ??= createLineReader(treeDir);
      const test = read(text);
      if (test !== null && !told.has(test.id) && mayTell(test)) tell(test);
    },
    settle(report) {
      for (const test of report.tests) if (told.get(test.id) !== test.status && (told.has(test.id) || mayTell(test))) tell(test);
    },
  };
}
