// The node that a finding is about.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';

/** The smallest node that covers the span. */
export function nodeAt(file: T.SourceFile, start: number, end: number): T.Node {
  let at: T.Node = file;
  for (;;) {
    const covers = (child: T.Node): T.Node | undefined => (child.pos <= start && child.end >= end ? child : undefined);
    const docs: readonly T.Node[] = (at as { jsDoc?: readonly T.Node[] }).jsDoc ?? [];
    const inner: T.Node | undefined = docs.find(covers) ?? ts.forEachChild(at, covers);
    if (inner === undefined) return at;
    at = inner;
  }
}
