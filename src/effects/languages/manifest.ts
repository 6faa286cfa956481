// The manifests of a repository that has some already: only what is missing is added.
import { RedgreenError } from '../../core/errors.ts';

const SECTIONS = ['dependencies', 'devDependencies'] as const;

/**
 * Adds the dependencies of `wanted` that `existing` does not name in any section; ranges, scripts and everything else stay. Returns `existing`
 * itself when nothing is missing. Indentation and the final newline are kept.
 *
 * @param existing text of the repository's package.json
 * @param wanted text of the package.json that a new project would get
 */
export function mergeManifest(existing: string, wanted: string): string {
  const have = parse(existing);
  const want = parse(wanted);
  const known = new Set([...SECTIONS, 'peerDependencies', 'optionalDependencies'].flatMap((s) => Object.keys(section(have, s))));
  const added = SECTIONS.map((s) => [s, Object.entries(section(want, s)).filter(([name]) => !known.has(name))] as const).filter(
    ([, entries]) => entries.length > 0,
  );
  if (added.length === 0) return existing;
  const merged = { ...have };
  for (const [s, entries] of added) merged[s] = sorted({ ...section(have, s), ...Object.fromEntries(entries) });
  const indent = /^([ \t]+)"/m.exec(existing)?.[1] ?? '  ';
  return `${JSON.stringify(merged, null, indent)}${existing.endsWith('\n') ? '\n' : ''}`;
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new RedgreenError('install', "The repository's package.json is not a JSON object: mend it, then run again.");
}

function section(manifest: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = manifest[name];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function sorted(entries: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The lines of requirements in `existing`, and those of `wanted` for packages that it does not name. */
export function mergeRequirements(existing: string, wanted: string): string {
  const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '');
  const nameOf = (line: string) => (/^[\w.-]+/.exec(line.trim())?.[0] ?? '').toLowerCase().replaceAll(/[-_.]+/g, '-');
  const known = new Set(lines(existing).map(nameOf));
  const added = lines(wanted).filter((line) => !known.has(nameOf(line)));
  return added.length === 0 ? existing : `${[...lines(existing), ...added].join('\n')}\n`;
}
