// What a branch says of itself: its trailers, its record and its signature. Held against what was expected; the rest is derived anew.
import { MAX_STATEMENT } from '../../core/statement.ts';
import type { Signature } from '../../core/verified.ts';
import { refOf } from '../blobs.ts';
import type { Git } from '../git.ts';
import { readNote } from '../notes.ts';
import { cannot } from './cannot.ts';
import { type History, trailer } from './history.ts';

/** The record of a proof and its digest, where one came along. */
export type Recorded = { readonly text: string; readonly digest: string } | null;

/** The commits of a branch with what they say. */
export interface Claimed {
  readonly history: History;
  readonly record: Recorded;
  readonly signature: Signature | null;
  /** What is wrong with all of that, in sentences. */
  readonly findings: readonly string[];
}

export interface ClaimOptions {
  readonly git: Git;
  readonly signature: (commit: string) => Promise<Signature | null>;
  readonly expect: string | null;
}

/** Throws `RedgreenError('usage')` when a record is expected and there is none to compare with. */
export async function readClaims({ git, signature: sign, expect }: ClaimOptions, history: History): Promise<Claimed> {
  const text = await readNote(git, history.code.id, MAX_STATEMENT);
  const record = text === null ? null : { text, digest: `sha256:${refOf(text)}` };
  requireRecord(expect, history, record);
  const signature = await sign(history.code.id);
  return { history, record, signature, findings: [...signatureFindings(signature), ...claimFindings(history, expect, record)] };
}

function requireRecord(expect: string | null, history: History, record: Recorded): void {
  if (expect === null || record !== null) return;
  const named = trailer(history, 'Redgreen-Proof');
  if (named !== null && named !== expect) return;
  throw cannot(
    `The commit ${history.code.id.slice(0, 12)} has no record here to compare with; git fetch origin refs/notes/redgreen:refs/notes/redgreen brings it.`,
  );
}

function signatureFindings(signature: Signature | null): readonly string[] {
  const isForged = signature?.status === 'bad' || signature?.status === 'revoked';
  return isForged ? [`the signature of its commit is ${signature.status}`] : [];
}

/** What the commit says of itself, held against what was expected. */
function claimFindings(history: History, expect: string | null, record: Recorded): readonly string[] {
  const found: string[] = [];
  const digest = record?.digest ?? trailer(history, 'Redgreen-Proof');
  if (expect !== null && digest !== expect) found.push(`its record is not the expected one: it is ${digest ?? 'not named'}`);
  for (const [key, values] of history.trailers) if (values.length > 1) found.push(`its commit says ${key} ${values.length} times`);
  const outcome = trailer(history, 'Redgreen-Outcome');
  if (outcome !== null && outcome !== 'green') found.push(`its commit does not say that it is proven: the run ended ${outcome}`);
  if (history.tip.tree !== history.code.tree)
    found.push(
      `${history.after === 1 ? 'a commit comes' : `${history.after} commits come`} after the proven one and change its tree; redgreen verify ${history.code.id.slice(0, 12)} checks the proven one`,
    );
  return found;
}

/** What a reader should know of the commits and the record. */
export function claimRemarks({ history, record }: Pick<Claimed, 'history' | 'record'>): readonly string[] {
  return [
    ...(history.trailers.has('Redgreen-Outcome') ? [] : ['no commit here says that it was proven; the last one was taken for the code’s']),
    ...(history.after > 0 && history.tip.tree === history.code.tree
      ? [
          `${history.after === 1 ? 'a commit comes' : `${history.after} commits come`} after the proven one, ${history.code.id.slice(0, 12)}, and leave its tree as it is`,
        ]
      : []),
    ...(record === null
      ? [
          'no record came along (git fetch origin refs/notes/redgreen:refs/notes/redgreen brings it); everything was derived from the commits',
        ]
      : []),
  ];
}

/** What is wrong with the commits' place in the history. */
export function mergeFindings({ code, tests }: History): readonly string[] {
  return [
    ...(code.parents.length > 1 ? ['the code’s commit is a merge, so no tests’ commit comes before it'] : []),
    ...(tests.parents.length > 1 ? ['the tests’ commit is a merge'] : []),
  ];
}
