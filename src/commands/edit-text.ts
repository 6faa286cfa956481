// Lets the user edit a text in their own editor.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedgreenError } from '../core/errors.ts';
import type { Context } from './context.ts';

export interface EditOptions {
  /** The file's name, from which editors take the language. */
  readonly name: string;
  /** Ends the editor. */
  readonly signal: AbortSignal;
}

/**
 * Opens `$VISUAL`, `$EDITOR` or vi on a private copy of `text`  and gives what was saved.
 * Throws `RedgreenError('usage')` when the editor cannot be started or ends badly.
 */
export async function editText(
  { env, stdin }: Pick<Context, 'env' | 'stdin'>,
  text: string,
  { name, signal }: EditOptions,
): Promise<string> {
  const editor = env['VISUAL'] || env['EDITOR'] || 'vi';
  const dir = await mkdtemp(join(tmpdir(), 'redgreen-edit-'));
  const file = join(dir, name);
  try {
    await writeFile(file, text, { mode: 0o600 });
    // Else we would read what is typed in the editor.
    stdin.pause();
    const how = await runEditor(editor, file, signal);
    if (how !== null)
      throw new RedgreenError('usage', `The editor (${editor}) ${how}; nothing was changed. $VISUAL or $EDITOR names another.`);
    return await readFile(file, 'utf8');
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Null when it ended well, else how. The variable may hold arguments, as git and others allow. */
function runEditor(editor: string, file: string, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    // Where the shell is not needed any more, the editor takes its place: a signal then reaches it.
    const command = /[;|&()<>$`=]/.test(editor) ? editor : `exec ${editor}`;
    const child = spawn('/bin/sh', ['-c', `${command} "$1"`, 'sh', file], { stdio: 'inherit', signal });
    child.once('error', (error) => resolve(`cannot be started (${error.message})`));
    child.once('close', (code, signal) => resolve(code === 0 ? null : code === 127 ? 'was not found' : `ended with ${signal ?? code}`));
  });
}
