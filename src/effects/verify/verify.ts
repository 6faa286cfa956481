// Proves a branch anew from its commits: what the tests' commit locks, that its tests are red without the code, and that they are green with it.
import { isCodeFile } from '../../core/plan-rules.ts';
import type { Language, Runner } from '../../core/ports.ts';
import type { Files } from '../../core/ref.ts';
import { claimedIdle } from '../../core/trailers.ts';
import { FRAME, lockFindings, recordFindings, type Verified } from '../../core/verified.ts';
import { refOf } from '../blobs.ts';
import type { Git } from '../git.ts';
import { cannot } from './cannot.ts';
import type { ChangeOptions, Checked } from './change.ts';
import { type Claimed, type ClaimOptions, claimRemarks, mergeFindings, type Recorded, readClaims } from './claims.ts';
import { findEarlier } from './earlier.ts';
import { type Changes, changes, findHistory, firstParents, type History, trailer, unclaimed } from './history.ts';
import { detect, isTestOf, type Project } from './project.ts';
import { proveAgain, type Tested } from './prove-again.ts';

export interface VerifyOptions extends ChangeOptions, ClaimOptions {
  /** Branch, tag or commit. */
  readonly rev: string;
  readonly languages: readonly Language[];
  readonly provided: (runner: Runner) => Promise<boolean>;
}

/** What is known of the commits before anything is run. */
interface Facts {
  readonly history: History;
  readonly record: Recorded;
  readonly locked: Changes;
  readonly code: Changes;
  /** The files of the tests' commit and of the code's. */
  readonly before: Files;
  readonly after: Files;
  /** Null when the tests' commit holds no test. */
  readonly project: Project | null;
  readonly tests: readonly string[];
  /** Test files of earlier runs that stay as they are, and those that the tests' commit has anew. */
  readonly kept: readonly string[];
  readonly rewritten: readonly string[];
}

/**
 * Verifies `rev`. Nothing of the repository is executed outside a box, and nothing in it is believed.
 * Throws `RedgreenError` when it cannot be checked here: `usage` (no such branch, no proof to look at), `box.none`, `install` …
 */
export async function verify(options: VerifyOptions): Promise<Verified> {
  const began = options.now();
  options.onStep('reads the commits');
  const history = await findHistory(options.git, options.rev);
  const claimed = await readClaims(options, history);
  const mode = trailer(history, 'Redgreen-Mode');
  if (mode === 'cover') throw cannot('It brings tests for code that was there, and no change of code that they could prove: run them.');
  const checked = mode === 'change' ? await (await import('./change.ts')).checkChange(options, claimed) : await checkNew(options, claimed);
  const { seeds, ...found } = checked;
  return {
    verdict: found.findings.length === 0 ? 'holds' : 'differs',
    commit: history.code.id,
    tree: history.code.tree,
    testsCommit: history.tests.id,
    base: history.base?.id ?? null,
    ...found,
    runs: seeds.length,
    seeds,
    digest: claimed.record?.digest ?? null,
    signature: claimed.signature,
    ms: options.now() - began,
  };
}

/** Of code that was written from nothing, or put beside what there was. */
async function checkNew(options: VerifyOptions, claimed: Claimed): Promise<Checked> {
  const facts = await readFacts(options, claimed);
  const [odd] = shapeFindings(facts);
  if (odd !== undefined && !facts.history.trailers.has('Redgreen-Outcome')) throw unclaimed(options.rev, odd);
  const shape = [...claimed.findings, ...shapeFindings(facts)];
  const tested =
    shape.length > 0 || facts.project === null
      ? null
      : await proveAgain(
          { ...options, timeoutMs: options.testTimeoutMs },
          { ...facts, project: facts.project, code: facts.code.paths, isChange: isChange(facts, facts.project) },
        );
  return {
    findings: [...shape, ...findingsOf(facts, tested)],
    remarks: [...(tested?.remarks ?? []), ...remarksOn(facts)],
    locked: facts.locked.paths.length + facts.kept.length,
    tests: tested?.expected.length ?? 0,
    seeds: tested?.seeds ?? [],
    suite: null,
    runner: facts.project?.runner.id ?? null,
  };
}

async function readFacts({ git, runners }: VerifyOptions, { history, record }: Claimed): Promise<Facts> {
  const { objects } = history;
  const [base, tests, code] = await Promise.all([
    history.base === null ? new Map() : objects.entries(history.base.tree),
    objects.entries(history.tests.tree),
    objects.entries(history.code.tree),
  ]);
  const locked = changes(base, tests);
  const [before, after] = await Promise.all([objects.texts(tests.values()), objects.texts(code.values())]);
  const brought = await earlierPaths(git, history);
  const staying = brought.filter((path) => !locked.paths.includes(path) && before[path] !== undefined);
  const made = [...locked.paths, ...staying.filter((path) => runners.some((runner) => isTestOf(runner, path)))];
  const project = detect(before, after, made, trailer(history, 'Redgreen-Runner'), runners);
  const isTest = (path: string) => isTestOf(project?.runner, path) && before[path] !== undefined;
  return {
    history,
    record,
    locked,
    code: changes(tests, code),
    before,
    after,
    project,
    tests: locked.paths.filter(isTest),
    kept: staying.filter(isTest),
    rewritten: brought.filter((path) => locked.paths.includes(path) && isTest(path)),
  };
}

/** Code that was there is changed, or tests of earlier runs stay: then a test may pass before the code is written. */
function isChange({ kept, code, before }: Facts, { language }: Project): boolean {
  return kept.length > 0 || code.paths.some((path) => before[path] !== undefined && isCodeFile(path, language));
}

/** What earlier runs brought to the base, by its commits. */
async function earlierPaths(git: Git, { base, objects }: History): Promise<readonly string[]> {
  return base === null ? [] : (await findEarlier(objects, await firstParents(git, objects, base.id))).paths;
}

function shapeFindings({ history, locked, code, before, project }: Facts): readonly string[] {
  return [
    ...mergeFindings(history),
    ...lockFindings({
      locked: locked.paths,
      removed: locked.removed,
      code: code.paths,
      before: new Set(Object.keys(before)),
      odd: [...new Set([...locked.odd, ...code.odd])],
      isTest: (path) => isTestOf(project?.runner, path),
    }),
  ];
}

/** What running the tests showed, and how the record differs from all that was found. */
function findingsOf(facts: Facts, tested: Tested | null): readonly string[] {
  const { history, locked, kept, before, record } = facts;
  const claimed = claimedIdle(trailer(history, 'Redgreen-Tests') ?? '');
  const idle = tested && tested.vacuous.length > claimed ? [vacuousFinding(tested)] : [];
  const hashes = (paths: readonly string[]) => Object.fromEntries(paths.map((path) => [path, refOf(before[path] ?? '')]));
  const compared =
    record === null
      ? []
      : recordFindings(record.text, trailer(history, 'Redgreen-Proof'), {
          tree: history.code.tree,
          tests: history.tests.id,
          base: history.base?.id ?? null,
          digest: record.digest,
          locked: hashes([...locked.paths, ...kept]),
          unchanged: hashes(Object.keys(before).filter((path) => FRAME.test(path) && !locked.paths.includes(path))),
          passed: tested && new Set([...tested.expected, ...tested.passed]),
        });
  return [...(tested?.findings ?? []), ...idle, ...compared];
}

function vacuousFinding({ vacuous }: Tested): string {
  const named = vacuous.slice(0, 3).join('; ');
  return `${vacuous.length} ${vacuous.length === 1 ? 'test passes' : 'tests pass'} on stubs too and ${vacuous.length === 1 ? 'proves' : 'prove'} nothing, which the commit does not say: ${named}`;
}

function remarksOn({ history, record, rewritten }: Facts): readonly string[] {
  return [
    ...rewritten.map(
      (path) => `${path} was there before, and the tests’ commit has it anew: compare what it asks for now with what it did`,
    ),
    ...claimRemarks({ history, record }),
  ];
}
