// Hunks that fitted in an edit of which another did not: they are made with the next edit of their file, so that only the failed ones are sent again.
import { applyShownHunks, type Hunk } from '../../../core/edits.ts';
import type { ToolResult, ToolSpec } from '../../../core/model.ts';
import type { Ports } from '../../../core/ports.ts';
import type { State } from '../../../core/state.ts';
import { validateChangeCall } from '../../../core/tools-change.ts';
import type { StoredReply } from '../stored.ts';

/** For each file the refused edits since its last change in this conversation. */
export type Pending = Map<string, readonly (readonly Hunk[])[]>;

/** Reads them from the turns so far. */
export async function pendingHunks(ports: Pick<Ports, 'blobs'>, s: State, offered: readonly ToolSpec[]): Promise<Pending> {
  const pending: Pending = new Map();
  for (const turn of s.conversation?.turns ?? []) {
    if (turn.results === null) continue;
    const reply: StoredReply = JSON.parse(await ports.blobs.get(turn.reply));
    const results: readonly ToolResult[] = JSON.parse(await ports.blobs.get(turn.results));
    const failed = new Set(results.filter((result) => result.isError).map((result) => result.id));
    for (const one of reply.calls) {
      const checked = validateChangeCall(one, offered);
      if (!('call' in checked)) continue;
      const { call } = checked;
      if (call.tool === 'edit' && failed.has(one.id)) keep(pending, call.path, call.hunks);
      else if ((call.tool === 'edit' || call.tool === 'write') && !failed.has(one.id)) pending.delete(call.path);
    }
  }
  return pending;
}

/** Notes an edit that was refused. */
export function keep(pending: Pending, path: string, hunks: readonly Hunk[]): void {
  pending.set(path, [...(pending.get(path) ?? []), hunks]);
}

/**
 * The hunks for `text` that wait for a mended one: of edits that were refused because of a hunk that does not fit, those that do. An edit that
 * fits as a whole was refused for another reason, and is not made behind anybody's back.
 */
export function waiting(pending: Pending, path: string, text: string, sent: readonly Hunk[]): readonly Hunk[] {
  const fits = (hunk: Hunk) => 'text' in applyShownHunks(text, [hunk]);
  const isNew = (hunk: Hunk) => !sent.some((one) => one.find === hunk.find);
  return (pending.get(path) ?? [])
    .filter((hunks) => !hunks.every(fits))
    .flatMap((hunks) => hunks.filter((hunk) => isNew(hunk) && fits(hunk)));
}
