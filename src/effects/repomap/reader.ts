// Gets the records of many files: a few at once here, many in a child process that ends with the work.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { extract, NO_TAGS } from './extract.ts';
import { encodeRecord, joinRecords } from './record.ts';

export interface Blob {
  readonly path: string;
  readonly oid: string;
  readonly size: number;
}

/** Texts of files, in the order asked; null: not text. */
export type ReadTexts = (paths: readonly string[]) => Promise<readonly (string | null)[]>;

/** What the child is sent at once; it answers with a record each. */
export type Batch = readonly { readonly path: string; readonly oid: string; readonly text: string | null }[];

export interface ReaderOptions {
  /** Bytes up to which no process is started. */
  readonly inProcessBytes: number;
  /** Milliseconds after which a batch is given up. */
  readonly batchMs: number;
  /** Memory of the child's heap, in megabytes. */
  readonly childMb: number;
}

export const READER_DEFAULTS: ReaderOptions = { inProcessBytes: 700_000, batchMs: 30_000, childMb: 64 };

const BATCH_BYTES = 400_000;
/** A repository that kills the child this often is not read any further. */
const MAX_DEATHS = 3;

/** Entry of the child: beside the bundle, or beside the sources when they run unbuilt. */
function workerPath(): string {
  const bundled = /\/dist\/[^/]*$/.test(import.meta.url);
  return fileURLToPath(new URL(bundled ? './map-worker.js' : './map-worker.ts', import.meta.url));
}

/** Reads `blobs` and calls `take` with their records, batch by batch. A batch that cannot be read gives records without tags, which `take` is told. */
export async function readRecords(
  blobs: readonly Blob[],
  read: ReadTexts,
  options: ReaderOptions,
  take: (records: Uint32Array, sound: boolean) => Promise<void>,
): Promise<void> {
  const load = async (batch: readonly Blob[]): Promise<Batch> => {
    const texts = await read(batch.map(({ path }) => path));
    return batch.map(({ path, oid }, i) => ({ path, oid, text: texts[i] ?? null }));
  };
  const batches = inBatches(blobs);
  if (blobs.reduce((sum, { size }) => sum + size, 0) <= options.inProcessBytes) {
    for (const batch of batches) {
      const records = (await load(batch)).map(({ path, oid, text }) => extract(path, oid, text));
      await take(joinRecords(records), true);
    }
    return;
  }
  let child: ChildProcess | null = null;
  let deaths = 0;
  try {
    let next = batches[0] && load(batches[0]);
    for (let i = 0; next !== undefined; i += 1) {
      const batch = await next;
      const following = batches[i + 1];
      child ??= deaths < MAX_DEATHS ? start(options) : null;
      const answer = child === null ? Promise.resolve(null) : ask(child, batch, options.batchMs);
      // The next texts are fetched while the child works.
      next = following && load(following);
      const records = await answer;
      if (records === null) {
        child?.kill('SIGKILL');
        child = null;
        deaths += 1;
      }
      await take(records ?? joinRecords(batch.map(({ oid }) => encodeRecord(oid, NO_TAGS))), records !== null);
    }
  } finally {
    // Waited for, because what comes next needs the memory.
    if (child?.connected) {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    }
  }
}

function inBatches(blobs: readonly Blob[]): readonly (readonly Blob[])[] {
  const batches: Blob[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const blob of blobs) {
    if (size + blob.size > BATCH_BYTES) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1)?.push(blob);
    size += blob.size;
  }
  return batches;
}

function start({ childMb }: ReaderOptions): ChildProcess {
  const child = fork(workerPath(), {
    // A seat belt, not a wall: the child reads text and executes nothing.
    execArgv: [
      `--max-old-space-size=${childMb}`,
      '--max-semi-space-size=8',
      '--permission',
      '--allow-fs-read=*',
      '--disable-warning=ExperimentalWarning',
    ],
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.on('error', () => undefined);
  return child;
}

/** The child's answer; null when it died or took too long. */
async function ask(child: ChildProcess, batch: Batch, ms: number): Promise<Uint32Array | null> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  child.once('exit', () => controller.abort());
  try {
    const answer = once(child, 'message', { signal: controller.signal });
    child.send(batch, (error) => error && controller.abort());
    const [records] = (await answer) as [Uint32Array];
    return records;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    child.removeAllListeners('exit');
  }
}
