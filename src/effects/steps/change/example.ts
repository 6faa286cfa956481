// How tests are written in a repository: the test file that is nearest to the likely code, in part.
import { excerpt } from '../../../core/excerpt.ts';
import type { Ports } from '../../../core/ports.ts';
import type { ShownFile } from '../../../core/prompt-change.ts';
import type { State } from '../../../core/state.ts';
import { testFiles } from '../../survey/setups.ts';
import { surveyOf } from './ground.ts';

const CHARACTERS = 3_000;

/** The existing test file that seems to be for `code` (paths, the likeliest first); null where there is no test. */
export async function exampleFor(ports: Ports, s: State, code: readonly string[]): Promise<ShownFile | null> {
  const tests = testFiles(await surveyOf(ports, s), s.run?.base.files ?? []);
  const [best] = tests
    .map((path) => ({ path, score: Math.max(0, ...code.slice(0, 5).map((file, i) => nearness(path, file) - i * 0.4)) }))
    .sort((a, b) => b.score - a.score || a.path.length - b.path.length);
  const text = best === undefined ? null : await ports.workspace.readBase(best.path);
  if (best === undefined || text === null) return null;
  if (text.length <= CHARACTERS) return { path: best.path, text, isWhole: true };
  const lines = text.split('\n');
  const cases = lines.flatMap((line, i) =>
    /^\s*(?:it|test|def test|func Test|fn |#\[test\])\b|^\s*(?:it|test)[.(]/.test(line) ? [i + 1] : [],
  );
  return { path: best.path, text: excerpt(text, [1, ...cases.slice(0, 2), ...cases.slice(-1)], CHARACTERS), isWhole: false };
}

/** How much of the names of a code file a test's path has: the file's name counts most. */
function nearness(test: string, file: string): number {
  const words = (path: string) =>
    path
      .toLowerCase()
      .replace(/\.[^/]*$/, '')
      .split(/[^a-z0-9]+/)
      .filter((word) => word.length > 1 && !COMMON.has(word));
  const own = words(file);
  const there = new Set(words(test));
  const name = own.at(-1) ?? '';
  const folders = own.slice(0, -1).filter((word) => there.has(word)).length;
  return (there.has(name) ? 3 : [...there].some((word) => word.includes(name) && name.length > 3) ? 1.5 : 0) + folders * 0.5;
}

const COMMON = new Set(['test', 'tests', 'spec', 'src', 'lib', 'index', 'unit']);
