// Proves a change to code that was there anew: which tests it has, what its two commits may hold, and what runs of them show.
import { checkStructure, isSteering } from '../../core/guard.ts';
import { lostLine } from '../../core/insertions.ts';
import type { Files } from '../../core/ref.ts';
import type { Survey } from '../../core/survey.ts';
import { recordFindings } from '../../core/verified.ts';
import { addsOnlyPackages, type ChangeShape, changeFindings, companyRemarks, suiteOf } from '../../core/verified-change.ts';
import { refOf } from '../blobs.ts';
import { testPredicate } from '../steps/change/targets.ts';
import { type Entry, isRegular } from '../store.ts';
import { survey as read } from '../survey/survey.ts';
import { cannot } from './cannot.ts';
import { type Again, type ChangeMeans, proveChangeAgain, type Shown } from './change-again.ts';
import { type Claimed, claimRemarks, mergeFindings } from './claims.ts';
import { changes, type History, trailer } from './history.ts';
import { createTrees, type Trees } from './trees.ts';

export interface ChangeOptions extends Omit<ChangeMeans, 'trees'> {
  /** Where the commits' files are laid out. */
  readonly treesDir: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What was found of a branch. */
export interface Checked {
  readonly findings: readonly string[];
  readonly remarks: readonly string[];
  readonly locked: number;
  readonly tests: number;
  readonly seeds: readonly number[];
  readonly suite: Shown['suite'] | null;
  readonly runner: string | null;
}

interface Facts extends Again {
  readonly shape: ChangeShape;
  /** Test files of the base that the tests' commit changes, and in which of them a line is gone or another. */
  readonly grown: readonly string[];
  readonly amended: readonly string[];
}

/** Throws `RedgreenError` when it cannot be checked here. */
export async function checkChange(options: ChangeOptions, claimed: Claimed): Promise<Checked> {
  const { history, record } = claimed;
  const commits = [history.base, history.tests, history.code].filter((one) => one !== null);
  const trees = createTrees({ objects: history.objects, commits, dir: options.treesDir, now: options.now });
  const facts = await readFacts(options, history, trees);
  const shape = [...claimed.findings, ...mergeFindings(history), ...changeFindings(facts.shape)];
  if (shape.length === 0 && Object.keys(facts.targets).length === 0 && options.check === null)
    throw cannot('Nothing in it is a test: a command was, which the branch does not hold. Give it: redgreen verify --check "COMMAND".');
  const shown = shape.length > 0 ? null : await proveChangeAgain({ ...options, trees }, facts);
  const compared = record === null ? [] : await compare(claimed, facts, trees, shown);
  return {
    findings: [...shape, ...(shown ? [...shown.findings, ...vanished(facts, shown)] : []), ...compared],
    remarks: [...(shown?.remarks ?? []), ...remarksOn(facts, shown, record?.text ?? null), ...trees.notes, ...claimRemarks(claimed)],
    locked: new Set([...facts.shape.locked, ...Object.keys(facts.targets)]).size,
    tests: shown?.expected.length ?? 0,
    seeds: shown?.seeds ?? [],
    suite: shown?.suite ?? null,
    runner: facts.runner,
  };
}

async function readFacts(options: ChangeOptions, history: History, trees: Trees): Promise<Facts> {
  options.onStep('reads the repository');
  const { base, tests, code } = history;
  const none: ReadonlyMap<string, Entry> = new Map();
  const [old, before, after] = await Promise.all([base === null ? none : trees.entries(base), trees.entries(tests), trees.entries(code)]);
  const [locked, changed] = [changes(old, before), changes(before, after)];
  const files = plain(before);
  // Of the tests' commit and never of the code's, which may not change how tests are run.
  const survey = await read({ files, read: (path) => trees.read(tests, path), subjects: async () => [] });
  const runner = runnerOf(options, survey, trailer(history, 'Redgreen-Runner'));
  const isTest = testPredicate(options, { plan: { runner: runner ?? '' } }, survey);
  const named = history.trailers.get('Redgreen-Target') ?? [];
  const brought = locked.paths.filter((path) => isTest(path) && before.has(path));
  const paths = [...new Set([...brought, ...named.filter((path) => isTest(path) && before.has(path))])];
  const was = brought.filter((path) => old.has(path));
  const isGrown = await Promise.all(
    was.map(
      async (path) => base !== null && lostLine((await trees.read(base, path)) ?? '', (await trees.read(tests, path)) ?? '') === null,
    ),
  );
  return {
    base: base === null ? null : { id: base.id, files: plain(old) },
    tests: tests.id,
    code: code.id,
    survey,
    runner,
    targets: await textsOf(paths, (path) => trees.read(tests, path)),
    read: (path) => trees.read(tests, path),
    shape: {
      locked: locked.paths,
      removed: locked.removed,
      code: changed.paths,
      base: new Set(old.keys()),
      before: [...before.keys()],
      odd: [...new Set([...locked.odd, ...changed.odd])],
      named,
      packages: await packagesOf(trees, history, locked.paths),
      isTest,
    },
    grown: was.filter((_, i) => isGrown[i]),
    amended: was.filter((_, i) => !isGrown[i]),
  };
}

/** package.json and its lock file, where the tests' commit only names more packages in them. */
async function packagesOf(trees: Trees, { base, tests }: History, locked: readonly string[]): Promise<readonly string[]> {
  const manifest = 'package.json';
  if (base === null || !locked.includes(manifest)) return [];
  const [before, after] = [await trees.read(base, manifest), await trees.read(tests, manifest)];
  return addsOnlyPackages(before ?? '', after ?? '') ? [manifest, 'package-lock.json'] : [];
}

function plain(entries: ReadonlyMap<string, Entry>): readonly string[] {
  return [...entries.values()].filter((entry) => isRegular(entry) && checkStructure(entry.path) === null).map((entry) => entry.path);
}

async function textsOf(paths: readonly string[], text: (path: string) => Promise<string | null>): Promise<Files> {
  const all = await Promise.all(paths.map(async (path) => [path, await text(path)] as const));
  return Object.fromEntries(all.flatMap(([path, one]) => (one === null ? [] : [[path, one] as const])));
}

/** The runner that the commit names, where there is such a one; else what the repository's configuration says. */
function runnerOf({ runners }: ChangeOptions, survey: Survey, hint: string | null): string | null {
  const known = runners.some((one) => one.id === hint) ? hint : null;
  return known ?? survey.packages.flatMap((one) => one.setups)[0]?.runner ?? null;
}

/** Tests that were there, in files that were only added to, and are not any more. */
function vanished({ grown }: Facts, { lost }: Shown): readonly string[] {
  return lost
    .filter((t) => grown.includes(t.path))
    .map((t) => `the test ${t.id} was there and passed, and does not since the tests’ commit changed its file`);
}

async function compare({ history, record }: Claimed, facts: Facts, trees: Trees, shown: Shown | null): Promise<readonly string[]> {
  if (record === null) return [];
  const { locked, before, named, isTest } = facts.shape;
  const hashes = async (paths: readonly string[]) => {
    const texts = await textsOf(paths, (path) => trees.read(history.tests, path));
    return Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, refOf(text)]));
  };
  return recordFindings(record.text, trailer(history, 'Redgreen-Proof'), {
    tree: history.code.tree,
    tests: history.tests.id,
    base: history.base?.id ?? null,
    digest: record.digest,
    locked: await hashes([...new Set([...locked, ...Object.keys(facts.targets)])]),
    // Given tests that were there already: their commit names the first of them.
    unchanged: await hashes([...named, ...before.filter(isTest)]),
    passed: shown?.passed ?? null,
  });
}

function remarksOn({ shape, base, grown, amended }: Facts, shown: Shown | null, record: string | null): readonly string[] {
  const claimed = record === null ? null : suiteOf(record);
  const lost = (path: string) => shown?.lost.filter((t) => t.path === path).length ?? 0;
  return [
    ...(base?.files.some((path) => isCode(path)) ? [] : ['there was no code before it, and its tests were not held against stubs']),
    ...grown.map((path) => `${path} was there before; tests were added to it`),
    ...amended.map(
      (path) =>
        `${path} was there before, and the tests’ commit changes what it asks for${lost(path) > 0 ? ` (${lost(path)} of its tests are gone or fail)` : ''}: compare it with what it was`,
    ),
    ...companyRemarks(shape),
    ...(claimed !== null && shown && claimed > shown.suite.passed + shown.suite.unsteady.length
      ? [`its record counts ${claimed} tests of the repository that passed before and after it; here they are ${shown.suite.passed}`]
      : []),
  ];
}

function isCode(path: string): boolean {
  return /\.(?:[cm]?[jt]sx?|py|go|rs)$/.test(path) && !isSteering(path);
}
