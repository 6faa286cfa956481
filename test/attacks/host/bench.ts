// What the attacks on the host share: canaries, programs that leave a trace, and a run's workspace.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommitOptions } from '../../../src/core/ports.ts';
import { readIdentity } from '../../../src/effects/git.ts';
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

/** Every hook of githooks(5). */
export const HOOKS =
  'applypatch-msg pre-applypatch post-applypatch pre-commit pre-merge-commit prepare-commit-msg commit-msg post-commit pre-rebase post-checkout ' +
  'post-merge pre-push pre-receive update proc-receive post-receive post-update reference-transaction push-to-checkout pre-auto-gc post-rewrite ' +
  'sendemail-validate fsmonitor-watchman post-index-change';
/** Configuration keys that name a program. */
export const PROGRAMS =
  'core.fsmonitor core.sshCommand core.editor core.pager core.askPass core.gitProxy core.alternateRefsCommand core.hooksPath diff.external ' +
  'credential.helper gpg.program gpg.ssh.program gpg.x509.program filter.evil.clean filter.evil.smudge filter.evil.process merge.evil.driver ' +
  'diff.evil.textconv diff.evil.command uploadpack.packObjectsHook sequence.editor remote.origin.uploadpack remote.origin.receivepack ' +
  'interactive.diffFilter trailer.redgreen-run.command trailer.redgreen-run.cmd pager.log pager.for-each-ref man.viewer web.browser ' +
  'browser.evil.cmd difftool.evil.cmd mergetool.evil.cmd receive.procReceiveRefs tar.tar.gz.command submodule.alternateErrorStrategy';

/** All that a run does to a repository. */
export async function useAll(dir: string): Promise<void> {
  const workspace = await workspaceIn(dir);
  const { files } = await workspace.base();
  for (const path of files) await workspace.readBase(path);
  const made = await workspace.commit(change({ 'src/new.ts': 'export {};\n' }));
  await workspace.export(made.commit);
  await workspace.ship({ commit: made.commit, slug: 'x' });
  await readIdentity({ gitDir: join(dir, '.git'), home: { dir: '/nonexistent' } });
}
