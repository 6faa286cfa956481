// The red proof: the tests are checked against the contracts and run on both kinds of stub, before any draft is admitted.
import type { Command, Mend, TestLine } from '../../core/events.ts';
import { isChange, keptTree, testTree } from '../../core/kept.ts';
import { checkOracles } from '../../core/oracle-check.ts';
import { type CheckResult, type Ports, STUB_MARKER, type StubKind } from '../../core/ports.ts';
import { redProof, untested } from '../../core/redproof.ts';
import type { Files } from '../../core/ref.ts';
import type { TestId, TestReport } from '../../core/report.ts';
import type { State } from '../../core/state.ts';
import { judge } from '../../core/verdict.ts';
import type { StepContext } from '../../driver.ts';
import { languageOf, runnerOf } from './adapters.ts';
import { runTests, type TestRun } from './testing.ts';
import { fullFiles, load } from './trees.ts';
import { watcherOf } from './watch.ts';

type Base = Parameters<typeof fullFiles>[1];

/** Emits `red.proven` with the mended tests, what each test did on the stubs, and what has to be sent back. */
export async function proveRed(command: Command, ports: Ports, context: StepContext, base: Base, timeoutMs: number): Promise<void> {
  const s = context.state();
  const plan = s.plan;
  if (!plan) return;
  const language = languageOf(ports, plan.language);
  const drafted = await load(ports, testTree(s));
  const checked = joined(await language.checkTests(plan, drafted), checkOracles(plan, drafted, s.run?.base.files ?? []));
  const open = (path: string) => s.tests[path]?.status === 'drafted';
  const mended = checked.mended.filter((m) => open(m.path));
  const tests: Files = { ...drafted, ...Object.fromEntries(mended.map((m) => [m.path, m.text])) };
  const rest = await fullFiles(ports, base, s, s.installs.files);
  const runner = runnerOf(ports, plan.runner);
  const limits = { deps: s.installs.deps, timeoutMs, signal: context.signal };
  const onStubs = async (kind: StubKind): Promise<TestReport> => {
    const tree = { ...rest, ...(await language.stubs(plan, kind)), ...tests };
    const run = { tree, runner, tests: Object.keys(tests), ...limits };
    return (await runTests(ports, kind === 'throwing' ? { ...run, watcher: watcherOf(command, context, null) } : run)).report;
  };
  const onBase = () => baselineOf(ports, s, { tree: { ...rest, ...tests }, runner, tests: Object.keys(tests), ...limits });
  const [throwing, wrong, baseline] = await Promise.all([onStubs('throwing'), onStubs('wrong'), onBase()]);
  if (context.signal.aborted) return;
  const proof = redProof(Object.keys(tests), throwing, wrong, checked.diagnostics, STUB_MARKER, earlierIn(s, baseline));
  const report = await ports.blobs.put(JSON.stringify({ throwing, wrong }));
  const blobs: readonly Mend[] = await Promise.all(
    mended.map(async (m) => ({ path: m.path, fixes: m.fixes, blob: await ports.blobs.put(m.text) })),
  );
  context.emit({
    type: 'red.proven',
    id: command.id,
    attempt: command.attempt,
    mended: blobs,
    problems: [...proof.problems, ...untested(Object.keys(tests), baseline)],
    tests: proof.tests,
    report,
    baseline,
  });
}

/** Ids that pass on the base, of files that were kept until this plan has them written anew. */
function earlierIn(s: State, baseline: readonly TestLine[]): ReadonlySet<TestId> {
  const kept = s.run?.kept ?? {};
  return new Set(baseline.filter((t) => t.status === 'passed' && kept[t.path] !== undefined).map((t) => t.id));
}

/** What the run's tests and the kept ones do on the base as it is, where it is changed. Where they end together without a report, the kept ones alone are asked. */
async function baselineOf(ports: Ports, s: State, run: TestRun): Promise<readonly TestLine[]> {
  if (!isChange(s)) return [];
  const kept = await load(ports, keptTree(s));
  const tree = { ...run.tree, ...kept };
  const paths = Object.keys(kept);
  const { report } = await runTests(ports, { ...run, tree, tests: [...run.tests, ...paths] });
  if (report.broken === null || paths.length === 0) return judge([], report).lines;
  return judge([], (await runTests(ports, { ...run, tree, tests: paths })).report).lines;
}

function joined(a: CheckResult, b: CheckResult): CheckResult {
  return { mended: [...a.mended, ...b.mended], diagnostics: [...a.diagnostics, ...b.diagnostics] };
}
