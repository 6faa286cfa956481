// Installs packages from the npm registry: in a box, scripts off, through the door.
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { DOOR_SOCKET, asset, openBox, targetOf } from '../../sandbox/index.ts';
import type { DoorEntry, Rung, RunResult } from '../../sandbox/index.ts';
import { RedgreenError } from '../core/errors.ts';
import type { BoxInstall, Installed } from '../core/ports.ts';
import type { Files } from '../core/ref.ts';
import { writeFiles } from './box-files.ts';
import { auditLock, auditManifest } from './box-lock.ts';
import { explainNpm } from './box-npm-errors.ts';
import { keyOf } from './box-store.ts';
import type { DepsStore } from './box-store.ts';
import type { Programs } from './box-programs.ts';
import type { RegistrySettings } from './toolchain.ts';

export interface NpmInstaller {
  readonly rung: Rung;
  readonly programs: Programs;
  readonly store: DepsStore;
  /** Path of npm-cli.js on the host, or null. */
  readonly npmCli: string | null;
  readonly registry: () => Promise<RegistrySettings>;
}

const LOCK = 'package-lock.json';
const TIMEOUT_MS = 300_000;
const PROXY = 'http://127.0.0.1:3128';

/**
 * Resolves, audits the lock file, then installs exactly what it lists. `problems` says in words what a manifest must change;
 * throws `RedgreenError('install')` when the registry or npm itself fails (`retryable` for the network).
 */
export async function installNpm(installer: NpmInstaller, options: BoxInstall): Promise<Installed> {
  const manifests = withPackages(options);
  const asked = Object.entries(manifests).flatMap(([path, text]) => auditManifest(path, text));
  if (asked.length > 0) return { deps: null, lock: null, problems: asked };
  const registry = await installer.registry();
  const target = targetOf(registry.url);
  if (target === null) throw new RedgreenError('install', `the npm registry ${registry.url} cannot be used: only https registries with a host name are`);
  const locked = options.lock === null ? [] : auditLock(options.lock, registry.url);
  if (locked.length > 0) return { deps: null, lock: null, problems: locked };

  const key = (lock: string | null) => keyOf(['npm', manifests, lock, registry.url, process.platform, process.arch, process.versions.modules]);
  const known = installer.store.find(key(options.lock));
  if (known !== null) return installed(known.deps, known.lock);

  const session = await openSession(installer, registry, target);
  try {
    writeFiles(session.staging, session.work, options.lock === null ? manifests : { ...manifests, [LOCK]: options.lock });
    session.handOver();
    const resolved = await session.npm(['install', '--package-lock-only'], options.signal);
    const unresolved = explain(resolved, session.doorLog(), registry.url);
    if (unresolved.length > 0) return { deps: null, lock: null, problems: unresolved };
    const lock = readText(join(session.work, LOCK));
    const wrong = lock === null ? [] : auditLock(lock, registry.url);
    if (wrong.length > 0) return { deps: null, lock: null, problems: wrong };
    if (lock === null || !hasPackages(lock)) return installed(null, lock);
    const fetched = await session.npm(['ci'], options.signal);
    const failed = explain(fetched, session.doorLog(), registry.url);
    if (failed.length > 0) return { deps: null, lock: null, problems: failed };
    const stored = installer.store.adopt(key(lock), key(options.lock), join(session.work, 'node_modules'), 'node_modules', lock);
    return installed(stored.deps, stored.lock);
  } finally {
    await session.close();
  }
}

function installed(deps: string | null, lock: string | null): Installed {
  return { deps, lock: lock === null ? null : { path: LOCK, text: lock }, problems: [] };
}

/** The manifests, with planned packages added that they do not name. Nothing but package.json files is passed on. */
function withPackages(options: BoxInstall): Files {
  const kept = Object.entries(options.manifests).filter(([path]) => path === 'package.json' || path.endsWith('/package.json'));
  const manifests: Record<string, string> = Object.fromEntries(kept);
  const manifest = parse(manifests['package.json'] ?? '{}');
  if (manifest === null) return manifests;
  const sections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].map((name) => (manifest[name] ?? {}) as Record<string, string>);
  const missing = options.packages.filter((wanted) => !sections.some((section) => section[wanted.name] !== undefined));
  if (missing.length === 0 && manifests['package.json'] !== undefined) return manifests;
  for (const wanted of missing) {
    const section = wanted.dev ? 'devDependencies' : 'dependencies';
    manifest[section] = { ...(manifest[section] as Record<string, string> | undefined), [wanted.name]: wanted.range === '' ? '*' : wanted.range };
  }
  manifests['package.json'] = `${JSON.stringify(manifest, null, 2)}\n`;
  return manifests;
}

interface Session {
  readonly staging: Rung['staging'];
  readonly work: string;
  handOver(): void;
  npm(args: readonly string[], signal: AbortSignal | undefined): Promise<RunResult>;
  doorLog(): readonly DoorEntry[];
  close(): Promise<void>;
}

async function openSession(installer: NpmInstaller, registry: RegistrySettings, target: string): Promise<Session> {
  const { rung, programs, store } = installer;
  if (installer.npmCli === null) throw new RedgreenError('install', 'npm was not found: install it beside Node, or plan without packages');
  const work = rung.stageIn(store.path, 'install');
  const assets = rung.staging.folder('assets');
  rung.staging.write(join(assets, 'forward.mjs'), asset('forward.mjs'));
  if (registry.ca !== null) rung.staging.write(join(assets, 'ca.pem'), registry.ca);
  const npm = await programs.folder(join(installer.npmCli, '../..'));
  const box = await openBox(rung, {
    read: [programs.nodeMount, { source: npm, target: '/redgreen/npm' }, { source: assets, target: '/redgreen/assets' }],
    write: [
      { source: work.folder('tree'), target: '/work' },
      { source: work.folder('cache'), target: '/redgreen/cache' },
    ],
    env: { ...programs.env, ...(registry.ca === null ? {} : { NODE_EXTRA_CA_CERTS: '/redgreen/assets/ca.pem' }) },
    network: rung.safe ? { door: { targets: [target], allowPrivate: registry.allowPrivate ?? false } } : 'none',
    limits: { wallMs: TIMEOUT_MS },
  });
  void box;
  throw new Error('unfinished');
}

function explain(result: RunResult, door: readonly DoorEntry[], registry: string): readonly string[] {
  return explainNpm(result, door, registry);
}

function hasPackages(lock: string): boolean {
  return Object.keys((parse(lock)?.['packages'] ?? {}) as object).some((path) => path !== '');
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
