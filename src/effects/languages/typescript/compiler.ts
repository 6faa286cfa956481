// The compiler that ts-morph carries, without its wrapper. Loaded in the worker only: it takes about 100 MB.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { ts as T } from 'ts-morph';

interface Common {
  readonly ts: typeof T;
  getLibFiles(): readonly { readonly fileName: string; readonly text: string }[];
}

const here = createRequire(import.meta.url);
const common = createRequire(here.resolve('ts-morph'))('@ts-morph/common') as Common;

/** The compiler's API. */
export const ts = common.ts;

/** The texts of the standard library's declarations, by file name. */
export const libFiles: ReadonlyMap<string, string> = new Map(common.getLibFiles().map((file) => [file.fileName, file.text]));

/** Real folders of the declarations of Node that come with redgreen, by their place under `node_modules`. */
export const ownTypes: ReadonlyMap<string, string> = nodeTypes();

function nodeTypes(): Map<string, string> {
  const manifest = here.resolve('@types/node/package.json');
  const undici = createRequire(manifest).resolve('undici-types/package.json');
  return new Map([
    ['@types/node', dirname(manifest)],
    ['undici-types', dirname(undici)],
  ]);
}
