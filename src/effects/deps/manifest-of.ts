// What the manifests of a repository become when packages were asked for that it did not have.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from '../../core/ref.ts';
import { mergeManifest } from '../languages/manifest.ts';

export interface Added {
  /** Names of the packages. */
  readonly names: readonly string[];
  /** The folder that they were installed in. */
  readonly deps: string;
  /** Text of the root's package.json. */
  readonly manifest: string;
  /** The lock file that the repository has, or null, and what the installation made of it. */
  readonly lock: { readonly path: string; readonly text: string } | null;
}

/**
 * The files to commit: package.json with the packages in it, in the ranges of what was installed, and the lock file where it goes with that.
 * `stale` is true where the repository's lock file has to be brought up to date by hand.
 */
export function manifestFiles({ names, deps, manifest, lock }: Added): { readonly files: Files; readonly stale: boolean } {
  const ranges = Object.fromEntries(names.map((name) => [name, `^${versionOf(deps, name)}`]));
  const merged = mergeManifest(manifest, JSON.stringify({ dependencies: ranges }));
  const files = { 'package.json': merged };
  if (lock === null) return { files, stale: false };
  if (!goesWith(lock.text, merged)) return { files, stale: true };
  return { files: { ...files, [lock.path]: lock.text }, stale: false };
}

function versionOf(deps: string, name: string): string {
  const { version } = JSON.parse(readFileSync(join(deps, name, 'package.json'), 'utf8')) as { version?: string };
  return version ?? '0.0.0';
}

/** Whether a lock file is of a manifest: it names the same dependencies of the root. */
function goesWith(lock: string, manifest: string): boolean {
  const parse = (text: string): Record<string, unknown> => {
    try {
      return JSON.parse(text);
    } catch {
      return {};
    }
  };
  const root = (parse(lock)['packages'] as Record<string, Record<string, unknown>> | undefined)?.[''] ?? {};
  const wanted = parse(manifest);
  const keys = (section: unknown) => Object.keys((section as object | undefined) ?? {}).sort();
  return ['dependencies', 'devDependencies'].every((name) => keys(root[name]).join() === keys(wanted[name]).join());
}
