// What is asked of a planner who divides a large task.
import type { Violation } from './plan.ts';
import { OUTPUT_TOKENS, pathList, problemLines, taskBlock } from './prompt-blocks.ts';
import { oneLine } from './prompt-text.ts';
import type { PromptSpec } from './prompt-types.ts';
import { MOST_SLICES, type Series, SLICES_SCHEMA } from './slices.ts';

export type { PromptSpec } from './prompt-types.ts';

/** Paths of the repository that are shown. */
const MOST_PATHS = 150;

export interface SlicesInput {
  /** The whole task. */
  readonly task: string;
  readonly series: Series;
  /** Subjects of the commits of the parts that are done, newest first. */
  readonly subjects: readonly string[];
  /** Paths of the base. */
  readonly files: readonly string[];
  /** What was wrong with the last reply. */
  readonly problems: readonly Violation[];
}

/** Asks which part of a task is done now, and what is left then. */
export function slicesPrompt({ task, series, subjects, files, problems }: SlicesInput): PromptSpec {
  const data = {
    task: taskBlock(task),
    done: series.done.map((title) => oneLine(title)),
    subjects: subjects.map((subject) => oneLine(subject)),
    expected: series.expected.map(({ title, task }) => `${oneLine(title)}: ${oneLine(task, 600)}`),
    files: pathList(files, MOST_PATHS),
    room: Math.max(1, MOST_SLICES - series.done.length),
    problems: problemLines(problems),
  };
  return {
    system: { template: 'slices-system', data: {} },
    parts: [{ template: 'slices', data }],
    tail: [],
    tools: [],
    schema: { name: 'slices', schema: SLICES_SCHEMA },
    maxOutputTokens: OUTPUT_TOKENS.slices,
  };
}
