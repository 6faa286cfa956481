// Versions in the lock files of other package managers than npm, as far as they are simple to read.

export interface LockedVersions {
  /** Of what a package itself asks for: by the package's folder (empty: the root), name to version. Null: found by name and range, see `byRange`. */
  readonly direct: ReadonlyMap<string, ReadonlyMap<string, string>> | null;
  /** `name@range` to version. */
  readonly byRange: ReadonlyMap<string, string>;
  /** Every package with all its versions. */
  readonly all: ReadonlyMap<string, ReadonlySet<string>>;
}

const VERSION = /^\d+\.\d+\.\d+[\w.+-]*$/;

/** Of pnpm-lock.yaml (version 6 or 9) or yarn.lock; null for any other. */
export function lockedVersions(path: string, text: string): LockedVersions | null {
  if (path === 'pnpm-lock.yaml') return pnpmVersions(text);
  return path === 'yarn.lock' ? yarnVersions(text) : null;
}

function pnpmVersions(text: string): LockedVersions | null {
  const direct = new Map<string, Map<string, string>>();
  const all = new Map<string, Set<string>>();
  let section = '';
  let importer = '';
  let name = '';
  for (const line of text.split(/\r?\n/)) {
    const [, spaces = '', key = '', value = ''] = /^( *)'?([^'\s][^':]*(?::[^'\s:][^':]*)?)'?:(?: (.*))?$/.exec(line) ?? [];
    if (key === '') continue;
    if (spaces.length === 0) section = key;
    else if (section === 'importers' && spaces.length === 2) importer = key === '.' ? '' : key;
    else if (section === 'importers' && spaces.length === 6) name = key;
    else if (section === 'importers' && spaces.length === 8 && key === 'version') add(direct, importer, name, bare(value));
    else if (section === 'packages' && spaces.length === 2) collect(all, key.replace(/^\//, '').replace(/\(.*$/, ''));
  }
  return direct.size === 0 ? null : { direct, byRange: new Map(), all };
}

/** Without the peers that it was resolved with, and quotes. */
function bare(version: string): string {
  return version.replace(/^'(.*)'$/, '$1').replace(/\(.*$/, '');
}

function add(direct: Map<string, Map<string, string>>, dir: string, name: string, version: string): void {
  if (!VERSION.test(version)) return;
  const names = direct.get(dir) ?? new Map<string, string>();
  direct.set(dir, names.set(name, version));
}

/** `pattern` is `name@version`. */
function collect(all: Map<string, Set<string>>, pattern: string): void {
  const at = pattern.lastIndexOf('@');
  const [name, version] = [pattern.slice(0, at), pattern.slice(at + 1)];
  if (at > 0 && VERSION.test(version)) all.set(name, (all.get(name) ?? new Set<string>()).add(version));
}

function yarnVersions(text: string): LockedVersions {
  const byRange = new Map<string, string>();
  const all = new Map<string, Set<string>>();
  let patterns: readonly string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (/^\S.*:$/.test(line)) patterns = line.slice(0, -1).replaceAll('"', '').split(/,\s*/);
    const version = /^ {2}version:? "?([^"\s]+)"?$/.exec(line)?.[1];
    if (version === undefined || !VERSION.test(version) || version === '0.0.0-use.local') continue;
    for (const pattern of patterns) {
      const at = pattern.indexOf('@', 1);
      byRange.set(`${pattern.slice(0, at)}@${pattern.slice(at + 1).replace(/^npm:/, '')}`, version);
      collect(all, `${pattern.slice(0, at)}@${version}`);
    }
  }
  return { direct: null, byRange, all };
}
