// The clean room: the commit itself, exported into fresh boxes, with the locked tests laid over it.
import type { Command } from '../../core/events.ts';
import type { Ports } from '../../core/ports.ts';
import { joinVerdicts, judge } from '../../core/verdict.ts';
import type { StepContext } from '../../driver.ts';
import { runnerOf } from './adapters.ts';
import { expectedIds } from './test.ts';
import { runTests } from './testing.ts';
import { load, testTree } from './trees.ts';

/** Fresh runs of one commit before it may be called green. */
export const PROOF_RUNS = 2;

/** Emits `proven` for the candidate commit. */
export async function prove(command: Command, ports: Ports, context: StepContext, timeoutMs: number): Promise<void> {
  const s = context.state();
  const candidate = s.commits.candidate;
  if (!s.plan || !candidate) return;
  const tree = { ...(await ports.workspace.export(candidate.commit)), ...(await load(ports, testTree(s))) };
  const runner = runnerOf(ports, s.plan.runner);
  const run = { tree, runner, tests: Object.keys(s.tests), deps: s.installs.deps, readOnlyTree: true, timeoutMs, signal: context.signal };
  const judged = [];
  let report = null;
  let ms = 0;
  for (let n = 0; n < PROOF_RUNS; n += 1) {
    const once = await runTests(ports, run);
    if (context.signal.aborted) return;
    const result = judge(expectedIds(s), once.report);
    ms += once.ms;
    judged.push(result);
    report = once;
    if (result.verdict.kind !== 'green') break;
  }
  const last = judged.at(-1);
  if (!last || !report) return;
  const ref = await ports.blobs.put(JSON.stringify({ ...report.report, output: report.output.slice(0, 20_000) }));
  const verdict = joinVerdicts(judged.map((j) => j.verdict));
  context.emit({
    type: 'proven',
    id: command.id,
    ...candidate,
    verdict,
    tests: last.lines,
    report: ref,
    runs: judged.length,
    seeds: [],
    unreverted: [],
    statement: null,
    ms,
  });
}
