// Starts one process under limits and waits until the whole tree is dead.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import type { Duplex, Writable } from 'node:stream';
import type { Outside } from './bubblewrap.ts';
import type { Group } from './cgroup.ts';
import { makeGroup } from './cgroup.ts';
import type { CgroupHome } from './cgroup-find.ts';
import type { Identity } from './identity.ts';
import type { Init } from './init.ts';
import { areSettled, initOf, isDead, killLauncher } from './init.ts';
import type { Collector } from './output.ts';
import { collector } from './output.ts';
import type { Limits, RunReason, RunResult, Usage } from './policy.ts';
import { BoxError } from './policy.ts';
import type { Memory, TmpfsWatch } from './tmpfs.ts';
import { watchTmpfs } from './tmpfs.ts';
import { isOver, watch } from './watch.ts';

export interface Start {
  readonly program: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly identity: Identity | null;
  /** Bytes for descriptor 3 and the next ones. The program does nothing before it has read them all. */
  readonly inputs: readonly Buffer[];
  /** A launcher inside says, on the descriptor after the inputs, that the box stands. */
  readonly stands: boolean;
  /** Descriptors of ours that would leak into the child. */
  readonly leaking: readonly number[];
  /** A process group of its own, killed as a whole; for runs without a pid namespace. */
  readonly group: boolean;
  /** Where a control group for the run is made; null: limits are watched. */
  readonly cgroup: CgroupHome | null;
  readonly limits: Limits;
  /** Host folders that the command can write to. */
  readonly folders: readonly string[];
  /** Folders in memory that the command can write to. */
  readonly memory: readonly Memory[];
  /** For a box that is not below the process that we start: a container. */
  readonly outside: Outside | null;
  readonly stdin: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** How long a killed tree may take to let go of its pipes, in milliseconds; a container's engine has more to do. */
const DEATH_MS = 5_000;
const OUTSIDE_DEATH_MS = 30_000;

/** Runs and returns how it ended. Throws `BoxError` when the box did not stand, or could not be proven dead. */
export async function runProcess(start: Start): Promise<RunResult> {
  const began = performance.now();
  const output = { out: collector(start.limits.keepBytes), err: collector(start.limits.keepBytes) };
  const group = start.cgroup === null ? null : makeGroup(start.cgroup, start.limits, start.identity);
  let ended: Ended;
  let usage: Usage;
  try {
    ended = await supervise(launch(start, group), start, group, output);
    if (ended.init !== null && group === null && !(await isDead(ended.init, DEATH_MS)))
      throw new BoxError('a boxed process could not be proven dead');
    usage = group?.usage(ended.stood && ended.killed === null) ?? ended.usage;
  } catch (error) {
    await start.outside?.end(null);
    throw error;
  } finally {
    await group?.close();
  }
  if (start.outside !== null) {
    const { stood, outOfMemory } = await start.outside.end(ended.code);
    ended = { ...ended, stood: stood && ended.stood, limit: ended.limit ?? (outOfMemory ? 'memory' : null) };
  }
  const [stdout, stderr] = [output.out.text(), output.err.text()];
  if (!ended.stood && ended.limit === null)
    throw new BoxError(`the box could not be made: ${stderr.trim() || `its launcher ended with ${ended.code ?? ended.signal}`}`);
  return { ...verdict(ended), stdout, stderr, ms: performance.now() - began, usage };
}

function launch(start: Start, group: Group | null): ChildProcess {
  const sink = openSync('/dev/null', 'r+');
  try {
    const extra = [...start.inputs, ...(start.stands ? ['status'] : [])].map(() => 'pipe' as const);
    const stdio: ('ignore' | 'pipe' | number)[] = [start.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...extra];
    for (const fd of start.leaking) {
      while (stdio.length <= fd) stdio.push('ignore');
      if (fd >= 3 + extra.length) stdio[fd] = sink;
    }
    const ids = start.identity === null ? {} : { uid: start.identity.uid, gid: start.identity.gid };
    const [program = '', ...argv] = [...(group?.entry ?? []), start.program, ...start.argv];
    const child = spawn(program, argv, { cwd: start.cwd, env: { ...start.env }, stdio, detached: start.group, ...ids });
    enter(child, group);
    feed(child.stdin, start.stdin ?? '');
    // Last: with these the child begins, and then it must be in its group.
    start.inputs.forEach((bytes, i) => {
      feed(child.stdio[3 + i] as Writable, bytes);
    });
    return child;
  } finally {
    closeSync(sink);
  }
}

function enter(child: ChildProcess, group: Group | null): void {
  try {
    if (group?.entry.length === 0 && child.pid !== undefined) group.add(child.pid);
  } catch (error) {
    child.on('error', () => undefined);
    child.kill('SIGKILL');
    throw error;
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
  /** Why we killed it. */
  readonly killed: RunReason | null;
  /** The limit that it reached, or `aborted`. */
  readonly limit: RunReason | null;
  /** The first process of the box, as far as one was seen. */
  readonly init: Init | null;
  /** Without a control group: what was seen. */
  readonly usage: Usage;
}

interface Output {
  readonly out: Collector;
  readonly err: Collector;
}

/** Waits for the end of the tree and of its output; kills it at the first limit that it reaches. */
function supervise(child: ChildProcess, start: Start, group: Group | null, output: Output): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let killed: RunReason | null = null;
    let limit: RunReason | null = null;
    let stood = !start.stands;
    let memory: TmpfsWatch | null = null;
    let init: Init | null = null;
    let deathbed: NodeJS.Timeout | undefined;
    const kill = (reason: RunReason) => {
      if (killed !== null) return;
      killed = reason;
      limit ??= reason;
      init = killAll(child, start, group) ?? init;
      deathbed = setTimeout(
        () => finish(() => reject(new BoxError('a boxed process could not be proven dead'))),
        start.outside === null ? DEATH_MS : OUTSIDE_DEATH_MS,
      );
    };
    const clock = setTimeout(() => kill('time'), start.limits.wallMs);
    const { folders, limits, outside } = start;
    const watching = watch(
      { pid: child.pid ?? 0, group, outside: outside?.look(child.pid ?? 0) ?? null, folders, limits, memory: () => memory },
      kill,
    );
    const aborted = () => kill('aborted');
    const finish = (how: () => void) => {
      clearTimeout(clock);
      clearTimeout(deathbed);
      watching.end();
      memory?.close();
      start.signal?.removeEventListener('abort', aborted);
      for (const stream of child.stdio) stream?.destroy();
      how();
    };
    collect(child, output, start.limits, kill);
    whenStanding(child, start, (first) => {
      stood = true;
      init ??= first;
      if (first !== null) memory = watchTmpfs(first.pid, start.memory);
      return killed === null;
    });
    child.once('error', (error) => finish(() => reject(new BoxError(`${start.program} could not be started: ${error.message}`))));
    child.once('exit', () => {
      // Before the last kill, which makes the group refuse new processes.
      limit ??= group?.exceeded() ?? null;
      killAll(child, start, group);
    });
    child.once('close', (code, signal) => {
      limit ??= overfull(start, code === 0 ? null : memory);
      finish(() => resolve({ stood, code, signal, killed, limit, init, usage: watching.end() }));
    });
    if (start.signal?.aborted) aborted();
    else start.signal?.addEventListener('abort', aborted, { once: true });
  });
}

function collect(child: ChildProcess, { out, err }: Output, limits: Limits, kill: (reason: RunReason) => void): void {
  const into = (collected: Collector) => (chunk: Buffer) => {
    collected.push(chunk);
    if (out.seen() + err.seen() > limits.outputBytes) kill('output');
  };
  child.stdout?.on('data', into(out));
  child.stderr?.on('data', into(err));
}

/**
 * Calls `then` when the launcher says that the box stands, and lets the command begin when it returns true and nothing can go wrong any
 * more. Node's pipes go both ways: the launcher's word and ours take the same one.
 */
function whenStanding(child: ChildProcess, start: Start, then: (init: Init | null) => boolean): void {
  const { pid } = child;
  const status = start.stands ? (child.stdio as (Duplex | undefined)[])[3 + start.inputs.length] : undefined;
  if (status === undefined || pid === undefined) return;
  status.on('error', () => undefined);
  status.once('data', () => {
    if (start.outside !== null) return void then(null);
    const init = isRunning(child) ? initOf(pid) : null;
    const may = then(init) && init !== null;
    void (may ? areSettled(pid, init) : Promise.resolve(false)).then((settled) => status.end(settled ? '\n' : ''));
  });
}

/** What a command left that wrote faster than the watch looks; `failed` are the folders in memory of a command that failed. */
function overfull(start: Start, failed: TmpfsWatch | null): RunReason | null {
  return failed?.isFull() || start.folders.some((folder) => isOver(folder, start.limits)) ? 'disk' : null;
}

/** Returns the first process of the box, when it was seen. */
function killAll(child: ChildProcess, start: Start, group: Group | null): Init | null {
  // What has ended may have given its number to another process; its process group cannot have.
  const init = isRunning(child) ? stop(child, start) : null;
  if (start.group && child.pid !== undefined) killGroup(child.pid);
  group?.kill();
  return init;
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** A container's client is asked, not killed: half-way through making one it would leave the other half. */
function stop(child: ChildProcess, { outside, stands }: Start): Init | null {
  if (outside === null && stands && child.pid !== undefined) return killLauncher(child.pid);
  child.kill(outside === null ? 'SIGKILL' : 'SIGTERM');
  // When it fails the box goes on, and `deathbed` or `end` says so.
  outside?.stop().catch(() => undefined);
  return null;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Empty already.
  }
}

/** A launcher reports a signal that ended the command as 128 plus its number. */
function verdict(ended: Ended): Pick<RunResult, 'reason' | 'exitCode' | 'signal'> {
  if (ended.killed !== null) return { reason: ended.limit ?? ended.killed, exitCode: null, signal: 'SIGKILL' };
  const signal = ended.signal ?? signalName((ended.code ?? 0) - 128);
  if (signal !== null) return { reason: ended.limit ?? REASONS[signal] ?? 'signal', exitCode: ended.code, signal };
  return { reason: ended.limit ?? (ended.code === 0 ? 'ok' : 'exit'), exitCode: ended.code, signal: null };
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
