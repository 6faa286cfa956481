// What is asked of those who write tests for code that exists.
import { lineRanges } from './cover.ts';
import type { Gauge } from './events.ts';
import type { Violation } from './plan.ts';
import { problemLines } from './prompt-blocks.ts';
import { type RepositoryInput, type ShownFile, shown, spec } from './prompt-change.ts';
import { oneLine } from './prompt-text.ts';
import type { PromptSpec } from './prompt-types.ts';

/** Survivors that are told. */
const MOST = 30;

export interface CoverInput extends RepositoryInput {
  /** The source file, with line numbers. */
  readonly code: ShownFile;
  /** The existing tests that are nearest to it; null where there are none. */
  readonly example: ShownFile | null;
  readonly before: Gauge;
  /** The tests as they were left by the conversation before, and what is wrong with them. */
  readonly tests: readonly ShownFile[];
  readonly problems: readonly Violation[];
}

/** Opens (or goes on with) a conversation that writes tests for one source file. */
export function coverPrompt(input: CoverInput): PromptSpec {
  const { code, example, before, tests, problems } = input;
  const { path, text, part } = shown(code);
  const data = {
    path,
    text,
    part,
    example: example === null ? [] : [shown(example)],
    unreached: lineRanges(before.lines?.unreached ?? []),
    survivors: before.survivors.slice(0, MOST).map((m) => ({
      line: m.line,
      inside: m.inside === 'module' ? 'outside of functions' : oneLine(m.inside),
      behaviour: oneLine(m.behaviour, 300),
    })),
    moreSurvivors: Math.max(0, before.survivors.length - MOST),
    tests: tests.map(shown),
    problems: problemLines(problems),
  };
  return spec(input, 'cover-system', { template: 'cover', data, cache: true });
}
