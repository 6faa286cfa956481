// The compiler's findings in the words of the core.
import type { ts as T } from 'ts-morph';
import type { Diagnostic } from '../../../core/report.ts';
import { ts } from './compiler.ts';
import { ROOT } from './world.ts';

const MOST_CHARACTERS = 700;
const MOST_LINES = 6;

/** A finding of the compiler as a diagnostic of `path`. */
export function toDiagnostic(path: string, found: T.Diagnostic): Diagnostic {
  return { path, line: lineOf(found.file, found.start), code: `TS${found.code}`, message: messageOf(found) };
}

/** 1-based line of an offset; 0 when there is none. */
export function lineOf(file: T.SourceFile | undefined, start: number | undefined): number {
  return file === undefined || start === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
}

/** The whole message of a finding, without names of our own making, at most a few lines. */
export function messageOf(found: T.Diagnostic): string {
  return clean(ts.flattenDiagnosticMessageText(found.messageText, '\n'));
}

/** Takes the compiler's file names out of a text and bounds it. */
export function clean(text: string): string {
  const named = text
    .replace(/(?<!typeof )import\("[^"]+"(, \{[^)]*\})?\)\./g, '')
    .replace(/import\("([^"]+)", \{[^)]*\}\)/g, 'import("$1")')
    .replaceAll(ROOT, '')
    .replace(/\.([cm]?[jt]sx?)\.d\.ts\b/g, '.$1');
  const lines = named.split('\n');
  const kept = lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES - 1), '  …'] : lines;
  const whole = kept.join('\n');
  return whole.length > MOST_CHARACTERS ? `${whole.slice(0, MOST_CHARACTERS - 1)}…` : whole;
}

/** The text of a line, trimmed and bounded; empty when there is no such line. */
export function lineText(text: string, line: number): string {
  const found = text.split('\n')[line - 1]?.trim() ?? '';
  return found.length > 160 ? `${found.slice(0, 159)}…` : found;
}

/** Sorted by path, line, code and message, each once. */
export function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const byKey = new Map(diagnostics.map((each) => [`${each.path}\n${each.line}\n${each.code}\n${each.message}`, each]));
  return [...byKey.values()].sort(
    (a, b) => compare(a.path, b.path) || a.line - b.line || compare(a.code, b.code) || compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One slip gives many syntax errors: the first of each line says it. */
export function firstPerLine(found: readonly T.DiagnosticWithLocation[]): T.DiagnosticWithLocation[] {
  return [...new Map([...found].reverse().map((each) => [lineOf(each.file, each.start), each])).values()].reverse();
}
