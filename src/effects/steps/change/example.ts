// How tests are written in a repository: the test file that is nearest to the likely code, in part.
import { excerpt } from '../../../core/excerpt.ts';
import type { Ports } from '../../../core/ports.ts';
import type { ShownFile } from '../../../core/prompt-change.ts';
import type { State } from '../../../core/state.ts';
import { testFiles } from '../../survey/setups.ts';
import { surveyOf } from './ground.ts';

const CHARACTERS = 3_000;

/** The existing test file that seems to be for `code` (paths, the likeliest first), with the cases nearest to the task; null where there is no test. */
export async function exampleFor(ports: Ports, s: State, code: readonly string[], task: string): Promise<ShownFile | null> {
  const tests = testFiles(await surveyOf(ports, s), s.run?.base.files ?? []);
  const [best] = tests
    .map((path) => ({ path, score: Math.max(0, ...code.slice(0, 5).map((file, i) => nearness(path, file) - i * 0.4)) }))
    .sort((a, b) => b.score - a.score || a.path.length - b.path.length);
  const text = best === undefined ? null : await ports.workspace.readBase(best.path);
  if (best === undefined || text === null) return null;
  if (text.length <= CHARACTERS) return { path: best.path, text, isWhole: true };
  return { path: best.path, text: excerpt(text, [1, ...casesFor(text, task)], CHARACTERS), isWhole: false };
}

const CASE = /^\s*(?:(?:it|test)[.(]|(?:async\s+)?def test|func Test|fn \w|#\[test\])/;

/** Lines of a few cases: those whose names share most words with the task, else the first ones. */
function casesFor(text: string, task: string): readonly number[] {
  const words = new Set(task.match(/[A-Za-z_$][\w$]{3,}/g));
  const cases = text.split('\n').flatMap((line, i) => {
    if (!CASE.test(line)) return [];
    const shared = new Set((line.match(/[\w$]+/g) ?? []).filter((word) => words.has(word)));
    return [{ at: i + 1, score: [...shared].reduce((sum, word) => sum + (/[a-z][A-Z]|_/.test(word) ? 3 : 1), 0) }];
  });
  return cases
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, 3)
    .map(({ at }) => at);
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
