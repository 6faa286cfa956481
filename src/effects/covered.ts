// Which source files tests are to be written for: what the user names, without tests and what is not written by hand.
import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { RedgreenError } from '../core/errors.ts';
import { isMade } from '../core/gate-change.ts';
import { isSteering, looksLikeTest } from '../core/guard.ts';
import type { Runner } from '../core/ports.ts';
import { globMatcher, isGlob } from './survey/glob.ts';

export interface CoveredWanted {
  /** What the user wrote, as files, folders or globs. */
  readonly patterns: readonly string[];
  /** Where they stand. */
  readonly cwd: string;
  /** Root of the repository's working tree. */
  readonly root: string;
  /** Paths of the base commit. */
  readonly files: readonly string[];
  readonly runners: readonly Pick<Runner, 'isTestFile'>[];
}

export interface Covered {
  readonly paths: readonly string[];
  /** What the user should know, in sentences. */
  readonly notes: readonly string[];
}

/** Files of one run. */
const MOST = 20;
/** Languages in which it can be told what a test is worth. */
const CODE = /(?<!\.d)\.(?:[cm]?[jt]sx?|py)$/;

/** The source files that are named, in the order of the repository. Throws `RedgreenError('usage')` where there is none. */
export async function coveredFiles({ patterns, cwd, root, files, runners }: CoveredWanted): Promise<Covered> {
  const here = relative(root, await realpath(cwd));
  const named = new Set<string>();
  for (const pattern of patterns) {
    const wanted = relative(root, resolve(root, here, pattern))
      .split(sep)
      .join('/');
    const fits = fitting(pattern, wanted);
    const found = files.filter(fits);
    if (found.length === 0)
      throw new RedgreenError('usage', `There is no committed file "${pattern}" in the repository; cover takes files, folders or globs.`);
    for (const path of found) named.add(path);
  }
  const isTest = (path: string) => looksLikeTest(path) || runners.some((runner) => runner.isTestFile(path));
  const source = [...named].filter((path) => CODE.test(path) && !isTest(path) && !isSteering(path) && !isMade(path));
  if (source.length === 0)
    throw new RedgreenError(
      'usage',
      `${patterns.join(' ')} names no source file in TypeScript, JavaScript or Python (tests and generated files are left out).`,
    );
  const out = named.size - source.length;
  return {
    paths: source.slice(0, MOST),
    notes: [
      ...(out === 0 ? [] : [`${out === 1 ? 'One file is' : `${out} files are`} left out: tests, generated files, other languages.`]),
      ...(source.length > MOST ? [`${source.length} files are named; tests are written for the first ${MOST} of them.`] : []),
    ],
  };
}

function fitting(pattern: string, wanted: string): (path: string) => boolean {
  if (isGlob(pattern)) {
    const fits = globMatcher([wanted]);
    return (path) => path === wanted || fits(path);
  }
  return (path) => wanted === '' || path === wanted || path.startsWith(`${wanted}/`);
}
