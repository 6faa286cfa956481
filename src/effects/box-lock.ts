// What may be installed: rules for package.json and package-lock.json, in words.

type Json = Readonly<Record<string, unknown>>;

const SECTIONS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** A version, a range or a tag of the registry: nothing with a protocol, a slash or a path. */
const REGISTRY_SPEC = /^[\w.\-+^~<>=|*\s]*$/;

const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;

/** Problems of a manifest: every dependency must come from the registry by its own name. */
export function auditManifest(path: string, text: string): readonly string[] {
  const manifest = parse(text);
  if (manifest === null) return [`${path} is not valid JSON`];
  const problems: string[] = [];
  if (manifest['workspaces'] !== undefined) problems.push(`${path} has workspaces, which cannot be installed yet`);
  for (const section of SECTIONS) {
    for (const [name, spec] of Object.entries(record(manifest[section]))) {
      if (!PACKAGE_NAME.test(name)) problems.push(`"${name}" in ${section} is not a package name`);
      else if (typeof spec !== 'string' || !REGISTRY_SPEC.test(spec)) {
        problems.push(
          `"${name}" is asked for as ${JSON.stringify(spec)}: only versions from the registry are installed, no git, file, link, alias or web address`,
        );
      }
    }
  }
  return problems;
}

/** Problems of a lock file (version 2 or 3): every package from `registry`'s host, each with its checksum. */
export function auditLock(text: string, registry: string): readonly string[] {
  const lock = parse(text);
  if (lock === null) return ['package-lock.json is not valid JSON'];
  if (lock['packages'] === undefined) return ['package-lock.json is of an old version: it has no list of packages'];
  const origin = new URL(registry).origin;
  return Object.entries(record(lock['packages']))
    .filter(([path]) => path !== '')
    .flatMap(([path, entry]) => auditEntry(path, record(entry), origin));
}

function auditEntry(path: string, entry: Json, origin: string): string[] {
  const name = path.replace(/^.*node_modules\//, '');
  if (!/^(?:node_modules\/(?:@[^/]+\/)?[^/]+\/?)+$/.test(path) || path.split('/').includes('..'))
    return [`"${path}" in package-lock.json lies outside node_modules`];
  if (entry['link'] === true) return [`"${name}" in package-lock.json is a link to a folder`];
  if (entry['inBundle'] === true) return [];
  const problems: string[] = [];
  const resolved = entry['resolved'];
  if (resolved !== undefined && originOf(resolved) !== origin)
    problems.push(`"${name}" in package-lock.json comes from ${JSON.stringify(resolved)}, which is not the registry`);
  const integrity = entry['integrity'];
  if (typeof integrity !== 'string' || !/^(?:sha(?:512|384|256|1)-[A-Za-z0-9+/]+={0,2}\s*)+$/.test(integrity))
    problems.push(`"${name}" in package-lock.json has no checksum (integrity)`);
  return problems;
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
  return value !== null && typeof value === 'object' ? (value as Json) : {};
}
