// Starts the TypeScript worker when it is needed, speaks to it, and lets it go when it idles.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { RedgreenError } from '../../../core/errors.ts';
import type { Job, Results, WorkerReply, WorkerRequest } from './protocol.ts';

/** How the worker is run. Times in milliseconds, memory in megabytes. */
export interface WorkerOptions {
  /** The worker's entry: `ts-worker.ts` in a checkout, `ts-worker.js` in a bundle. */
  readonly workerPath: string;
  /** The Node that runs it; the harness's own by default. */
  readonly nodePath?: string;
  readonly idleMs?: number;
  readonly timeoutMs?: number;
  readonly maxOldSpaceMb?: number;
  /** Folder for Node's compile cache, which halves the start; the worker may write there and nowhere else. */
  readonly cacheDir?: string;
}

/** A client of one worker process at a time. */
export interface WorkerClient {
  /** Runs a job. Throws `RedgreenError('language')` when the job fails, the worker dies or the time is up. */
  run<K extends Job['op']>(job: Extract<Job, { op: K }>): Promise<Results[K]>;
  /** Ends the worker. Jobs that wait fail. */
  close(): Promise<void>;
  /** The worker's process id, or null when none runs; and the peak memory in bytes that a worker reported. */
  status(): { readonly pid: number | null; readonly peakRss: number };
}

interface Waiting {
  readonly resolve: (value: Results[keyof Results]) => void;
  readonly reject: (error: RedgreenError) => void;
  readonly timer: NodeJS.Timeout;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

interface Live {
  readonly child: Child;
  readonly waiting: Map<number, Waiting>;
  readonly ended: Promise<void>;
  stderr: string;
  reason: string | null;
}

/** Makes a client; no process is started before the first job. */
export function createWorkerClient(options: WorkerOptions): WorkerClient {
  const idleMs = options.idleMs ?? 3_000;
  const timeoutMs = options.timeoutMs ?? 120_000;
  let live: Live | null = null;
  let nextId = 1;
  let peakRss = 0;
  let idle: NodeJS.Timeout | null = null;

  const release = (): void => {
    const current = live;
    live = null;
    current?.child.stdin.end();
  };

  const settle = (current: Live, reply: WorkerReply): void => {
    peakRss = Math.max(peakRss, reply.rss);
    const waiting = current.waiting.get(reply.id);
    if (waiting === undefined) return;
    current.waiting.delete(reply.id);
    clearTimeout(waiting.timer);
    if (reply.ok) waiting.resolve(reply.value);
    else waiting.reject(new RedgreenError('language', `The TypeScript checker failed: ${reply.error}`));
    if (current.waiting.size > 0) return;
    hold(current.child, false);
    if (live === current) idle = setTimeout(release, idleMs).unref();
  };

  const start = (): Live => {
    const current = launch(options, settle, (dead) => {
      if (live === dead) live = null;
    });
    live = current;
    return current;
  };

  return {
    async run(job) {
      if (idle !== null) clearTimeout(idle);
      idle = null;
      const current = live ?? start();
      hold(current.child, true);
      const id = nextId++;
      const answer = new Promise<Results[keyof Results]>((resolve, reject) => {
        const timer = setTimeout(() => {
          current.reason = `it did not answer within ${Math.round(timeoutMs / 1000)} s`;
          current.child.kill('SIGKILL');
        }, timeoutMs);
        current.waiting.set(id, { resolve, reject, timer });
      });
      const request: WorkerRequest = { id, job };
      current.child.stdin.write(`${JSON.stringify(request)}\n`);
      return (await answer) as Results[typeof job.op];
    },
    async close() {
      if (idle !== null) clearTimeout(idle);
      idle = null;
      const current = live;
      live = null;
      if (current === null) return;
      if (current.waiting.size > 0) {
        current.reason = 'it was closed';
        current.child.kill('SIGKILL');
      }
      hold(current.child, true);
      current.child.stdin.end();
      await current.ended;
    },
    status: () => ({ pid: live?.child.pid ?? null, peakRss }),
  };
}

/** Keeps the harness alive while a job runs, and only then. */
function hold(child: Child, on: boolean): void {
  const call = on ? 'ref' : 'unref';
  child[call]();
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as unknown as { ref(): void; unref(): void })[call]();
}

function launch(options: WorkerOptions, settle: (live: Live, reply: WorkerReply) => void, gone: (live: Live) => void): Live {
  const argv = [
    `--max-old-space-size=${options.maxOldSpaceMb ?? 768}`,
    // A seat belt, not a wall: the worker compiles and never executes; it may read, and write or start nothing.
    '--permission',
    '--allow-fs-read=*',
    ...(options.cacheDir === undefined ? [] : [`--allow-fs-write=${options.cacheDir}`]),
    '--disable-warning=ExperimentalWarning',
    options.workerPath,
  ];
  // A folder that is missing at the start would be granted as a file.
  if (options.cacheDir !== undefined) makeFolder(options.cacheDir);
  const env = options.cacheDir === undefined ? {} : { NODE_COMPILE_CACHE: options.cacheDir };
  const child = spawn(options.nodePath ?? process.execPath, argv, { env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const live: Live = { child, waiting: new Map(), ended, stderr: '', reason: null };
  const fail = (why: string): void => {
    gone(live);
    for (const waiting of live.waiting.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(new RedgreenError('language', `The TypeScript checker stopped: ${why}`, { retryable: true }));
    }
    live.waiting.clear();
  };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    live.stderr = (live.stderr + text).slice(-2_000);
  });
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const reply = parseReply(line);
    if (reply !== null) settle(live, reply);
  });
  child.once('error', (error) => fail(error.message));
  child.once('close', (code, signal) => fail(live.reason ?? deathOf(code, signal, live.stderr)));
  return live;
}

/** A home that cannot be written costs the cache, not the run. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch {
    // The worker starts without a cache.
  }
}

function deathOf(code: number | null, signal: string | null, stderr: string): string {
  if (/heap out of memory/i.test(stderr)) return 'it ran out of memory';
  const last =
    stderr
      .trim()
      .split('\n')
      .find((line) => /error/i.test(line)) ?? '';
  return `${signal === null ? `exit code ${code}` : `signal ${signal}`}${last === '' ? '' : ` (${last.trim().slice(0, 300)})`}`;
}

function parseReply(line: string): WorkerReply | null {
  try {
    return JSON.parse(line) as WorkerReply;
  } catch {
    return null;
  }
}
