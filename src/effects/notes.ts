// Notes on commits, kept byte for byte: git-notes(1).

import { RedgreenError } from '../core/errors.ts';
import { type Git, hardened, type Identity, identityPart } from './git.ts';
import { asText, readBlobs } from './store.ts';

/** Where the statements of proofs are. */
const NOTES_REF = 'refs/notes/redgreen';

/** How often a note is tried again when someone else moves the ref at the same moment. */
const TRIES = 3;

/** Git in the repository `gitDir` that may commit as `identity`. */
export function notesGit(gitDir: string, identity: Identity, path: string | undefined): Git {
  const name = identityPart(identity.name) || 'redgreen';
  const email = identityPart(identity.email);
  const env = { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email };
  return hardened({ gitDir, env, ...(path === undefined ? {} : { path }) });
}

/** Makes `text` the note of `commit`; other notes stay. Throws `RedgreenError('git')`. */
export async function writeNote(git: Git, commit: string, text: string): Promise<void> {
  // Git writes through a symbolic reference: one that was put there could move any branch.
  const stands = await git.raw(['symbolic-ref', '-q', NOTES_REF]).catch(() => '');
  if (stands !== '') throw new RedgreenError('git', `${NOTES_REF} stands for ${stands.trim()}; delete it, redgreen keeps its notes there.`);
  const blob = (await git.pipe(['hash-object', '-w', '--stdin'], text)).toString('latin1').trim();
  for (let n = 1; ; n++) {
    try {
      await git.raw(['notes', `--ref=${NOTES_REF}`, 'add', '-f', '-C', blob, commit]);
      return;
    } catch (error) {
      if (n >= TRIES) throw error;
    }
  }
}

/** The note of `commit`, or null when it has none or it is no text of at most `limit` bytes. */
export async function readNote(git: Git, commit: string, limit: number): Promise<string | null> {
  const blob = await git.raw(['notes', `--ref=${NOTES_REF}`, 'list', commit]).then(
    (text) => text.trim(),
    () => '',
  );
  if (!/^[0-9a-f]{40,64}$/.test(blob)) return null;
  const size = Number(await git.raw(['cat-file', '-s', blob]));
  if (!(size <= limit)) return null;
  const [bytes] = await readBlobs(git, [blob]);
  return bytes === undefined ? null : asText(bytes);
}
