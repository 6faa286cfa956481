// Whether node_modules holds what yarn.lock lists, by yarn's own record: of version 1 `.yarn-integrity`, of later ones `.yarn-state.yml`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, record } from '../survey/formats/data.ts';
import { parseJson } from '../survey/formats/json.ts';

/** Null when it does; else why not, to be read after "because". */
export function yarnDisagrees(root: string, lock: string): string | null {
  return /^__metadata:/m.test(lock) ? berryDisagrees(root, lock) : classicDisagrees(root, lock);
}

function classicDisagrees(root: string, lock: string): string | null {
  const record_ = join(root, 'node_modules/.yarn-integrity');
  if (!existsSync(record_)) return 'yarn left no record of what it installed there (node_modules/.yarn-integrity)';
  const have = record(at(parseJson(readFileSync(record_, 'utf8')), 'lockfileEntries'));
  const wanted = classicEntries(lock);
  const other = [...wanted].find(([pattern, resolved]) => have[pattern] !== resolved)?.[0] ?? Object.keys(have).find((p) => !wanted.has(p));
  return other === undefined ? null : `${other} was installed from another yarn.lock`;
}

/** Patterns (`a@^1.0.0`) to the address that each was resolved to. */
function classicEntries(lock: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  let patterns: readonly string[] = [];
  for (const line of lock.split(/\r?\n/)) {
    if (/^\S.*:$/.test(line) && !line.startsWith('#')) {
      patterns = line.slice(0, -1).split(/,\s*/).map(unquoted);
      for (const pattern of patterns) entries.set(pattern, '');
    }
    const resolved = /^ {2}resolved (.+)$/.exec(line)?.[1];
    if (resolved !== undefined) for (const pattern of patterns) entries.set(pattern, unquoted(resolved));
  }
  return entries;
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, '$1');
}

function berryDisagrees(root: string, lock: string): string | null {
  if (existsSync(join(root, '.pnp.cjs'))) return "yarn's Plug'n'Play keeps no node_modules";
  const state = join(root, 'node_modules/.yarn-state.yml');
  if (!existsSync(state)) return 'yarn left no record of what it installed there (node_modules/.yarn-state.yml)';
  const have = new Set([...readFileSync(state, 'utf8').matchAll(/^"?([^\s"].*?@[^"\n]+?)"?:$/gm)].map((match) => match[1] ?? ''));
  // Entries are separated by empty lines; those with conditions are for some systems only.
  const wanted = lock.split(/\n\s*\n/).flatMap((entry) => {
    const locator = /^ {2}resolution: "?([^"\n]+)"?$/m.exec(entry)?.[1];
    return locator === undefined ? [] : [{ locator, isOptional: /^ {2}conditions:/m.test(entry) }];
  });
  const known = new Set(wanted.map((one) => one.locator));
  // A package with peers is there once for each set of them.
  const plain = (locator: string) => locator.replace(/@virtual:[0-9a-f]+#/, '@');
  const installed = new Set([...have].filter((locator) => locator !== '__metadata').map(plain));
  const missing = wanted.find((one) => !one.isOptional && !installed.has(one.locator));
  if (missing !== undefined) return `${missing.locator} is not installed`;
  const extra = [...installed].find((locator) => !known.has(locator));
  return extra === undefined ? null : `${extra} is installed and not in yarn.lock`;
}
