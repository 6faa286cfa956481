// What paths of a tree say: code or not, entry or not, and how one file names another in an import.
import { posix } from 'node:path';
import type { Plan } from '../../../core/plan.ts';

const CODE = /\.[cm]?[jt]sx?$/;

/** True for a file of TypeScript or JavaScript. */
export function isCode(path: string): boolean {
  return CODE.test(path);
}

/** True for a test file: planned as one, or named like one. */
export function isTest(plan: Plan, path: string): boolean {
  return plan.tests.some((test) => test.path === path) || /\.(test|spec)\.[cm]?[jt]sx?$/.test(path);
}

/** True for a file that may export nothing: it is run as a command or read by a tool. */
export function isEntry(plan: Plan, path: string): boolean {
  if (plan.commands.some((command) => command.argv.some((arg) => posix.normalize(arg) === path))) return true;
  return /(^|\/)(bin|scripts)\//.test(path) || /(^|\/)(cli|main|bin)\.[cm]?[jt]s$/.test(path) || /\.config\.[cm]?[jt]s$/.test(path);
}

/** The path without its ending. */
function stem(path: string): string {
  return path.replace(/(\.d)?\.[cm]?[jt]sx?$/, '');
}

/** The tree path that a relative specifier names, or null when it leaves the tree. */
export function joinSpecifier(fromPath: string, specifier: string): string | null {
  const joined = posix.join(posix.dirname(fromPath), specifier);
  return joined.startsWith('..') ? null : joined;
}

/** The specifier by which `fromPath` imports `toPath`. */
export function specifierTo(fromPath: string, toPath: string): string {
  const relative = posix.relative(posix.dirname(fromPath), toPath);
  return relative.startsWith('.') ? relative : `./${relative}`;
}

export function isRelative(specifier: string): boolean {
  return specifier.startsWith('./') || specifier.startsWith('../') || specifier === '.' || specifier === '..';
}

/** The package that a bare specifier belongs to: `@scope/name/sub` gives `@scope/name`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/**
 * The tree path that is meant by `wanted`, which may lack its ending, carry the wrong one, or name a folder with an index file.
 * Null when there is none or more than one is possible.
 */
export function nearestPath(wanted: string, paths: Iterable<string>): string | null {
  const all = [...paths];
  if (all.includes(wanted)) return wanted;
  const same = all.filter((path) => isCode(path) && stem(path) === stem(wanted));
  if (same.length > 0) return same.length === 1 ? (same[0] ?? null) : null;
  const index = all.filter((path) => isCode(path) && stem(path) === posix.join(wanted, 'index'));
  return index.length === 1 ? (index[0] ?? null) : null;
}

/** The one path whose last parts agree longest with `wanted`; null when none has the same file name, or two agree as long. */
export function similarPath(wanted: string, paths: Iterable<string>): string | null {
  const parts = stem(wanted)
    .split('/')
    .filter((part) => part !== '.' && part !== '..' && part !== '')
    .reverse();
  const scored = [...paths].filter(isCode).map((path) => ({ path, score: agree(parts, stem(path).split('/').reverse()) }));
  const best = Math.max(0, ...scored.map((entry) => entry.score));
  const winners = scored.filter((entry) => entry.score === best);
  return best > 0 && winners.length === 1 ? (winners[0]?.path ?? null) : null;
}

function agree(a: readonly string[], b: readonly string[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}
