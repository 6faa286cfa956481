// Events of a run that writes tests for code that exists.
import type { Admitted, Gauge, TestLine } from './event-parts.ts';
import type { Violation } from './plan.ts';
import type { Tree } from './ref.ts';

export type CoverBody =
  /** The existing tests were tried on one source file and on changes to it, before tests of it are asked for. */
  | {
      readonly type: 'gauged';
      readonly id: string;
      readonly path: string;
      readonly gauge: Gauge;
      /** What is not as it should be, in a sentence; empty when all is well. */
      readonly remark: string;
      readonly ms: number;
    }
  /** Tests that were written for a source file were tried. */
  | {
      readonly type: 'admitted';
      readonly id: string;
      readonly path: string;
      /** What their author is to mend; then nothing is decided yet, unless they were asked before. */
      readonly problems: readonly Violation[];
      readonly tests: readonly Admitted[];
      /** Tests that fail on the code, not of themselves: the code may be wrong. */
      readonly suspects: readonly TestLine[];
      /** The test files with what was kept. */
      readonly files: Tree;
      readonly after: Gauge | null;
      readonly ms: number;
    };
