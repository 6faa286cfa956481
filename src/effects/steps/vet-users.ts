// Whether files that a plan leaves as they are can go on with the contracts of those that it changes.
import { looksLikeTest } from '../../core/guard.ts';
import { namedBy } from '../../core/mentions.ts';
import type { Plan, Violation } from '../../core/plan.ts';
import { isCodeFile } from '../../core/plan-rules.ts';
import type { CheckResult, Language } from '../../core/ports.ts';
import type { Files, Tree } from '../../core/ref.ts';

/**
 * What the language's checker says of such files with the new contracts, and does not say with the files as they are.
 *
 * @param files every file of the base
 * @param kept tests of earlier runs, which a plan may have written anew
 */
export async function vetUsers(language: Language, plan: Plan, files: Files, kept: Tree): Promise<readonly Violation[]> {
  const changed = plan.files.map((f) => f.path).filter((path) => files[path] !== undefined && isCodeFile(path, plan.language));
  const planned = new Set([...plan.files, ...plan.tests].map((f) => f.path));
  const staying = Object.fromEntries(Object.entries(files).filter(([path]) => !planned.has(path) && isCodeFile(path, plan.language)));
  const users = Object.fromEntries(changed.flatMap((path) => namedBy(staying, path)).map((path) => [path, files[path] ?? '']));
  if (Object.keys(users).length === 0) return [];
  const [now, before] = await Promise.all([language.checkTests(plan, users), language.checkTests({ ...plan, files: [] }, users)]);
  const known = new Set(complaints(before).map(({ where, message }) => `${where}\n${message}`));
  return complaints(now)
    .filter(({ where, message }) => !known.has(`${where}\n${message}`))
    .map(({ where, message }) => ({ where, message: `${message}. ${remedy(where, kept[where] !== undefined)}` }));
}

/** What is said of each file, and what was mended in it: a file that stays as it is cannot be mended. */
function complaints({ diagnostics, mended }: CheckResult): readonly Violation[] {
  return [
    ...diagnostics.map((d) => ({ where: d.path, message: `${d.line > 0 ? `line ${d.line}: ` : ''}${d.message.replace(/\.$/, '')}` })),
    ...mended.flatMap((m) => m.fixes.map((message) => ({ where: m.path, message: `it would have to be mended (${message})` }))),
  ];
}

function remedy(path: string, isKept: boolean): string {
  const start = `${path} stays as it is and uses files that you change: keep in their contracts what it uses`;
  if (isKept) return `${start}; only if the task makes this test wrong, list it under tests, to be written anew`;
  return looksLikeTest(path) ? start : `${start}, or plan ${path}, too`;
}
