// What is asked before a run of a series begins: which part of the task it does.
import type { Ports } from '../../core/ports.ts';
import { type PromptSpec, slicesPrompt } from '../../core/prompt-slices.ts';
import type { State } from '../../core/state.ts';

/** The prompt that divides what is left of a task. */
export async function sliceSpec(ports: Ports, s: State, task: string): Promise<PromptSpec> {
  const series = s.run?.series;
  if (!series) throw new Error('the run is not one of a series');
  // Each part has left two commits: its tests and its code.
  const subjects = series.done.length === 0 ? [] : await ports.workspace.subjects(series.done.length * 2);
  return slicesPrompt({ task, series, subjects, files: s.run?.base.files ?? [], problems: s.slicing.violations });
}
