// Whether the user's module cache holds what a Go module names. Modules are never downloaded into it from here.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

interface Module {
  readonly path: string;
  readonly version: string;
}

const LINE = /^(?:require\s+)?([\w.~/-]+)\s+(v[\w.+-]+)\s*$/;
const REPLACE = /^(?:replace\s+)?([\w.~/-]+)(?:\s+v[\w.+-]+)?\s+=>\s+(\S+)(?:\s+(v[\w.+-]+))?\s*$/;

/**
 * Modules that `goMod` (the text of a go.mod) requires directly, as `path@version`, and that are not unpacked in the module cache (a host folder).
 * What is replaced by a folder is in the repository. What only other modules need is not looked for: tests that miss it do not build, and say so.
 */
export function missingModules(goMod: string, cache: string): readonly string[] {
  const lines = goMod.split('\n').filter((line) => !/\/\/\s*indirect/.test(line));
  const bare = lines.map((line) => line.replace(/\/\/.*/, '').trim());
  const replaced = new Map(
    bare.flatMap((line) => {
      const [, path, to = '', version] = REPLACE.exec(line) ?? [];
      return path === undefined ? [] : [[path, version === undefined ? null : { path: to, version }] as const];
    }),
  );
  const required = bare.flatMap((line): readonly Module[] => {
    const [, path, version] = LINE.exec(line) ?? [];
    if (path === undefined || version === undefined) return [];
    const instead = replaced.get(path);
    return instead === null ? [] : [instead ?? { path, version }];
  });
  return required.filter((module) => !existsSync(folderOf(module, cache))).map(({ path, version }) => `${path}@${version}`);
}

/** Capital letters have an exclamation mark in the cache (`golang.org/x/mod/module`, EscapePath). */
function folderOf({ path, version }: Module, cache: string): string {
  return join(
    cache,
    `${path}@${version}`.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`),
  );
}

/** What to tell the user of a repository in which go.mod and vendor/modules.txt were read; null when all is there. */
export function goNote(missing: readonly string[], isVendored: boolean): string | null {
  const [first] = missing;
  if (isVendored || first === undefined) return null;
  const more = missing.length === 1 ? '' : ` (and ${missing.length - 1} more)`;
  return `The Go module cache does not hold ${first}${more}, and boxes have no network: run "go mod download" in the repository, then run again.`;
}
