// Whether node_modules holds what package-lock.json lists, by npm's own record (docs.npmjs.com, "package-lock.json", hidden lockfiles).
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, type Data, record, string } from '../survey/formats/data.ts';
import { parseJson } from '../survey/formats/json.ts';

/** Null when it does; else why not, to be read after "because". */
export function npmDisagrees(root: string, lock: string): string | null {
  const hidden = join(root, 'node_modules/.package-lock.json');
  const wanted = packagesOf(lock);
  const stat = lstatSync(hidden, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) return 'npm left no record of what it installed there (node_modules/.package-lock.json)';
  const have = packagesOf(readFileSync(hidden, 'utf8'));
  if (wanted === null || have === null) return 'package-lock.json is of an old version without a list of packages';
  for (const [path, entry] of wanted) {
    const there = have.get(path);
    if (there === undefined && entry['optional'] === true) continue;
    const why = there === undefined ? `${path} is not installed` : differs(path, entry, there);
    if (why !== null) return why;
  }
  for (const path of have.keys()) {
    if (!wanted.has(path)) return `${path} is installed and not in package-lock.json`;
    const folder = lstatSync(join(root, path), { throwIfNoEntry: false });
    if (folder === undefined) return `${path} is gone`;
    // npm itself does not believe its record then (arborist, "assertNoNewer").
    if (!folder.isSymbolicLink() && folder.mtimeMs > stat.mtimeMs) return `${path} was changed after it was installed`;
  }
  return null;
}

/** Entries that lie in a node_modules, by path. Null for a lock file of version 1. */
function packagesOf(text: string): ReadonlyMap<string, Data> | null {
  const packages = at(parseJson(text), 'packages');
  if (packages === undefined) return null;
  return new Map(
    Object.entries(record(packages))
      .filter(([path]) => path.split('/').includes('node_modules'))
      .map(([path, entry]) => [path, record(entry)]),
  );
}

function differs(path: string, wanted: Data, have: Data): string | null {
  if (wanted['link'] === true || have['link'] === true)
    return wanted['link'] === have['link'] && wanted['resolved'] === have['resolved'] ? null : `${path} leads elsewhere`;
  if (wanted['version'] !== have['version'])
    return `${path} is ${string(have['version'])}, and package-lock.json says ${string(wanted['version'])}`;
  const [expected, found] = [wanted['integrity'], have['integrity']];
  return expected === undefined || found === undefined || expected === found
    ? null
    : `${path} has another checksum than package-lock.json says`;
}
