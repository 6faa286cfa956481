// What `redgreen verify` says of a branch, and the comparison of a record with what was found anew.
import { foldPath, isBuildFile, isSteering, looksLikeTest } from './guard.ts';
import { placeSuite } from './made-names.ts';
import type { Ref } from './ref.ts';
import type { TestId } from './report.ts';
import { PREDICATE_TYPE, STATEMENT_TYPE } from './statement.ts';

/** The signature of a commit. `untrusted`: good, by a key that nobody vouches for; `unknown`: it cannot be checked with the keys here. */
export interface Signature {
  readonly status: 'good' | 'untrusted' | 'expired' | 'revoked' | 'bad' | 'unknown';
  readonly by: string;
  readonly key: string;
}

export interface Verified {
  readonly verdict: 'holds' | 'differs';
  /** The commit that was checked, and its tree. */
  readonly commit: string;
  readonly tree: string;
  /** The commit of the tests, and the one that it stands on; null when it is the first. */
  readonly testsCommit: string;
  readonly base: string | null;
  /** Why it does not hold, each a sentence; empty when it does. */
  readonly findings: readonly string[];
  /** What a reader should know all the same. */
  readonly remarks: readonly string[];
  readonly locked: number;
  readonly tests: number;
  readonly runs: number;
  /** The seed of each fresh run's order; 0: as written. */
  readonly seeds: readonly number[];
  /** Of a change to code that was there: the repository's tests that passed before and still do, and those that are unsteady without it. */
  readonly suite: { readonly passed: number; readonly unsteady: readonly TestId[] } | null;
  /** Null when there is no test to tell it from. */
  readonly runner: string | null;
  /** sha256 of the record that came along, or null. */
  readonly digest: string | null;
  readonly signature: Signature | null;
  readonly ms: number;
}

export interface Shape {
  /** Paths that the tests' commit adds, changes or removes, and the removed ones among them. */
  readonly locked: readonly string[];
  readonly removed: readonly string[];
  /** Paths that the code's commit adds, changes or removes. */
  readonly code: readonly string[];
  /** Paths of the tests' commit. */
  readonly before: ReadonlySet<string>;
  /** Paths that come with either and are no plain files. */
  readonly odd: readonly string[];
  readonly isTest: (path: string) => boolean;
}

/** What the tests' commit and the code's commit may change. Gives sentences; none when all is well. */
export function lockFindings({ locked, removed, code, before, odd, isTest }: Shape): readonly string[] {
  const folds = new Set(locked.map(foldPath));
  const added = locked.filter((path) => !removed.includes(path));
  const known = (path: string) => isTest(path) || FRAME.test(path);
  const later = code.filter((path) => !folds.has(foldPath(path)));
  const steers = (path: string) => isTest(path) || (isSteering(path) && !isBuildFile(path));
  return [
    ...(added.some(isTest) ? [] : ['the commit before the code’s adds no test']),
    ...(code.length === 0 ? ['the code’s commit changes nothing'] : []),
    ...removed.map((path) => `${path} is removed by the tests’ commit`),
    ...added
      .filter((path) => isSteering(path) && !known(path))
      .map((path) => `${path} steers tools and comes with the tests, but no run of redgreen’s brings such a file`),
    ...added
      .filter((path) => !isSteering(path) && !known(path) && !looksLikeTest(path))
      .map((path) => `${path} is neither a test nor does it steer one, but it comes with the tests`),
    ...code
      .filter((path) => folds.has(foldPath(path)))
      .map((path) => `${path} was locked with the tests, and the code’s commit changes it`),
    ...later.filter(steers).map((path) => `${path} steers the tests or is one, but it comes with the code`),
    ...later
      .filter((path) => !steers(path) && before.has(path) && looksLikeTest(path))
      .map((path) => `${path} belongs to the tests that were there, and the code’s commit changes it`),
    ...odd.map((path) => `${path} is a link, a nested repository or an unsafe name`),
  ];
}

/** Files of a project's frame, written by the language adapters and the installer, that come with the tests. */
export const FRAME =
  /^(?:\.gitignore|package\.json|package-lock\.json|tsconfig\.json|pyproject\.toml|requirements\.txt|requirements\.lock)$/;

export interface Derived {
  readonly tree: string;
  /** The tests' commit. */
  readonly tests: string;
  readonly base: string | null;
  readonly digest: string;
  /** sha256 of each locked file as the commits have it. */
  readonly locked: Readonly<Record<string, Ref>>;
  /** sha256 of manifests and lock files that were there before and did not change: a record may name them. */
  readonly unchanged: Readonly<Record<string, Ref>>;
  /** Every id that was expected or passed; null when nothing was run. */
  readonly passed: ReadonlySet<TestId> | null;
}

/** How a record differs from what was derived anew; sentences. The record is foreign text: nothing in it is believed. */
export function recordFindings(text: string, trailer: string | null, derived: Derived): readonly string[] {
  const record = parse(text);
  if (record === null) return ['its record is no in-toto statement of a test result'];
  const found: string[] = [];
  if (trailer !== null && trailer !== derived.digest)
    found.push(`its record has another digest than the commit names (${derived.digest}, ${trailer})`);
  if (record.tree !== derived.tree) found.push('its record is about another tree');
  if (record.tests !== derived.tests) found.push('its record names another tests’ commit');
  if (record.base !== derived.base) found.push('its record names another base');
  const names = new Set([...Object.keys(record.locked), ...Object.keys(derived.locked)]);
  for (const path of names)
    if (record.locked[path] !== (derived.locked[path] ?? derived.unchanged[path]))
      found.push(`its record has other contents for the locked file ${path}`);
  const { passed } = derived;
  const lost = passed === null ? [] : record.passed.filter((id) => !passed.has(id) && placeSuite(id) === null);
  if (lost.length > 0) found.push(`its record names ${count(lost)} that did not pass here: ${some(lost)}`);
  return found;
}

function count(ids: readonly TestId[]): string {
  return ids.length === 1 ? 'one test' : `${ids.length} tests`;
}

function some(ids: readonly TestId[]): string {
  return `${ids.slice(0, 3).join('; ')}${ids.length > 3 ? ' …' : ''}`;
}

interface ReadRecord {
  readonly tree: string;
  readonly tests: string;
  readonly base: string | null;
  readonly locked: Readonly<Record<string, string>>;
  readonly passed: readonly string[];
}

function parse(text: string): ReadRecord | null {
  try {
    const statement = JSON.parse(text) as Loose;
    const predicate = statement['predicate'] as Loose;
    const own = predicate['redgreen'] as Loose;
    const subjects = statement['subject'] as readonly { readonly digest: Loose }[];
    const configuration = predicate['configuration'] as readonly { readonly name: string; readonly digest: Loose }[];
    if (
      statement['_type'] !== STATEMENT_TYPE ||
      statement['predicateType'] !== PREDICATE_TYPE ||
      !['PASSED', 'WARNED'].includes(String(predicate['result']))
    )
      return null;
    if (subjects.length !== 1) return null;
    return {
      tree: String(subjects[0]?.digest['gitTree']),
      tests: String((own['tests'] as { readonly digest: Loose }).digest['gitCommit']),
      base: own['base'] as string | null,
      locked: Object.fromEntries(configuration.map((file) => [file.name, String(file.digest['sha256'])])),
      passed: [...(predicate['passedTests'] as readonly unknown[]), ...(predicate['warnedTests'] as readonly unknown[])].map(String),
    };
  } catch {
    return null;
  }
}

type Loose = Readonly<Record<string, unknown>>;
