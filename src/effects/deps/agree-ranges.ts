// Whether node_modules holds what package.json files ask for: for projects that commit no lock file.
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, record, string } from '../survey/formats/data.ts';
import { parseJson } from '../survey/formats/json.ts';
import { satisfies } from './ranges.ts';

const SECTIONS = ['dependencies', 'devDependencies', 'optionalDependencies'];

/** Null when it does; else why not, to be read after "because". `manifests`: texts of package.json by the folder of the package (empty: the root). */
export function rangesDisagree(root: string, manifests: ReadonlyMap<string, string>): string | null {
  const members = new Set([...manifests.values()].map((text) => string(at(parseJson(text), 'name'))));
  for (const [dir, text] of manifests) {
    const manifest = parseJson(text);
    const optional = record(at(manifest, 'optionalDependencies'));
    for (const [name, spec] of SECTIONS.flatMap((section) => Object.entries(record(at(manifest, section))))) {
      const version = installedVersion(root, dir, name);
      if (version === null && Object.hasOwn(optional, name)) continue;
      if (version === null) return `${name} is not installed`;
      if (members.has(name)) continue;
      const range = string(spec)?.replace(/^npm:(?:@[^/]+\/)?[^@]*@?/, '') ?? '';
      if (!/^[\w.\-+^~<>=|*\s]*$/.test(range)) return `${name} is asked for as ${JSON.stringify(spec)}, which cannot be compared`;
      // A tag (`latest`) names no version.
      const isTag = /^[a-z][\w.-]*$/i.test(range) && !/^[vx]/i.test(range);
      if (!isTag && !satisfies(version, range)) return `${name} ${version} is installed, and package.json asks for ${range}`;
    }
  }
  return null;
}

/** As Node finds it from a package's folder: there, or in a folder above, up to the root. */
function installedVersion(root: string, dir: string, name: string): string | null {
  const parts = dir === '' ? [] : dir.split('/');
  for (let depth = parts.length; depth >= 0; depth--) {
    const path = join(root, ...parts.slice(0, depth), 'node_modules', name, 'package.json');
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) continue;
    return string(at(parseJson(readFileSync(path, 'utf8')), 'version')) ?? '';
  }
  return null;
}
