// The cases of a test file in any language that they are known for.
import type { TestId } from '../../../core/report.ts';
import { type Case, textOf } from './cases.ts';
import { pythonCases } from './cases-python.ts';
import { scriptCases } from './cases-script.ts';

export async function casesIn(path: string, text: string): Promise<readonly Case[]> {
  if (path.endsWith('.py')) return pythonCases(text);
  return /\.[cm]?[jt]sx?$/.test(path) ? scriptCases(path, text) : [];
}

/** The text of a test; null when it was not found in its file. */
export async function textIn(path: string, text: string, id: TestId): Promise<string | null> {
  return textOf(text, await casesIn(path, text), id);
}
