// Contents by hash: one file for each blob, named by its sha256.
import { createHash } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RedgreenError } from '../core/errors.ts';
import type { Blobs } from '../core/ports.ts';
import type { Ref } from '../core/ref.ts';
import { openAnchor, writeAnchored } from './anchor.ts';

/** Characters of recently used blobs that are kept in memory. */
const CACHE_CHARACTERS = 8_000_000;

/** The sha256 of the text's UTF-8 bytes, in lower-case hex. */
export function refOf(text: string): Ref {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** The most recently used texts, up to a number of characters. */
function createCache(limit: number) {
  const texts = new Map<Ref, string>();
  let size = 0;
  return {
    get(ref: Ref): string | undefined {
      const text = texts.get(ref);
      if (text === undefined) return undefined;
      texts.delete(ref);
      texts.set(ref, text);
      return text;
    },
    set(ref: Ref, text: string): void {
      if (text.length > limit / 4 || texts.has(ref)) return;
      texts.set(ref, text);
      size += text.length;
      for (const [old, value] of texts) {
        if (size <= limit) break;
        texts.delete(old);
        size -= value.length;
      }
    },
  };
}

/** Flushes a folder's entries; file systems that cannot are left as they are. */
async function flushFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r').catch(() => null);
  if (handle === null) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}

/** Writes beside the target, flushes, renames: a reader sees all of it or nothing, also after a crash. */
async function writeWhole(dir: string, ref: Ref, bytes: Buffer): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const folder = openAnchor(dir, [ref.slice(0, 2)], true);
  try {
    await writeAnchored(folder, ref.slice(2), bytes);
    await flushFolder(folder.path);
  } finally {
    folder.close();
  }
}

/**
 * Blobs in the folder `dir` (made when missing, readable by its owner only), each in `ab/cdef…` by its sha256.
 * `put` of a text that is there already writes nothing, unless its file is damaged. Lone surrogates are stored as U+FFFD.
 */
export function createBlobs(dir: string): Blobs {
  const cache = createCache(CACHE_CHARACTERS);
  const stored = new Map<Ref, Promise<void>>();
  const place = (ref: Ref) => join(dir, ref.slice(0, 2), ref.slice(2));

  async function store(ref: Ref, text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    const there = await readFile(place(ref)).catch(() => null);
    if (there?.equals(bytes)) return;
    await writeWhole(dir, ref, bytes).catch((thrown: unknown) => {
      throw new RedgreenError(
        'journal',
        `The run's contents could not be written to ${dir}: ${thrown instanceof Error ? thrown.message : thrown}.`,
        { cause: thrown },
      );
    });
  }

  return {
    async put(raw) {
      const text = raw.toWellFormed();
      const ref = refOf(text);
      const known = stored.get(ref) ?? store(ref, text);
      stored.set(ref, known);
      await known.catch((thrown: unknown) => {
        stored.delete(ref);
        throw thrown;
      });
      cache.set(ref, text);
      return ref;
    },

    async get(ref) {
      if (!/^[0-9a-f]{64}$/.test(ref)) throw new RedgreenError('journal', 'The journal names contents by something that is no sha256.');
      const cached = cache.get(ref);
      if (cached !== undefined) return cached;
      const bytes = await readFile(place(ref)).catch((thrown: unknown) => {
        throw new RedgreenError('journal', `Contents ${ref.slice(0, 12)} of the run are missing in ${dir}.`, { cause: thrown });
      });
      if (createHash('sha256').update(bytes).digest('hex') !== ref)
        throw new RedgreenError(
          'journal',
          `Contents ${ref.slice(0, 12)} of the run in ${dir} are damaged: their bytes do not match their name.`,
        );
      const text = bytes.toString('utf8');
      cache.set(ref, text);
      return text;
    },
  };
}
