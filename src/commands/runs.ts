import { oneLine } from '../core/sanitise.ts';
import type { RunSummary } from '../effects/runs.ts';
import { escapeControls } from '../surfaces/jsonl.ts';
import type { Line } from '../surfaces/line.ts';
import { lineText } from '../surfaces/plain.ts';
import { type Context, configFor, type Flags, wantsColor } from './context.ts';
import { runsHere } from './find-runs.ts';

/** `redgreen runs`: the runs of this repository, newest first; everywhere with `--all` or outside a repository. */
export async function runs(context: Context, _args: readonly string[], flags: Flags): Promise<number> {
  const found = await runsHere(context, flags, flags['all'] === true);
  if (flags['json'] === true) {
    context.stdout.write(`${escapeControls(JSON.stringify({ type: 'runs', runs: found.map(entry) }))}\n`);
    return 0;
  }
  if (found.length === 0) {
    context.stdout.write('No runs yet.\n');
    return 0;
  }
  const color = wantsColor(await configFor(context, flags), context.stdout, context.env);
  const isWide = flags['all'] === true || found.some((run) => run.target !== found[0]?.target);
  for (const run of found) context.stdout.write(`${lineText(runLine(run, isWide), color)}\n`);
  return 0;
}

/** What others may build on; never the paths of our own files. */
function entry(run: RunSummary): Readonly<Record<string, unknown>> {
  const { id, title, target, startedAt, lastAt, branch, reason, problem } = run;
  return { run: id, outcome: run.outcome, state: stateOf(run), title, dir: target, branch, reason, startedAt, lastAt, problem };
}

function stateOf(run: RunSummary): string {
  if (run.problem !== null) return 'unreadable';
  return run.outcome ?? (run.running ? 'running' : 'cut off');
}

/** A run in one line; with `isWide`, also which repository it is of. */
export function runLine(run: RunSummary, isWide: boolean): Line {
  const state = stateOf(run);
  const tone = state === 'green' ? 'good' : state === 'running' ? 'plain' : state === 'red' || state === 'failed' ? 'bad' : 'warn';
  const where = run.problem ?? run.branch ?? '';
  const words = [
    run.id,
    oneLine(run.title, 60),
    ...(where === '' ? [] : [oneLine(where, 80)]),
    ...(isWide ? [oneLine(run.target, 200)] : []),
  ];
  return { tone, label: state.padEnd(11), text: words.join(' · ') };
}
