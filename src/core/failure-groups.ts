// Failures that share a cause, told once.
import { looksLikeTest } from './guard.ts';
import type { FailureIn } from './prompt-types.ts';
import type { Frame } from './report.ts';

/** Failures that share a cause: the same message (numbers and quoted values aside) at the same place in the code. */
export interface FailureGroup {
  readonly ids: readonly string[];
  readonly message: string;
  readonly frames: readonly Frame[];
}

/** From so many groups on, what differs only in values or in the place inside of tests is told once. */
const MANY = 4;

/** Groups failures by their likely cause, the largest group first; the order is otherwise kept. */
export function groupFailures(failures: readonly FailureIn[]): FailureGroup[] {
  const close = grouped(failures, causeOf);
  const placed = mergeMany(close, placeOf);
  const alike = mergeMany(placed, shapeOf);
  return [...alike].sort((a, b) => b.ids.length - a.ids.length);
}

function grouped(failures: readonly FailureIn[], keyOf: (failure: FailureIn) => string): readonly FailureGroup[] {
  return [...Map.groupBy(failures, keyOf).values()].map((group) => ({
    ids: group.map((f) => f.id),
    message: group[0]?.message ?? '',
    frames: group[0]?.frames ?? [],
  }));
}

/** Joins groups with the same key where there are many of them. */
function mergeMany(groups: readonly FailureGroup[], keyOf: (group: FailureIn) => string): readonly FailureGroup[] {
  const keys = new Map(groups.map((g) => [g, keyOf({ id: g.ids[0] ?? '', message: g.message, frames: g.frames })]));
  const by = Map.groupBy(groups, (g) => keys.get(g) ?? '');
  return groups.flatMap((g) => {
    const all = by.get(keys.get(g) ?? '') ?? [g];
    if (all.length < MANY) return [g];
    return all[0] === g ? [{ ...g, ids: all.flatMap((one) => one.ids) }] : [];
  });
}

/** Assertion failures differ by their expected values and their line in the test: only errors thrown in code are merged across tests. */
function causeOf(failure: FailureIn): string {
  const { message, frames } = failure;
  const top = frames[0];
  if (isUnloaded(message)) return shape(firstLine(message));
  if (isThrownInCode(failure)) return `${top?.path}:${top?.line} ${shape(firstLine(message))}`;
  return top ? `${top.path}:${top.line} ${message.trim()}` : message.trim();
}

/** The line that failed (of a table of cases), whatever the values. */
function placeOf({ message, frames }: FailureIn): string {
  const places = frames.slice(0, 2).map((f) => `${f.path}:${f.line}`);
  return `${places.join(' ')} ${places.length === 0 ? shape(message.trim()) : withoutValues(firstLine(message))}`;
}

/** What went wrong in a file of tests, whatever the line and the values. */
function shapeOf({ id, message, frames }: FailureIn): string {
  if (/^(?:Type|Reference|Syntax|Range)?Error\b/.test(message)) return shape(firstLine(message));
  return `${frames[0]?.path ?? id.split(' › ')[0]} ${withoutValues(firstLine(message))}`;
}

function isThrownInCode({ id, frames }: FailureIn): boolean {
  const top = frames[0];
  return top !== undefined && top.path !== id.split(' › ')[0] && !looksLikeTest(top.path);
}

/** A file that could not be loaded fails for the same reason wherever it is imported. */
function isUnloaded(message: string): boolean {
  return /Cannot find (?:module|package)|does not provide an export|ModuleNotFoundError|ImportError|Failed to (?:resolve import|load)|ERR_MODULE_NOT_FOUND/.test(
    firstLine(message),
  );
}

function firstLine(message: string): string {
  return message.trim().split('\n')[0] ?? '';
}

/** A message without its values; where it was imported from is one, too. */
function shape(message: string): string {
  return message
    .slice(0, 500)
    .replace(/ imported from .*| from ["'][^"']*["']\. Does the file exist\?.*/, '')
    .replace(/\d+(?:\.\d+)?/g, '0');
}

/** A message of an assertion: also without what is quoted in it. */
function withoutValues(message: string): string {
  return shape(message.slice(0, 500).replace(/"[^"\n]*"|'[^'\n]*'|`[^`\n]*`/g, '""'));
}
