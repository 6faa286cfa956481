// Parts that several prompts share: the task, the plan, files, paths and problems, ready for a template.
import type { Plan, Violation } from './plan.ts';
import { clip, fence, labelOf, listItem, oneLine, visible } from './prompt-text.ts';
import type { Piece } from './prompt-types.ts';
import type { Files } from './ref.ts';
import { reveal } from './reveal.ts';

/** Upper bounds on a reply in tokens, reasoning included. They are also what a request reserves of the budget. */
export const OUTPUT_TOKENS = { slices: 12_000, plan: 24_000, author: 16_000, repair: 16_000 } as const;

/** What the user said since the plan was accepted, as a part of its own; nothing where nothing was said. */
export function remarksPieces(remarks: readonly string[]): readonly Piece[] {
  if (remarks.length === 0) return [];
  return [{ template: 'remarks', data: { remarks: remarks.map((r) => listItem(clip(r, CAPS.remark))) } }];
}

const CAPS = { remark: 4_000, task: 60_000, problems: 30, problem: 1_500 } as const;

/**
 * The plan as the variables of `project.md`.
 *
 * @param withChecks also what the tests check: for the repairer; the code's authors are to be blind to it
 */
export function planData(plan: Plan, withChecks: boolean): Readonly<Record<string, unknown>> {
  return {
    name: oneLine(plan.name),
    summary: oneLine(plan.summary, 2_000),
    language: plan.language,
    runner: oneLine(plan.runner),
    decisions: plan.decisions.map(listItem),
    files: plan.files.map((f) => ({
      path: oneLine(f.path),
      purpose: oneLine(f.purpose, 600),
      uses: f.uses.map((u) => oneLine(u)),
      contract: f.contract.trim() ? fence(f.contract, labelOf(f.path)) : '',
    })),
    tests: (withChecks ? plan.tests : []).map((t) => ({
      path: oneLine(t.path),
      uses: t.uses.map((u) => oneLine(u)),
      checks: t.checks.map(listItem),
    })),
    packages: plan.packages.map((p) => `${oneLine(p.name)}${p.range ? ` ${oneLine(p.range)}` : ''}${p.dev ? ' (development only)' : ''}`),
    commands: plan.commands.map((c) => ({ line: oneLine(c.argv.map(shellWord).join(' ')), purpose: oneLine(c.purpose) })),
  };
}

function shellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The task, in a fence that it cannot end. */
export function taskBlock(task: string): string {
  return fence(clip(task, CAPS.task));
}

/** Files as `{ path, text }` with fenced texts, within a budget of characters; one that no longer fits is clipped, or named only. */
export function fileBlocks(files: Files, total: number, each: number): { readonly path: string; readonly text: string }[] {
  let left = total;
  return Object.entries(files).map(([path, raw]) => {
    const text = reveal(raw);
    const room = Math.min(left, each);
    left -= Math.min(text.length, room);
    const shown = room < 200 && text.length > room ? '[not shown: too much text]' : clip(text, room);
    return { path: oneLine(path), text: fence(shown, labelOf(path)) };
  });
}

/** Paths in a fence, one a line; empty when there are none. */
export function pathList(paths: readonly string[], max: number): string {
  if (paths.length === 0) return '';
  const lines = paths.slice(0, max).map((p) => oneLine(p));
  if (paths.length > max) lines.push(`[… and ${paths.length - max} more]`);
  return fence(lines.join('\n'));
}

/** Violations in a fence, one a line; empty when there are none. */
export function problemLines(violations: readonly Violation[]): string {
  if (violations.length === 0) return '';
  const lines = violations
    .slice(0, CAPS.problems)
    .map((v) => `- ${oneLine(v.where)}: ${indented(clip(visible(v.message).trim(), CAPS.problem))}`);
  if (violations.length > CAPS.problems) lines.push(`- and ${violations.length - CAPS.problems} more`);
  return fence(lines.join('\n'));
}

function indented(text: string): string {
  return text.replace(/\n/g, '\n  ');
}
