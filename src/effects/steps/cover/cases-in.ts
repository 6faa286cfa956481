// The cases of a test file in any language that they are known for.
import type { TestId } from '../../../core/report.ts';
import { type Case, type Cut, textOf, without } from './cases.ts';
import { pythonCases } from './cases-python.ts';
import { scriptCases } from './cases-script.ts';
import { withoutIdleImports } from './imports.ts';

export async function casesIn(path: string, text: string): Promise<readonly Case[]> {
  if (path.endsWith('.py')) return pythonCases(text);
  return SCRIPT.test(path) ? scriptCases(path, text) : [];
}

const SCRIPT = /\.[cm]?[jt]sx?$/;

/** A test file without the tests `out`, and without what only they imported; `stay` are its other tests. */
export async function cutFrom(path: string, text: string, out: readonly TestId[], stay: readonly TestId[]): Promise<Cut> {
  if (out.length === 0) return { text, left: [] };
  const cut = without(text, await casesIn(path, text), out, stay);
  return SCRIPT.test(path) ? { ...cut, text: await withoutIdleImports(path, text, cut.text) } : cut;
}

/** The text of a test; null when it was not found in its file. */
export async function textIn(path: string, text: string, id: TestId): Promise<string | null> {
  return textOf(text, await casesIn(path, text), id);
}
