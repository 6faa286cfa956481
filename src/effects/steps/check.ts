// Free repairs before paid ones: the language adapter mends what is mechanical and reports the rest.
import type { Command, Mend } from '../../core/events.ts';
import type { Ports } from '../../core/ports.ts';
import type { StepContext } from '../../driver.ts';
import { languageOf } from './adapters.ts';
import { fullFiles, wholeTree } from './trees.ts';

/** Emits `checked`. Only source files of the run may be changed; what a checker would do to any other file is dropped. */
export async function check(command: Command, ports: Ports, context: StepContext, base: Parameters<typeof fullFiles>[1]): Promise<void> {
  const s = context.state();
  if (!s.plan) return;
  const files = await fullFiles(ports, base, s, wholeTree(s));
  const result = await languageOf(ports, s.plan.language).check(s.plan, files, s.installs.deps);
  const locked = new Set([...Object.keys(s.tests), ...Object.keys(s.installs.files)]);
  const own = result.mended.filter((m) => !locked.has(m.path) && files[m.path] !== m.text);
  const mended: readonly Mend[] = await Promise.all(
    own.map(async (m) => ({ path: m.path, fixes: m.fixes, blob: await ports.blobs.put(m.text) })),
  );
  context.emit({ type: 'checked', id: command.id, mended, diagnostics: result.diagnostics });
}
