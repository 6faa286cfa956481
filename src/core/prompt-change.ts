// What is asked of those who change code that exists, and of those who write the tests that show the task.
import { groupFailures } from './failure-groups.ts';
import type { ToolSpec } from './model.ts';
import type { Violation } from './plan.ts';
import { OUTPUT_TOKENS, problemLines, remarksPieces, taskBlock } from './prompt-blocks.ts';
import { clip, fence, labelOf, oneLine, visible } from './prompt-text.ts';
import type { FailureIn, Piece, PromptSpec } from './prompt-types.ts';
import type { Diagnostic } from './report.ts';
import { reveal } from './reveal.ts';

const CAPS = { groups: 10, ids: 6, message: 1_500, frames: 4, diagnostics: 20, tried: 8, about: 800, rules: 3_000 } as const;

/** Rules cut to less than this say nothing. */
const LEAST_RULE = 200;

/** A file, or parts of it as numbered lines. */
export interface ShownFile {
  readonly path: string;
  readonly text: string;
  readonly isWhole: boolean;
}

/** What everyone is told who works on a repository. */
export interface RepositoryInput {
  readonly task: string;
  /** What a colleague has to know of the repository, in a few lines. */
  readonly about: string;
  /** The project's own rules for those who work on it, the most general first. */
  readonly rules: readonly { readonly path: string; readonly text: string }[];
  /** Code that is likely meant, the likeliest first. */
  readonly files: readonly ShownFile[];
  /** Other places that may matter; empty where everything is shown. */
  readonly map: string;
  readonly remarks: readonly string[];
  /** What was wrong with the last reply of this conversation. */
  readonly bad: readonly Violation[];
  /** Turns that are left, where these are few; else null. */
  readonly turnsLeft: number | null;
  readonly tools: readonly ToolSpec[];
}

export interface ChangeInput extends RepositoryInput {
  readonly round: number;
  readonly failures: readonly FailureIn[];
  readonly diagnostics: readonly Diagnostic[];
  /** The failing tests' own text. */
  readonly tests: readonly ShownFile[];
  /** The tests are the user's own, or a command of theirs. */
  readonly given: boolean;
  /** Why no test can show the task; null where one can. */
  readonly untestable: string | null;
  /** One line on each earlier round. */
  readonly tried: readonly string[];
  readonly strategy: number;
}

/** Opens (or goes on with) a conversation that changes the code. */
export function changePrompt(input: ChangeInput): PromptSpec {
  const groups = groupFailures(input.failures);
  const data = {
    round: input.round,
    strategy: input.strategy,
    failing: input.failures.length,
    groups: groups.slice(0, CAPS.groups).map(groupBlock),
    moreGroups: Math.max(0, groups.length - CAPS.groups),
    tests: input.tests.map(shown),
    given: input.given,
    untestable: input.untestable === null ? '' : oneLine(input.untestable, 400),
    files: input.files.map(shown),
    map: input.map === '' ? '' : fence(input.map),
    diagnostics: diagnosticLines(input.diagnostics),
    tried: input.tried.slice(-CAPS.tried).map((t) => oneLine(t, 400)),
  };
  return spec(input, 'change-system', { template: 'change', data, cache: true });
}

export interface ReproduceInput extends RepositoryInput {
  /** How tests are written here: a part of an existing test file; null where there is none. */
  readonly example: ShownFile | null;
  /** The tests as they were left by the conversation before, and what is wrong with them. */
  readonly tests: readonly ShownFile[];
  readonly problems: readonly Violation[];
}

/** Opens (or goes on with) a conversation that writes the tests which show the task. */
export function reproducePrompt(input: ReproduceInput): PromptSpec {
  const data = {
    example: input.example === null ? [] : [shown(input.example)],
    tests: input.tests.map(shown),
    problems: problemLines(input.problems),
    files: input.files.map(shown),
    map: input.map === '' ? '' : fence(input.map),
  };
  return spec(input, 'reproduce-system', { template: 'reproduce', data, cache: true });
}

/** A request about a repository: what everyone is told of it, then `main`. */
export function spec(input: RepositoryInput, system: string, main: Piece): PromptSpec {
  const tail: Piece[] = [
    ...remarksPieces(input.remarks),
    ...(input.bad.length > 0 ? [{ template: 'turn-again', data: { problems: problemLines(input.bad) } }] : []),
    ...(input.turnsLeft === null ? [] : [{ template: 'turns-left', data: { left: input.turnsLeft } }]),
  ];
  const repository = { task: taskBlock(input.task), about: clip(visible(input.about).trim(), CAPS.about), rules: ruleBlocks(input.rules) };
  return {
    system: { template: system, data: {} },
    parts: [{ template: 'repository', data: repository, cache: true }, main],
    tail,
    tools: input.tools,
    maxOutputTokens: OUTPUT_TOKENS.repair,
  };
}

function ruleBlocks(rules: RepositoryInput['rules']): readonly { readonly path: string; readonly text: string }[] {
  let left: number = CAPS.rules;
  return rules.flatMap(({ path, text }) => {
    if (text.trim() === '' || left < LEAST_RULE) return [];
    const part = clip(text.trim(), left);
    left -= part.length;
    return [{ path: oneLine(path), text: fence(part, 'markdown') }];
  });
}

/** A file as the variables of a template. */
export function shown({ path, text, isWhole }: ShownFile): { readonly path: string; readonly text: string; readonly part: boolean } {
  return { path: oneLine(path), text: fence(reveal(text), labelOf(path)), part: !isWhole };
}

function groupBlock({ ids, message, frames }: ReturnType<typeof groupFailures>[number]): Readonly<Record<string, unknown>> {
  const told = ids.slice(0, CAPS.ids).map((id) => oneLine(id, 400));
  const places = frames.slice(0, CAPS.frames).map((f) => `${oneLine(f.path)}:${f.line}`);
  return {
    ids: told,
    moreIds: ids.length - told.length,
    message: fence(clip(visible(message).trim(), CAPS.message)),
    frames: places.some((place) => !message.includes(place)) ? places.join(', ') : '',
  };
}

function diagnosticLines(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return '';
  const lines = diagnostics
    .slice(0, CAPS.diagnostics)
    .map((d) => `${oneLine(d.path)}:${d.line} ${oneLine(d.code)}: ${oneLine(d.message, 400)}`);
  return fence(lines.join('\n'));
}
