// The record of a proof: an in-toto statement with the test-result predicate, as plain JSON whose bytes are hashed.
//
// Formats: in-toto.io/Statement/v1 and in-toto.io/attestation/test-result/v0.1 (github.com/in-toto/attestation, spec/v1/statement.md
// and spec/predicates/test-result.md). Fields of ours stand in `redgreen`; consumers ignore fields that they do not know.
import { keptTree, testTree } from './kept.ts';
import { isOracleFile } from './oracle.ts';
import { isVacuous } from './redproof.ts';
import type { Ref, Tree } from './ref.ts';
import type { TestId } from './report.ts';
import type { State } from './state.ts';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'https://in-toto.io/attestation/test-result/v0.1';

/** Largest statement that is read, in bytes. */
export const MAX_STATEMENT = 8_000_000;

/** What the proof step knows beside the state. */
export interface Proven {
  readonly expected: readonly TestId[];
  readonly seeds: readonly number[];
  readonly versions: Readonly<Record<string, string>>;
  /** The `dirHash` of what was installed, or null. */
  readonly installed: string | null;
  /** Tests of the repository that passed, too. */
  readonly alsoPassed?: number;
}

type Digest = Readonly<Record<string, string>>;

export interface Statement {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly { readonly name: string; readonly digest: { readonly gitTree: string } }[];
  readonly predicateType: typeof PREDICATE_TYPE;
  readonly predicate: {
    /** `WARNED`: all passed, and some prove nothing. */
    readonly result: 'PASSED' | 'WARNED';
    /** What was tested with: every locked file. */
    readonly configuration: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
    readonly passedTests: readonly string[];
    /** Tests that passed, but on both kinds of stub too. */
    readonly warnedTests: readonly string[];
    readonly failedTests: readonly string[];
    readonly redgreen: Details;
  };
}

/** What redgreen binds beyond the predicate. */
export interface Details {
  readonly run: string;
  readonly version: string;
  readonly box: string;
  /** Of Node, Python and the runner's package, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly runner: string;
  readonly language: string;
  /** The commit that the run began with; null when it began with nothing. */
  readonly base: string | null;
  /** The commit that holds the tests and not the code, and its tree. */
  readonly tests: { readonly digest: { readonly gitCommit: string; readonly gitTree: string } };
  /** The lock file that packages were installed from, and the digest of what was installed. */
  readonly dependencies: { readonly lock: { readonly name: string; readonly digest: Digest } | null; readonly installed: Digest } | null;
  /** Fresh runs of the commit, by the seed of each one's order; 0 is the order as written. */
  readonly seeds: readonly number[];
  /** What each test did without the code: on the two kinds of stub, and on the base as it was (where there is one, and it ran there). */
  readonly red: readonly { readonly id: TestId; readonly throwing?: string; readonly wrong?: string; readonly base?: string }[];
  /** With the implementation taken back none of `passedTests` passed but those that passed on the base. */
  readonly reverted: true;
  /** Tests of the repository that passed before the change and after it, and those that are unsteady without it; left out in a new project. */
  readonly suite?: { readonly passed: number; readonly unsteady: readonly TestId[] };
  /** Test files of earlier runs that stayed as they were; left out where there are none. */
  readonly kept?: readonly string[];
  /** Test files whose cases are data, judged outside of the process that they test. */
  readonly oracle: readonly string[];
  readonly mutation: { readonly mutants: number; readonly killed: number; readonly cut: boolean; readonly dropped: string | null } | null;
  /** Digests of the test file before and after its author judged it once more. */
  readonly disputes: readonly { readonly path: string; readonly reason: string; readonly before: Digest; readonly after: Digest }[];
  readonly refusedWrites: number;
}

const LOCKS = ['package-lock.json', 'requirements.lock'];

/** The statement of the green proof of the state's candidate commit. The same state and facts give the same bytes. */
export function statementOf(s: State, proven: Proven): Statement {
  const locked: Tree = { ...keptTree(s), ...s.installs.files, ...testTree(s) };
  const idle = new Set(s.red.tests.filter(isVacuous).map((t) => t.id));
  const warned = proven.expected.filter((id) => idle.has(id));
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: s.plan?.name ?? 'project', digest: { gitTree: s.commits.candidate?.tree ?? '' } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      result: warned.length === 0 ? 'PASSED' : 'WARNED',
      configuration: sorted(locked).map(([name, sha256]) => ({ name, digest: { sha256 } })),
      passedTests: proven.expected.filter((id) => !idle.has(id)).toSorted(),
      warnedTests: warned.toSorted(),
      failedTests: [],
      redgreen: detailsOf(s, proven, locked),
    },
  };
}

function detailsOf(s: State, proven: Proven, locked: Tree): Details {
  const { tests } = s.commits;
  const kept = Object.keys(keptTree(s)).toSorted();
  return {
    run: s.run?.run ?? '',
    version: s.run?.redgreen ?? '',
    box: s.box?.rung ?? '',
    versions: proven.versions,
    runner: s.plan?.runner ?? '',
    language: s.plan?.language ?? '',
    base: s.run?.base.commit ?? null,
    tests: { digest: { gitCommit: tests?.commit ?? '', gitTree: tests?.tree ?? '' } },
    dependencies: dependenciesOf(locked, proven.installed),
    seeds: proven.seeds,
    red: redOf(s, proven.expected),
    reverted: true,
    ...(kept.length > 0 ? { kept } : {}),
    ...(s.change ? { suite: { passed: proven.alsoPassed ?? 0, unsteady: s.change.unsteady } } : {}),
    oracle: [...Object.keys(s.tests), ...kept].filter(isOracleFile).toSorted(),
    mutation: mutationOf(s),
    disputes: Object.values(s.tests).flatMap(({ path, disputed: reason, before, blob }) =>
      reason === null ? [] : [{ path, reason, before: { sha256: before ?? '' }, after: { sha256: blob ?? '' } }],
    ),
    refusedWrites: s.refused,
  };
}

function redOf(s: State, expected: readonly TestId[]): Details['red'] {
  const stubs = new Map(s.red.tests.map(({ id, throwing, wrong }) => [id, { throwing, wrong }]));
  const base = new Map(s.red.baseline.map(({ id, status }) => [id, { base: status }]));
  return expected.map((id) => ({ id, ...stubs.get(id), ...base.get(id) }));
}

function dependenciesOf(locked: Tree, installed: string | null): Details['dependencies'] {
  if (installed === null) return null;
  const name = LOCKS.find((path) => locked[path] !== undefined);
  const lock = name === undefined ? null : { name, digest: { sha256: locked[name] ?? '' } };
  return { lock, installed: { dirHash: installed } };
}

function mutationOf(s: State): Details['mutation'] {
  const strength = s.strength;
  if (!strength || strength.mutants === 0) return null;
  return { mutants: strength.mutants, killed: strength.killed, cut: strength.cut, dropped: strength.dropped };
}

function sorted(tree: Tree): readonly (readonly [string, Ref])[] {
  return Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The statement's bytes, as they are hashed and kept. */
export function statementText(statement: Statement): string {
  return `${JSON.stringify(statement, null, 2)}\n`;
}
