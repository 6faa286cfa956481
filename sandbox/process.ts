// Starts one process under limits and waits until the whole tree is dead.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { Identity } from './identity.ts';
import type { Collector } from './output.ts';
import { collector } from './output.ts';
import type { Limits, RunReason, RunResult } from './policy.ts';
import { BoxError } from './policy.ts';
import { watch } from './watch.ts';

export interface Start {
  readonly program: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly identity: Identity | null;
  /** Bytes for descriptors 3 and 4. Without them there is no launcher inside and nothing is awaited on descriptor 5. */
  readonly inputs: readonly [Buffer, Buffer] | null;
  /** Descriptors of ours that would leak into the child. */
  readonly leaking: readonly number[];
  /** A process group of its own, killed as a whole; for runs without a pid namespace. */
  readonly group: boolean;
  readonly limits: Limits;
  /** Host folders that the command can write to. */
  readonly folders: readonly string[];
  readonly stdin: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** How long a killed tree may take to let go of its pipes, in milliseconds. */
const DEATH_MS = 5_000;

/** Runs and returns how it ended. Throws `BoxError` when the box did not stand, or could not be proven dead. */
export async function runProcess(start: Start): Promise<RunResult> {
  const began = performance.now();
  const child = launch(start);
  const out = collector(start.limits.keepBytes);
  const err = collector(start.limits.keepBytes);
  const ended = await supervise(child, start, out, err);
  if (!ended.stood)
    throw new BoxError(`the box could not be made: ${err.text().trim() || `its launcher ended with ${ended.code ?? ended.signal}`}`);
  return { ...verdict(ended), stdout: out.text(), stderr: err.text(), ms: performance.now() - began };
}

function launch(start: Start): ChildProcess {
  const sink = openSync('/dev/null', 'r+');
  try {
    const extra = start.inputs === null ? [] : (['pipe', 'pipe', 'pipe'] as const);
    const stdio: ('ignore' | 'pipe' | number)[] = [start.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...extra];
    for (const fd of start.leaking) {
      while (stdio.length <= fd) stdio.push('ignore');
      if (fd >= 3 + extra.length) stdio[fd] = sink;
    }
    const ids = start.identity === null ? {} : { uid: start.identity.uid, gid: start.identity.gid };
    const child = spawn(start.program, [...start.argv], { cwd: start.cwd, env: { ...start.env }, stdio, detached: start.group, ...ids });
    feed(child.stdin, start.stdin ?? '');
    start.inputs?.forEach((bytes, i) => {
      feed(child.stdio[3 + i] as Writable, bytes);
    });
    return child;
  } finally {
    closeSync(sink);
  }
}

/** Writes and closes; a reader that went away is no error of ours. */
function feed(stream: Writable | null, data: string | Buffer): void {
  stream?.on('error', () => undefined);
  stream?.end(data);
}

interface Ended {
  /** The command inside began. */
  readonly stood: boolean;
  readonly code: number | null;
  readonly signal: string | null;
  /** Why we killed it, if we did. */
  readonly killed: RunReason | null;
}

function supervise(child: ChildProcess, start: Start, out: Collector, err: Collector): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let killed: RunReason | null = null;
    let stood = start.inputs === null;
    let deathbed: NodeJS.Timeout | undefined;
    const kill = (reason: RunReason) => {
      if (killed !== null) return;
      killed = reason;
      killTree(child, start.group);
      deathbed = setTimeout(() => finish(() => reject(new BoxError('a boxed process could not be proven dead'))), DEATH_MS);
    };
    const collect = (stream: Readable | null, into: Collector) =>
      stream?.on('data', (chunk: Buffer) => {
        into.push(chunk);
        if (out.seen() + err.seen() > start.limits.outputBytes) kill('output');
      });
    const clock = setTimeout(() => kill('time'), start.limits.wallMs);
    const unwatch = child.pid === undefined ? () => undefined : watch(child.pid, start.folders, start.limits, kill);
    const aborted = () => kill('signal');
    const finish = (how: () => void) => {
      clearTimeout(clock);
      clearTimeout(deathbed);
      unwatch();
      start.signal?.removeEventListener('abort', aborted);
      for (const stream of child.stdio) stream?.destroy();
      how();
    };
    collect(child.stdout, out);
    collect(child.stderr, err);
    const status: Readable | undefined = (child.stdio as (Readable | undefined)[])[5];
    status?.on('data', () => {
      stood = true;
    });
    child.once('error', (error) => finish(() => reject(new BoxError(`${start.program} could not be started: ${error.message}`))));
    child.once('exit', () => {
      if (start.group) killTree(child, true);
    });
    child.once('close', (code, signal) => finish(() => resolve({ stood: stood || killed !== null, code, signal, killed })));
    if (start.signal?.aborted) aborted();
    else start.signal?.addEventListener('abort', aborted, { once: true });
  });
}

function killTree(child: ChildProcess, group: boolean): void {
  if (child.pid === undefined) return;
  try {
    process.kill(group ? -child.pid : child.pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** A launcher reports a signal that ended the command as 128 plus its number. */
function verdict(ended: Ended): Pick<RunResult, 'reason' | 'exitCode' | 'signal'> {
  if (ended.killed !== null) return { reason: ended.killed, exitCode: null, signal: 'SIGKILL' };
  const signal = ended.signal ?? signalName((ended.code ?? 0) - 128);
  if (signal !== null) return { reason: REASONS[signal] ?? 'signal', exitCode: ended.code, signal };
  return { reason: ended.code === 0 ? 'ok' : 'exit', exitCode: ended.code, signal: null };
}

const REASONS: Readonly<Record<string, RunReason>> = { SIGXCPU: 'time', SIGXFSZ: 'disk', SIGSYS: 'denied' };

const DEADLY = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGKILL',
  'SIGSEGV',
  'SIGPIPE',
  'SIGALRM',
  'SIGTERM',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGSYS',
] as const;

function signalName(number: number): string | null {
  return DEADLY.find((name) => constants.signals[name] === number) ?? null;
}
