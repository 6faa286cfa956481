// The records of a repository on disk: one file that grows, believed record by record.
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { joinRecords, type RecordView, recordOid, splitRecords } from './record.ts';

/** Raised whenever the same text would give other tags; older files are written anew. */
const VERSION = 1;
const MAGIC = 0x52474d50;
const HEAD = new Uint32Array([MAGIC, VERSION]);
/** A file larger than this, in bytes, is written anew when less than half of it is in use. */
const PRUNE_FROM = 16_000_000;

export interface RecordCache {
  /** Records by blob (first 40 hex digits); empty when there is no file or it cannot be read. */
  load(): Promise<Map<string, RecordView>>;
  /** Adds records. A disk that cannot be written costs the cache, not the run. */
  add(records: Uint32Array): Promise<void>;
  /** Writes the file anew with only `used`, where it has become mostly waste or is damaged. */
  prune(used: readonly RecordView[]): Promise<void>;
}

/** The cache in the folder `dir` (made when missing); null keeps nothing. */
export function createRecordCache(dir: string | null): RecordCache {
  if (dir === null) return { load: async () => new Map(), add: async () => undefined, prune: async () => undefined };
  const path = join(dir, 'repomap.bin');
  let whole = false;
  let size = 0;
  const attempt = async (write: () => Promise<unknown>) => {
    await mkdir(dir, { recursive: true, mode: 0o700 })
      .then(write)
      .catch(() => undefined);
  };
  const replace = (records: readonly Uint32Array[]) =>
    attempt(async () => {
      await writeFile(`${path}.${process.pid}`, bytesOf(joinRecords([HEAD, ...records])), { mode: 0o600 });
      await rename(`${path}.${process.pid}`, path);
      whole = true;
    });
  return {
    async load() {
      const bytes = await readFile(path).catch(() => null);
      const { records, sound } = bytes === null ? { records: new Map(), sound: false } : readRecords(bytes);
      whole = sound;
      size = bytes?.length ?? 0;
      // From nothing the file grows batch by batch; a damaged one is left to `prune`, which keeps what was sound.
      if (records.size === 0) await replace([]);
      return records;
    },
    async add(records) {
      if (records.length > 0 && whole) await attempt(() => appendFile(path, bytesOf(records), { mode: 0o600 }));
    },
    async prune(used) {
      const bytes = used.reduce((sum, { words, at }) => sum + 4 * (words[at] ?? 0), 0);
      if (whole && (size < PRUNE_FROM || bytes * 2 > size)) return;
      await replace(used.map(({ words, at }) => words.subarray(at, at + (words[at] ?? 0))));
    },
  };
}

/** Reads up to the first record that is not sound; what follows a torn one cannot be found. */
function readRecords(file: Uint8Array): { readonly records: Map<string, RecordView>; readonly sound: boolean } {
  // Small files come in a shared buffer at any place, and words must begin at a multiple of four.
  const bytes = file.byteOffset % 4 === 0 ? file : Uint8Array.from(file);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
  if (words[0] !== MAGIC || words[1] !== VERSION) return { records: new Map(), sound: false };
  const { views, end } = splitRecords(words, HEAD.length);
  return { records: new Map(views.map((view) => [recordOid(view), view])), sound: end * 4 === bytes.length };
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
