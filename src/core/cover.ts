// A run that writes tests for code that exists: what is known of each file, and what became of each test.
import type { Admitted, Gauge, Survivor, TestLine } from './event-parts.ts';
import type { Tree } from './ref.ts';
import { oneLine } from './sanitise.ts';
import { slugOf } from './slug.ts';
import type { State } from './state.ts';

/** One source file whose tests are written. */
export interface CoverUnit {
  readonly path: string;
  /** What the existing tests show of it; null before they were tried. */
  readonly before: Gauge | null;
  /** The same with the tests that were kept; null before that is known. */
  readonly after: Gauge | null;
  /** Conversations in which tests were asked for. */
  readonly asked: number;
  /** Tests that failed when they were first tried. */
  readonly doubts: readonly TestLine[];
  readonly tests: readonly Admitted[];
  /** Tests that fail on the code and may be right. */
  readonly suspects: readonly TestLine[];
  /** The test files with what was kept. */
  readonly files: Tree;
  /** Why nothing was asked for, or nothing came; empty where tests were tried. */
  readonly why: string;
  readonly done: boolean;
}

export type Cover = readonly CoverUnit[];

/** Conversations about one file: what fails goes back to its author once. */
export const MAX_ASKED = 2;

/** How far the written tests came: each count is part of the one before. */
export interface CoverCounts {
  readonly written: number;
  /** They load and run. */
  readonly built: number;
  /** They pass in every run. */
  readonly steady: number;
  /** They notice or reach something that no test did before. */
  readonly useful: number;
  readonly kept: number;
}

const STAGES = ['written', 'built', 'steady', 'useful'] as const;

export function newUnit(path: string): CoverUnit {
  return { path, before: null, after: null, asked: 0, doubts: [], tests: [], suspects: [], files: {}, why: '', done: false };
}

/** The file that is worked on; undefined when all are done. */
export function currentUnit(s: State): CoverUnit | undefined {
  return s.cover?.find((unit) => !unit.done);
}

export function coverCounts(cover: Cover): CoverCounts {
  const tests = cover.flatMap((unit) => unit.tests);
  const reached = (stage: (typeof STAGES)[number]) => tests.filter((t) => STAGES.indexOf(t.stage) >= STAGES.indexOf(stage)).length;
  return {
    written: tests.length,
    built: reached('built'),
    steady: reached('steady'),
    useful: reached('useful'),
    kept: tests.filter((t) => t.kept).length,
  };
}

/** The counts in words. */
export function coverWords(cover: Cover): string {
  const { written, built, steady, useful, kept } = coverCounts(cover);
  if (written === 0) return 'no test was written';
  const suspects = cover.flatMap((unit) => unit.suspects).length;
  const bugs =
    suspects === 0 ? '' : `; ${suspects === 1 ? 'one failing test is a possible bug' : `${suspects} failing tests are possible bugs`}`;
  return `${kept} of ${written} tests kept (${built} built, ${steady} steady, ${useful} of use)${bugs}`;
}

/** What the run is called: `cover-<the file's or their folder's name>`. */
export function coverName(paths: readonly string[]): string {
  const [first = ''] = paths;
  const parts = first.split('/');
  const common = parts.slice(0, -1).filter((_, i) => paths.every((path) => path.startsWith(`${parts.slice(0, i + 1).join('/')}/`)));
  const name = paths.length === 1 ? (parts.at(-1) ?? first).replace(/\.[^.]+$/, '') : (common.at(-1) ?? 'code');
  return slugOf(`cover ${oneLine(name, 40)}`);
}

/** A survivor as one of another time is known by. */
export function survivorKey({ path, line, inside, operator, behaviour }: Survivor): string {
  return JSON.stringify([path, line, inside, operator, behaviour]);
}

/** Lines as ranges: `3-5, 9`. */
export function lineRanges(lines: readonly number[]): string {
  const sorted = [...new Set(lines)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const line of sorted) {
    const last = ranges.at(-1);
    if (last && line === last[1] + 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
