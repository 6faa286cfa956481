// The record of a proof: an in-toto statement with the test-result predicate, as plain JSON whose bytes are hashed.
//
// Formats: in-toto.io/Statement/v1 and in-toto.io/attestation/test-result/v0.1 (github.com/in-toto/attestation, spec/v1/statement.md
// and spec/predicates/test-result.md). Fields of ours stand in `redgreen`; consumers ignore fields that they do not know.
import type { RedTest } from './events.ts';
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
  /** Git's hash of the tree that was tested. */
  readonly tree: string;
  readonly passed: readonly TestId[];
  readonly seeds: readonly number[];
  /** `{ node: "24.1.0" }`, and Python's where it ran. */
  readonly versions: Readonly<Record<string, string>>;
}

export interface Statement {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly { readonly name: string; readonly digest: Readonly<Record<string, string>> }[];
  readonly predicateType: typeof PREDICATE_TYPE;
  readonly predicate: {
    readonly result: 'PASSED';
    /** What was tested with: every locked file. */
    readonly configuration: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
    readonly passedTests: readonly string[];
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
  readonly versions: Readonly<Record<string, string>>;
  readonly runner: string;
  readonly language: string;
  /** Null when the run began with nothing. */
  readonly base: string | null;
  readonly testsTree: string | null;
  readonly lock: { readonly name: string; readonly sha256: string } | null;
  /** Fresh runs of the commit, and the seed of each one's order; 0 is the order as written. */
  readonly seeds: readonly number[];
  readonly red: readonly { readonly id: TestId; readonly throwing: string; readonly wrong: string }[];
  /** With the implementation taken back no test passed, but these, which proved nothing at the red stage either. */
  readonly vacuous: readonly TestId[];
  readonly mutation: { readonly mutants: number; readonly killed: number; readonly cut: boolean; readonly dropped: string | null } | null;
  readonly disputes: readonly { readonly path: string; readonly reason: string; readonly amended: boolean }[];
  readonly refusedWrites: number;
}

const LOCKS = ['package-lock.json', 'requirements.lock', 'requirements.txt'];

/** The statement of a green proof. The same state and facts give the same bytes. */
export function statementOf(s: State, proven: Proven): Statement {
  const tests = Object.fromEntries(Object.values(s.tests).flatMap((t) => (t.blob ? [[t.path, t.blob]] : [])));
  const locked: Tree = { ...s.installs.files, ...tests };
  const lock = LOCKS.find((name) => locked[name] !== undefined);
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: s.plan?.name ?? 'project', digest: { gitTree: proven.tree } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      result: 'PASSED',
      configuration: sorted(locked).map(([name, sha256]) => ({ name, digest: { sha256 } })),
      passedTests: [...proven.passed].sort(),
      warnedTests: [],
      failedTests: [],
      redgreen: {
        run: s.run?.run ?? '',
        version: s.run?.redgreen ?? '',
        box: s.box?.rung ?? '',
        versions: proven.versions,
        runner: s.plan?.runner ?? '',
        language: s.plan?.language ?? '',
        base: s.run?.base.commit ?? null,
        testsTree: s.commits.tests?.tree ?? null,
        lock: lock === undefined ? null : { name: lock, sha256: locked[lock] ?? '' },
        seeds: proven.seeds,
        red: s.red.tests.map(({ id, throwing, wrong }) => ({ id, throwing, wrong })),
        vacuous: s.red.tests.filter(isVacuous).map((t: RedTest) => t.id),
        mutation: mutationOf(s),
        disputes: Object.values(s.tests).flatMap((t) =>
          t.disputed === null ? [] : [{ path: t.path, reason: t.disputed, amended: t.before !== t.blob }],
        ),
        refusedWrites: s.refused,
      },
    },
  };
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
