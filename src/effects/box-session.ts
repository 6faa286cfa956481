// A package manager, boxed, with the registry's door as its only way out.
import { join } from 'node:path';
import type { DoorEntry, DoorPolicy, Limits, Mount, Rung, RunResult } from '../../sandbox/index.ts';
import { asset, DOOR_SOCKET, giveAway, openBox, openStaging } from '../../sandbox/index.ts';
import { parents } from '../core/guard-paths.ts';
import type { Files } from '../core/ref.ts';
import { writeFiles } from './box-files.ts';
import type { Programs } from './box-programs.ts';
import { reachableFolder, seen } from './box-programs.ts';
import type { RegistrySettings } from './toolchain.ts';

export interface InstallSession {
  /** Host folder that the package manager works in. */
  readonly work: string;
  run(argv: readonly string[], signal: AbortSignal | undefined): Promise<RunResult>;
  /** Inside path of the work folder, of the cache and of the tools. */
  readonly paths: { readonly work: string; readonly cache: string; readonly tools: string };
  /** Adds a file to the work folder, between two runs. */
  write(path: string, text: string): void;
  doorLog(): readonly DoorEntry[];
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly rung: Rung;
  readonly programs: Programs;
  /** Host folder in which the session's folders are made. */
  readonly base: string;
  readonly files: Files;
  /** A host folder of tools to mount (npm), or null. */
  readonly tools: string | null;
  /** For the package manager, besides what every command gets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly door: DoorPolicy;
  readonly registry: Pick<RegistrySettings, 'ca'>;
  /** For all that a repository asks for, which is often more than a plan may ask for. */
  readonly isLarge?: boolean;
}

const LIMITS = { wallMs: 300_000 };
const LARGE: Partial<Limits> = { wallMs: 900_000, folderBytes: 4 * 1024 ** 3, folderEntries: 600_000 };

/** The proxy that `forward.mjs` makes inside. */
const PROXY = 'http://127.0.0.1:3128';

/** Opens a box with a door, a writable work folder holding `files`, and a fresh cache. */
export async function openInstallSession(options: SessionOptions): Promise<InstallSession> {
  const { rung, programs } = options;
  const staging = openStaging(rung.identity, options.base);
  const work: Mount = { source: staging.folder('work', { writable: true }), target: '/work' };
  const cache: Mount = { source: staging.folder('cache', { writable: true }), target: '/redgreen/cache' };
  const assets: Mount = { source: staging.folder('assets'), target: '/redgreen/assets' };
  const tools: Mount | null = options.tools === null ? null : { source: reachableFolder(rung, options.tools), target: '/redgreen/tools' };
  writeFiles(staging, work.source, options.files);
  // npm writes a lock file anew, and folders beside manifests; nothing runs in the box yet, so the names are still ours.
  const names = Object.keys(options.files);
  for (const path of new Set([...names.flatMap(parents), ...names])) giveAway(join(work.source, path), rung.identity);
  staging.write(join(assets.source, 'forward.mjs'), asset('forward.mjs'));
  if (options.registry.ca !== null) staging.write(join(assets.source, 'ca.pem'), options.registry.ca);
  const box = await openBox(rung, {
    read: [...programs.mounts, assets, ...(tools === null ? [] : [tools])],
    write: [work, cache],
    env: {
      ...programs.env,
      ...options.env,
      ...proxyEnv(rung),
      ...certificateEnv(options.registry.ca === null ? null : join(seen(rung, assets), 'ca.pem')),
    },
    network: { door: options.door },
    limits: options.isLarge ? LARGE : LIMITS,
  });
  const through = rung.mounts ? ['node', join(seen(rung, assets), 'forward.mjs'), DOOR_SOCKET] : [];
  return {
    work: work.source,
    paths: { work: seen(rung, work), cache: seen(rung, cache), tools: tools === null ? '' : seen(rung, tools) },
    run: (argv, signal) =>
      box.run(programs.resolve([...through, ...programs.resolve(argv)]), {
        cwd: seen(rung, work),
        ...(signal === undefined ? {} : { signal }),
      }),
    write: (path, text) => writeFiles(staging, work.source, { [path]: text }),
    doorLog: () => box.doorLog(),
    async close() {
      await box.close();
      staging.close();
    },
  };
}

function proxyEnv(rung: Rung): Record<string, string> {
  return rung.mounts ? { HTTPS_PROXY: PROXY, https_proxy: PROXY, HTTP_PROXY: PROXY, http_proxy: PROXY } : {};
}

function certificateEnv(file: string | null): Record<string, string> {
  return file === null ? {} : { NODE_EXTRA_CA_CERTS: file, SSL_CERT_FILE: file, PIP_CERT: file };
}
