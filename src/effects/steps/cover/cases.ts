// Which part of a test file each test is, and the file without some of them.
import type { TestId } from '../../../core/report.ts';

/** A test or a suite as it stands in a file. */
export interface Case {
  readonly kind: 'test' | 'suite';
  /** The names on the way to it, the outermost first. */
  readonly chain: readonly Name[];
  /** Offsets of its statement. */
  readonly start: number;
  readonly end: number;
}

export interface Name {
  /** False for a name that is put together when the tests run. */
  readonly exact: boolean;
  readonly fits: (name: string) => boolean;
}

export interface Cut {
  readonly text: string;
  /** Of the tests to take out, those that could not be: they share a statement with one that stays, or were not found. */
  readonly left: readonly TestId[];
}

/** The text without the tests `out`; `stay` are the other tests of the file. Suites that lose their last test go, too. */
export function without(text: string, cases: readonly Case[], out: readonly TestId[], stay: readonly TestId[]): Cut {
  const matches = (id: TestId) => casesOf(id, cases);
  const kept = new Set(stay.flatMap(matches));
  const holdsKept = (c: Case) => [...kept].some((other) => other.start >= c.start && other.end <= c.end);
  const going = new Set(out.flatMap(matches).filter((c) => c.kind === 'test' && !holdsKept(c)));
  const goes = (c: Case) => [...going].some((other) => other.start <= c.start && other.end >= c.end);
  for (const suite of cases.filter((c) => c.kind === 'suite')) {
    const inside = cases.filter((c) => c.kind === 'test' && c.start >= suite.start && c.end <= suite.end);
    if (inside.length > 0 && inside.every(goes)) going.add(suite);
  }
  const left = out.filter((id) => {
    const own = matches(id);
    return own.length === 0 || !own.every(goes);
  });
  return { text: cutOut(text, [...going]), left };
}

/** The text of a test's own statement; null when it was not found. */
export function textOf(text: string, cases: readonly Case[], id: TestId): string | null {
  const [own] = casesOf(id, cases);
  return own === undefined ? null : text.slice(own.start, own.end);
}

/** Whether a test stands in the same statement as each of `others`. */
export function sharesWith(cases: readonly Case[], id: TestId, others: readonly TestId[]): boolean {
  const [own] = casesOf(id, cases);
  return own !== undefined && others.every((other) => casesOf(other, cases).every((c) => c === own));
}

function casesOf(id: TestId, cases: readonly Case[]): readonly Case[] {
  const names = id.split(' › ').slice(1);
  const last = names.length - 1;
  const bare = names.map((name, i) => (i === last ? name.replace(/ #\d+$/, '') : name));
  const fitting = cases.filter(
    (c) => c.kind === 'test' && c.chain.length === bare.length && c.chain.every((name, i) => name.fits(bare[i] ?? '')),
  );
  const exact = fitting.filter((c) => c.chain.every((name) => name.exact));
  return exact.length > 0 ? exact : fitting;
}

function cutOut(text: string, cases: readonly Case[]): string {
  const spans = cases.map((c) => wholeLines(text, c)).sort((a, b) => b.start - a.start);
  let result = text;
  let from = Number.POSITIVE_INFINITY;
  for (const { start, end } of spans.filter(
    (span) => !spans.some((other) => other !== span && other.start <= span.start && other.end >= span.end),
  )) {
    result = joined(result.slice(0, start), result.slice(Math.min(end, from)));
    from = start;
  }
  return result.replace(/\n{2,}$/, '\n');
}

/** Two parts with as many blank lines between them as the side with more of them had; none inside of brackets. */
function joined(head: string, tail: string): string {
  const after = /^(?:[ \t]*\r?\n)+/.exec(tail)?.[0] ?? '';
  const before = /(?<=\n)(?:[ \t]*\r?\n)+$/.exec(head)?.[0] ?? '';
  const [start, rest] = [head.slice(0, head.length - before.length), tail.slice(after.length)];
  if (/^[ \t]*[)}\]]/.test(rest) || /[({[:]\s*$/.test(start)) return start + rest;
  return start + (after.length > before.length ? after : before) + rest;
}

/** A statement with the comments and decorators right above it, to the end of its line. */
function wholeLines(text: string, { start, end }: Case): { readonly start: number; readonly end: number } {
  let first = text.lastIndexOf('\n', start - 1) + 1;
  if (text.slice(first, start).trim() !== '') return { start, end };
  while (first > 0) {
    const above = text.lastIndexOf('\n', first - 2) + 1;
    if (!/^\s*(?:\/\/|\/?\*|#(?!!)|@)/.test(text.slice(above, first))) break;
    first = above;
  }
  const lineEnd = text.indexOf('\n', end);
  return { start: first, end: lineEnd === -1 ? text.length : lineEnd + 1 };
}
