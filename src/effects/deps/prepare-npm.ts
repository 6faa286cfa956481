// A repository's manifests, made ready for an install of our own with npm: only names and versions of the registry, and the members of the workspace.
import { RedgreenError } from '../../core/errors.ts';
import type { BoxInstall } from '../../core/ports.ts';
import type { Survey } from '../../core/survey.ts';
import { at, type Data, record, string } from '../survey/formats/data.ts';
import { parseJson } from '../survey/formats/json.ts';
import { type LockedVersions, lockedVersions } from './locks.ts';

export interface Prepared extends Pick<BoxInstall, 'manager' | 'manifests' | 'lock'> {
  /** What was left out or could not be kept, in sentences. */
  readonly notes: readonly string[];
}

const SECTIONS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;
const REGISTRY_SPEC = /^(?:npm:(?:@[\w.~-]+\/)?[\w.~-]+@)?[\w.\-+^~<>=|*\s]*$/;
/** Hosts of the public registry; a package is asked of the user's own registry by its name and version, and its checksum is kept. */
const PUBLIC = /^https:\/\/registry\.(?:npmjs\.org|yarnpkg\.com)\//;

/**
 * Manifests of the root and the members, with dependencies only; what is not in the registry is left out, with a note. The lock file is kept when
 * it is npm's, else its versions are put into the manifests as far as they are plain. Throws `RedgreenError('install')` without a root manifest.
 */
export async function prepareNpm(
  read: (path: string) => Promise<string | null>,
  survey: Pick<Survey, 'lock' | 'packages'>,
): Promise<Prepared> {
  const packages = new Map<string, Data>();
  for (const dir of new Set(['', ...survey.packages.map((one) => one.dir)])) {
    const text = await read(dir === '' ? 'package.json' : `${dir}/package.json`);
    if (text !== null) packages.set(dir, record(parseJson(text)));
  }
  const root = packages.get('');
  if (root === undefined)
    throw new RedgreenError('install', 'There is no package.json at the root of the repository, so nothing can be installed.');
  const lock = survey.lock === null ? null : await read(survey.lock);
  const isOwn = survey.lock === 'package-lock.json' || survey.lock === 'npm-shrinkwrap.json';
  const versions = lock === null || isOwn ? null : lockedVersions(survey.lock ?? '', lock);
  const notes: string[] = [];
  const names = new Set([...packages.values()].map((manifest) => string(manifest['name'])));
  const dirs = [...packages.keys()].filter((dir) => dir !== '');
  const manifests = Object.fromEntries(
    [...packages].map(([dir, manifest]) => {
      const plain = plainManifest(manifest, { dir, names, versions, notes });
      const more = dir === '' ? { ...(dirs.length > 0 ? { workspaces: dirs } : {}), ...overridesOf(manifest, versions, packages) } : {};
      return [dir === '' ? 'package.json' : `${dir}/package.json`, `${JSON.stringify({ ...plain, ...more }, null, 2)}\n`];
    }),
  );
  if (lock === null) notes.push('No lock file is committed: versions were chosen from the ranges of package.json.');
  else if (!isOwn && versions === null)
    notes.push(`${survey.lock} cannot be read here: versions were chosen from the ranges of package.json.`);
  else if (!isOwn)
    notes.push(
      `npm installed in place of the project's own package manager, with the versions of ${survey.lock} where a package has only one.`,
    );
  return { manager: 'npm', manifests, lock: isOwn && lock !== null ? plainLock(lock) : null, notes };
}

interface Around {
  readonly dir: string;
  /** Names of the workspace's packages. */
  readonly names: ReadonlySet<string | null>;
  readonly versions: LockedVersions | null;
  readonly notes: string[];
}

function plainManifest(manifest: Data, around: Around): Data {
  const sections = SECTIONS.flatMap((section) => {
    const wanted = Object.entries(record(manifest[section])).flatMap(([name, spec]) => {
      const plain = plainSpec(name, string(spec) ?? '', around);
      return plain === null || name === manifest['name'] ? [] : [[name, plain] as const];
    });
    return wanted.length === 0 ? [] : [[section, Object.fromEntries(wanted)] as const];
  });
  return {
    name: string(manifest['name']) ?? (around.dir === '' ? 'project' : around.dir.replaceAll(/[^a-z0-9-]/gi, '-')),
    version: string(manifest['version']) ?? '0.0.0',
    private: true,
    ...Object.fromEntries(sections),
    ...(manifest['peerDependencies'] === undefined ? {} : { peerDependencies: peersOf(manifest) }),
    ...(manifest['peerDependenciesMeta'] === undefined ? {} : { peerDependenciesMeta: manifest['peerDependenciesMeta'] }),
  };
}

function peersOf(manifest: Data): Data {
  return Object.fromEntries(
    Object.entries(record(manifest['peerDependencies'])).filter(([, spec]) => typeof spec === 'string' && REGISTRY_SPEC.test(spec)),
  );
}

/** What is asked of npm; null: nothing. */
function plainSpec(name: string, spec: string, { dir, names, versions, notes }: Around): string | null {
  if (names.has(name)) return '*';
  const locked =
    versions?.direct === null ? versions.byRange.get(`${name}@${spec.replace(/^npm:/, '')}`) : versions?.direct.get(dir)?.get(name);
  const isAlias = spec.startsWith('npm:');
  if (locked !== undefined && !isAlias) return locked;
  if (REGISTRY_SPEC.test(spec)) return spec;
  notes.push(`${name} is not installed: ${JSON.stringify(spec.slice(0, 80))} is not in the registry.`);
  return null;
}

/** Packages that others need, pinned where the lock file has one version of them; and what the project itself overrides. */
function overridesOf(root: Data, versions: LockedVersions | null, packages: ReadonlyMap<string, Data>): Data {
  const direct = new Set(
    [...packages.values()].flatMap((manifest) => [...SECTIONS, 'peerDependencies'].flatMap((s) => Object.keys(record(manifest[s])))),
  );
  const own = { ...record(at(root, 'pnpm', 'overrides')), ...record(root['resolutions']), ...record(root['overrides']) };
  const plain = Object.entries(own).filter(
    ([name, spec]) => /^(?:@[\w.-]+\/)?[\w.-]+$/.test(name) && !direct.has(name) && typeof spec === 'string' && REGISTRY_SPEC.test(spec),
  );
  const pinned = [...(versions?.all ?? [])].flatMap(([name, all]) =>
    all.size === 1 && !direct.has(name) ? [[name, [...all][0] ?? ''] as const] : [],
  );
  const overrides = Object.fromEntries([...pinned, ...plain]);
  return Object.keys(overrides).length === 0 ? {} : { overrides };
}

/** Without the addresses of the public registry, and without what comes from elsewhere, which the manifests do not ask for any more. */
function plainLock(text: string): string | null {
  const lock = record(parseJson(text));
  if (lock['packages'] === undefined) return null;
  const packages = Object.entries(record(lock['packages'])).flatMap(([path, value]) => {
    const { resolved, ...entry } = record(value);
    if (resolved === undefined || PUBLIC.test(string(resolved) ?? '')) return [[path, entry] as const];
    return entry['link'] === true || /^https:/.test(string(resolved) ?? '') ? [[path, { ...entry, resolved }] as const] : [];
  });
  return JSON.stringify({ lockfileVersion: lock['lockfileVersion'], requires: true, packages: Object.fromEntries(packages) });
}
