// Proves a branch anew from its commits: what the tests' commit locks, that its tests are red without the code, and that they are green with it.
import { isOracleFile } from '../../core/oracle.ts';
import { type Box, type Language, type Runner, STUB_MARKER, type StubKind } from '../../core/ports.ts';
import { isVacuous, redProof } from '../../core/redproof.ts';
import type { Files } from '../../core/ref.ts';
import { MAX_STATEMENT } from '../../core/statement.ts';
import { failingIds } from '../../core/verdict.ts';
import { lockFindings, recordFindings, type Signature, type Verified } from '../../core/verified.ts';
import { refOf } from '../blobs.ts';
import type { Git } from '../git.ts';
import { readNote } from '../notes.ts';
import { freshRuns, joinFresh } from '../steps/prove.ts';
import { runTests } from '../steps/testing.ts';
import { cannot, changes, filesOf, findHistory, type History } from './history.ts';
import { dependencies, detect } from './project.ts';

export interface VerifyOptions {
  readonly git: Git;
  /** Branch, tag or commit. */
  readonly rev: string;
  readonly signature: (commit: string) => Promise<Signature | null>;
  /** Digest that the record must have (`sha256:…`), or null. */
  readonly expect: string | null;
  readonly box: () => Promise<Box>;
  readonly languages: readonly Language[];
  readonly runners: readonly Runner[];
  readonly provided: (runner: Runner) => Promise<boolean>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told what is being done, in a few words. */
  readonly onStep: (text: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Verifies `rev`. Nothing of the repository is executed outside a box, and nothing in it is believed.
 * Throws `RedgreenError` when it cannot be checked here: `usage` (no such branch, no proof to look at), `box.none`, `install` …
 */
export async function verify(options: VerifyOptions): Promise<Verified> {
  const began = options.now();
  const { git } = options;
  options.onStep('reads the commits');
  const history = await findHistory(git, options.rev);
  const note = await readNote(git, history.code.id, MAX_STATEMENT);
  const digest = note === null ? null : `sha256:${refOf(note)}`;
  requireRecord(options.expect, digest, history);
  const signature = await options.signature(history.code.id);
  const facts = await readFacts(git, history, options.runners);
  const forged =
    signature?.status === 'bad' || signature?.status === 'revoked' ? [`the signature of its commit is ${signature.status}`] : [];
  const shape = [...forged, ...shapeFindings(history, options.expect, digest, facts)];
  const result = (findings: readonly string[], tested: Tested): Verified => ({
    verdict: findings.length === 0 ? 'holds' : 'differs',
    commit: history.code.id,
    tree: history.code.tree,
    findings,
    remarks: tested.remarks,
    locked: facts.locked.length,
    tests: tested.tests,
    runs: tested.runs,
    runner: facts.project.runner.id,
    digest,
    signature,
    ms: options.now() - began,
  });
  if (shape.length > 0) return result(shape, NOTHING);
  const tested = await test(options, facts);
  const derived = {
    tree: history.code.tree,
    testsTree: history.tests.tree,
    base: history.base,
    digest: digest ?? '',
    locked: Object.fromEntries(facts.locked.map((path) => [path, refOf(facts.before[path] ?? '')])),
    passed: tested.passed,
  };
  const record = note === null ? [] : recordFindings(note, history.code.trailers['Redgreen-Proof'] ?? null, derived);
  const remarks = note === null ? [...tested.remarks, NO_RECORD] : tested.remarks;
  return result([...tested.findings, ...record], { ...tested, remarks });
}

const NO_RECORD =
  'no record came along (git fetch origin refs/notes/redgreen:refs/notes/redgreen brings it); everything was derived from the commits';

function requireRecord(expect: string | null, digest: string | null, history: History): void {
  if (expect === null || digest !== null) return;
  throw cannot(
    `The commit ${history.code.id.slice(0, 12)} has no record here to compare with; git fetch origin refs/notes/redgreen:refs/notes/redgreen brings it.`,
  );
}

interface Facts {
  readonly locked: readonly string[];
  readonly code: readonly string[];
  readonly odd: readonly string[];
  /** The tests' commit, and the code's. */
  readonly before: Files;
  readonly after: Files;
  readonly project: { readonly runner: Runner; readonly language: string };
  readonly tests: readonly string[];
}

async function readFacts(git: Git, history: History, runners: readonly Runner[]): Promise<Facts> {
  const [locked, code] = [await changes(git, history.base, history.tests.id), await changes(git, history.tests.id, history.code.id)];
  const [before, after] = [await filesOf(git, history.tests.id), await filesOf(git, history.code.id)];
  const project = detect(before, locked.paths, history.code.trailers['Redgreen-Runner'] ?? null, runners);
  const tests = locked.paths.filter((path) => isTest(project.runner, path) && before[path] !== undefined);
  return { locked: locked.paths, code: code.paths, odd: [...locked.odd, ...code.odd], before, after, project, tests };
}

function isTest(runner: Runner, path: string): boolean {
  return runner.isTestFile(path) || isOracleFile(path);
}

function shapeFindings(history: History, expect: string | null, digest: string | null, facts: Facts): readonly string[] {
  const found: string[] = [];
  if (expect !== null && digest !== expect) found.push(`its record is not the expected one: it is ${digest}`);
  if (history.code.parents.length !== 1) found.push('the code’s commit is a merge, so no tests’ commit comes before it');
  if (history.tests.parents.length > 1) found.push('the tests’ commit is a merge');
  if (history.code.trailers['Redgreen-Outcome'] !== 'green')
    found.push(`its commit does not say that it is proven: the run ended ${history.code.trailers['Redgreen-Outcome'] ?? 'otherwise'}`);
  if (history.tip.tree !== history.code.tree)
    found.push(
      `${history.after === 1 ? 'a commit comes' : `${history.after} commits come`} after the proven one and change its tree; redgreen verify ${history.code.id.slice(0, 12)} checks the proven one`,
    );
  const lock = lockFindings({ ...facts, isTest: (path) => isTest(facts.project.runner, path) });
  return [...found, ...lock];
}

interface Tested {
  readonly findings: readonly string[];
  readonly remarks: readonly string[];
  readonly tests: number;
  readonly runs: number;
  readonly passed: ReadonlySet<string>;
}

const NOTHING: Tested = { findings: [], remarks: [], tests: 0, runs: 0, passed: new Set() };

async function test(options: VerifyOptions, facts: Facts): Promise<Tested> {
  const { runner, language: id } = facts.project;
  const language = options.languages.find((one) => one.id === id);
  if (!language) throw cannot(`There is no adapter for the language ${id}.`);
  options.onStep('installs what the lock file names');
  const deps = await dependencies(facts.before, id, runner, options);
  const run = { runner, tests: facts.tests, deps, timeoutMs: options.timeoutMs, signal: options.signal, readOnlyTree: true };
  const locked = Object.fromEntries(facts.locked.flatMap((path) => (facts.before[path] === undefined ? [] : [[path, facts.before[path]]])));

  options.onStep('runs the tests on stubs');
  const onStubs = async (kind: StubKind) => {
    const stubs = await language.stubsOf(facts.after, facts.code, kind);
    return (await runTests(options, { ...run, tree: { ...facts.before, ...stubs, ...locked } })).report;
  };
  const [throwing, wrong] = await Promise.all([onStubs('throwing'), onStubs('wrong')]);
  const red = redProof(facts.tests, throwing, wrong, [], STUB_MARKER);
  const expected = red.tests.map((t) => t.id);
  const vacuous = red.tests.filter(isVacuous);
  const idleFiles = facts.tests.filter((path) => !red.tests.some((t) => t.path === path && !isVacuous(t)));

  options.onStep('runs the tests on the code, several times');
  const fresh = await freshRuns(options, { ...run, tree: { ...facts.after, ...locked } }, expected);
  const verdict = joinFresh(fresh);
  options.onStep('runs the tests without the code');
  const without = await runTests(options, { ...run, tree: { ...facts.before } });
  const idle = without.report.tests.filter((t) => t.status === 'passed' && expected.includes(t.id) && !vacuous.some((v) => v.id === t.id));
  const bad = fresh.find((f) => f.judged.verdict.kind !== 'green');
  const failing = bad ? failingIds(bad.judged.lines).slice(0, 5) : [];
  return {
    findings: [
      ...idleFiles.map((path) => `no test of ${path} fails on stubs, so it proves nothing`),
      ...(verdict.kind === 'green'
        ? []
        : [`the tests are ${verdict.kind}: ${verdict.reason}${failing.length > 0 ? ` (${failing.join('; ')})` : ''}`]),
      ...(idle.length === 0
        ? []
        : [
            `${idle.length} of the tests pass also without the code: ${idle
              .slice(0, 3)
              .map((t) => t.id)
              .join('; ')}`,
          ]),
    ],
    remarks: vacuous.length === 0 ? [] : [`${vacuous.length} of ${expected.length} tests pass on stubs too and prove nothing`],
    tests: expected.length,
    runs: fresh.length,
    passed: new Set([...expected, ...fresh.flatMap((f) => f.judged.lines.map((l) => l.id))]),
  };
}
