// What `redgreen verify` says of a branch, and the comparison of a record with what was found anew.
import { foldPath, isSteering, looksLikeTest } from './guard.ts';
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
  /** Why it does not hold, each a sentence; empty when it does. */
  readonly findings: readonly string[];
  /** What a reader should know all the same. */
  readonly remarks: readonly string[];
  readonly locked: number;
  readonly tests: number;
  readonly runs: number;
  readonly runner: string;
  /** sha256 of the record that came along, or null. */
  readonly digest: string | null;
  readonly signature: Signature | null;
  readonly ms: number;
}

/** What the tests' commit and the code's commit may change. Gives sentences; none when all is well. */
export function lockFindings(options: {
  /** Paths that the tests' commit adds or changes. */
  readonly locked: readonly string[];
  /** Paths that the code's commit adds, changes or deletes. */
  readonly code: readonly string[];
  /** Paths that come with either and are no plain files. */
  readonly odd: readonly string[];
  readonly isTest: (path: string) => boolean;
}): readonly string[] {
  const { locked, code, odd, isTest } = options;
  const tests = locked.filter(isTest);
  const folds = new Set(locked.map(foldPath));
  const steering = (path: string) => isSteering(path) || isTest(path) || looksLikeTest(path);
  return [
    ...(tests.length === 0 ? ['the commit before the code’s adds no test'] : []),
    ...locked
      .filter((path) => !isTest(path) && !isSteering(path) && !looksLikeTest(path) && !HARMLESS.test(path))
      .map((path) => `${path} is neither a test nor does it steer one, but it comes with the tests`),
    ...code
      .filter((path) => folds.has(foldPath(path)))
      .map((path) => `${path} was locked with the tests, and the code’s commit changes it`),
    ...code
      .filter((path) => !folds.has(foldPath(path)) && steering(path))
      .map((path) => `${path} steers the tests or is one, but it comes with the code`),
    ...odd.map((path) => `${path} is a link, a nested repository or an unsafe name`),
  ];
}

/** Files of a project's frame that come with the tests and decide nothing. */
const HARMLESS = /^(?:\.gitignore|LICENSE(?:\.[a-z]+)?)$/i;

export interface Derived {
  readonly tree: string;
  readonly testsTree: string;
  readonly base: string | null;
  readonly digest: string;
  /** sha256 of each locked file as the commits have it. */
  readonly locked: Readonly<Record<string, Ref>>;
  /** Every id that was expected or passed. */
  readonly passed: ReadonlySet<TestId>;
}

/** How a record differs from what was derived anew; sentences. The record is foreign text: nothing in it is believed. */
export function recordFindings(text: string, trailer: string | null, derived: Derived): readonly string[] {
  const record = parse(text);
  if (record === null) return ['its record is no in-toto statement of a test result'];
  const found: string[] = [];
  if (trailer !== null && trailer !== derived.digest)
    found.push(`its record has another digest than the commit names (${derived.digest}, ${trailer})`);
  if (record.tree !== derived.tree) found.push('its record is about another tree');
  if (record.testsTree !== derived.testsTree) found.push('its record names another tests’ commit');
  if (record.base !== derived.base) found.push('its record names another base');
  const names = new Set([...Object.keys(record.locked), ...Object.keys(derived.locked)]);
  for (const path of names)
    if (record.locked[path] !== derived.locked[path]) found.push(`its record has other contents for the locked file ${path}`);
  const lost = record.passed.filter((id) => !derived.passed.has(id));
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
  readonly testsTree: string | null;
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
    if (statement['_type'] !== STATEMENT_TYPE || statement['predicateType'] !== PREDICATE_TYPE || predicate['result'] !== 'PASSED')
      return null;
    if (subjects.length !== 1) return null;
    return {
      tree: String(subjects[0]?.digest['gitTree']),
      testsTree: own['testsTree'] as string | null,
      base: own['base'] as string | null,
      locked: Object.fromEntries(configuration.map((file) => [file.name, String(file.digest['sha256'])])),
      passed: (predicate['passedTests'] as readonly unknown[]).map(String),
    };
  } catch {
    return null;
  }
}

type Loose = Readonly<Record<string, unknown>>;
