// Tries to break out of a box before anything else runs in it.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { asset } from './assets.ts';
import { openBox } from './box.ts';
import { forbiddenCalls } from './forbidden-calls.ts';
import type { RunResult } from './policy.ts';
import type { Rung } from './rung.ts';
import { hasFilter } from './seccomp.ts';

/** What `assets/probe.mjs` is told: where the traps are, and what a good box looks like. */
interface Canaries extends Traps {
  readonly pid: number;
  /** The box is made by Linux itself, so that its namespaces, rights and limits can be looked at. */
  readonly isLinux: boolean;
  /** Namespaces that must not be these. */
  readonly namespaces: Readonly<Record<string, string>>;
  readonly sharesNetwork: boolean;
  /** Lines of /proc/PID/status and the only number that may be in them. */
  readonly ids: Readonly<Record<string, number>>;
  readonly env: readonly string[];
  readonly openFiles: number;
  /** Folders of the box that cannot be written to. */
  readonly readOnly: readonly string[];
  /** Files of the host that must not be there afterwards. */
  readonly outside: readonly string[];
  readonly devices: readonly string[];
  /** See `forbiddenCalls`; and the names of those that this rung cannot refuse. */
  readonly calls: readonly string[];
  readonly unfiltered: readonly string[];
}

const NAMESPACES = ['user', 'pid', 'net', 'mnt', 'ipc', 'uts'];
const ENV = { PATH: '/usr/bin:/bin', HOME: '/tmp' };
/** Variables that shells and systems add. */
const OWN_VARIABLES = ['PWD', 'OLDPWD', 'SHLVL', '_', '__CF_USER_TEXT_ENCODING', 'TMPDIR', 'REDGREEN_BOX'];
const OPEN_FILES = 123;
const READ_ONLY = ['/', '/usr', '/etc', '/dev'];
const DEVICES = 'null zero full random urandom tty ptmx pts fd stdin stdout stderr shm mqueue core console'.split(' ');
const TIMEOUT_MS = 20_000;

/**
 * Runs the probe with `node` (a host path) inside `rung`.
 * Returns null when every attempt failed, else a sentence that says what got out, or why the box does not run.
 */
export async function selfTest(rung: Rung, node: string): Promise<string | null> {
  const folder = rung.staging.folder('canary', { writable: true });
  const closers: (() => void)[] = [];
  try {
    const { traps, knocks } = await setTraps(rung, folder, closers);
    const result = await attempt(rung, node, canaries(rung, traps));
    if (result.reason !== 'ok') return `the self-test did not run: ${said(result)}`;
    const files = outsideFiles(rung, traps.marker).filter((path) => existsSync(path));
    for (const path of files) rmSync(path);
    const written = files.length === 0 && readdirSync(folder).length === 2 ? [] : [`a file was written outside ${files.join(' ')}`];
    const escapes = [...(JSON.parse(result.stdout) as readonly string[]), ...new Set(knocks), ...written];
    return escapes.length === 0 ? null : `the self-test broke out: ${escapes.join('; ')}`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    for (const close of closers) close();
    rung.staging.remove(folder);
  }
}

interface Traps {
  /** A value in the environment of another process of the user. */
  readonly marker: string;
  /** A file that must not be read, and its folder, that must not be written to. */
  readonly secret: string;
  readonly folder: string;
  /** Ports of 127.0.0.1. */
  readonly port: number;
  readonly udp: number;
  readonly abstract: string;
  readonly socket: string;
}

/** Puts traps on the host. `knocks` says, during and after the probe, what was reached. */
async function setTraps(rung: Rung, folder: string, closers: (() => void)[]): Promise<{ traps: Traps; knocks: readonly string[] }> {
  const knocks: string[] = [];
  const abstract = `\0redgreen-${randomBytes(8).toString('hex')}`;
  const socket = join(folder, 'socket');
  const listen = async (where: string | { port: number; host: string }) => {
    const server = createServer((client) => {
      knocks.push('a listener of the host was reached');
      client.destroy();
    });
    closers.push(() => server.close());
    await once(server.listen(where), 'listening');
    return (server.address() as AddressInfo | string | null) ?? '';
  };
  const udp = createSocket('udp4', () => knocks.push('a datagram reached the host'));
  closers.push(() => udp.close());
  udp.bind(0, '127.0.0.1');
  const [tcp] = await Promise.all([
    listen({ port: 0, host: '127.0.0.1' }),
    process.platform === 'linux' ? listen(abstract) : null,
    listen(socket),
    once(udp, 'listening'),
  ]);
  chmodSync(socket, 0o666);
  const marker = randomBytes(16).toString('hex');
  // It reads until we are gone, so that it does not outlive a process that leaves at once.
  const other = spawn('/bin/cat', [], { env: { REDGREEN_CANARY: marker }, stdio: ['pipe', 'ignore', 'ignore'] });
  closers.push(() => other.kill('SIGKILL'));
  const secret = join(folder, 'secret');
  rung.staging.write(secret, 'canary');
  const port = typeof tcp === 'string' ? 0 : tcp.port;
  return { traps: { marker, secret, folder, port, udp: udp.address().port, abstract, socket }, knocks };
}

function canaries(rung: Rung, traps: Traps): Canaries {
  const { identity, shared } = rung;
  return {
    ...traps,
    pid: process.pid,
    isLinux: rung.mounts,
    namespaces: namespaces(shared),
    sharesNetwork: shared.includes('net'),
    ids: identity === null ? {} : { Uid: identity.uid, Gid: identity.gid, Groups: identity.gid },
    env: [...Object.keys(ENV), ...OWN_VARIABLES],
    openFiles: OPEN_FILES,
    readOnly: rung.mounts ? [...READ_ONLY, '/redgreen', '/redgreen/bin'] : [],
    outside: outsideFiles(rung, traps.marker),
    devices: DEVICES,
    calls: hasFilter(process.arch) ? forbiddenCalls(process.arch, rung.cgroup !== null || rung.image !== null) : [],
    unfiltered: rung.unfiltered,
  };
}

/** Where boxes are given no file system of their own, only the host can tell whether it was written to. */
function outsideFiles(rung: Rung, marker: string): string[] {
  const folders = rung.mounts ? [] : [...READ_ONLY, homedir(), tmpdir(), rung.staging.path];
  return [...new Set(folders)].map((folder) => join(folder, `.redgreen-probe-${marker}`));
}

async function attempt(rung: Rung, node: string, told: Canaries): Promise<RunResult> {
  const mount = { source: await rung.staging.file(node), target: '/redgreen/bin/node' };
  const box = await openBox(rung, {
    read: [mount],
    write: [],
    env: ENV,
    network: 'none',
    limits: { openFiles: OPEN_FILES, wallMs: TIMEOUT_MS },
  });
  return box.run([rung.mounts ? mount.target : mount.source, '--input-type=module', '-e', asset('probe.mjs')], {
    stdin: JSON.stringify(told),
    cwd: '/',
  });
}

/** Ours, but for those that boxes of this rung are meant to be in. */
function namespaces(shared: readonly string[]): Record<string, string> {
  if (process.platform !== 'linux') return {};
  const names = NAMESPACES.filter((name) => !shared.includes(name));
  return Object.fromEntries(names.map((name) => [name, readlinkSync(`/proc/self/ns/${name}`)]));
}

function said(result: RunResult): string {
  const text = result.stderr.trim().slice(0, 400);
  return `${result.reason} ${result.exitCode ?? result.signal ?? ''}${text === '' ? '' : `: ${text}`}`;
}
