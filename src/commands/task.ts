import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { RedgreenError } from '../core/errors.ts';

const MOST_BYTES = 1_000_000;

export interface TaskSource {
  /** Words of the command line; a single `-` means standard input. */
  readonly words: readonly string[];
  /** The value of `--file`, or null. */
  readonly file: string | null;
  readonly stdin: Readable;
  readonly cwd: string;
}

/** The task's text, from the command line, a file or standard input. Throws `RedgreenError('usage')`. */
export async function readTask(source: TaskSource): Promise<string> {
  const { words, file, cwd } = source;
  const piped = words.length === 1 && words[0] === '-';
  if (file !== null && words.length > 0) throw new RedgreenError('usage', 'Give the task as words or with --file, not both.');
  if (file === null && words.length === 0) {
    throw new RedgreenError(
      'usage',
      'Say what to build: redgreen "a tool that …", redgreen -f spec.md, or redgreen - to read standard input.',
    );
  }
  if (piped || file === '-') return textOf(await readAll(source.stdin, 'Standard input'), 'Standard input');
  if (file !== null) return textOf(await readSpec(resolve(cwd, file), file), file);
  return textOf(Buffer.from(words.join(' ')), 'The prompt');
}

async function readSpec(path: string, shown: string): Promise<Buffer> {
  try {
    await using handle = await open(path);
    if ((await handle.stat()).isDirectory()) throw new RedgreenError('usage', `${shown} is a folder; --file takes one text file.`);
    return await readAll(handle.createReadStream({ autoClose: false }), shown);
  } catch (error) {
    if (error instanceof RedgreenError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT' ? 'does not exist' : code === 'EACCES' ? 'may not be read by you' : `cannot be read (${code ?? String(error)})`;
    throw new RedgreenError('usage', `The file ${shown} ${why}.`, { cause: error });
  }
}

async function readAll(stream: Readable, shown: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = Buffer.from(chunk as Uint8Array | string);
    bytes += buffer.length;
    if (bytes > MOST_BYTES) throw new RedgreenError('usage', `${shown} is larger than 1 MB; a task is a text that a person could read.`);
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}

function textOf(bytes: Buffer, shown: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new RedgreenError('usage', `${shown} is no UTF-8 text.`, { cause: error });
  }
  if (text.includes('\0')) throw new RedgreenError('usage', `${shown} is binary; a task is a text.`);
  if (text.trim() === '') throw new RedgreenError('usage', `${shown} is empty; say what to build.`);
  return text.replaceAll('\r\n', '\n');
}
