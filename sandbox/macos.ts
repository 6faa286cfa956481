// The rung for macOS: the library sandbox-runtime, which writes profiles for the system's own sandbox-exec.
import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Inside, LaunchPlan } from './bubblewrap.ts';
import { endMarked, lookAtTree } from './macos-processes.ts';
import { BoxError } from './policy.ts';
import type { Staging } from './staging.ts';

interface Literal {
  readonly path: string;
  readonly literal: true;
}

interface Files {
  readonly denyRead: readonly string[];
  readonly allowRead: readonly Literal[];
  readonly allowWrite: readonly Literal[];
  readonly denyWrite: readonly string[];
}

/** What is used of the library (0.0.83), written down here because the package is optional. */
interface Manager {
  initialize(config: Readonly<Record<string, unknown>>): Promise<void>;
  wrapWithSandbox(
    command: string,
    shell: string,
    config: { readonly filesystem: Files },
    signal: undefined,
    options: { readonly commandId: string },
  ): Promise<string>;
  registerCommandNetworkLists(id: string, lists: { readonly allowedDomains: readonly string[] }): void;
  unregisterCommandNetworkLists(id: string): void;
  cleanupAfterCommand(): void;
  reset(): Promise<void>;
}

interface Library {
  readonly SandboxManager: Manager;
}

/** Not written in the `import`, so that bundlers leave it where it is: it brings programs of its own. */
const LIBRARY: string = '@anthropic-ai/sandbox-runtime';

/**
 * What programs need of a Mac: loader, frameworks, tools, certificates, time zones; and of Homebrew (Node and Python may be its own) all but
 * its settings. On Linux, where only tests use this rung, the same for Linux.
 */
const READABLE = {
  darwin: [
    '/usr/bin /usr/lib /usr/libexec /usr/sbin /usr/share /bin /sbin /System /Library/Apple /Library/Developer/CommandLineTools',
    '/private/etc/ssl /private/etc/localtime /private/var/db/dyld /private/var/db/timezone /private/var/select /private/var/db/xcode_select_link',
    '/dev/null /dev/zero /dev/random /dev/urandom /dev/fd /opt/homebrew/Cellar /opt/homebrew/opt /opt/homebrew/lib /opt/homebrew/bin',
    '/usr/local/Cellar /usr/local/opt /usr/local/lib /usr/local/bin',
  ],
  linux: ['/usr /bin /lib /lib64 /etc/ssl /etc/alternatives /etc/ld.so.cache /dev /proc'],
};

export interface MacosRung {
  plan(inside: Inside): Promise<LaunchPlan>;
  readonly shared: readonly string[];
  close(): void;
}

/** Prepares the rung; the library is loaded, and started, by the first box. */
export function makeMacos(staging: Staging): MacosRung {
  let opened: Promise<Manager> | null = null;
  const manager = () => {
    opened ??= openLibrary();
    return opened;
  };
  return {
    plan: async (inside) => planRun(await manager(), staging, inside),
    shared: ['user', 'pid', 'net', 'mnt', 'ipc', 'uts'],
    close: () => void opened?.then((library) => library.reset()).catch(() => undefined),
  };
}

async function openLibrary(): Promise<Manager> {
  let library: Library;
  try {
    library = (await import(LIBRARY)) as Library;
  } catch (error) {
    throw new BoxError(`the package ${LIBRARY} is not there: ${(error as Error).message}`);
  }
  const { SandboxManager } = library;
  // Only on Linux does it look for a program that lists files, in folders that boxes do not have.
  const ripgrep = { command: '/bin/true' };
  await SandboxManager.initialize({
    network: { allowedDomains: [], deniedDomains: [], strictAllowlist: false },
    filesystem: { denyRead: ['/'], allowRead: [], allowWrite: [], denyWrite: [] },
    ...(process.platform === 'linux' ? { ripgrep } : {}),
  });
  return SandboxManager;
}

/** One command. Paths are the host's: nothing can be mounted. Home and temporary folder are the run's own. */
async function planRun(manager: Manager, staging: Staging, inside: Inside): Promise<LaunchPlan> {
  const { policy } = inside;
  const marker = randomBytes(16).toString('base64url');
  const own = staging.folder('run', { writable: true });
  const door = policy.network === 'none' ? null : policy.network.door;
  const env = { ...inside.env, HOME: own, TMPDIR: own, [MARKER]: marker };
  const writable = [own, ...policy.write.map((mount) => mount.source), ...(policy.copy === undefined ? [] : [policy.copy.source])];
  const readable = [...systemPaths(), ...policy.read.map((mount) => mount.source), ...writable];
  const words = [...(door === null ? ['-i'] : []), ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...inside.argv];
  const command = `cd ${quoted(inside.cwd)} && exec /usr/bin/env ${words.map(quoted).join(' ')}`;
  const wrapped = await manager.wrapWithSandbox(
    command,
    '/bin/sh',
    { filesystem: { denyRead: ['/'], allowRead: readable.map(literal), allowWrite: writable.map(literal), denyWrite: [] } },
    undefined,
    { commandId: marker },
  );
  if (door !== null) manager.registerCommandNetworkLists(marker, { allowedDomains: [...door.targets] });
  return {
    program: '/bin/sh',
    argv: ['-c', wrapped],
    words: [],
    group: true,
    outside: {
      env: { PATH: '/usr/bin:/bin', HOME: own },
      look: (pid) => lookAtTree(pid, inside.limits),
      stop: () => endMarked(`${MARKER}=${marker}`),
      async end() {
        manager.unregisterCommandNetworkLists(marker);
        manager.cleanupAfterCommand();
        await endMarked(`${MARKER}=${marker}`);
        staging.remove(own);
        return { stood: true, outOfMemory: false };
      },
    },
  };
}

/** By this variable processes of a box are found that left its process group. */
const MARKER = 'REDGREEN_BOX';

function systemPaths(): string[] {
  const listed = READABLE[process.platform === 'darwin' ? 'darwin' : 'linux'].flatMap((line) => line.split(' '));
  const library = process.platform === 'linux' ? [join(dirname(fileURLToPath(import.meta.resolve(LIBRARY))), '..')] : [];
  return [...listed, ...library];
}

/** Names of the user's may have characters that the library would read as a pattern. */
function literal(path: string): { path: string; literal: true } {
  return { path: real(path), literal: true };
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
