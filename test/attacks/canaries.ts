// What must stay untouched: secrets, listeners, a process, files, all outside the box and marked so that a leak is recognised.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Identity } from '../../sandbox/index.ts';

export interface Canaries {
  /** Told to the programs: where to look. Never the mark itself. */
  readonly facts: Readonly<Record<string, string>>;
  /** Begins with `rgc-`. In a box's output it means that something was read. */
  readonly mark: string;
  /** Host folder that holds the files; a project with dependencies is below it. */
  readonly folder: string;
  /** What was touched since the last time it was asked. */
  touched(): Promise<readonly string[]>;
  close(): void;
}

const SECRETS = [
  'home/.ssh/id_ed25519',
  'home/.aws/credentials',
  'home/.npmrc',
  'home/.netrc',
  'home/.git-credentials',
  'home/.config/gcloud/credentials.db',
  'home/.config/redgreen/config.json',
  'home/.docker/config.json',
  'home/.kube/config',
  'home/.gnupg/private-keys-v1.d/key',
  'home/.bash_history',
  'other-project/.env',
  'other-project/.git/config',
  'other-project/src/index.ts',
  'state/runs/journal.jsonl',
];
/** Key of what may appear in no list of the host's. */
const KEY = 0x7267_0000 + (process.pid % 0xffff);
const QUEUES = ['/proc/sysvipc/shm', '/proc/sysvipc/msg'];
const NAMESPACES = ['user', 'pid', 'net', 'mnt', 'ipc', 'uts'];

/** Plants everything. `identity`: who boxes run as; the victim process runs as them, so that only the box protects it. */
export async function plant(identity: Identity | null, mark = `rgc-${randomBytes(12).toString('hex')}`): Promise<Canaries> {
  const folder = mkdtempSync(join(process.env['REDGREEN_OUTER'] ?? tmpdir(), 'canaries-'));
  chmodSync(folder, 0o755);
  for (const path of SECRETS) put(join(folder, path), `secret ${mark}\n`);
  const victim = await startVictim(identity, mark);
  const net = await listeners(folder);
  const before = digest(folder);
  const priority = statOf(victim, 18);
  const facts = {
    files: SECRETS.map((path) => join(folder, path)).join(':'),
    folder,
    victim: String(victim.pid),
    harness: String(process.pid),
    hostname: readFileSync('/proc/sys/kernel/hostname', 'utf8').trim(),
    key: String(KEY),
    ...net.facts,
    ...Object.fromEntries(NAMESPACES.map((name) => [`ns_${name}`, readlinkSync(`/proc/self/ns/${name}`)])),
  };
  return {
    facts,
    mark,
    folder,
    async touched() {
      // A datagram or a connection of a box that is gone may still be on its way into our event loop.
      await new Promise((resolve) => setTimeout(resolve, 5));
      const wrong = net.knocks.splice(0);
      if (
        QUEUES.some((file) =>
          readFileSync(file, 'utf8')
            .split('\n')
            .some((line) => Number.parseInt(line, 10) === KEY),
        )
      )
        wrong.push('a queue was left outside');
      if (digest(folder) !== before) wrong.push('files outside were changed');
      if (victim.exitCode !== null || victim.signalCode !== null) wrong.push('a process outside was killed');
      else if (statOf(victim, 18) !== priority) wrong.push('the priority of a process outside was changed');
      return [...new Set(wrong)];
    },
    close() {
      net.close();
      if (victim.pid !== undefined) killGroup(victim.pid);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Names, modes and contents of a tree, in one hash. */
export function digest(folder: string): string {
  const hash = createHash('sha256');
  const visit = (path: string) => {
    const stat = lstatSync(path);
    hash.update(`${path} ${stat.mode} ${stat.uid} ${stat.isFile() ? stat.mtimeMs : ''}\n`);
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else if (stat.isFile()) hash.update(readFileSync(path));
  };
  visit(folder);
  return hash.digest('hex');
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o644 });
}

/** A process with the mark in its arguments, its environment and so its memory. */
async function startVictim(identity: Identity | null, mark: string): Promise<ChildProcess> {
  const ids = identity === null ? {} : { uid: identity.uid, gid: identity.gid };
  const child = spawn('/bin/sh', ['-c', 'echo up; while :; do sleep 1000; done', mark], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', REDGREEN_CANARY: mark },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
    ...ids,
  });
  await new Promise<void>((resolve, reject) => child.once('error', reject).stdout?.once('data', () => resolve()));
  return child;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // An attempt was faster.
  }
}

/** Field `n` (counted from 1) of /proc/PID/stat, proc(5). */
function statOf(child: ChildProcess, n: number): string {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[n - 3] ?? '';
}

async function listeners(folder: string) {
  const knocks: string[] = [];
  const servers: Server[] = [];
  const listen = async (name: string, where: Parameters<Server['listen']>[0]): Promise<number> => {
    const server = createServer((client) => {
      knocks.push(`a connection to ${name}`);
      client.on('error', () => undefined).destroy();
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(where, resolve));
    servers.push(server);
    const address = server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  };
  const abstract = `redgreen-${randomBytes(8).toString('hex')}`;
  const socket = join(folder, 'service.sock');
  const tcp = await listen('a port of the host', { port: 0, host: '0.0.0.0' });
  const tcp6 = await listen('an IPv6 port of the host', { port: 0, host: '::1' }).catch(() => 0);
  const registry = await echo(servers);
  await listen('an abstract socket', { path: `\0${abstract}` });
  await listen('a socket file', { path: socket });
  chmodSync(socket, 0o666);
  const udp = createSocket({ type: 'udp4', reuseAddr: true });
  udp.on('message', () => knocks.push('a datagram to the host'));
  await new Promise<void>((resolve) => udp.bind(0, '0.0.0.0', resolve));
  try {
    udp.addMembership('239.83.71.1', '127.0.0.1');
  } catch {
    // No multicast here: that part of the attempt finds nobody.
  }
  const lan = Object.values(networkInterfaces())
    .flat()
    .find((one) => one !== undefined && !one.internal && one.family === 'IPv4');
  return {
    knocks,
    facts: {
      tcp: String(tcp),
      tcp6: String(tcp6),
      udp: String(udp.address().port),
      registry: String(registry),
      squat: String(await freePort()),
      lan: lan?.address ?? '127.0.0.1',
      abstract,
      socket,
    },
    close() {
      for (const server of servers) server.close();
      udp.close();
    },
  };
}

/** What the door of an install may be asked for: sends back what it gets. */
async function echo(servers: Server[]): Promise<number> {
  const server = createServer((client) => {
    client.on('error', () => undefined).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return (server.address() as { port: number }).port;
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    }),
  );
}
