// Elements put into and taken out of the lists between parentheses.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import type { Edit } from './edits.ts';

/** Puts `text` before the element at `at` (at the end when there is none), in the way the list is laid out. */
export function inserted(owner: T.Node, list: readonly T.Node[], at: number, text: string): readonly Edit[] {
  const next = list[at];
  const before = list[at - 1];
  const source = owner.getSourceFile().text;
  if (
    next !== undefined &&
    before === undefined &&
    ts.isArrowFunction(owner) &&
    source[next.getStart() - 1] !== '(' &&
    list.length === 1 &&
    !open(owner, next)
  )
    return [{ start: next.getStart(), end: next.end, text: `(${text}, ${next.getText()})` }];
  if (next !== undefined) return [{ start: next.getStart(), end: next.getStart(), text: `${text},${gap(source, list, at)}` }];
  if (before !== undefined) {
    if (ts.isArrowFunction(owner) && list.length === 1 && !open(owner, before))
      return [{ start: before.getStart(), end: before.end, text: `(${before.getText()}, ${text})` }];
    return [{ start: before.end, end: before.end, text: `,${gap(source, list, at)}${text}` }];
  }
  const start = parenthesis(owner);
  if (start === null) return [{ start: owner.end, end: owner.end, text: `(${text})` }];
  return [{ start, end: start, text }];
}

/** Takes the element at `at` out, with its comma. */
export function taken(owner: T.Node, list: readonly T.Node[], at: number): readonly Edit[] {
  const [before, gone, next] = [list[at - 1], list[at], list[at + 1]];
  if (gone === undefined) return [];
  if (next !== undefined) return [{ start: gone.getStart(), end: next.getStart(), text: '' }];
  if (before !== undefined) return [{ start: before.end, end: gone.end, text: '' }];
  if (ts.isArrowFunction(owner) && !open(owner, gone)) return [{ start: gone.getStart(), end: gone.end, text: '()' }];
  const comma = /^\s*,/.exec(owner.getSourceFile().text.slice(gone.end))?.[0].length ?? 0;
  return [{ start: gone.getStart(), end: gone.end + comma, text: '' }];
}

/** True for an arrow function whose parameter stands in parentheses. */
function open(owner: T.ArrowFunction, parameter: T.Node): boolean {
  return owner.getChildren().some((each) => each.kind === ts.SyntaxKind.OpenParenToken && each.end <= parameter.getStart());
}

/** What stands between two elements of the list: a blank, or a line break and the indentation. */
function gap(source: string, list: readonly T.Node[], at: number): string {
  const [a, b] = list.length > 1 ? [list[Math.max(0, at - 2)], list[Math.max(1, at - 1)]] : [];
  const between = a === undefined || b === undefined ? ' ' : (/\s+$/.exec(source.slice(a.end, b.getStart()))?.[0] ?? ' ');
  return between.includes('\n') ? between : ' ';
}

/** The offset after the opening parenthesis of an empty list; null for `new Name` without one. */
function parenthesis(owner: T.Node): number | null {
  const own = owner.getChildren().find((each) => each.kind === ts.SyntaxKind.OpenParenToken);
  return own === undefined ? null : own.end;
}
