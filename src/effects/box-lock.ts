// What may be installed: rules for package.json and package-lock.json, in words.

type Json = Readonly<Record<string, unknown>>;

const SECTIONS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** A version, a range or a tag of the registry: nothing with a protocol, a slash or a path. */
const REGISTRY_SPEC = /^[\w.\-+^~<>=|*\s]*$/;
const REGISTRY_OR_ALIAS = /^(?:npm:(?:@[\w.~-]+\/)?[\w.~-]+@)?[\w.\-+^~<>=|*\s]*$/;
const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;
const VERSION = /^\d+\.\d+\.\d+[\w.+-]*$/;
/** Checksums that can be relied on; sha1 collides at will. */
const STRONG = /^(?:sha(?:512|384|256)-[A-Za-z0-9+/]+={0,2}(?:\s+|$))+$/;
const WEAK = /^(?:sha(?:512|384|256|1)-[A-Za-z0-9+/]+={0,2}(?:\s+|$))+$/;
/** Most packages in one lock file. */
const MAX_LOCKED = 10_000;
const ALLOWED = 'only versions from the registry are installed, no git, file, link, alias or web address';

/** What a user's own repository may have beyond what a plan may ask for. */
export interface Repository {
  /** Folders of the members of its workspace. */
  readonly members: ReadonlySet<string>;
}

/**
 * Problems of a manifest: every dependency must come from the registry by its own name, and none may bear the project's. A `repository` may name
 * its members, and packages by an alias.
 */
export function auditManifest(path: string, text: string, repository: Repository | null = null): readonly string[] {
  const manifest = parse(text);
  if (manifest === null) return [`${path} is not valid JSON`];
  const problems: string[] = [];
  const { workspaces } = manifest;
  const isKnown = Array.isArray(workspaces) && workspaces.every((dir) => repository?.members.has(String(dir)) === true);
  if (workspaces !== undefined && !isKnown) problems.push(`${path} has workspaces, which cannot be installed here`);
  const allowed = repository === null ? REGISTRY_SPEC : REGISTRY_OR_ALIAS;
  for (const section of SECTIONS) {
    for (const [name, spec] of Object.entries(record(manifest[section]))) {
      if (!PACKAGE_NAME.test(name)) problems.push(`"${name}" in ${section} is not a package name`);
      else if (name === manifest['name'])
        problems.push(`"${name}" is the name of the project itself: it is not installed from the registry`);
      else if (typeof spec !== 'string' || !allowed.test(spec))
        problems.push(`"${name}" is asked for as ${JSON.stringify(spec)}: ${ALLOWED}`);
    }
  }
  return [...problems, ...auditOverrides(manifest['overrides'], 8)];
}

/** `overrides` put other versions in place, nested by package; `$name` repeats a direct dependency's range. */
function auditOverrides(value: unknown, depth: number): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string')
    return REGISTRY_SPEC.test(value) || /^\$[@\w./-]+$/.test(value) ? [] : [`an override asks for ${JSON.stringify(value)}: ${ALLOWED}`];
  if (depth === 0 || value === null || typeof value !== 'object' || Array.isArray(value))
    return ['overrides in package.json cannot be read'];
  return Object.values(value).flatMap((inner) => auditOverrides(inner, depth - 1));
}

/** Problems of a lock file (version 2 or 3): every package from `registry`'s host under its own name, each with a strong checksum. */
export function auditLock(text: string, registry: string, repository: Repository | null = null): readonly string[] {
  const lock = parse(text);
  if (lock === null) return ['package-lock.json is not valid JSON'];
  if (lock['packages'] === undefined || (lock['lockfileVersion'] !== 2 && lock['lockfileVersion'] !== 3))
    return ['package-lock.json is of an old version: it has no list of packages'];
  const packages = record(lock['packages']);
  const isMember = (path: string) => path === '' || repository?.members.has(path) === true;
  const paths = Object.keys(packages).filter((path) => !isMember(path));
  if (paths.length > MAX_LOCKED) return [`package-lock.json lists ${paths.length} packages; at most ${MAX_LOCKED} are installed`];
  const asking = repository === null ? paths : Object.keys(packages);
  const rules = { origin: new URL(registry).origin, aliases: aliasesIn(asking.map((path) => record(packages[path]))), isMember };
  return [
    ...paths.flatMap((path) => auditEntry(path, record(packages[path]), packages, rules)),
    // Version 2 says everything twice; older npms read this part.
    ...(repository === null ? auditOld(record(lock['dependencies']), rules.origin, 64) : []),
  ];
}

interface Allowed {
  readonly origin: string;
  readonly aliases: ReadonlySet<string>;
  /** The root or a member, by its folder. */
  readonly isMember: (path: string) => boolean;
}

/** Aliases that installed packages themselves ask for (`npm:string-width@^4.0.0`), as `alias=name`: jest's packages do. The project itself may ask for none. */
function aliasesIn(entries: readonly Json[]): ReadonlySet<string> {
  const asked = entries.flatMap((entry) =>
    ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].map((section) => record(entry[section])),
  );
  return new Set(
    asked.flatMap((wanted) =>
      Object.entries(wanted).flatMap(([alias, range]) => {
        const name = /^npm:(@?[^@]+)@/.exec(String(range))?.[1];
        return name === undefined ? [] : [`${alias}=${name}`];
      }),
    ),
  );
}

function auditEntry(path: string, entry: Json, packages: Json, { origin, aliases, isMember }: Allowed): string[] {
  const place = placeOf(path);
  if (place === null || !isMember(place.owner)) return [`"${path}" in package-lock.json lies outside node_modules`];
  const { name, parent } = place;
  const is = `"${name}" in package-lock.json`;
  if (entry['link'] === true) return resolvesTo(entry, isMember) ? [] : [`${is} is a link to a folder`];
  const problems: string[] = [];
  const { resolved, integrity, version } = entry;
  if (entry['name'] !== undefined && entry['name'] !== name && !aliases.has(`${name}=${String(entry['name'])}`))
    problems.push(`${is} is an alias of ${JSON.stringify(entry['name'])}`);
  if (typeof version !== 'string' || !VERSION.test(version)) problems.push(`${is} has no version`);
  if (resolved !== undefined && originOf(resolved) !== origin)
    problems.push(`${is} comes from ${JSON.stringify(resolved)}, which is not the registry`);
  // What a package brings along in its own archive is covered by that archive's checksum.
  if (entry['inBundle'] === true && resolved === undefined && parent !== null && packages[parent] !== undefined) return problems;
  if (typeof integrity !== 'string' || !WEAK.test(integrity)) problems.push(`${is} has no checksum (integrity)`);
  else if (!STRONG.test(integrity)) problems.push(`${is} has only a sha1 checksum, which proves nothing: ask for a newer version`);
  return problems;
}

function resolvesTo({ resolved }: Json, isMember: (path: string) => boolean): boolean {
  return typeof resolved === 'string' && resolved !== '' && isMember(resolved);
}

function auditOld(dependencies: Json, origin: string, depth: number): string[] {
  if (depth === 0) return ['package-lock.json is nested too deeply'];
  return Object.entries(dependencies).flatMap(([name, value]) => {
    const { version, resolved, dependencies: inner } = record(value);
    const isOurs = (resolved === undefined || originOf(resolved) === origin) && typeof version === 'string' && VERSION.test(version);
    const problem = `"${name}" in package-lock.json comes from ${JSON.stringify(resolved ?? version)}, which is not the registry`;
    return [...(isOurs ? [] : [problem]), ...auditOld(record(inner), origin, depth - 1)];
  });
}

/** `packages/p/node_modules/a/node_modules/@s/b` is `@s/b` in `packages/p/node_modules/a`, of `packages/p`; null for any other form. */
function placeOf(path: string): { readonly name: string; readonly parent: string | null; readonly owner: string } | null {
  const parts = path.split('/');
  const first = parts.indexOf('node_modules');
  if (first === -1) return null;
  let name = '';
  let start = first;
  for (let at = first; at < parts.length; ) {
    if (parts[at] !== 'node_modules') return null;
    start = at;
    const length = parts[at + 1]?.startsWith('@') ? 2 : 1;
    name = parts.slice(at + 1, at + 1 + length).join('/');
    if (!PACKAGE_NAME.test(name)) return null;
    at += 1 + length;
  }
  return { name, parent: start === first ? null : parts.slice(0, start).join('/'), owner: parts.slice(0, first).join('/') };
}

/** A package as a lock file pins it. */
export interface Locked {
  readonly name: string;
  readonly version: string;
  /** It wants to run a script when it is installed; it never does. */
  readonly script: boolean;
}

/** The packages that an audited lock file pins, in its order; an alias by the name that the registry knows. */
export function lockedPackages(text: string): readonly Locked[] {
  return Object.entries(record(parse(text)?.['packages'])).flatMap(([path, value]) => {
    const entry = record(value);
    const place = placeOf(path);
    const name = typeof entry['name'] === 'string' ? entry['name'] : place?.name;
    return place === null || name === undefined || entry['link'] === true
      ? []
      : [{ name, version: String(entry['version'] ?? ''), script: entry['hasInstallScript'] === true }];
  });
}

/** Every package that the manifests name. */
export function namesAsked(manifests: Readonly<Record<string, string>>): readonly string[] {
  return Object.values(manifests).flatMap((text) => SECTIONS.flatMap((section) => Object.keys(record(parse(text)?.[section]))));
}

function originOf(url: unknown): string | null {
  if (typeof url !== 'string' || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  return parsed.protocol === 'https:' && parsed.username === '' && parsed.password === '' ? parsed.origin : null;
}

function parse(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : null;
  } catch {
    return null;
  }
}

function record(value: unknown): Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : {};
}
