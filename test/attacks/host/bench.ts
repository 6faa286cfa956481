// What the attacks on the host share: canaries, programs that leave a trace, and a run's workspace.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommitOptions } from '../../../src/core/ports.ts';
import { openTarget } from '../../../src/effects/target.ts';
import { createWorkspace } from '../../../src/effects/workspace.ts';
import { folder } from '../../effects/repository.ts';

export const RUN = '20261123-170509-abcd';

export interface Canary {
  /** A program that leaves its name when it is run. */
  readonly program: string;
  /** A shell line that does the same. */
  readonly line: string;
  /** Who has run so far; empty when nobody has. */
  readonly seen: () => string;
}

/** A program outside every repository, and the file that it writes to when anything runs it. */
export function canary(): Canary {
  const dir = folder();
  const file = join(dir, 'CANARY');
  const program = join(dir, 'evil');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> ${file}\nexit 0\n`, { mode: 0o755 });
  return { program, line: `echo ran >> ${file}`, seen: () => (existsSync(file) ? readFileSync(file, 'utf8') : '') };
}

/** A folder with a file that nothing may change. */
export function victim(): { readonly dir: string; readonly file: string; readonly isWhole: () => boolean } {
  const dir = folder();
  const file = join(dir, 'precious');
  writeFileSync(file, 'precious\n');
  return { dir, file, isWhole: () => readFileSync(file, 'utf8') === 'precious\n' };
}

export const target = (dir: string) => openTarget({ cwd: dir, dir: null, home: { dir: '/nonexistent' } });

/** The workspace of a run in `dir`, as the loop has it, and what it said. */
export async function workspaceIn(dir: string) {
  const found = await target(dir);
  const notes: string[] = [];
  const onNote = (text: string) => notes.push(text);
  const workspace = createWorkspace({
    target: found,
    runId: RUN,
    base: found.head,
    created: found.created,
    now: () => 1_700_000_000_000,
    onNote,
  });
  return { ...workspace, notes };
}

/** A commit of these files over the base. */
export const change = (tree: Readonly<Record<string, string>>, more: Partial<CommitOptions> = {}): CommitOptions => ({
  tree,
  deleted: [],
  parent: null,
  subject: 'a change',
  body: '',
  trailers: [['Redgreen-Run', RUN]],
  ref: 'round-1',
  ...more,
});
