// A round's test run.
import type { Command } from '../../core/events.ts';
import type { Ports } from '../../core/ports.ts';
import type { State } from '../../core/state.ts';
import { judge } from '../../core/verdict.ts';
import type { StepContext } from '../../driver.ts';
import { runnerOf } from './adapters.ts';
import { runTests } from './testing.ts';
import { fullFiles, wholeTree } from './trees.ts';

/** Emits `tested` for the next round. */
export async function test(
  command: Command,
  ports: Ports,
  context: StepContext,
  base: Parameters<typeof fullFiles>[1],
  timeoutMs: number,
): Promise<void> {
  const s = context.state();
  if (!s.plan) return;
  const { report, ms, output } = await runTests(ports, {
    tree: await fullFiles(ports, base, s, wholeTree(s)),
    runner: runnerOf(ports, s.plan.runner),
    tests: Object.keys(s.tests),
    deps: s.installs.deps,
    timeoutMs,
    signal: context.signal,
  });
  if (context.signal.aborted) return;
  const judged = judge(expectedIds(s), report);
  const ref = await ports.blobs.put(JSON.stringify({ ...report, output: output.slice(0, 20_000) }));
  context.emit({ type: 'tested', id: command.id, round: s.round + 1, verdict: judged.verdict, tests: judged.lines, report: ref, ms });
}

/** The ids that were collected when the tests were proven red. */
export function expectedIds(s: State): readonly string[] {
  return s.red.tests.map((t) => t.id);
}
