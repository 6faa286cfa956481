// Commits on the run's private refs, and the one branch that is shipped.
import { type Cover, coverWords } from '../../core/cover.ts';
import type { Command } from '../../core/events.ts';
import { expectedIds, keptTree, testTree } from '../../core/kept.ts';
import { outcomeOf } from '../../core/outcome.ts';
import type { Ports } from '../../core/ports.ts';
import { isVacuous } from '../../core/redproof.ts';
import { hasGiven } from '../../core/reduce-change.ts';
import { GONE, type Tree } from '../../core/ref.ts';
import { branchSlug, slugOf, subjectFrom } from '../../core/slug.ts';
import type { State } from '../../core/state.ts';
import { testsTrailer } from '../../core/trailers.ts';
import type { StepContext } from '../../driver.ts';
import { load, wholeTree } from './trees.ts';

type CommitCommand = Extract<Command, { kind: 'commit' }>;

/** Emits `committed`. The tests' commit stands on the base; every other one stands on it. */
export async function commit(command: CommitCommand, ports: Ports, context: StepContext): Promise<void> {
  const s = context.state();
  if (!s.plan || !s.run) return;
  const sources = command.name === 'best' && s.best ? s.best.sources : s.sources;
  const tree = s.cover ? coverTree(s) : command.name === 'tests' ? { ...s.installs.files, ...testTree(s) } : wholeTree(s, sources);
  const made = await ports.workspace.commit({
    tree: await load(ports, tree),
    deleted: Object.keys(tree).filter((path) => tree[path] === GONE),
    parent: command.name === 'tests' ? null : (s.commits.tests?.commit ?? null),
    subject: subjectOf(command.name, s),
    body: bodyOf(command.name, s),
    trailers: trailersOf(command.name, s),
    ref: `${command.name}-${command.attempt}`,
    sign: command.name === 'final',
  });
  if (command.name === 'final' && s.proof?.statement)
    await ports.workspace.attach(made.commit, await ports.blobs.get(s.proof.statement.blob));
  context.emit({ type: 'committed', id: command.id, name: command.name, ...made });
}

/** The kept tests alone: what is still tried when a run is ended is no part of it. */
function coverTree(s: State): Tree {
  const kept = Object.entries(testTree(s)).filter(([path]) => s.tests[path]?.status === 'frozen');
  return { ...s.installs.files, ...Object.fromEntries(kept) };
}

/** Emits `shipped`. */
export async function ship(command: Command, ports: Ports, context: StepContext): Promise<void> {
  const s = context.state();
  const commit = s.commits.final ?? s.commits.best;
  if (!commit || !s.plan) return;
  const before = s.run?.onto?.branch ?? null;
  const slug = before === null ? slugOf(s.plan.name) : branchSlug(before);
  // What earlier runs of a series have proven stays the tip of its branch.
  const onto = s.run?.series && !s.commits.final ? null : before;
  const shipped = await ports.workspace.ship({ commit: commit.commit, slug, onto, replaces: s.made });
  context.emit({ type: 'shipped', id: command.id, commit: commit.commit, ...shipped });
}

function subjectOf(name: CommitCommand['name'], s: State): string {
  const project = s.plan?.name ?? 'project';
  // A change says what it changes; the branch's name is that of the project already.
  const what = s.run?.onto ? subjectFrom(s.plan?.summary ?? '') || `Change ${project}` : `Add ${project}`;
  if (s.cover) return `${subjectFrom(`Add tests for ${coveredPaths(s)}`)}${name === 'best' ? ' (not proven)' : ''}`;
  if (s.change)
    return name === 'tests'
      ? subjectFrom(testsSubject(s))
      : `${subjectFrom(s.plan?.summary ?? '') || project}${name === 'best' ? ' (not green yet)' : ''}`;
  if (name === 'tests') return s.run?.onto ? `Add tests: ${what}` : `Add acceptance tests for ${project}`;
  return name === 'best' ? `${what} (not green yet)` : what;
}

function coveredPaths({ cover }: State): string {
  const [first, ...more] = (cover ?? []).filter((unit) => Object.keys(unit.files).length > 0).map((unit) => unit.path);
  return more.length === 0 ? (first ?? 'code') : `${first} and ${more.length} more`;
}

/** Each kept test, and what it is good for. */
function keptLines(cover: Cover): string {
  const kept = cover.flatMap((unit) => unit.tests.filter((t) => t.kept));
  return kept.length === 0 ? '' : `\n\n${kept.map((t) => `- ${t.id}: ${t.why}`).join('\n')}`;
}

function testsSubject(s: State): string {
  const what = s.plan?.summary ?? '';
  if (hasGiven(s)) return `Take the given tests: ${what}`;
  return s.change?.untestable ? `Nothing to test: ${what}` : `Test: ${what}`;
}

function bodyOf(name: CommitCommand['name'], s: State): string {
  const { issue } = s.run ?? {};
  const isWhole = name === 'final' && (s.slices === null || s.slices.later.length === 0);
  return [textOf(name, s), ...(issue && isWhole ? [`Fixes #${issue.number}`] : [])].filter(Boolean).join('\n\n');
}

function textOf(name: CommitCommand['name'], s: State): string {
  if (s.cover) return `${coverWords(s.cover)}.${keptLines(s.cover)}`;
  if (s.change) return changeBody(name, s);
  const count = s.red.tests.length;
  const kept = Object.keys(keptTree(s)).length;
  const stay =
    kept === 0 ? '' : ` ${kept} earlier test ${kept === 1 ? 'file stays' : 'files stay'} as ${kept === 1 ? 'it is' : 'they are'}.`;
  if (name === 'tests')
    return `${s.plan?.summary ?? ''}\n\n${count} ${count === 1 ? 'test' : 'tests'}, proven red on stubs before any code was admitted.${stay}`;
  return s.plan?.summary ?? '';
}

function changeBody(name: CommitCommand['name'], s: State): string {
  if (name !== 'tests') return '';
  const failing = s.red.baseline.filter((t) => t.status !== 'passed').length;
  const amended = s.change?.amended.map(({ path, why }) => `\n\nChanges an existing test in ${path}: ${why}`).join('') ?? '';
  return `${failing} of ${s.red.baseline.length} tests fail on the code as it is.${amended}`;
}

function trailersOf(name: CommitCommand['name'], s: State): readonly (readonly [string, string])[] {
  const run = ['Redgreen-Run', s.run?.run ?? ''] as const;
  if (name === 'tests') return [run, ['Redgreen-Step', 'tests']];
  if (name === 'candidate') return [run, ['Redgreen-Step', 'candidate']];
  return [
    run,
    ['Redgreen-Outcome', outcomeOf(s).outcome],
    ['Redgreen-Tests', testsTrailer(passedOf(s), expectedIds(s).length, s.red.tests.filter(isVacuous).length)],
    ['Redgreen-Runner', s.plan?.runner ?? ''],
    ...(s.change ? [['Redgreen-Mode', s.run?.mode ?? 'change'] as const, ...targetTrailers(s)] : []),
    ...(name === 'final' && s.proof?.statement ? [['Redgreen-Proof', s.proof.statement.digest] as const] : []),
  ];
}

/** Files that hold the run's own tests, where no commit of it brings them. */
function targetTrailers(s: State): readonly (readonly [string, string])[] {
  return Object.keys(s.run?.given ?? {})
    .slice(0, 50)
    .map((path) => ['Redgreen-Target', path] as const);
}

function passedOf(s: State): number {
  if (s.cover) return s.red.tests.length;
  const lines = s.commits.final || s.ending === null ? s.last?.tests : s.best?.last.tests;
  return lines?.filter((l) => l.status === 'passed').length ?? 0;
}
