// Writing and reading below a folder that is held open, so that a link put in the way later leads nowhere.
import { randomBytes } from 'node:crypto';
import { closeSync, constants, existsSync, fstatSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RedgreenError } from '../core/errors.ts';

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** Where the kernel names an open folder whatever became of its path: proc(5). */
const BY_DESCRIPTOR = '/proc/self/fd';

export interface Anchor {
  /** A path of the folder: through its descriptor on Linux; elsewhere its name, as it was when it was opened. */
  readonly path: string;
  close(): void;
}

/**
 * Opens the folder `names` below `root`, each step without following links; with `make`, folders that are missing are made (mode 0700).
 * `root` itself may be reached over links. Without /proc every step is looked at instead, which a race could still beat: there a private
 * folder is what protects. Throws `RedgreenError('target')` for a link, a file or a folder that is not there.
 */
export function openAnchor(root: string, names: readonly string[] = [], make = false): Anchor {
  const held = existsSync(BY_DESCRIPTOR);
  const opened: number[] = [];
  const close = () => {
    for (const fd of opened.splice(0)) closeSync(fd);
  };
  let here = root;
  let shown = root;
  try {
    if (held) here = hold(root, 0, opened);
    for (const name of names) {
      shown = join(shown, name);
      const next = `${here}/${name}`;
      if (make) makeFolder(next);
      if (!held && !lstatSync(next).isDirectory()) throw new Error('it is no folder');
      here = held ? hold(next, O_NOFOLLOW, opened) : next;
    }
    return { path: here, close };
  } catch (thrown) {
    close();
    throw new RedgreenError('target', `${shown} is no plain folder (a link, a file, or not there); move it away, redgreen writes there.`, {
      cause: thrown,
    });
  }
}

function hold(path: string, flags: number, opened: number[]): string {
  const fd = openSync(path, O_RDONLY | O_DIRECTORY | flags);
  opened.push(fd);
  return `${BY_DESCRIPTOR}/${fd}`;
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
}

/** Replaces the file `name` of an open folder in one step, flushed, mode 0600. What was there, a link too, is replaced and never written through. */
export async function writeAnchored(anchor: Anchor, name: string, bytes: string | Uint8Array): Promise<void> {
  const temporary = `${anchor.path}/${name}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    await handle
      .writeFile(bytes)
      .then(() => handle.sync())
      .finally(() => handle.close());
    await rename(temporary, `${anchor.path}/${name}`);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

/**
 * The bytes of a plain file of at most `max` bytes; null when there is none. A link, a folder, a FIFO and a larger file throw an Error that says so.
 */
export async function readPlain(path: string, max: number): Promise<Buffer | null> {
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR') return null;
    throw thrown.code === 'ELOOP' ? new Error('it is a link', { cause: thrown }) : thrown;
  });
  if (handle === null) return null;
  try {
    const stat = fstatSync(handle.fd);
    if (!stat.isFile()) throw new Error('it is no ordinary file');
    if (stat.size > max) throw new Error(`it is larger than ${max} bytes`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
