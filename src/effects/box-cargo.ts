// Whether the user's cargo home holds what a Cargo.lock names. Crates are never downloaded into it from here.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

interface Package {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly dependencies: readonly string[];
}

/**
 * Crates of a registry that the packages of the workspace depend on directly (by `cargoLock`, the text of a Cargo.lock), as `name version`, and that are not in
 * cargo's home (a host folder). What only other crates need is not looked for: it may be for another system.
 */
export function missingCrates(cargoLock: string, home: string): readonly string[] {
  const packages = cargoLock
    .split(/^\[\[package\]\]$/m)
    .slice(1)
    .map(packageOf);
  const wanted = new Set(packages.filter((one) => one.source === '').flatMap((one) => one.dependencies));
  const isWanted = ({ name, version }: Package) => wanted.has(name) || [...wanted].some((line) => line.startsWith(`${name} ${version}`));
  const have = new Set([...namesIn(join(home, 'registry/src')), ...namesIn(join(home, 'registry/cache'))]);
  return packages
    .filter((one) => one.source.startsWith('registry+') || one.source.startsWith('sparse+'))
    .filter((one) => isWanted(one) && !have.has(`${one.name}-${one.version}`))
    .map(({ name, version }) => `${name} ${version}`);
}

function packageOf(block: string): Package {
  const text = (key: string) => new RegExp(`^${key} = "([^"\\n]*)"$`, 'm').exec(block)?.[1] ?? '';
  const list = /^dependencies = \[([^\]]*)\]/m.exec(block)?.[1] ?? '';
  return {
    name: text('name'),
    version: text('version'),
    source: text('source'),
    dependencies: [...list.matchAll(/"([^"\n]+)"/g)].map(([, one = '']) => one),
  };
}

/** Crates below the folders of registries: `index.crates.io-…/serde-1.0.0` (unpacked) or `…/serde-1.0.0.crate`. */
function namesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((registry) => readdirSync(join(folder, registry)).map((name) => name.replace(/\.crate$/, '')));
}

/** What to tell the user of a repository with a Cargo.lock; null when all is there, or the repository brings its crates (`isVendored`). */
export function cargoNote(missing: readonly string[], isVendored: boolean): string | null {
  const [first] = missing;
  if (isVendored || first === undefined) return null;
  const more = missing.length === 1 ? '' : ` (and ${missing.length - 1} more)`;
  return `Cargo has not downloaded ${first}${more}, and boxes have no network: run "cargo fetch" in the repository, then run again.`;
}
