// The first message of a repair conversation: what fails, where, and the code that is likely wrong.
import { type FailureGroup, groupFailures } from './failure-groups.ts';
import { fileBlocks, OUTPUT_TOKENS, pathList, planData, problemLines, remarksPieces, taskBlock } from './prompt-blocks.ts';
import { clip, fence, oneLine, visible } from './prompt-text.ts';
import type { PromptSpec, RepairInput } from './prompt-types.ts';
import type { Files } from './ref.ts';
import type { Diagnostic, Frame } from './report.ts';
import { REPAIR_TOOLS } from './tools.ts';

const CAPS = {
  groups: 12,
  ids: 6,
  message: 1_500,
  frames: 4,
  diagnostics: 30,
  files: 80_000,
  file: 30_000,
  tests: 50_000,
  test: 30_000,
  paths: 200,
  tried: 8,
} as const;

/** Opens a repair conversation (or, with `bad`, asks for its current turn again). */
export function repairPrompt(input: RepairInput): PromptSpec {
  const texts = { ...input.files, ...input.lockedTests };
  const groups = groupFailures(input.failures);
  const shown = groups.slice(0, CAPS.groups);
  const given = new Set(input.givenTests ?? []);
  const data = {
    round: input.round,
    strategy: input.strategy,
    failing: input.failures.length,
    groups: shown.map((g) => groupBlock(g, texts)),
    moreGroups: groups.length - shown.length,
    diagnostics: diagnosticLines(input.diagnostics),
    files: fileBlocks(input.files, CAPS.files, CAPS.file),
    tests: fileBlocks(input.lockedTests, CAPS.tests, CAPS.test),
    givenTests: Object.keys(input.lockedTests).some((path) => given.has(path)),
    kept: (input.kept ?? []).map((path) => oneLine(path)),
    otherPaths: pathList(input.otherPaths, CAPS.paths),
    tried: input.tried.slice(-CAPS.tried).map((t) => oneLine(t, 400)),
  };
  const rules = { languageRules: (input.languageRules ?? '').trim(), runnerRules: '' };
  return {
    system: { template: 'repair-system', data: {} },
    parts: [
      { template: 'project', data: { task: taskBlock(input.task), ...planData(input.plan, true), ...rules }, cache: true },
      { template: 'repair', data, cache: true },
    ],
    tail: [
      ...remarksPieces(input.remarks),
      ...(input.bad.length > 0 ? [{ template: 'turn-again', data: { problems: problemLines(input.bad) } }] : []),
    ],
    tools: REPAIR_TOOLS,
    maxOutputTokens: OUTPUT_TOKENS.repair,
  };
}

function groupBlock(group: FailureGroup, texts: Files): Readonly<Record<string, unknown>> {
  const ids = group.ids.slice(0, CAPS.ids).map((id) => oneLine(id, 400));
  return {
    ids,
    moreIds: group.ids.length - ids.length,
    message: fence(clip(visible(group.message).trim(), CAPS.message)),
    frames: group.frames.slice(0, CAPS.frames).length > 0 ? fence(frameLines(group.frames.slice(0, CAPS.frames), texts)) : '',
  };
}

/** `path:line  the line's text`, where the text is known. */
function frameLines(frames: readonly Frame[], texts: Files): string {
  return frames
    .map((f) => {
      const line = texts[f.path]?.split('\n')[f.line - 1];
      return `${oneLine(f.path)}:${f.line}${line === undefined ? '' : `  ${oneLine(line, 200)}`}`;
    })
    .join('\n');
}

function diagnosticLines(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return '';
  const lines = diagnostics
    .slice(0, CAPS.diagnostics)
    .map((d) => `${oneLine(d.path)}${d.line > 0 ? `:${d.line}` : ''} ${oneLine(d.code)}: ${oneLine(d.message, 600)}`);
  if (diagnostics.length > CAPS.diagnostics) lines.push(`[… and ${diagnostics.length - CAPS.diagnostics} more]`);
  return fence(lines.join('\n'));
}
