// What the model is asked at each step, as data: templates by name and their variables.
import { PLAN_CHANGED } from './amend.ts';
import { isOracleFile } from './oracle.ts';
import type { Violation } from './plan.ts';
import { PLAN_SCHEMA } from './plan-schema.ts';
import { fileBlocks, OUTPUT_TOKENS, pathList, planData, problemLines, remarksPieces, taskBlock } from './prompt-blocks.ts';
import { clip, fence, labelOf, listItem, oneLine, visible } from './prompt-text.ts';
import type { AuthorInput, DraftInput, Piece, PlanInput, PromptSpec, Rules, TestsInput } from './prompt-types.ts';
import { reveal } from './reveal.ts';

export { OUTPUT_TOKENS } from './prompt-blocks.ts';
export { repairPrompt } from './prompt-repair.ts';
export type * from './prompt-types.ts';

/** Upper bounds on what is shown, in characters. */
const CAPS = { baseFiles: 400, excerpt: 20_000, excerpts: 60_000, givenTests: 80_000, file: 100_000, partial: 100_000 } as const;

/** Asks for a plan; with `previous` or `remarks`, for a better one. */
export function planPrompt(input: PlanInput): PromptSpec {
  const rules = (all: readonly Rules[], id: string | null) =>
    all.filter((r) => id === null || r.id === id).map((r) => ({ id: oneLine(r.id), text: r.text.trim() }));
  const data = {
    task: taskBlock(input.task),
    language: input.language ?? '',
    runner: input.runner ?? '',
    languages: rules(input.languageRules, input.language),
    runners: rules(input.runnerRules, input.runner),
    baseFiles: pathList(input.baseFiles, CAPS.baseFiles),
    excerpts: fileBlocks(input.excerpts ?? {}, CAPS.excerpts, CAPS.excerpt),
    givenTests: fileBlocks(input.givenTests ?? {}, CAPS.givenTests, CAPS.givenTests),
    onto: input.onto?.name ?? '',
    kept: pathList(input.onto?.kept ?? [], CAPS.baseFiles),
  };
  const tail = planTail(input);
  return {
    system: { template: 'plan-system', data: {} },
    parts: [exampleFor(input), { template: 'plan', data, cache: true }],
    tail: tail ? [tail] : [],
    tools: [],
    schema: { name: 'plan', schema: PLAN_SCHEMA },
    maxOutputTokens: OUTPUT_TOKENS.plan,
  };
}

function exampleFor(input: PlanInput): Piece {
  const language = input.language ?? (input.languageRules[0]?.id || 'typescript');
  const python = language === 'python';
  const runner = input.runner ?? input.runnerRules[0]?.id ?? (python ? 'unittest' : 'node:test');
  if (python) return { template: 'plan-example-python', data: { runner } };
  return { template: 'plan-example', data: { language, extension: language === 'javascript' ? 'js' : 'ts', runner } };
}

function planTail({ previous, remarks, amends = false }: PlanInput): Piece | null {
  if (!previous && remarks.length === 0) return null;
  return {
    template: 'plan-again',
    data: {
      previous: previous?.plan ? fence(clip(previous.plan, CAPS.file), 'json') : '',
      problems: problemLines(previous?.violations ?? []),
      remarks: remarks.map((r) => visible(clip(r, 4_000)).trim()),
      amends,
    },
  };
}

/** The system prompt and the project: the same bytes for every author of tests and code in a run. */
function authorPrefix(input: AuthorInput): { readonly system: Piece; readonly project: Piece } {
  const rules = { languageRules: input.languageRules.trim(), runnerRules: input.runnerRules.trim() };
  return {
    system: { template: 'author-system', data: {} },
    project: { template: 'project', data: { task: taskBlock(input.task), ...planData(input.plan, false), ...rules }, cache: true },
  };
}

/** Asks for one test file: the first time, again with problems, the rest of a cut reply, or a judgement on a disputed one. */
export function testsPrompt(input: TestsInput): PromptSpec {
  const { test } = input;
  const about = { path: oneLine(test.path), checks: test.checks.map(listItem), uses: test.uses.map((u) => oneLine(u)) };
  const piece: Piece =
    input.dispute !== null && input.previous !== null
      ? {
          template: 'dispute',
          data: { ...about, previous: fence(reveal(input.previous), labelOf(test.path)), reason: fence(clip(input.dispute, 4_000)) },
        }
      : input.strength
        ? { template: 'strength', data: about }
        : { template: 'tests', data: { ...about, current: currentBlock(test.path, input.current) } };
  const format: Piece[] = isOracleFile(test.path) ? [{ template: 'oracle', data: { path: about.path } }] : [];
  return roomFor(input.current, authorSpec(input, format, [piece, ...againPieces(test.path, input, input.dispute !== null)]));
}

/** Asks for one source file: the first time, again with problems, or the rest of a cut reply. */
export function draftPrompt(input: DraftInput): PromptSpec {
  const { file } = input;
  const piece: Piece = {
    template: 'draft',
    data: {
      path: oneLine(file.path),
      purpose: oneLine(file.purpose, 600),
      contract: file.contract.trim() ? fence(file.contract, labelOf(file.path)) : '',
      uses: file.uses.map((u) => oneLine(u)),
      current: currentBlock(file.path, input.current),
    },
  };
  const given = fileBlocks(input.givenTests ?? {}, CAPS.givenTests, CAPS.givenTests);
  const between: Piece[] = given.length > 0 ? [{ template: 'given-tests', data: { tests: given }, cache: true }] : [];
  return roomFor(input.current, authorSpec(input, between, [piece, ...againPieces(file.path, input, false)]));
}

/** A file that exists, as its author sees it; empty for a new one. */
function currentBlock(path: string, current: string | null): string {
  return current === null ? '' : fence(clip(reveal(current), CAPS.file), labelOf(path));
}

/** A whole file comes back: an existing one of n characters needs about n / 3 tokens, and room to think. */
function roomFor(current: string | null, spec: PromptSpec): PromptSpec {
  const needed = Math.ceil((current?.length ?? 0) / 3) + OUTPUT_TOKENS.author / 2;
  return { ...spec, maxOutputTokens: Math.max(OUTPUT_TOKENS.author, needed) };
}

function authorSpec(input: AuthorInput, between: readonly Piece[], last: readonly Piece[]): PromptSpec {
  const { system, project } = authorPrefix(input);
  return {
    system,
    parts: [project, ...remarksPieces(input.remarks), ...between, ...last],
    tail: [],
    tools: [],
    maxOutputTokens: OUTPUT_TOKENS.author,
  };
}

interface Again {
  readonly problems: readonly Violation[];
  readonly previous: string | null;
  readonly partial: string | null;
}

function againPieces(path: string, { problems, previous, partial }: Again, shown: boolean): Piece[] {
  if (partial !== null) {
    const seen = reveal(partial);
    const body = seen.length > CAPS.partial ? `[… the beginning …]\n${seen.slice(-CAPS.partial)}` : seen;
    return [
      {
        template: 'file-continue',
        data: { path: oneLine(path), partial: fence(body, labelOf(path)), lastLine: fence(lastLine(seen), labelOf(path)) },
      },
    ];
  }
  if (problems.length === 0) return [];
  if (previous !== null && problems.every((p) => p.message === PLAN_CHANGED))
    return [{ template: 'file-amended', data: { path: oneLine(path), previous: fence(clip(reveal(previous), CAPS.file), labelOf(path)) } }];
  const text = previous !== null && !shown ? fence(clip(reveal(previous), CAPS.file), labelOf(path)) : '';
  return [{ template: 'file-again', data: { path: oneLine(path), problems: problemLines(problems), previous: text } }];
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
