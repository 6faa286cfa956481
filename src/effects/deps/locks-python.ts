// Versions in uv.lock and poetry.lock.

/** Names (normalised) to versions; what is there in several versions, for several systems, is left out. */
export function lockedPython(text: string): ReadonlyMap<string, string> {
  const versions = new Map<string, Set<string>>();
  for (const [, name = '', version = ''] of text.matchAll(/^\[\[package\]\]\r?\nname = "([^"\n]+)"\r?\nversion = "([^"\n]+)"/gm))
    versions.set(normal(name), (versions.get(normal(name)) ?? new Set<string>()).add(version));
  return new Map([...versions].flatMap(([name, all]) => (all.size === 1 ? [[name, [...all][0] ?? ''] as const] : [])));
}

/** A package's name as indexes compare it (PEP 503). */
export function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}
