// Installs packages from the npm registry: in a box, scripts off, through the door.
import { dirname, join } from 'node:path';
import type { Rung, RunResult } from '../../sandbox/index.ts';
import { targetOf } from '../../sandbox/index.ts';
import { RedgreenError } from '../core/errors.ts';
import type { BoxInstall, Installed } from '../core/ports.ts';
import type { Files } from '../core/ref.ts';
import { readReport } from './box-files.ts';
import { auditLock, auditManifest, lockedPackages, namesAsked } from './box-lock.ts';
import { explainNpm } from './box-npm-errors.ts';
import type { Programs } from './box-programs.ts';
import type { InstallSession } from './box-session.ts';
import { openInstallSession } from './box-session.ts';
import type { DepsStore, StoredDeps } from './box-store.ts';
import { keyOf } from './box-store.ts';
import type { RegistrySettings } from './toolchain.ts';

export interface NpmInstaller {
  readonly rung: Rung;
  readonly programs: Programs;
  readonly store: DepsStore;
  /** Path of npm-cli.js on the host, or null. */
  readonly npmCli: string | null;
  readonly registry: () => Promise<RegistrySettings>;
  /** Youngest that a chosen version may be, in milliseconds. */
  readonly minAgeMs: number;
}

const LOCK = 'package-lock.json';

/**
 * Resolves, audits the lock file, then installs exactly what it lists. `problems` says in words what a manifest must change;
 * throws `RedgreenError('install')` when the registry or npm itself fails (`retryable` for the network).
 */
export async function installNpm(installer: NpmInstaller, options: BoxInstall): Promise<Installed> {
  const manifests = withPackages(options);
  const repository = options.repository === true ? { members: new Set(membersOf(manifests)) } : null;
  const asked = Object.entries(manifests).flatMap(([path, text]) => auditManifest(path, text, repository));
  if (asked.length > 0) return refused(asked);
  const registry = await installer.registry();
  const target = targetOf(registry.url);
  if (target === null)
    throw new RedgreenError('install', `the npm registry ${registry.url} cannot be used: only https registries with a host name are`);
  const locked = options.lock === null ? [] : auditLock(options.lock, registry.url, repository);
  const elsewhere = scopesElsewhere([...namesAsked(manifests), ...namesOf(options.lock)], registry);
  if (repository !== null && locked.length > 0) return withoutLock(installer, options, locked[0] ?? '');
  if (locked.length + elsewhere.length > 0) return refused([...locked, ...elsewhere]);

  const key = (lock: string | null) =>
    keyOf([
      'npm',
      installer.rung.mounts,
      installer.rung.image,
      manifests,
      lock,
      registry.url,
      installer.minAgeMs,
      process.platform,
      process.arch,
      process.versions.modules,
    ]);
  const known = installer.store.find(key(options.lock));
  if (known !== null) return installed(known, manifests);

  if (installer.npmCli === null) throw new RedgreenError('install', 'npm was not found: install it beside Node, or plan without packages');
  const session = await openInstallSession({
    rung: installer.rung,
    programs: installer.programs,
    base: installer.store.path,
    files: options.lock === null ? manifests : { ...manifests, [LOCK]: options.lock },
    tools: join(dirname(installer.npmCli), '..'),
    door: { targets: [target], allowPrivate: registry.allowPrivate ?? false },
    registry,
    isLarge: repository !== null,
  });
  try {
    const npm = npmIn(session, registry.url, options.signal);
    // Understood by every npm since 7; `min-release-age` only since 11.10.
    const before = installer.minAgeMs > 0 ? ['--before', new Date(Date.now() - installer.minAgeMs).toISOString()] : [];
    const strict = await npm(['install', '--package-lock-only', ...before]);
    // Other package managers only warn of peers that do not fit.
    const peers = repository !== null && /\bERESOLVE\b/.test(strict.stdout) ? ['--legacy-peer-deps'] : [];
    const resolved = peers.length > 0 ? await npm(['install', '--package-lock-only', ...before, ...peers]) : strict;
    const unresolved = explainNpm(resolved, session.doorLog(), registry.url);
    if (unresolved.length > 0) return refused(unresolved);
    const lock = readReport(join(session.work, LOCK));
    const audit = (text: string) => [...auditLock(text, registry.url, repository), ...scopesElsewhere(namesOf(text), registry)];
    const wrong = lock === null ? [] : audit(lock);
    if (wrong.length > 0) return refused(wrong);
    if (lock === null || namesOf(lock).length === 0) return installed({ deps: null, memberDeps: {}, lock }, manifests);
    const clean = await npm(['ci', ...peers]);
    // A registry without the binaries of other systems leaves them out of the lock file; `ci` refuses that, `install` does not.
    const isShort = clean.reason === 'exit' && /Missing: \S+ from lock file/.test(clean.stdout + clean.stderr);
    const failed = explainNpm(isShort ? await npm(['install', ...before, ...peers]) : clean, session.doorLog(), registry.url);
    if (failed.length > 0) return refused(failed);
    const final = readReport(join(session.work, LOCK));
    if (final === null || (final !== lock && !isShort)) return refused(['package-lock.json was changed while it was installed from']);
    const late = final === lock ? [] : audit(final);
    if (late.length > 0) return refused(late);
    const adopted = { folder: join(session.work, 'node_modules'), lock: final, members: membersOf(manifests) };
    const stored = await installer.store.adopt(key(final), key(options.lock), adopted);
    return installed(stored, manifests);
  } finally {
    await session.close();
  }
}

/** What a lock file that is not ours pins may be more than we install. */
async function withoutLock(installer: NpmInstaller, options: BoxInstall, why: string): Promise<Installed> {
  const made = await installNpm(installer, { ...options, lock: null });
  return {
    ...made,
    notes: [`The lock file is not used, and versions were chosen from the ranges of package.json: ${why}.`, ...made.notes],
  };
}

function refused(problems: readonly string[]): Installed {
  return { deps: null, lock: null, problems, notes: [] };
}

/** Folders of the manifests but the root's. */
function membersOf(manifests: Files): readonly string[] {
  return Object.keys(manifests)
    .filter((path) => path !== 'package.json')
    .map(dirname);
}

function installed({ deps, memberDeps, lock }: StoredDeps, manifests: Files): Installed {
  return {
    deps,
    memberDeps,
    lock: lock === null ? null : { path: LOCK, text: lock },
    problems: [],
    notes: lock === null ? [] : notesOn(lock, manifests),
  };
}

/** What the user should know of the packages that a lock file pins. */
function notesOn(lock: string, manifests: Files): readonly string[] {
  const asked = new Set(namesAsked(manifests));
  const all = lockedPackages(lock);
  const direct = all.filter((p, i) => asked.has(p.name) && all.findIndex((q) => q.name === p.name) === i);
  const scripts = [...new Set(all.filter((p) => p.script).map((p) => p.name))];
  if (all.length === 0) return [];
  return [
    packagesNote(
      direct.map((p) => `${p.name} ${p.version}`),
      all.length - direct.length,
    ),
    ...(scripts.length === 0 ? [] : [`Install scripts were not run: ${scripts.join(', ')}.`]),
  ];
}

/** One sentence on what was installed: `Packages: a 1.0.0, b 2.1.0 and 40 that they need.` */
export function packagesNote(direct: readonly string[], others: number): string {
  return `Packages: ${direct.join(', ')}${others === 0 ? '' : ` and ${others} that they need`}.`;
}

function namesOf(lock: string | null): readonly string[] {
  return lock === null ? [] : lockedPackages(lock).map((p) => p.name);
}

/** Packages of scopes whose registry is another one: from the usual registry the same name could be anybody's. */
function scopesElsewhere(names: readonly string[], registry: RegistrySettings): readonly string[] {
  return [...new Set(names)].flatMap((name) => {
    const own = registry.scopes?.[name.slice(0, Math.max(0, name.indexOf('/')))];
    if (own === undefined || sameAddress(own, registry.url)) return [];
    return [
      `"${name}" comes from a registry of its own (${own}), which install boxes do not reach, as they get no credentials: plan without it`,
    ];
  });
}

function sameAddress(a: string, b: string): boolean {
  return a.replace(/\/+$/, '') === b.replace(/\/+$/, '');
}

/** The manifests, with planned packages added that they do not name. Nothing but package.json files is passed on. */
function withPackages(options: BoxInstall): Files {
  const kept = Object.entries(options.manifests).filter(([path]) => path === 'package.json' || path.endsWith('/package.json'));
  const manifests: Record<string, string> = Object.fromEntries(kept);
  const manifest = parse(manifests['package.json'] ?? '{}');
  if (manifest === null) return manifests;
  const sections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].map(
    (name) => (manifest[name] ?? {}) as Record<string, string>,
  );
  const missing = options.packages.filter((wanted) => !sections.some((section) => section[wanted.name] !== undefined));
  if (missing.length === 0 && manifests['package.json'] !== undefined) return manifests;
  for (const wanted of missing) {
    const section = wanted.dev ? 'devDependencies' : 'dependencies';
    manifest[section] = {
      ...(manifest[section] as Record<string, string> | undefined),
      [wanted.name]: wanted.range === '' ? '*' : wanted.range,
    };
  }
  manifests['package.json'] = `${JSON.stringify(manifest, null, 2)}\n`;
  return manifests;
}

/** npm as a function of its arguments, in an open session. */
function npmIn(
  session: InstallSession,
  registry: string,
  signal: AbortSignal | undefined,
): (args: readonly string[]) => Promise<RunResult> {
  const fixed = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--userconfig',
    '/dev/null',
    '--globalconfig',
    '/nonexistent/npmrc',
  ];
  const network = [
    '--registry',
    registry,
    '--fetch-retries',
    '2',
    '--fetch-retry-factor',
    '2',
    '--fetch-retry-mintimeout',
    '300',
    '--fetch-timeout',
    '60000',
  ];
  const output = ['--cache', session.paths.cache, '--json', '--loglevel', 'error'];
  return (args) => session.run(['node', `${session.paths.tools}/bin/npm-cli.js`, ...args, ...fixed, ...network, ...output], signal);
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
