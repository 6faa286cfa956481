// A round's test run.
import type { Command } from '../../core/events.ts';
import { expectedIds, testPaths } from '../../core/kept.ts';
import type { Ports } from '../../core/ports.ts';
import { judge } from '../../core/verdict.ts';
import type { StepContext } from '../../driver.ts';
import { runnerOf } from './adapters.ts';
import { runTests } from './testing.ts';
import { fullFiles, wholeTree } from './trees.ts';
import { watcherOf } from './watch.ts';

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
    tests: testPaths(s),
    deps: s.installs.deps,
    timeoutMs,
    signal: context.signal,
    watcher: watcherOf(command, context, expectedIds(s)),
  });
  if (context.signal.aborted) return;
  const judged = judge(expectedIds(s), report);
  const ref = await ports.blobs.put(JSON.stringify({ ...report, output: output.slice(0, 20_000) }));
  context.emit({ type: 'tested', id: command.id, round: s.round + 1, verdict: judged.verdict, tests: judged.lines, report: ref, ms });
}
