// Tries to break out of a box before anything else runs in it.
import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readlinkSync } from 'node:fs';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { asset } from './assets.ts';
import { openBox } from './box.ts';
import type { RunResult } from './policy.ts';
import type { Rung } from './rung.ts';

/** What `assets/probe.mjs` is told. */
interface Canaries {
  readonly secret: string;
  readonly folder: string;
  readonly port: number;
  readonly abstract: string;
  readonly socket: string;
  readonly namespaces: Readonly<Record<string, string>>;
  readonly env: readonly string[];
  readonly openFiles: number;
}

const NAMESPACES = ['user', 'pid', 'net', 'mnt', 'ipc', 'uts'];
const ENV = { PATH: '/usr/bin:/bin', HOME: '/tmp' };
const OPEN_FILES = 123;
const TIMEOUT_MS = 20_000;

/**
 * Runs the probe with `node` (a host path) inside `rung`.
 * Returns null when every attempt failed, else a sentence that says what got out, or why the box does not run.
 */
export async function selfTest(rung: Rung, node: string): Promise<string | null> {
  const folder = rung.staging.folder('canary', { writable: true });
  let knocks = 0;
  const servers: Server[] = [];
  try {
    const abstract = `\0redgreen-${randomBytes(8).toString('hex')}`;
    const socket = join(folder, 'socket');
    const listen = async (where: string | { port: number; host: string }) => {
      const server = createServer((client) => {
        knocks++;
        client.destroy();
      });
      servers.push(server);
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(where, resolve));
      return server;
    };
    const [tcp] = await Promise.all([listen({ port: 0, host: '127.0.0.1' }), listen(abstract), listen(socket)]);
    chmodSync(socket, 0o666);
    rung.staging.write(join(folder, 'secret'), 'canary');
    const address = tcp?.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const result = await attempt(rung, node, {
      secret: join(folder, 'secret'),
      folder,
      port,
      abstract,
      socket,
      namespaces: namespaces(rung.shared),
      env: Object.keys(ENV),
      openFiles: OPEN_FILES,
    });
    if (result.reason !== 'ok') return `the self-test did not run: ${said(result)}`;
    const escapes = JSON.parse(result.stdout) as readonly string[];
    if (escapes.length > 0) return `the self-test broke out: ${escapes.join('; ')}`;
    if (knocks > 0) return 'the self-test broke out: a listener of the host was reached';
    if (readdirSync(folder).length !== 2) return 'the self-test broke out: a file was written outside';
    return null;
  } catch (error) {
    return (error as Error).message;
  } finally {
    for (const server of servers) server.close();
    rung.staging.remove(folder);
  }
}

async function attempt(rung: Rung, node: string, canaries: Canaries): Promise<RunResult> {
  const source = await rung.staging.file(node);
  const box = await openBox(rung, {
    read: [{ source, target: '/redgreen/bin/node' }],
    write: [],
    env: ENV,
    network: 'none',
    limits: { openFiles: OPEN_FILES, wallMs: TIMEOUT_MS },
  });
  return box.run(['/redgreen/bin/node', '--input-type=module', '-e', asset('probe.mjs')], { stdin: JSON.stringify(canaries) });
}

/** Ours, but for those that boxes of this rung are meant to be in. */
function namespaces(shared: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    NAMESPACES.filter((name) => !shared.includes(name)).map((name) => [name, readlinkSync(`/proc/self/ns/${name}`)]),
  );
}

function said(result: RunResult): string {
  const text = result.stderr.trim().slice(0, 400);
  return `${result.reason} ${result.exitCode ?? result.signal ?? ''}${text === '' ? '' : `: ${text}`}`;
}
