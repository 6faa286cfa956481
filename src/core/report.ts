// What a test runner reported, in no runner's words.

/**
 * A test's identity: `path › suite › name`, with ` #2`, ` #3` … after repeats of the same name.
 * The path is relative to the tree, with forward slashes.
 */
export type TestId = string;

export type TestStatus = 'passed' | 'failed' | 'skipped' | 'todo';

/** A frame of a failure that lies in the tree (never of the runner or of node_modules). */
export interface Frame {
  readonly path: string;
  readonly line: number;
}

export interface Failure {
  /** Normalised: no durations, no absolute paths, no runtime frames, no escape sequences, at most 4,000 characters. */
  readonly message: string;
  readonly frames: readonly Frame[];
  /** The file could not be loaded, or an error came outside every test. */
  readonly outside: boolean;
}

export interface TestResult {
  readonly id: TestId;
  readonly path: string;
  readonly name: string;
  readonly status: TestStatus;
  readonly failure: Failure | null;
  readonly retried: boolean;
}

/** Why a run of the tests gave no usable report; `stale`: the report is not of this run. */
export type Broken = 'no-report' | 'stale' | 'bad-report' | 'unfinished' | 'time' | 'memory' | 'output' | 'denied';

export interface TestReport {
  readonly tests: readonly TestResult[];
  /** Files that failed outside every test (did not load, crashed), with the reason. */
  readonly fileFailures: readonly { readonly path: string; readonly failure: Failure }[];
  /** The runner said that it finished. */
  readonly finished: boolean;
  readonly broken: { readonly kind: Broken; readonly message: string } | null;
  /** Why the report cannot be believed (a canary is wrong, a test is named twice), in words. Such a run is never anything but `tampered`. */
  readonly tampered?: string;
}

/** A problem found by a checker (compiler, ast), not by a test. */
export interface Diagnostic {
  readonly path: string;
  /** 1-based; 0 when it concerns the whole file. */
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

/** `path › suite › name` with its ordinal; `seen` counts what was made so far in this report. */
export function testId(path: string, names: readonly string[], seen: Map<string, number>): TestId {
  const base = [path, ...names].join(' › ');
  const n = (seen.get(base) ?? 0) + 1;
  seen.set(base, n);
  return n === 1 ? base : `${base} #${n}`;
}
